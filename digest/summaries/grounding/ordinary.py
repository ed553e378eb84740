"""Words that may begin a sentence with a capital and are no names."""

from __future__ import annotations

import re

from digest.sections.words import stem
from digest.summaries import lexicon
from digest.summaries.grounding.wording import distinct

# What sentences of abstracts begin with, one form for all with the same stem; words of the
# lexicon and words with one of the endings below are left out.
_WORDS = """
    academic access accurate active additional adversarial adverse aerial affective affine
    agents agricultural air alongside ambient analog analyses apart approximate architectures
    areas art artificial atomic attacks attempts attributes audio augmented authors automatic
    automotive autonomy autoregressive backdoor background behavior benchmarks bias binary
    biometric blind block blockchain bootstrap boundary brain breast built called camera
    camouflaged candidate cardiac cascaded catastrophic causal channel chapter character chart
    chat chest children claims class classic clients climate clinicians cloud cognitive
    combinatorial commercial compact competency competitive complementary composed compositional
    concept concurrent conditional confirmed conformal constraints constructed contemporary
    content context contextual continual contrary control conversational convex convolutional
    cooperative core corpus counterfactual coupled creative credit crop cross crowd
    cryptocurrency cultural curriculum customer cyber database deep deepfake demo dense depth
    deterministic devices diagnostic differential difficulty digital discrete discriminative
    distinct distributed downstream driven driver drug dual dynamic earlier edge educational
    egocentric electric electronic elementary embodied emergency emergent emotional empowered
    end energy ensemble enterprise entropic entropy environmental epistemic equipped equivariant
    error event everyday evolutionary expert exploratory external extreme facial failure fault
    feedback feedforward field financial fixed flow fluid formal forward foundational frames
    fraud frozen functional future fuzzy gait games genetic geometric geometry
    geospatial github gradient graph greedy grounded group guided handwritten hard hardware hate
    health healthcare heavy hospital human humanoid humor hybrid hyperbolic hyperspectral
    imbalanced immersive implicit incremental index indirect indoor inductive industrial
    infrared initial input inspired institutional intelligent intermediate internet interviews
    intrinsic inverse iterative joint keywords knowledge label language last latent law layer
    legal let lifelong light lightweight linear linguistic link little live local log logistic
    long longitudinal lung machine magnetic mainstream malware manual marine maritime masked
    material matrix maximum mechanistic media membership memory mental minor mixture mobile
    moderate modern molecular monocular monolithic multilingual multimodal multivariate
    narrative native negative network neural neuromorphic neuron next nighttime nodes noise note
    novelty nuclei object offline online optimal outcomes outside owing paired pairwise
    panoramic parallel parameter parametric partial participants past pathology patient
    pedestrian peer people perceptual persona personal phase phoneme pilot plant point policy
    positional post powered practitioners precise preliminary pretrained privacy proactive
    probabilistic product professional profile progress project prompt proofs proprietary
    protocol prototypes proximal pure qualitative quantitative quantum radio radiology random
    rare raw readers real realistic recurrent recursive regulatory remote representational
    residual retinal retrieval reverse reward robotic root rules safe safety satellite scalar
    scene scientific secure see semantic separate sequential servers shape sign signal sketch
    skill skin smaller smart social soft software sparse spatial spatiotemporal spectral
    speculative speech split spoken stable stage static stereo stochastic story strategic
    stronger student style subjective subsequent subtle subword summaries supplementary surface
    surgery surrogate symbolic synthetic tables tabular tactile taken target team temperature
    temporal text textual texture thematic theorems theory thermal thresholds tier titled today
    token tool top topic topology total touch toxic traffic trajectory transfer transformer
    transparent tree trust trustworthy tumor twelve ultrasound uncertainty underwater uniform
    universal unmanned upper urban variational vector vehicle video virtual visual volumetric
    web website weight whenever wildfire word workers workflows workloads world worse
"""
_ENDINGS = re.compile(
    r"[a-z]{3,}(?:ly|ing|ions?|ments?|ness|ity|ities|ances?|ences?|able|ible|ful|less|isms?|ical|"
    r"ous|ized|ised|ated|ologies|ologists?)"
)
# Names that end like other words.
_NAMES = distinct(
    "beijing binance boeing chongqing hyperion infinity kipling lightning nanjing sterling turing"
)
_SENTENCE_END = re.compile(r"[.!?:][\"')\]]*\s+[\"'(\[*_]*$")
_LAST_WORD = re.compile(r"(\S+)\s+\S*$")
_NEAR = 30
_STEMS = frozenset(
    stem(word)
    for words in (
        _WORDS.split(),
        lexicon.OPENERS,
        lexicon.STOPWORDS,
        lexicon.EMPTY_WORDS,
        lexicon.VERBS,
        lexicon.PARTS_OF_PHRASES,
    )
    for word in words
)


def is_ordinary(word: str) -> bool:
    """Whether the word is English for all we know, and not a name, whatever its case."""
    word = word.lower()
    return stem(word) in _STEMS or (bool(_ENDINGS.fullmatch(word)) and word not in _NAMES)


def begins_sentence(text: str, start: int) -> bool:
    """Whether the word that starts there is the first of a sentence, or of what a colon opens."""
    before = text[max(0, start - _NEAR) : start]
    if start <= _NEAR and not any(map(str.isalnum, before)):
        return True
    last = _LAST_WORD.search(before)
    is_end = bool(_SENTENCE_END.search(before))
    return is_end and not (last and last[1].lower() in lexicon.ABBREVIATIONS)
