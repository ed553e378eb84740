"""Institutions by the names and mail domains they use: labs, companies, and short names of
universities, where no rule about words would know them. One a line: name | other names | domains.
"""

from __future__ import annotations

_TABLE = """
Adobe Research | Adobe, Adobe Inc | adobe.com
AI21 Labs | AI21 | ai21.com
Alibaba Group | Alibaba, Alibaba Inc, Alibaba Group Holding, Alibaba Cloud, DAMO Academy | alibaba-inc.com, alibaba.com, aliyun-inc.com
Allen Institute for AI | AI2, Allen Institute for Artificial Intelligence | allenai.org
Amazon | Amazon.com, Amazon Research, Amazon Science | amazon.com, amazon.de, amazon.co.uk
Amazon Web Services | AWS, Amazon AWS, AWS AI Labs |
AMD | Advanced Micro Devices, Advanced Micro Devices Inc, AMD Research | amd.com
Anthropic | | anthropic.com
Ant Group | Ant Financial, AntGroup, Ant Research | antgroup.com, antfin.com
Apple | Apple Inc | apple.com
Arm | Arm Ltd, ARM Research | arm.com
AT&T Labs Research | AT&T Labs, AT&T | research.att.com, att.com
Baidu | Baidu Inc, Baidu Research | baidu.com
Bloomberg | Bloomberg LP | bloomberg.net
Bosch | Robert Bosch GmbH, Bosch Research, Bosch Center for Artificial Intelligence | bosch.com, de.bosch.com
ByteDance | Bytedance Inc, ByteDance Seed, ByteDance Research, TikTok | bytedance.com, tiktok.com
Cerebras Systems | Cerebras | cerebras.net, cerebras.ai
CERN | European Organization for Nuclear Research | cern.ch
Cisco | Cisco Systems, Cisco Research | cisco.com
CNRS | Centre National de la Recherche Scientifique | cnrs.fr
Cohere | Cohere Labs, Cohere For AI | cohere.com, cohere.ai
CWI | Centrum Wiskunde & Informatica | cwi.nl
Databricks | MosaicML, Databricks Mosaic Research | databricks.com
DeepSeek | DeepSeek-AI, DeepSeek AI | deepseek.com
Dell Technologies | Dell, Dell EMC | dell.com
DFKI | German Research Center for Artificial Intelligence | dfki.de
Ericsson | Ericsson Research, Ericsson AB | ericsson.com
Fraunhofer | Fraunhofer-Gesellschaft | fraunhofer.de
Fujitsu | Fujitsu Limited, Fujitsu Laboratories, Fujitsu Research | fujitsu.com
Google | Google Inc, Google LLC | google.com
Google Brain | |
Google Cloud | |
Google DeepMind | DeepMind, Deepmind | deepmind.com
Google Research | |
Hewlett Packard Enterprise | HPE, Hewlett Packard Labs, HP Labs | hpe.com
Hitachi | Hitachi Ltd | hitachi.com
Huawei | Huawei Technologies, Huawei Technologies Co, Huawei Technologies Co Ltd, Huawei Technologies Ltd | huawei.com
Huawei Noah's Ark Lab | Noah's Ark Lab |
Hugging Face | HuggingFace | huggingface.co
IBM | IBM Corporation | ibm.com
IBM Research | IBM T.J. Watson Research Center, IBM Thomas J. Watson Research Center | us.ibm.com, zurich.ibm.com
Inria | INRIA, Institut national de recherche en informatique et en automatique | inria.fr
Intel | Intel Corporation, Intel Labs | intel.com
JD.com | JD AI Research, JD.com Inc | jd.com
JPMorgan Chase | J.P. Morgan AI Research, JPMorgan AI Research | jpmorgan.com, jpmchase.com
Kuaishou | Kuaishou Technology | kuaishou.com
LinkedIn | LinkedIn Corporation | linkedin.com
Meituan | Meituan Inc | meituan.com
Meta | Meta AI, Meta Platforms, Meta Platforms Inc, Facebook, Facebook AI Research, FAIR, FAIR at Meta, Meta Inc | meta.com, fb.com
Microsoft | Microsoft Corporation, Microsoft Azure | microsoft.com
Microsoft Research | MSR |
Microsoft Research Asia | MSRA |
MiniMax | | minimax.chat
Mistral AI | Mistral | mistral.ai
Mitsubishi Electric Research Laboratories | MERL | merl.com
Moonshot AI | Kimi Team | moonshot.cn
NASA | | nasa.gov
NAVER | NAVER Corp, NAVER Labs, NAVER Cloud, NAVER AI Lab | navercorp.com, naverlabs.com
NEC | NEC Corporation, NEC Laboratories America, NEC Labs | nec-labs.com, nec.com
Netflix | | netflix.com
Nokia Bell Labs | Bell Labs, Nokia | nokia-bell-labs.com, nokia.com
NTT | NTT Corporation, NTT Research | ntt.com, ntt-research.com
NVIDIA | NVIDIA Corporation, Nvidia Corp, NVIDIA Research, NVIDIA Inc | nvidia.com
OpenAI | | openai.com
OPPO | OPPO Research Institute | oppo.com
Oracle | Oracle Labs, Oracle Corporation | oracle.com
Qualcomm | Qualcomm AI Research, Qualcomm Technologies | qualcomm.com, qti.qualcomm.com
Red Hat | Red Hat Inc | redhat.com
RIKEN | RIKEN AIP, RIKEN Center for Computational Science | riken.jp
Salesforce | Salesforce Research, Salesforce AI Research | salesforce.com
Samsung | Samsung Electronics, Samsung Research, Samsung AI Center | samsung.com
SAP | SAP SE | sap.com
Scale AI | | scale.com
Shanghai AI Laboratory | Shanghai Artificial Intelligence Laboratory, Shanghai AI Lab | pjlab.org.cn
Siemens | Siemens AG | siemens.com
Snowflake | Snowflake AI Research, Snowflake Inc | snowflake.com
Sony | Sony AI, Sony Group Corporation | sony.com
StepFun | | stepfun.com
Tencent | Tencent Inc, Tencent AI Lab | tencent.com
Tesla | Tesla Inc | tesla.com
Thinking Machines Lab | |
Together AI | | together.ai
Toyota Research Institute | TRI | tri.global
Uber | Uber Technologies | uber.com
VMware | VMware Research, Broadcom | vmware.com, broadcom.com
Xiaomi | Xiaomi Inc | xiaomi.com
Yahoo Research | Yahoo, Yahoo! Research | yahooinc.com
Zhipu AI | Z.ai | zhipuai.cn
Zhongguancun Laboratory | | zgclab.edu.cn
California Institute of Technology | Caltech | caltech.edu
Carnegie Mellon University | CMU, Carnegie Mellon | cmu.edu
Chinese Academy of Sciences | CAS | ict.ac.cn, ia.ac.cn, cas.cn
Chinese University of Hong Kong | CUHK, The Chinese University of Hong Kong | cuhk.edu.hk
City University of Hong Kong | CityU, CityUHK | cityu.edu.hk
Columbia University | | columbia.edu
Delft University of Technology | TU Delft, Technische Universiteit Delft | tudelft.nl
EPFL | École Polytechnique Fédérale de Lausanne, Ecole Polytechnique Federale de Lausanne, Swiss Federal Institute of Technology Lausanne | epfl.ch
ETH Zurich | ETH Zürich, ETHZ, Swiss Federal Institute of Technology Zurich, Swiss Federal Institute of Technology in Zurich | ethz.ch
Georgia Institute of Technology | Georgia Tech | gatech.edu
Hong Kong University of Science and Technology | HKUST, The Hong Kong University of Science and Technology | ust.hk
Huazhong University of Science and Technology | HUST | hust.edu.cn
Indian Institute of Science | IISc | iisc.ac.in
KAIST | Korea Advanced Institute of Science and Technology | kaist.ac.kr
Karlsruhe Institute of Technology | KIT | kit.edu
King Abdullah University of Science and Technology | KAUST | kaust.edu.sa
KTH Royal Institute of Technology | KTH | kth.se
KU Leuven | Katholieke Universiteit Leuven | kuleuven.be
LMU Munich | Ludwig-Maximilians-Universität München, LMU München | lmu.de
Massachusetts Institute of Technology | MIT, MIT CSAIL, MIT-IBM Watson AI Lab | mit.edu
MBZUAI | Mohamed bin Zayed University of Artificial Intelligence | mbzuai.ac.ae
Mila | Mila - Quebec AI Institute, Quebec AI Institute | mila.quebec
Nanyang Technological University | NTU Singapore, Nanyang Technological University Singapore | ntu.edu.sg
National Taiwan University | | ntu.edu.tw
National University of Singapore | NUS | nus.edu.sg
New York University | NYU | nyu.edu
Peking University | PKU | pku.edu.cn
Politecnico di Milano | POLIMI | polimi.it
POSTECH | Pohang University of Science and Technology | postech.ac.kr
RWTH Aachen University | RWTH Aachen | rwth-aachen.de
Shanghai Jiao Tong University | SJTU, Shanghai Jiaotong University | sjtu.edu.cn
Sorbonne Université | Sorbonne University | sorbonne-universite.fr
Stanford University | Stanford | stanford.edu
Technical University of Munich | TUM, TU Munich, Technische Universität München, TU München | tum.de
Technion | Technion - Israel Institute of Technology, Technion Israel Institute of Technology | technion.ac.il
Technische Universität Berlin | TU Berlin, Technical University of Berlin | tu-berlin.de
Technische Universität Darmstadt | TU Darmstadt, Technical University of Darmstadt | tu-darmstadt.de
Technische Universität Dresden | TU Dresden | tu-dresden.de
The Ohio State University | Ohio State University, OSU | osu.edu
TU Wien | Vienna University of Technology, Technische Universität Wien | tuwien.ac.at
Tsinghua University | THU | tsinghua.edu.cn
UNIST | Ulsan National Institute of Science and Technology | unist.ac.kr
University College London | UCL | ucl.ac.uk
University of California, Berkeley | UC Berkeley, Berkeley, University of California Berkeley, University of California at Berkeley | berkeley.edu
University of California, Davis | UC Davis | ucdavis.edu
University of California, Irvine | UC Irvine, UCI | uci.edu
University of California, Los Angeles | UCLA, UC Los Angeles | ucla.edu
University of California, Merced | UC Merced | ucmerced.edu
University of California, Riverside | UC Riverside, UCR | ucr.edu
University of California, San Diego | UC San Diego, UCSD | ucsd.edu
University of California, San Francisco | UCSF, UC San Francisco | ucsf.edu
University of California, Santa Barbara | UC Santa Barbara, UCSB | ucsb.edu
University of California, Santa Cruz | UC Santa Cruz, UCSC | ucsc.edu
University of Chinese Academy of Sciences | UCAS | ucas.ac.cn
University of Hong Kong | HKU, The University of Hong Kong | hku.hk
University of Illinois Urbana-Champaign | UIUC, University of Illinois at Urbana-Champaign | illinois.edu
University of Maryland, College Park | University of Maryland College Park, UMD | umd.edu
University of Massachusetts Amherst | UMass Amherst | umass.edu
University of Michigan | UMich | umich.edu
University of Pennsylvania | UPenn | upenn.edu
University of Science and Technology of China | USTC | ustc.edu.cn
University of Southern California | USC | usc.edu
University of Texas at Austin | UT Austin, The University of Texas at Austin | utexas.edu
University of Washington | UW | washington.edu, uw.edu
University of Wisconsin-Madison | UW-Madison, University of Wisconsin Madison, University of Wisconsin - Madison | wisc.edu
Virginia Tech | Virginia Polytechnic Institute and State University | vt.edu
Argonne National Laboratory | ANL, Argonne | anl.gov
Barcelona Supercomputing Center | BSC, Barcelona Supercomputing Centre | bsc.es
Brookhaven National Laboratory | BNL | bnl.gov
Lawrence Berkeley National Laboratory | LBNL, Berkeley Lab | lbl.gov
Lawrence Livermore National Laboratory | LLNL | llnl.gov
Los Alamos National Laboratory | LANL | lanl.gov
National Institute of Standards and Technology | NIST | nist.gov
Oak Ridge National Laboratory | ORNL | ornl.gov
Pacific Northwest National Laboratory | PNNL | pnnl.gov
Sandia National Laboratories | Sandia | sandia.gov
"""


def _rows() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    rows = []
    for line in _TABLE.strip().splitlines():
        name, others, domains = (part.strip() for part in line.split("|"))
        # A name may hold a comma, as campuses do; each such part stands with its university.
        rows.append((name, _listed(others), _listed(domains)))
    return rows


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


ROWS = _rows()
