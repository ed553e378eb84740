"""The groups of variants that a new installation starts with; an operator may change them.

Each form was counted in some 18,000 abstracts of 2026, and sampled where the head does not
stand beside it. Left out is what often means something else there: DP (also plural DPS), ASR
(attack success rate), SAC, MDP, MAS (mass), GP (GPS), NAS, RIS, LIME, SSM, CLIP (clips), and the
names of single language models, which change by the month.
"""

from __future__ import annotations

from digest.sections.variants import Group

GROUPS: tuple[Group, ...] = (
    Group(
        "reinforcement learning",
        ("RL",),
        (
            *("PPO", "proximal policy optimization", "GRPO", "group relative policy optimization"),
            *("RLHF", "RLAIF", "RLVR", "MARL", "Q-learning", "DQN", "DDPG", "TD3"),
            *("policy gradient", "actor-critic"),
        ),
    ),
    Group("large language model", ("LLM",), ("MLLM", "LVLM", "ChatGPT")),
    Group("multimodal large language model", ("MLLM", "multimodal LLM")),
    Group("vision-language model", ("VLM", "LVLM"), ("LLaVA",)),
    Group("vision-language-action model", ("VLA",)),
    Group("retrieval-augmented generation", ("RAG",), ("GraphRAG",)),
    Group("mixture of experts", ("MoE",)),
    Group("chain of thought", ("CoT",)),
    Group("parameter-efficient fine-tuning", ("PEFT",), ("LoRA", "low-rank adaptation", "QLoRA")),
    Group(
        "graph neural network",
        ("GNN",),
        (
            *("GCN", "graph convolutional network", "GAT", "graph attention network"),
            *("GraphSAGE", "MPNN", "message passing neural network"),
        ),
    ),
    Group("federated learning", ("FL",), ("FedAvg", "FedProx")),
    Group("differential privacy", ("differentially private",), ("DP-SGD",)),
    Group("convolutional neural network", ("CNN", "ConvNet"), ("ResNet", "U-Net", "EfficientNet")),
    Group(
        "recurrent neural network",
        ("RNN",),
        ("LSTM", "long short-term memory", "GRU", "gated recurrent unit"),
    ),
    Group("vision transformer", ("ViT",), ("Swin", "DeiT")),
    Group("state space model", (), ("Mamba",)),
    Group("spiking neural network", ("SNN",)),
    Group("physics-informed neural network", ("PINN",)),
    Group("Kolmogorov-Arnold network", ("KAN",)),
    Group(
        "diffusion model",
        (),
        (
            *("DDPM", "DDIM", "denoising diffusion", "latent diffusion", "stable diffusion"),
            *("DiT", "diffusion transformer"),
        ),
    ),
    Group("variational autoencoder", ("VAE",), ("VQ-VAE",)),
    Group("generative adversarial network", ("GAN",), ("StyleGAN",)),
    Group("Gaussian splatting", ("3DGS",)),
    Group("neural radiance field", ("NeRF",)),
    Group("simultaneous localization and mapping", ("SLAM",)),
    Group("speech recognition", ("automatic speech recognition",)),
    Group("natural language processing", ("NLP",)),
    Group("named entity recognition", ("NER",)),
    Group("explainable AI", ("XAI", "explainable artificial intelligence"), ("SHAP",)),
    Group("support vector machine", ("SVM",)),
    Group("principal component analysis", ("PCA",)),
    Group("Markov chain Monte Carlo", ("MCMC",), ("Metropolis-Hastings", "Gibbs sampling")),
    Group("internet of things", ("IoT",), ("IIoT",)),
    Group("unmanned aerial vehicle", ("UAV",)),
    Group("electronic health record", ("EHR",)),
    Group("out of distribution", ("OOD",)),
)
