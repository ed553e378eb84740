"""The second half of the topics of sys: theory, computing at large, and what is left."""

from __future__ import annotations

from digest.summaries.taxonomy import OTHER, TopicRule

GENERAL_TOPICS = (
    TopicRule(
        "distributed algorithms",
        aliases=(
            *("distributed computing", "distributed consensus", "consensus", "local model"),
            *("consensus protocols", "distributed computing theory", "distributed protocols"),
            *("distributed systems theory", "distributed graph algorithms", "leader election"),
            *("network algorithms", "mobile robots", "byzantine agreement", "atomic broadcast"),
            *("broadcasting", "gossip", "population protocols", "aggregate computing"),
            *("anonymous networks", "dynamic networks", "quorum", "opinion dynamics"),
            *("distributed computation", "distributed optimization", "automata networks"),
            *("distributed algorithm simulation", "coded computing", "mobile agents", "broadcast"),
            *("multi-agent systems", "agreement", "state machine replication"),
        ),
        pattern=r"(?:local|congest) model|distributed algorithms?|leader election|consensus"
        r"|mobile (?:robots|agents)|message[- ]passing|self-stabili[sz]|rounds? complexity"
        r"|byzantine|gossip|asynchronous (?:model|system|computation)",
    ),
    TopicRule(
        "scientific computing",
        aliases=(
            *("scientific", "computational fluid dynamics", "cfd", "computational physics"),
            *("numerical linear algebra", "numerical methods", "simulation", "linear algebra"),
            *("numerical analysis", "computational mathematics", "computational mechanics"),
            *("computational biology", "computational chemistry", "computational geophysics"),
            *("bioinformatics", "genomics", "astrophysics", "astronomy", "physics", "climate"),
            *("finite element methods", "mesh", "stencil", "ocean modeling", "solver"),
            *("energy modeling", "power systems", "tensor decomposition", "molecular dynamics"),
            *("numerical computing", "numerical", "power grid", "materials science", "health"),
            *("orbital propagation", "computational science", "weather", "biology", "chemistry"),
            *("reproducibility", "iterative methods", "research computing", "digital humanities"),
        ),
        pattern=r"\bsolvers?\b|simulations?\b|scientific|stencil|finite[- ](?:element|volume)"
        r"|numerical|\bfluid|particle|\bmesh|molecular|physics|sparse matri",
    ),
    TopicRule(
        "high-performance computing",
        aliases=(
            *("hpc", "high performance computing", "parallel computing", "supercomputing"),
            *("gpu computing", "gpu acceleration", "gpu kernels", "gpu", "heterogeneous computing"),
            *("parallel algorithms", "parallel programming", "mpi", "exascale", "openmp"),
            *("performance analysis", "performance evaluation", "performance modeling"),
            *("parallel systems", "parallelism", "performance engineering", "benchmarking"),
            *("high-throughput computing", "performance profiling", "parallelization", "parallel"),
            *("performance portability", "workload characterization", "collective communication"),
            *("performance optimization", "performance", "mpi communication", "vectorization"),
        ),
        pattern=r"\bhpc\b|supercomput|exascale|\bmpi\b|\bgpus?\b|parallel|openmp"
        r"|high[- ]performance computing|\bcuda\b|\bsycl\b|\bkokkos\b",
    ),
    TopicRule(
        "languages and software",
        aliases=(
            *("compilers and languages", "software engineering", "programming languages"),
            *("compilers", "compiler", "programming models", "formal verification", "verification"),
            *("formal methods", "testing", "debugging", "software architecture", "type systems"),
            *("domain-specific languages", "language runtime", "smt solving", "observability"),
            *("monitoring", "distributed tracing", "software", "code generation", "tracing"),
            *("system design", "program synthesis", "middleware", "package management", "runtime"),
            *("operating systems", "operating system", "kernel design", "education", "diagnosis"),
            *("choreographic programming", "model checking", "dynamic software update"),
            *("literature review", "systematic review", "knowledge management", "game engine"),
            *("technical debt", "root cause analysis", "log analysis", "api design", "rpc"),
        ),
        pattern=r"compil|programming (?:model|language)|\bdsl\b|\bmlir\b|\bllvm\b"
        r"|type systems?|code generation|\brust\b|software (?:engineer|develop|test)"
        r"|\btests? suites?|\bbugs?\b|refactor|repositor|program repair|formal(?:ly)? verif"
        r"|model check|requirements engineering|observability|operating systems?",
    ),
    TopicRule(
        "algorithms and theory",
        aliases=(
            *("algorithms", "theory", "graph algorithms", "computational geometry", "optimization"),
            *("combinatorial optimization", "graph theory", "computational complexity"),
            *("complexity", "coding theory", "information theory", "game theory", "geometry"),
            *("mechanism design", "network theory", "operations research", "mathematics"),
            *("decision making", "residue numbers", "graph", "discrete mathematics", "hypergraph"),
            *("numerical algorithms", "approximation algorithms", "computational social choice"),
            *("control theory", "probability", "statistics", "optimization modeling"),
        ),
        pattern=r"\balgorithms?\b|complexity|approximation|\bgraphs?\b|\bbounds?\b"
        r"|polynomial|np-hard|proofs?\b|theorem|optimal",
    ),
    TopicRule(
        "distributed systems",
        aliases=(
            *("decentralized systems", "peer-to-peer systems", "peer-to-peer", "decentralized"),
            *("distributed messaging systems", "publish-subscribe", "messaging", "distributed"),
            *("time synchronization", "opportunistic networks", "replication", "crdts"),
            *("volunteer computing", "consistency models", "consistency", "grid computing"),
            *("computer systems", "event-driven systems", "coordination", "agent infrastructure"),
            *("decentralised", "agentic systems", "interoperability", "complex event processing"),
        ),
        pattern=r"distributed systems?|decentrali[sz]|peer-to-peer|\bp2p\b|replicat|consistency"
        r"|publish[/ -]subscribe|\bmessag(?:e|ing)|\bcrdts?\b|coordination",
    ),
    TopicRule(OTHER, aliases=("other", "misc", "miscellaneous")),
)
