"""Numbers, units and names of a text stand in its paper, or are found. All papers are made up."""

from __future__ import annotations

import pytest

from digest.summaries.grounding import Kind, Source
from tests.grounding import PAPER, found_in, told


@pytest.mark.parametrize(
    "sentence",
    [
        "Quince sorts 100,000 keys in 3 minutes.",
        "Quince sorts 100K keys in 180 seconds.",
        "Quince sorts 10⁵ keys in three minutes.",
        "Quince sorts 10^5 keys in a 3-minute run.",
        "Quince sorts 1e5 keys in $3$ minutes.",
        "Quince sorts 100 thousand keys in ３ minutes.",
        "It is 1.44–1.59× faster, up to 1.59x.",
        "It is 1.44 to 1.59 times faster.",
        "It needs 44 percent less memory, or 44\\% less.",
        "It needs 12.5GB and not 12,500 MB.",
        "The models have 7 billion parameters, so 7B-parameter models.",
        "The cost of $5 million is five million dollars.",
        "The load of one thousand nodes, or 1k, stays between 60 and 70%.",
        "The load stays at 60-70%.",
        "Accuracy rises by ten percentage points, or 10 points, across 46 generative models.",
        "It runs on 5 tasks.",
        "It halves the training time, cuts it by 50%, and is 2x faster.",
        "Two schemes merge, split and rest in three ways with zero loss.",
        "It needs O(n log n) time, so $O(n \\log n)$.",
        "Training falls from hours to minutes.",
        "It handles thousands of nodes.",
        "One can see that one scheme rests, as no one expected.",
    ],
)
def test_a_number_stands_however_it_is_written(sentence: str) -> None:
    assert told(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "kind", "quote"),
    [
        ("Quince sorts its keys in 2 minutes.", Kind.NUMBER, "2 minutes"),
        ("Quince sorts its keys in 3 hours.", Kind.UNIT, "3 hours"),
        ("Quince sorts its keys in 3 ms.", Kind.UNIT, "3 ms"),
        ("Quince sorts 200,000 keys.", Kind.NUMBER, "200,000"),
        ("Quince sorts 10^6 keys.", Kind.NUMBER, "10^6"),
        ("Quince sorts 105 keys.", Kind.NUMBER, "105"),
        ("It is 1.44-1.69x faster.", Kind.NUMBER, "1.69x"),
        ("It is 1.34-1.59x faster.", Kind.NUMBER, "1.34"),
        ("It needs 45% less memory.", Kind.NUMBER, "45%"),
        ("It needs 44x less memory.", Kind.UNIT, "44x"),
        ("It needs 12.5 MB.", Kind.UNIT, "12.5 MB"),
        ("The models have 70B weights.", Kind.NUMBER, "70B weights"),
        ("The models have 7M weights.", Kind.UNIT, "7M weights"),
        ("It costs €5M.", Kind.UNIT, "€5M"),
        ("The load stays between 40 and 70%.", Kind.NUMBER, "40"),
        ("Accuracy rises by 10%.", Kind.UNIT, "10%"),
        ("It runs on 46 tasks.", Kind.UNIT, "46 tasks"),
        ("It runs on six tasks.", Kind.NUMBER, "six tasks"),
        ("It runs in four ways.", Kind.NUMBER, "four"),
        ("It is twelve times faster.", Kind.NUMBER, "twelve times"),
        ("It triples the load.", Kind.NUMBER, "triples"),
        ("It needs O(n^2) time.", Kind.NUMBER, "O(n^2)"),
        ("Training falls to milliseconds.", Kind.UNIT, "milliseconds"),
        ("It has sub-millisecond latency.", Kind.UNIT, "sub-millisecond"),
        ("It is three orders of magnitude faster.", Kind.UNIT, "three orders of magnitude"),
        ("It is orders of magnitude faster.", Kind.NUMBER, "orders of magnitude"),
        ("It saves 500 GPU-weeks.", Kind.NUMBER, "500 GPU-weeks"),
        ("It saves GPU-weeks.", Kind.UNIT, "weeks"),
        ("It has sub-nine-metre keys.", Kind.NUMBER, "nine-metre"),
        ("Its accuracy rises (+10%).", Kind.UNIT, "10%"),
        ("It handles millions of keys.", Kind.NUMBER, "millions"),
        ("It comes from the 18th century.", Kind.NUMBER, "18th"),
        ("It (1) merges and (4) rests.", Kind.NUMBER, "4"),
        ("It takes 20 hours in 2024.", Kind.NUMBER, "2024"),
    ],
)
def test_a_number_or_unit_that_stands_nowhere_is_found(
    sentence: str, kind: Kind, quote: str
) -> None:
    assert told(sentence) == [(kind, quote)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Quince's A100-based LLM agents run on the A100s.",
        "It uses GPT-4o, GPT-4o-style prompts and GPT 4o.",
        "A Large Language Model plans, as does one LLM or more LLMs.",
        "It is a MoE with an EMA, and LLM-planned.",
        "The Vision Transformer (ViT) is older than ROS 2.",
        "Experiments show that Radix Tree and radixtree are RadixTree.",
        "Mixture-of-Experts (MoE) planning works on the Erdős graph, or Erdos graph.",
        "According to tests, sorting works. Nevertheless, Quince is slow: Merging takes time.",
        "It works, e.g. on ROS 2 and ROS~2.",
    ],
)
def test_a_name_stands_in_all_its_forms(sentence: str) -> None:
    assert told(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "kind", "quote"),
    [
        ("Quince runs on the H100.", Kind.NAME, "H100"),
        ("Quince runs on the A10.", Kind.NAME, "A10"),
        ("It uses GPT-4 agents.", Kind.NAME, "GPT-4"),
        ("It uses GPT-5o agents.", Kind.NAME, "5o"),
        ("It runs on ROS 3.", Kind.NAME, "ROS 3"),
        ("It beats BubbleTree.", Kind.NAME, "BubbleTree"),
        ("It is better than Kubernetes here.", Kind.NAME, "Kubernetes"),
        ("Kumquat is a sorter.", Kind.NAME, "Kumquat"),
        ("Lightning is a sorter.", Kind.NAME, "Lightning"),
        ("The sorter is fast: Kubeflow says so.", Kind.NAME, "Kubeflow"),
        ("It was made by Ada Lovelace at home.", Kind.NAME, "Ada Lovelace"),
        ("It needs an FPGA here.", Kind.ACRONYM, "FPGA"),
        ("It needs DNNs here.", Kind.ACRONYM, "DNNs"),
        ("It is of use to IT people.", Kind.ACRONYM, "IT"),
        ("It uses a mixture of entities (MOE).", Kind.NAME, "mixture of entities"),
        ("It is a Dual Forest Scheme.", Kind.NAME, "Forest"),
        ("It uses Vision Transformers (LLMs).", Kind.ACRONYM, "LLMs"),
        ("It is written with llama.cpp here.", Kind.NAME, "llama.cpp"),
        ("It runs on k3s clusters.", Kind.NAME, "k3s"),
        ("Zero Sorting is its name, by Zero.", Kind.NAME, "Zero"),
    ],
)
def test_a_name_that_stands_nowhere_is_found(sentence: str, kind: Kind, quote: str) -> None:
    assert (kind, quote) in told(sentence)
    assert {found for found, _ in told(sentence)} <= {Kind.NAME, Kind.ACRONYM}


def test_what_stands_on_page_one_stands() -> None:
    sentence = "Quince was built in Exampleton on 12 FPGAs, which transformed Kubeflow."
    assert told(sentence) != []
    page = "Quince\nAda Lovelace, Exampleton\nOn 12 FPGAs we trans-\nformed Kube-\nflow."
    assert told(sentence, Source(PAPER.title, PAPER.abstract, page)) == []


def test_what_stands_in_the_title_stands() -> None:
    assert told("Quince sorts the Orchards with ten thousand cores.") == []


def test_an_acronym_of_chance_letters_out_of_a_phrase_does_not_stand() -> None:
    paper = Source(
        "On rivers", "A large moving average window grows. It is a tall blue river gate."
    )
    assert told("It has an MAW here.", paper) == []
    assert told("It has an RGA here.", paper) == [(Kind.ACRONYM, "RGA")]


def test_a_small_number_may_be_said_by_a_list_that_counts() -> None:
    paper = Source("On lists", "It has parts: (1) a head, (2) a body, and (3) a tail.")
    assert told("It has three parts.", paper) == []
    assert told("It has two parts.", paper) == [(Kind.NUMBER, "two")]


def test_a_message_says_what_stands_instead() -> None:
    (finding,) = found_in("Quince sorts its keys in 2 minutes.")
    assert finding.message == '"2 minutes" is not in the paper (3 minutes is).'
    (near, *_) = finding.near
    assert PAPER.abstract[slice(*near)] == "3 minutes"


@pytest.mark.parametrize(
    ("sentence", "near"),
    [
        ("Quince sorts its keys in 3 hours.", "3 minutes"),
        ("It needs 43% less memory.", r"44\%"),
        ("It is 1.69x faster.", r"1.59\times"),
        ("It runs on the A10.", "A100"),
        ("It beats RadixThree.", "RadixTree"),
        ("It runs on 45 models.", "46 models"),
    ],
)
def test_places_worth_a_look_are_marked_in_the_abstract_as_typed(sentence: str, near: str) -> None:
    (finding,) = found_in(sentence)
    assert any(near in PAPER.abstract[start:end] for start, end in finding.near)
    assert all(0 <= start < end <= len(PAPER.abstract) for start, end in finding.near)


def test_a_span_is_where_the_words_are_in_the_text() -> None:
    text = "Naïve Quince — “fast” — sorts $2^{9}$ keys\u200b on the H100 in $\\alpha$ = 7 hours."
    for finding in found_in(text):
        assert text[finding.start : finding.end] == finding.quote
    assert {finding.quote for finding in found_in(text)} >= {"H100", "7 hours", "\u200b"}
