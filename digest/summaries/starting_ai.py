"""The domain ai to start with: a closed list, the special topics first."""

from __future__ import annotations

from digest.summaries.starting_signs import LEARNING
from digest.summaries.taxonomy import OTHER, DomainRule, TopicRule

AI = DomainRule(
    name="ai",
    aliases=(
        *("artificial intelligence", "machine learning", "ml", "deep learning", "nlp"),
        *("computer vision", "reinforcement learning", "robotics"),
    ),
    description="Models and methods of artificial intelligence and machine learning themselves, "
    "without a word on the systems that run them.",
    signs=LEARNING,
    topics=(
        TopicRule(
            "safety and alignment",
            aliases=(
                *("ai safety", "alignment", "safety", "trustworthy ai", "adversarial attacks"),
                *("adversarial robustness", "fairness", "bias", "hallucination", "jailbreak"),
                *("interpretability", "explainability", "explainable ai", "unlearning", "privacy"),
                *("gradient inversion attack", "ai ethics", "security", "attack", "backdoor"),
                *("zero-knowledge proofs", "ai governance", "watermarking"),
            ),
            pattern=r"alignment|jailbreak|safety|red[- ]team|adversarial|backdoor|unlearn"
            r"|watermark|hallucinat|\bbias(?:es)?\b|fairness|privacy|deepfake|explainab"
            r"|interpretab",
        ),
        TopicRule(
            "agents",
            aliases=(
                *("multi-agent systems", "multi-agent", "agent", "llm agents", "agentic ai"),
                *("agentic framework", "agentic", "tool use", "multi-agent collaboration"),
                *("agentic workflows", "ai agents", "distributed ai", "swarm intelligence"),
            ),
            pattern=r"\bagents?\b|agentic|tool[- ]us|multi-agent|tool call",
        ),
        TopicRule(
            "reinforcement learning",
            aliases=(
                *("rl", "deep reinforcement learning", "rlhf", "bandits", "offline rl"),
                *("policy optimization", "multi-agent reinforcement learning", "credit assignment"),
            ),
            pattern=r"reinforcement learning|\brl\b|policy (?:optimization|gradient)"
            r"|\bgrpo\b|\bppo\b|\brlhf\b|reward|bandits?\b|offline rl|\bmdps?\b",
        ),
        TopicRule(
            "federated learning",
            aliases=("federated", "decentralized learning", "distributed learning"),
            pattern=r"federated|\bclients?\b",
        ),
        TopicRule(
            "robotics",
            aliases=(
                *("robot", "robotic", "motion planning", "embodied ai", "autonomous driving"),
                *("robotic manipulation", "navigation", "distributed robotics", "mobile robots"),
                *("control", "control and estimation", "optimal control", "state estimation"),
            ),
            pattern=r"robot|manipulation|vision-language-action|\bvla\b|locomotion"
            r"|autonomous driving|navigation",
        ),
        TopicRule(
            "multi-modal models",
            aliases=(
                *("multimodal models", "multimodal learning", "vision-language models", "vlm"),
                *("multi-modal", "multimodal", "multi-modal learning", "multimodal llm", "mllm"),
                *("multi-modal training", "multi-modal inference"),
            ),
            pattern=r"multi-?modal|vision[- ]language|\bvlms?\b|\bmllms?\b|audio-visual"
            r"|cross-modal",
        ),
        TopicRule(
            "diffusion and generative models",
            aliases=(
                *("diffusion models", "generative models", "generative ai", "diffusion"),
                *("image generation", "generative modeling", "diffusion sampling", "gan"),
                *("diffusion training", "diffusion inference", "video generation"),
            ),
            pattern=r"diffusion|generative model|flow matching|\bgans?\b"
            r"|text-to-(?:image|video)|image generation|score-based|variational autoencoder",
        ),
        TopicRule(
            "speech and audio",
            aliases=("speech", "audio", "speech recognition", "music"),
            pattern=r"speech|audio|speaker|music|\basr\b|acoustic",
        ),
        TopicRule(
            "computer vision",
            aliases=(
                *("vision", "image processing", "object detection", "image", "video"),
                *("vision transformer", "segmentation", "3d vision", "remote sensing"),
            ),
            pattern=r"\bimages?\b|\bvideos?\b|object detection|segmentation|visual|3d "
            r"|gaussian splatting|point clouds?|\bpose\b",
        ),
        TopicRule(
            "retrieval and recommendation",
            aliases=(
                *("information retrieval", "retrieval", "recommendation", "recommender systems"),
                *("retrieval-augmented generation", "rag", "search", "vector search", "ranking"),
            ),
            pattern=r"retriev|recommend|\brag\b|search engine|ranking|user behav",
        ),
        TopicRule(
            "efficient models",
            aliases=(
                *("model compression", "quantization", "pruning", "distillation", "efficient"),
                *("efficient inference", "neural architecture search", "model efficiency"),
                *("llm inference", "efficient training", "edge ai", "tinyml"),
            ),
            pattern=r"quanti[sz]ation|pruning|distillation|\blora\b|parameter-efficient"
            r"|low-rank|compress|sparse attention|kv[- ]?cache|\bdecoding\b|inference cost",
        ),
        TopicRule(
            "reasoning",
            aliases=(
                *("planning", "logic", "theorem proving", "neuro-symbolic", "causal reasoning"),
                *("smt solving", "knowledge representation", "programming languages"),
                *("logic programming", "choreographic programming", "constraint solving"),
                *("game solving", "automated reasoning", "satisfiability"),
            ),
            pattern=r"reasoning|chain[- ]of[- ]thought|\bcot\b|mathematical problem|theorem prov"
            r"|planning|logic",
        ),
        TopicRule(
            "graph learning",
            aliases=(
                *("graph neural networks", "gnn", "knowledge graphs", "graph mining"),
                *("graph representation learning", "network dynamics", "graph transformers"),
            ),
            pattern=r"graph neural|\bgnns?\b|graph (?:learning|transformer|representation)"
            r"|knowledge graphs?|node classification|molecul",
        ),
        TopicRule(
            "time series",
            aliases=("forecasting", "prediction", "anomaly detection", "time series forecasting"),
            pattern=r"time[- ]series|forecast|\btemporal (?:data|point process|dependenc)"
            r"|traffic (?:flow|prediction)",
        ),
        TopicRule(
            "science and medicine",
            aliases=(
                *("medicine", "healthcare", "medical imaging", "biology", "chemistry", "physics"),
                *("ai for science", "drug discovery", "climate", "materials", "bioinformatics"),
                *("scientific machine learning", "medical ai", "health", "educational technology"),
                *("education", "finance", "geoscience"),
            ),
            pattern=r"medical|clinical|patients?\b|disease|protein|drug|genom|material"
            r"|climate|weather|physics|\bpdes?\b|chemi|\becg\b|\beeg\b|radiolog|health",
        ),
        TopicRule(
            "evaluation and data",
            aliases=(
                *("benchmarks", "benchmark", "evaluation", "datasets", "data", "synthetic data"),
                *("llm evaluation", "clustering", "subspace clustering", "data mining"),
            ),
            pattern=r"(?:introduc|present|propos|construct|releas)[^.]{0,60}"
            r"(?:benchmark|dataset|corpus)|annotat|leaderboard|contamination|synthetic data",
        ),
        TopicRule(
            "language models",
            aliases=(
                *("llm", "llms", "large language models", "natural language processing", "nlp"),
                *("language model", "prompting", "machine translation", "llm training"),
                *("post-training", "code generation", "foundation models"),
            ),
            pattern=r"\bllms?\b|language models?|prompt|tokeni[sz]|in-context|translation"
            r"|\btext\b|linguistic|\bnlp\b",
        ),
        TopicRule(
            "algorithms and theory",
            aliases=(
                *("optimization and theory", "optimization", "theory", "algorithms", "learning"),
                *("distributed algorithms", "graph algorithms", "distributed optimization"),
                *("learning theory", "game theory", "online learning", "probabilistic inference"),
                *("statistics", "bayesian inference", "computational social choice", "distributed"),
                *("consensus", "estimation", "automata", "numerical optimization", "causality"),
                *("parallel algorithms", "graph theory", "machine learning theory", "inference"),
                *("distributed computing", "decentralized optimization", "incentive", "geometry"),
            ),
            pattern=r"convergence|optimi[sz]er|gradient|regret|generali[sz]ation bound"
            r"|sample complexity|kernel|gaussian process|bayesian|stochastic|theoretical|causal"
            r"|conformal|game[- ]theor",
        ),
        TopicRule(OTHER, aliases=("other", "misc", "miscellaneous")),
    ),
)
