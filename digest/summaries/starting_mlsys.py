"""The domain mlsys to start with: its topics are the reference's, the special ones first."""

from __future__ import annotations

from digest.summaries.taxonomy import OTHER, DomainRule, TopicRule

MLSYS = DomainRule(
    name="mlsys",
    aliases=(
        *("ml systems", "machine learning systems", "ai systems", "systems for machine learning"),
        *("ml sys", "ai sys", "aisys", "ailsys", "ai infrastructure", "llm systems"),
    ),
    description="Systems for machine learning, and machine learning in systems: training and "
    "serving of models, GPUs, clusters, federated learning.",
    topics=(
        TopicRule(
            "multi-modal training",
            aliases=(
                *("multimodal training", "vision-language model training", "vlm training"),
                *("mllm training", "multi-modal model training", "vision model training"),
            ),
            pattern=r"(?:multi-?modal|vision[- ]language|\bmllms?\b|\bvlms?\b)"
            r".{0,80}(?:train|fine-?tun)",
            strongest=r"(?:multi-?modal|vision[- ]language|\bmllms?\b|\bvlms?\b) "
            r"(?:model )?training",
        ),
        TopicRule(
            "multi-modal inference",
            aliases=(
                *("multimodal inference", "multimodal serving", "vision-language model inference"),
                *("vlm inference", "mllm inference", "multi-modal serving", "vision inference"),
                *("multi-modal", "multimodal", "vlm serving", "video inference"),
            ),
            pattern=r"multi-?modal|vision[- ]language|\bmllms?\b|\bvlms?\b|\bvideo\b",
            strongest=r"\bmllms?\b|\bvlms?\b|vision[- ]language model",
        ),
        TopicRule(
            "diffusion training",
            aliases=("diffusion model training", "image generation training"),
            pattern=r"(?:train|fine-?tun).{0,60}diffusion|diffusion.{0,40}\btraining\b",
            strongest=r"diffusion (?:model )?training",
        ),
        TopicRule(
            "diffusion inference",
            aliases=(
                *("diffusion model inference", "diffusion serving", "diffusion"),
                *("diffusion transformer", "image generation", "video generation"),
            ),
            pattern=r"diffusion (?:model|transformer|serving|inference)|\bdits?\b|denois"
            r"|text-to-(?:image|video)",
            strongest=r"diffusion (?:transformer|serving|inference)|text-to-(?:image|video)",
        ),
        TopicRule(
            "post-training",
            aliases=(
                *("posttraining", "llm post-training", "rlhf", "fine-tuning", "finetuning"),
                *("instruction tuning", "alignment", "reinforcement learning", "rl training"),
                *("lora", "rlvr", "grpo", "supervised fine-tuning"),
            ),
            pattern=r"post-?training|\brlhf\b|\bgrpo\b|\brollouts?\b|\brlvr\b|reinforcement "
            r"learning|instruction tuning|\blora\b|supervised fine-?tuning|fine-?tuning",
            strongest=r"post-?training|\brlhf\b|\bgrpo\b|\brlvr\b",
        ),
        TopicRule(
            "GPU kernels",
            aliases=(
                *("gpu kernel", "kernels", "cuda kernels", "kernel optimization", "gpu computing"),
                *("kernel generation", "gpu programming", "triton", "cuda", "gpu optimization"),
                *("kernel fusion", "operator optimization", "gpu acceleration", "gemm"),
                *("ml compilers", "compiler", "attention kernels", "hardware acceleration"),
            ),
            pattern=r"\bkernels?\b|\bcuda\b|\btriton\b|tensor cores?|\bgemm\b|flash-?attention"
            r"|matrix multiplication|\bspmm\b|\bptx\b",
            strongest=r"gpu kernels?|\bcuda\b|\bgemm\b|flash-?attention",
        ),
        TopicRule(
            "llm inference",
            aliases=(
                *("llm serving", "language model inference", "language model serving", "inference"),
                *("llm decoding", "llm deployment", "model serving", "serving", "kv cache"),
                *("speculative decoding", "llm agents", "moe inference", "agentic inference"),
                *("transformer inference", "edge inference", "long-context inference"),
            ),
            pattern=r"(?:llm|language model|transformer|\bmoe\b).{0,40}(?:inference|serving)"
            r"|inference (?:engine|serving|workload|request|system)|disaggregat"
            r"|kv[- ]?cache|speculative decoding|prefill|\bdecoding\b|\bserving\b"
            r"|time[- ]to[- ]first|\bttft\b|token generation",
            strongest=r"\bllm (?:inference|serving)|inference serving|kv[- ]?cache"
            r"|speculative decoding|\bttft\b|language model (?:inference|serving)",
        ),
        TopicRule(
            "llm training",
            aliases=(
                *("language model training", "llm pre-training", "pre-training", "pretraining"),
                *("distributed training", "llm pretraining", "moe training", "training"),
                *("foundation model training", "transformer training", "model parallelism"),
                *("large-scale training", "parallel training", "pipeline parallelism"),
            ),
            pattern=r"(?:llm|language model|transformer|\bmoe\b).{0,40}(?:pre-?)?training"
            r"|pre-?training|(?:pipeline|tensor|expert|context|sequence) parallel"
            r"|distributed training|\bzero\b.{0,10}(?:stage|offload)|optimizer states?",
            strongest=r"\bllm (?:pre-?)?training|(?:pipeline|tensor|expert) parallel"
            r"|distributed training|language model (?:pre-?)?training",
        ),
        TopicRule(
            "fault-tolerance",
            aliases=(
                *("fault tolerant", "resilience", "resiliency", "reliability", "checkpointing"),
                *("failure recovery", "fault recovery", "failure detection", "fault detection"),
                *("byzantine fault tolerance", "byzantine robustness", "silent data corruption"),
                *("straggler mitigation", "failures"),
            ),
            pattern=r"fault[- ]toleran|\bfailures?\b|checkpoint|byzantine|resilien"
            r"|silent data corruption|recovery",
            strongest=r"fault[- ]toleran|silent data corruption",
        ),
        TopicRule(
            "cluster infrastructure",
            aliases=(
                *("clusters", "gpu clusters", "cluster scheduling", "cluster management"),
                *("data center", "datacenter", "infrastructure", "cloud computing", "networking"),
                *("cloud infrastructure", "collective communication", "job scheduling"),
                *("resource management", "resource scheduling", "gpu scheduling", "scheduling"),
                *("cluster networking", "ml infrastructure", "interconnect", "edge computing"),
                *("serverless", "storage systems", "kubernetes", "communication library"),
            ),
            pattern=r"\bclusters?\b|data[- ]?cent(?:er|re)|\bschedul|\bcloud\b"
            r"|collective communication|all-?reduce|interconnect|network topolog"
            r"|heterogeneous gpus?|\brdma\b|kubernetes|power (?:cap|grid|consumption)",
            strongest=r"gpu clusters?|all-?reduce|collective communication"
            r"|data[- ]?cent(?:er|re)s?\b|kubernetes",
        ),
        TopicRule(
            OTHER,
            aliases=(
                *("other", "misc", "miscellaneous", "federated learning", "gnn"),
                *("graph neural networks", "recommendation systems", "ml for systems"),
                *("split learning", "decentralized learning", "on-device learning"),
                *("edge ai", "quantum machine learning"),
            ),
        ),
    ),
)
