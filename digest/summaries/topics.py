"""Domains and topics: by which categories and words they are known. The lists are closed."""

from __future__ import annotations

LEARNING_CATEGORIES = frozenset(
    [
        "cs.LG",
        "cs.AI",
        "cs.CL",
        "cs.CV",
        "cs.NE",
        "cs.MA",
        "cs.RO",
        "cs.IR",
        "cs.SD",
        "stat.ML",
        "eess.AS",
        "eess.IV",
    ]
)
SYSTEMS_CATEGORIES = frozenset(["cs.DC", "cs.AR", "cs.OS", "cs.PF"])
#: Papers of these on learning are about systems only if they speak of systems, too.
NEAR_SYSTEMS_CATEGORIES = frozenset(["cs.NI", "cs.DB", "cs.ET"])
#: Papers of these, where nothing of learning is found, are about systems in the wider sense.
WIDER_SYSTEMS_CATEGORIES = frozenset(
    [
        "cs.CR",
        "cs.DS",
        "cs.SE",
        "cs.PL",
        "cs.MS",
        "cs.SC",
        "cs.LO",
        "cs.CC",
        "cs.GT",
        "cs.CE",
        "cs.SI",
        "cs.IT",
        "eess.SY",
    ]
)

#: What a text on learning says; each is a regular expression over lower-case text.
LEARNING_SIGNS = (
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
#: What a text on systems says.
SYSTEMS_SIGNS = (
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

#: The topics of the domain mlsys; in a tie the earlier one stands.
MLSYS_TOPICS = {
    "multi-modal training": r"(?:multi-?modal|vision[- ]language|\bmllms?\b|\bvlms?\b)"
    r".{0,80}(?:train|fine-?tun)",
    "multi-modal inference": r"multi-?modal|vision[- ]language|\bmllms?\b|\bvlms?\b|\bvideo\b",
    "diffusion training": r"(?:train|fine-?tun).{0,60}diffusion|diffusion.{0,40}\btraining\b",
    "diffusion inference": r"diffusion (?:model|transformer|serving|inference)|\bdits?\b|denois"
    r"|text-to-(?:image|video)",
    "post-training": r"post-?training|\brlhf\b|\bgrpo\b|\brollouts?\b|\brlvr\b|reinforcement "
    r"learning|instruction tuning|\blora\b|supervised fine-?tuning|fine-?tuning",
    "GPU kernels": r"\bkernels?\b|\bcuda\b|\btriton\b|tensor cores?|\bgemm\b|flash-?attention"
    r"|matrix multiplication|\bspmm\b|\bptx\b",
    "llm inference": r"(?:llm|language model|transformer|\bmoe\b).{0,40}(?:inference|serving)"
    r"|inference (?:engine|serving|workload|request|system)|disaggregat"
    r"|kv[- ]?cache|speculative decoding|prefill|\bdecoding\b|\bserving\b|time[- ]to[- ]first"
    r"|\bttft\b|token generation",
    "llm training": r"(?:llm|language model|transformer|\bmoe\b).{0,40}(?:pre-?)?training"
    r"|pre-?training|(?:pipeline|tensor|expert|context|sequence) parallel|distributed training"
    r"|\bzero\b.{0,10}(?:stage|offload)|optimizer states?",
    "fault-tolerance": r"fault[- ]toleran|\bfailures?\b|checkpoint|byzantine|resilien"
    r"|silent data corruption|recovery",
    "cluster infrastructure": r"\bclusters?\b|data[- ]?cent(?:er|re)|\bschedul|\bcloud\b"
    r"|collective communication|all-?reduce|interconnect|network topolog|heterogeneous gpus?"
    r"|\brdma\b|kubernetes|power (?:cap|grid|consumption)",
}

#: Words of these topics that say enough alone; any other word in passing does not.
MLSYS_STRONGEST = {
    "multi-modal training": r"(?:multi-?modal|vision[- ]language|\bmllms?\b|\bvlms?\b) "
    r"(?:model )?training",
    "multi-modal inference": r"\bmllms?\b|\bvlms?\b|vision[- ]language model",
    "diffusion training": r"diffusion (?:model )?training",
    "diffusion inference": r"diffusion (?:transformer|serving|inference)|text-to-(?:image|video)",
    "post-training": r"post-?training|\brlhf\b|\bgrpo\b|\brlvr\b",
    "GPU kernels": r"gpu kernels?|\bcuda\b|\bgemm\b|flash-?attention",
    "llm inference": r"\bllm (?:inference|serving)|inference serving|kv[- ]?cache"
    r"|speculative decoding|\bttft\b|language model (?:inference|serving)",
    "llm training": r"\bllm (?:pre-?)?training|(?:pipeline|tensor|expert) parallel"
    r"|distributed training|language model (?:pre-?)?training",
    "fault-tolerance": r"fault[- ]toleran|silent data corruption",
    "cluster infrastructure": r"gpu clusters?|all-?reduce|collective communication"
    r"|data[- ]?cent(?:er|re)s?\b|kubernetes",
}

#: Closed lists of this program's own; the free ones in the wild count hundreds.
SYS_TOPICS = {
    "quantum computing": r"quantum|\bqubits?\b",
    "blockchain": r"block-?chains?|smart contracts?|ethereum|\bledgers?\b|\bdefi\b|bitcoin"
    r"|consensus protocols?|proof[- ]of[- ](?:stake|work)",
    "fault tolerance": r"fault[- ]toleran|byzantine|crash failures?|checkpoint|resilien|recovery",
    "distributed algorithms": r"(?:local|congest) model|distributed algorithms?|leader election"
    r"|mobile (?:robots|agents)|message[- ]passing|self-stabili[sz]|rounds? complexity|consensus"
    r"|gossip|asynchronous (?:model|system|computation)",
    "concurrency": r"concurren|lock-free|wait-free|lineari[sz]ab|shared memory|transactional memory"
    r"|\blocks?\b|multi-?thread",
    "storage and databases": r"\bstorage\b|database|\bsql\b|key-value|file systems?|\bssds?\b"
    r"|\bquer(?:y|ies)\b|erasure cod|data lakes?|transactions?\b",
    "networking": r"\bnetworks? (?:traffic|topolog|protocol)|routing|\brdma\b|\btcp\b|wireless"
    r"|\bsdn\b|packets?\b|interconnect|\b[56]g\b|bandwidth allocation",
    "edge and internet of things": r"\bedge\b|\biot\b|internet of things|\bfog\b|on-device"
    r"|sensors?\b|embedded",
    "cloud computing": r"\bcloud\b|serverless|micro-?services?|kubernetes|containers?\b|autoscal"
    r"|virtual machines?|data[- ]?cent(?:er|re)",
    "architecture and accelerators": r"\bfpgas?\b|risc-v|accelerators?\b|\basics?\b|\bcaches?\b"
    r"|micro-?architect|processing[- ]in[- ]memory|\bhbm\b|chiplets?|\bsoc\b",
    "compilers and languages": r"compil|programming (?:model|language)|\bdsl\b|\bmlir\b|\bllvm\b"
    r"|type systems?|code generation|\brust\b",
    "security and privacy": r"secur|privacy|attack|encrypt|cryptograph|trusted execution"
    r"|vulnerabilit|zero-knowledge|malware",
    "software engineering": r"software (?:engineer|develop|test)|\btests?\b suites?|\bbugs?\b"
    r"|refactor|repositor|program repair|requirements engineering",
    "high-performance computing": r"\bhpc\b|supercomput|exascale|\bmpi\b|\bgpus?\b|parallel"
    r"|\bsolvers?\b|simulations?\b|openmp|scientific|stencil|finite element",
    "algorithms and theory": r"\balgorithms?\b|complexity|approximation|\bgraphs?\b|\bbounds?\b"
    r"|polynomial|np-hard|proofs?\b",
}

AI_TOPICS = {
    "safety and alignment": r"alignment|jailbreak|safety|red[- ]team|adversarial|backdoor|unlearn"
    r"|watermark|hallucinat|\bbias(?:es)?\b|fairness|privacy|deepfake",
    "reinforcement learning": r"reinforcement learning|\brl\b|policy (?:optimization|gradient)"
    r"|\bgrpo\b|\bppo\b|\brlhf\b|reward|bandits?\b|offline rl|\bmdps?\b",
    "agents": r"\bagents?\b|agentic|tool[- ]us|multi-agent|tool call",
    "federated learning": r"federated|\bclients?\b",
    "robotics": r"robot|manipulation|vision-language-action|\bvla\b|locomotion|autonomous driving"
    r"|navigation",
    "multi-modal models": r"multi-?modal|vision[- ]language|\bvlms?\b|\bmllms?\b|audio-visual"
    r"|cross-modal",
    "diffusion and generative models": r"diffusion|generative model|flow matching|\bgans?\b"
    r"|text-to-(?:image|video)|image generation|score-based|variational autoencoder",
    "speech and audio": r"speech|audio|speaker|music|\basr\b|acoustic",
    "computer vision": r"\bimages?\b|\bvideos?\b|object detection|segmentation|visual|3d "
    r"|gaussian splatting|point clouds?|\bpose\b",
    "retrieval and recommendation": r"retriev|recommend|\brag\b|search engine|ranking|user behav",
    "reasoning": r"reasoning|chain[- ]of[- ]thought|\bcot\b|mathematical problem|theorem prov"
    r"|planning|logic",
    "efficient models": r"quanti[sz]ation|pruning|distillation|\blora\b|parameter-efficient"
    r"|low-rank|compress|sparse attention|kv[- ]?cache|\bdecoding\b|inference cost",
    "language models": r"\bllms?\b|language models?|prompt|tokeni[sz]|in-context|translation"
    r"|\btext\b|linguistic|\bnlp\b",
    "graph learning": r"graph neural|\bgnns?\b|graph (?:learning|transformer|representation)"
    r"|knowledge graphs?|node classification|molecul",
    "time series": r"time[- ]series|forecast|\btemporal (?:data|point process|dependenc)"
    r"|traffic (?:flow|prediction)",
    "science and medicine": r"medical|clinical|patients?\b|disease|protein|drug|genom|material"
    r"|climate|weather|physics|\bpdes?\b|chemi|\becg\b|\beeg\b|radiolog|health",
    "optimization and theory": r"convergence|optimi[sz]er|gradient|regret|generali[sz]ation bound"
    r"|sample complexity|kernel|gaussian process|bayesian|stochastic|theoretical|causal|conformal",
    "evaluation and data": r"(?:introduc|present|propos|construct|releas)[^.]{0,60}"
    r"(?:benchmark|dataset|corpus)|annotat|leaderboard|contamination|synthetic data",
}
OTHER = "others"
