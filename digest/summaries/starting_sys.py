"""The domain sys to start with: a closed list for what hundreds of free names meant.

What is special stands first and what nearly every paper could be called last, because the
earlier topic counts where an answer names several.
"""

from __future__ import annotations

from digest.summaries.starting_signs import SYSTEMS
from digest.summaries.starting_sys_general import GENERAL_TOPICS
from digest.summaries.taxonomy import DomainRule, TopicRule

SYS = DomainRule(
    name="sys",
    aliases=(
        *("systems", "computer systems", "distributed systems", "operating systems", "hpc"),
        *("high-performance computing", "networking", "databases"),
    ),
    description="Systems without machine learning: distributed, parallel and operating systems, "
    "storage, networks, blockchains, hardware, and their theory.",
    signs=SYSTEMS,
    topics=(
        TopicRule(
            "quantum computing",
            aliases=(
                *("quantum", "qubit", "ising machine", "quantum algorithms", "quantum networks"),
                *("quantum systems", "quantum simulation", "quantum software"),
            ),
            pattern=r"quantum|\bqubits?\b",
        ),
        TopicRule(
            "blockchain",
            aliases=(
                *("blockchains", "block chain", "cryptocurrency", "smart contracts", "ledger"),
                *("defi", "decentralized finance", "layer 2", "rollup", "web3", "dapp"),
                *("distributed ledger technology", "data availability sampling", "payment systems"),
                *("decentralized governance", "decentralised governance", "ethereum", "bitcoin"),
                *("proof of stake", "nft", "dao", "tokenomics"),
            ),
            pattern=r"block-?chains?|smart contracts?|ethereum|\bledgers?\b|\bdefi\b|bitcoin"
            r"|proof[- ]of[- ](?:stake|work)",
        ),
        TopicRule(
            "security and privacy",
            aliases=(
                *("security", "privacy", "secure", "cybersecurity", "cryptography"),
                *("cryptographic", "privacy-preserving", "confidential computing", "ransomware"),
                *("trusted execution environments", "access control", "authentication", "botnet"),
                *("digital identity", "identity management", "identity", "trust", "attack"),
                *("multi-party computation", "zero-knowledge proofs", "key management"),
                *("censorship", "intrusion detection", "encryption", "malware", "data sovereignty"),
                *("digital rights management", "risk assessment", "homomorphic encryption"),
                *("risk management", "regtech", "forensics", "vulnerability", "anonymity"),
            ),
            pattern=r"secur|privacy|attack|encrypt|cryptograph|trusted execution"
            r"|vulnerabilit|zero-knowledge|malware|ransomware|access control|credential",
        ),
        TopicRule(
            "fault-tolerance",
            aliases=(
                *("fault tolerant", "resilience", "reliability", "reliability engineering"),
                *("fault detection", "failure detection", "checkpointing", "availability"),
                *("high availability", "byzantine fault tolerance", "error correction", "recovery"),
                *("self-stabilization", "error detection", "dependability", "safety-critical"),
                *("failure recovery", "failures", "faults", "soft errors", "disaster recovery"),
            ),
            pattern=r"fault[- ]toleran|crash failures?|checkpoint|resilien|recovery|reliab"
            r"|\bfailures?\b|\bfaults?\b",
        ),
        TopicRule(
            "concurrency",
            aliases=(
                *("concurrent", "concurrency control", "concurrent data structures", "lock-free"),
                *("concurrent algorithms", "mutual exclusion", "synchronization", "shared memory"),
                *("transactional memory", "linearizability", "multithreading", "locks"),
                *("memory models", "wait-free", "concurrent programming"),
            ),
            pattern=r"concurren|lock-free|wait-free|lineari[sz]ab|shared memory"
            r"|transactional memory|\blocks?\b|multi-?thread",
        ),
        TopicRule(
            "edge and embedded systems",
            aliases=(
                *("edge computing", "edge", "edge-cloud continuum", "cloud-edge computing"),
                *("internet of things", "iot", "iiot", "fog computing", "embedded systems"),
                *("real-time systems", "real-time", "cyber-physical systems", "mobile computing"),
                *("robotics", "sensor networks", "wireless sensor networks", "automotive"),
                *("edge and internet of things", "vehicular networks", "embedded", "firmware"),
                *("mixed-criticality systems", "computing continuum", "cloud continuum", "mobile"),
                *("autonomous driving", "urban computing", "smart grid", "industrial control"),
                *("satellite computing", "context-aware systems", "robotic", "vehicles", "drones"),
                *("digital twin", "ubiquitous computing", "sensing", "multi-robot", "osmotic"),
                *("tinyml", "smart city", "sensors", "wearable", "autonomous systems"),
            ),
            pattern=r"\bedge\b|\biot\b|internet of things|\bfog\b|on-device|real-time"
            r"|sensors?\b|embedded|cyber-physical|\bvehic|\brobot|\bros\b|\bdrones?\b",
        ),
        TopicRule(
            "networking",
            aliases=(
                *("network", "networks", "computer networks", "network protocols", "wireless"),
                *("routing", "satellite networks", "interconnection networks", "rdma", "sdn"),
                *("distributed satellite systems", "communication systems", "signal processing"),
                *("content delivery", "cdn", "transport layer", "network-on-chip", "noc"),
                *("beamforming", "load balancing", "5g", "6g", "oran", "smartnic", "satellite"),
                *("peer-to-peer networks", "telecommunications", "communication networks"),
                *("signal compression", "cache networks", "in-network computing", "space systems"),
            ),
            pattern=r"\bnetworks? (?:traffic|topolog|protocol|capacit|nodes?)|routing|\brdma\b"
            r"|\btcp\b|wireless|\bsdn\b|packets?\b|interconnect|\b[56]g\b|satellite"
            r"|bandwidth allocation",
        ),
        TopicRule(
            "storage and databases",
            aliases=(
                *("storage", "storage systems", "database", "databases", "distributed databases"),
                *("file systems", "filesystem", "key-value stores", "transaction processing"),
                *("transactions", "query processing", "query optimization", "erasure codes"),
                *("erasure coding", "caching", "cache replacement", "data lake", "olap", "sql"),
                *("data management", "data structures", "indexing", "data federation", "i/o"),
                *("version control", "cache eviction", "vector database", "data storage"),
                *("query semantics", "data distribution", "object storage", "spatial query"),
            ),
            pattern=r"\bstorage\b|database|\bsql\b|key-value|file systems?|\bssds?\b"
            r"|\bquer(?:y|ies)\b|erasure cod|data lakes?|transactions?\b",
        ),
        TopicRule(
            "computer architecture",
            aliases=(
                *("architecture and accelerators", "computer architectures", "accelerators"),
                *("hardware", "hardware acceleration", "hardware accelerators", "fpga", "risc-v"),
                *("processing-in-memory", "memory systems", "memory management", "memory", "dram"),
                *("near-memory computing", "chiplets", "photonic computing", "neuromorphic"),
                *("electronic design automation", "eda", "processor", "microarchitecture", "simd"),
                *("cpu", "asic", "residue number system", "low-precision computing", "cxl"),
                *("computer arithmetic", "multi-core", "random number generation", "vlsi"),
                *("hardware design", "memory pooling", "disaggregated memory", "analog computing"),
            ),
            pattern=r"\bfpgas?\b|risc-v|accelerators?\b|\basics?\b|\bcaches?\b|\bdram\b|\bcxl\b"
            r"|micro-?architect|processing[- ]in[- ]memory|\bhbm\b|chiplets?|\bsoc\b",
        ),
        TopicRule(
            "cloud computing",
            aliases=(
                *("cloud", "serverless", "serverless computing", "microservices", "containers"),
                *("container", "container orchestration", "kubernetes", "virtualization"),
                *("virtual machines", "virtual machine", "autoscaling", "elasticity", "devops"),
                *("cloud-native", "data center", "datacenter", "data centers", "cloud resources"),
                *("cluster infrastructure", "service orchestration", "service mesh", "multi-cloud"),
                *("cluster management", "self-adaptive systems", "autonomic computing", "saas"),
                *("service placement", "web services", "sustainable computing", "green computing"),
                *("service composition", "infrastructure as code", "hypervisor", "finops"),
                *("energy-efficient computing", "power management", "carbon-aware computing"),
                *("cluster", "energy management", "energy efficiency", "sustainability"),
            ),
            pattern=r"\bcloud\b|serverless|micro-?services?|kubernetes|containers?\b|autoscal"
            r"|virtual machines?|data[- ]?cent(?:er|re)",
        ),
        TopicRule(
            "scheduling",
            aliases=(
                *("scheduler", "task scheduling", "job scheduling", "scheduling algorithms"),
                *("scheduling theory", "resource management", "resource allocation"),
                *("resource scheduling", "resource orchestration", "workload management"),
                *("load scheduling", "task offloading", "task allocation", "work stealing"),
                *("workflow scheduling", "cluster scheduling", "queueing theory"),
            ),
            pattern=r"\bschedul|resource (?:allocation|management|provision)|load balanc"
            r"|work[- ]stealing|makespan|\bqueu(?:e|ing)",
        ),
        TopicRule(
            "data processing",
            aliases=(
                *("stream processing", "streaming", "scientific workflows", "workflow"),
                *("workflow management", "data compression", "scientific data compression"),
                *("compression", "big data", "data platform", "data engineering", "provenance"),
                *("data provenance", "data integration", "data pipelines", "dataflow", "mapreduce"),
                *("spatial data processing", "data transfer", "data serialization", "data mining"),
                *("data analytics", "graph processing", "distributed graph processing"),
                *("data profiling", "process mining", "data-intensive", "data sharing", "etl"),
                *("research data infrastructure", "data systems", "data infrastructure"),
                *("graph processing systems", "graph computing", "serialization", "dataset"),
            ),
            pattern=r"stream processing|data ?flows?|workflows?|compress|\bprovenance\b"
            r"|big data|analytics|pipelines?\b|lossy|mapreduce|\bspark\b|\bflink\b",
        ),
        *GENERAL_TOPICS,
    ),
)
