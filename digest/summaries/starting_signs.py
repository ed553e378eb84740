"""The kinds of signs by which a text is known to be on learning or on systems, to start with."""

from __future__ import annotations

LEARNING = (
    r"\bllms?\b|language models?",
    r"neural network|\bdnns?\b|\bcnns?\b|\bgnns?\b|deep learning|deep neural",
    r"machine learning|\bml\b|learning models?|foundation models?",
    r"federated learning|reinforcement learning|self-supervised|supervised learning",
    r"transformers?\b|attention (?:mechanism|layer|head)|mixture[- ]of[- ]experts|\bmoe\b",
    r"\btraining\b|fine-?tun|pre-?train|\binference\b",
    r"diffusion model|generative|stable diffusion",
    r"stochastic gradient|\bsgd\b|gradient descent|back-?propagat",
    r"\bai\b|artificial intelligence|\bagents?\b|agentic",
)
SYSTEMS = (
    r"\bgpus?\b|\bnpus?\b|\btpus?\b|\bfpgas?\b|accelerators?\b|\bcuda\b|\basics?\b",
    r"throughput|tail latency|end-to-end latency|low[- ]latency|\bttft\b|\bqps\b",
    r"kv[- ]?cach|memory (?:footprint|bandwidth|hierarchy|pressure)|out-of-memory|offload",
    r"\bserving\b|scheduler|\bscheduling\b|load balanc|autoscal|admission control",
    r"data[- ]?cent(?:er|re)|\bclusters? of\b|gpu cluster|\bcloud\b|serverless|kubernetes|\bhpc\b",
    r"(?:tensor|pipeline|data|expert|model|sequence) parallel|parallelism|distributed train",
    r"\bkernels? (?:fusion|generation|optimi|launch)|compiler|operator fusion|triton",
    r"all-?reduce|collective communication|communication overhead|\brdma\b|interconnect|nvlink",
    r"edge (?:device|server|comput)|on-device|\bhardware\b|energy (?:efficien|consumption)",
    r"fault[- ]toleran|checkpoint|straggler|failure recovery",
)
