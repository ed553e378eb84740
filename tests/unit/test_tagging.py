"""Tags by rules. All papers are made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sections.words import stem, words_of
from digest.summaries.starting_taxonomy import STARTING
from digest.summaries.tagging import KEYWORDS, key_phrases, tags_for
from digest.summaries.taxonomy import OTHER


@pytest.mark.parametrize(
    ("title", "abstract", "categories", "domain", "topic"),
    [
        (
            "Serving language models with a shared KV cache",
            "LLM serving needs GPU memory. We raise the throughput of LLM inference.",
            ["cs.LG", "cs.DC"],
            "mlsys",
            "llm inference",
        ),
        (
            "Leader election in rings",
            "We give a distributed algorithm for leader election in the LOCAL model.",
            ["cs.DC"],
            "sys",
            "distributed algorithms",
        ),
        (
            "Offline reinforcement learning from few rewards",
            "We study reinforcement learning with a learned reward.",
            ["cs.LG"],
            "ai",
            "reinforcement learning",
        ),
        ("A type system", "We type.", ["cs.PL"], "sys", "languages and software"),
        ("On hats", "We knit.", ["cs.PL"], "sys", OTHER),
        ("On rings of integers", "We count ideals.", ["math.NT"], "", ""),
    ],
)
def test_domain_and_topic_follow_categories_and_words(
    title: str, abstract: str, categories: list[str], domain: str, topic: str
) -> None:
    tags = tags_for(title, abstract, categories)
    assert (tags.domain, tags.topic) == (domain, topic)


def test_the_topics_of_mlsys_are_those_of_the_reference() -> None:
    assert set(dict(STARTING.names())["mlsys"]) | {OTHER} == {
        "llm training",
        "llm inference",
        "multi-modal training",
        "multi-modal inference",
        "diffusion training",
        "diffusion inference",
        "post-training",
        "cluster infrastructure",
        "GPU kernels",
        "fault-tolerance",
        "others",
    }


def test_key_phrases_are_written_as_in_the_paper_and_the_title_weighs_most() -> None:
    phrases = key_phrases(
        "PebbleCache: reuse-aware eviction",
        "We propose PebbleCache. Eviction by reuse distance needs a count-min sketch. "
        "The count-min sketch stays small at 1.5-bit counters, and reuse distances are exact.",
    )
    assert phrases[0] == "PebbleCache"
    assert {"reuse-aware eviction", "count-min sketch"} <= set(phrases)
    assert not {"We", "propose", "paper"} & set(phrases)


@pytest.mark.parametrize(
    "sentence",
    [
        "The framework incorporates material tensors.",
        "Each coordinated mission carried sensors.",
        "The neural system evolves.",
        "Users can shape human decisions.",
        "The visual patches reach the decoder.",
    ],
)
def test_verbs_are_no_part_of_keywords(sentence: str) -> None:
    words = {word for phrase in key_phrases("", sentence) for word in phrase.lower().split()}
    assert words
    assert not words & {"incorporates", "carried", "evolves", "shape", "reach"}


def test_keywords_hold_no_tex() -> None:
    assert key_phrases("", r"An \textbf{O}mni-modal \emph{generator}.") == ["Omni-modal generator"]


def test_one_passing_word_makes_no_topic_of_mlsys() -> None:
    abstract = "A training system for language models. {} The cluster was ours."
    assert tags_for("Warm starts", abstract.format(""), ["cs.DC", "cs.LG"]).topic == OTHER
    strong = abstract.format("We shorten the KV cache.")
    assert tags_for("Warm starts", strong, ["cs.DC", "cs.LG"]).topic == "llm inference"


def test_a_paper_near_systems_is_of_mlsys_only_where_it_speaks_of_systems() -> None:
    abstract = "Language models are trained to query knowledge graphs."
    assert tags_for("Asking graphs", abstract, ["cs.AI", "cs.DB"]).domain == "ai"
    told = tags_for("Asking graphs", f"{abstract} GPU serving is fast.", ["cs.AI", "cs.DB"])
    assert told.domain == "mlsys"


def test_singular_and_plural_are_one_keyword() -> None:
    phrases = key_phrases("Neural caches", "A neural cache is fast. Neural caches are small.")
    assert [phrase.lower() for phrase in phrases].count("neural cache") <= 1
    assert sum("cache" in phrase.lower() for phrase in phrases) == 1


def test_mathematics_and_links_are_no_keywords() -> None:
    phrases = key_phrases("Sparse sketches", "At https://example.org we show $n \\log n$ sketches.")
    assert not any(re.search(r"[$\\]|http|log", phrase) for phrase in phrases)


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=300), st.lists(st.sampled_from(["cs.DC", "x"])))
def test_any_text_gives_at_most_seven_distinct_keywords(
    title: str, abstract: str, categories: list[str]
) -> None:
    tags = tags_for(title, abstract, categories)
    assert len(tags.keywords) <= KEYWORDS
    stems = [tuple(map(stem, words_of(phrase))) for phrase in tags.keywords]
    assert len(set(stems)) == len(stems)
    assert not tags.domain or tags.topic in dict(STARTING.names())[tags.domain]
