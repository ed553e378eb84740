"""Acronyms that everybody in the field knows, with their long forms."""

from __future__ import annotations

from digest.summaries.grounding.wording import joined, words_in

_KNOWN = """
AI artificial intelligence
ML machine learning
DL deep learning
RL reinforcement learning
FL federated learning
SL split learning
LLM large language model
SLM small language model
VLM vision language model
VLA vision language action
MLLM multimodal large language model
NLP natural language processing
CV computer vision
NN neural network
ANN artificial neural network
DNN deep neural network
CNN convolutional neural network
RNN recurrent neural network
GNN graph neural network
SNN spiking neural network
GAN generative adversarial network
VAE variational autoencoder
LSTM long short-term memory
MLP multilayer perceptron
MLP multi-layer perceptron
SVM support vector machine
PCA principal component analysis
SGD stochastic gradient descent
MoE mixture of experts
RAG retrieval-augmented generation
CoT chain of thought
ICL in-context learning
SFT supervised fine-tuning
PEFT parameter-efficient fine-tuning
LoRA low-rank adaptation
RLHF reinforcement learning from human feedback
RLVR reinforcement learning with verifiable rewards
PPO proximal policy optimization
GRPO group relative policy optimization
DPO direct preference optimization
MDP Markov decision process
POMDP partially observable Markov decision process
MARL multi-agent reinforcement learning
MAS multi-agent system
NAS neural architecture search
OOD out-of-distribution
SOTA state-of-the-art
IID independent and identically distributed
EMA exponential moving average
KV key-value
KD knowledge distillation
ViT vision transformer
ASR automatic speech recognition
TTS text to speech
OCR optical character recognition
VQA visual question answering
QA question answering
NMT neural machine translation
SLAM simultaneous localization and mapping
MPC model predictive control
MPC multi-party computation
BPE byte pair encoding
GPU graphics processing unit
CPU central processing unit
TPU tensor processing unit
NPU neural processing unit
FPGA field-programmable gate array
ASIC application-specific integrated circuit
SoC system on chip
HBM high-bandwidth memory
DRAM dynamic random access memory
SRAM static random access memory
NVM non-volatile memory
SSD solid-state drive
PIM processing in memory
CIM compute in memory
NUMA non-uniform memory access
RDMA remote direct memory access
NoC network on chip
SIMD single instruction multiple data
GEMM general matrix multiplication
GEMM general matrix multiply
SpMM sparse matrix multiplication
SpMV sparse matrix-vector multiplication
FFT fast Fourier transform
HPC high-performance computing
MPI message passing interface
API application programming interface
SDK software development kit
OS operating system
VM virtual machine
DB database
DBMS database management system
SQL structured query language
CI/CD continuous integration and continuous deployment
CI/CD continuous integration and delivery
I/O input/output
IoT Internet of Things
IIoT industrial Internet of Things
IIoT industrial IoT
IoV Internet of Vehicles
UAV unmanned aerial vehicle
AV autonomous vehicle
SDN software-defined networking
NFV network function virtualization
QoS quality of service
QoE quality of experience
SLO service level objective
SLA service level agreement
RTT round-trip time
TTFT time to first token
LEO low Earth orbit
RAN radio access network
MEC mobile edge computing
MEC multi-access edge computing
DHT distributed hash table
P2P peer-to-peer
BFT Byzantine fault tolerance
BFT Byzantine fault tolerant
DAO decentralized autonomous organization
DeFi decentralized finance
NFT non-fungible token
EVM Ethereum virtual machine
ZKP zero-knowledge proof
TEE trusted execution environment
SSI self-sovereign identity
DID decentralized identifier
PKI public key infrastructure
DP differential privacy
HE homomorphic encryption
FHE fully homomorphic encryption
DoS denial of service
DDoS distributed denial of service
IDS intrusion detection system
CPS cyber-physical system
ICS industrial control system
RBAC role-based access control
DAG directed acyclic graph
KG knowledge graph
PDE partial differential equation
ODE ordinary differential equation
SDE stochastic differential equation
PINN physics-informed neural network
FEM finite element method
CFD computational fluid dynamics
PIC particle-in-cell
AMG algebraic multigrid
MCMC Markov chain Monte Carlo
SAT satisfiability
SMT satisfiability modulo theories
MILP mixed-integer linear programming
ILP integer linear programming
LP linear programming
DSL domain-specific language
IR intermediate representation
JIT just-in-time
AST abstract syntax tree
HCI human-computer interaction
XAI explainable AI
XAI explainable artificial intelligence
GenAI generative AI
GUI graphical user interface
UI user interface
AR augmented reality
VR virtual reality
EHR electronic health record
EEG electroencephalography
EEG electroencephalogram
ECG electrocardiogram
MRI magnetic resonance imaging
CT computed tomography
GPS global positioning system
URL uniform resource locator
URI uniform resource identifier
HTTP hypertext transfer protocol
TCP transmission control protocol
PUE power usage effectiveness
CDN content delivery network
MAE mean absolute error
MSE mean squared error
AUC area under the curve
EU European Union
UK United Kingdom
US United States
UN United Nations
"""
#: What goes without saying where something of its kind is named.
_IMPLYING = """
GPU CUDA
GPU NVIDIA
GPU RTX
GPU A100
GPU H100
GPU H200
GPU V100
"""


def _keys(text: str) -> list[str]:
    return [word.key for word in words_in(text)]


#: The keys of each and of a long form of it, and those of the long form's words.
KNOWN: tuple[tuple[str, str, list[str]], ...] = tuple(
    (joined(_keys(short)), joined(_keys(long)), _keys(long))
    for short, long in (line.split(" ", 1) for line in _KNOWN.strip().splitlines())
)
#: Keys of a kind, by the key of what is of that kind.
IMPLIED: tuple[tuple[str, str], ...] = tuple(
    (joined(_keys(kind)), joined(_keys(thing)))
    for kind, thing in (line.split() for line in _IMPLYING.strip().splitlines())
)
