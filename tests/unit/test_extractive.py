"""Sentences and which of them carry an abstract. All texts are made up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.summaries.extractive import LONGEST, carrying_sentences
from digest.summaries.sentences import sentences_of

ABSTRACT = (
    "Caches have become ever larger in recent years. Existing policies evict by age alone. "
    "Operators dislike them, e.g. when load changes. "
    "In this paper, we propose Pebble, a cache policy that learns from reuse distances. "
    "It needs 2.5 bits per entry. "
    "Reuse distances are kept in a sketch, and the sketch is updated on every eviction. "
    "Experiments on four traces show that Pebble reduces misses by 31% over LRU. "
    "We also discuss its limits. "
    "Code is available at https://example.org/pebble."
)


@pytest.mark.parametrize(
    "sentences",
    [
        ["One thing holds.", "Another thing follows."],
        ["We gain 3.5 points (cf. Fig. 2 and Eq. 4).", "This helps."],
        ["Others, e.g. Smith et al. (2020), disagree.", "We do not."],
        ["This extends Smith et al.", "We add caches."],
        ["J. R. Doe et al. use $a. B$ here.", "Is it so?", "It is!"],
        ["It covers maps, walks, etc. and more.", "Fine."],
        ['He said "stop."', "They stopped."],
        ["A note (see it. Here.) stays whole.", "So it does."],
        ["We use v1.2 vs. v1.3 of it.", r"\textit{Pebble} is fast.", "$O(n)$ suffices."],
        ["The U.S. Army has it.", "The U.S.", "However, we do not."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert sentences_of(" ".join(sentences)) == sentences


@given(st.text(max_size=200))
@settings(deadline=None)
def test_joined_sentences_are_the_text_again(text: str) -> None:
    assert " ".join(sentences_of(text)) == " ".join(text.split())


def test_method_and_finding_are_chosen_and_the_aside_is_not() -> None:
    text = carrying_sentences(ABSTRACT, title="Pebble: a cache policy")
    assert "we propose Pebble" in text
    assert "reduces misses by 31%" in text
    assert "example.org" not in text
    assert "in recent years" not in text


def test_chosen_sentences_are_quoted_exactly_and_in_their_order() -> None:
    chosen = sentences_of(carrying_sentences(ABSTRACT))
    whole = sentences_of(ABSTRACT)
    places = [whole.index(sentence) for sentence in chosen]
    assert 2 <= len(chosen) <= 3
    assert places == sorted(set(places))


def test_a_short_abstract_stays_whole() -> None:
    abstract = "We count maps.\n  There are nine of them."
    assert carrying_sentences(abstract) == "We count maps. There are nine of them."


def test_no_abstract_gives_no_text() -> None:
    assert carrying_sentences(" \n") == ""


def test_one_endless_sentence_is_cut_at_a_word_and_says_so() -> None:
    text = carrying_sentences("word " * 300)
    assert len(text.split()) <= LONGEST
    assert text.endswith("word …")


_WORDS = ["propose", "results", "show", "maps", "of", "$x$", "31%", "e.g.", "The", "2.5"]
_SENTENCES = st.lists(
    st.lists(st.sampled_from(_WORDS), max_size=60).map(
        lambda words: " ".join(["We", *words, "end."])
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(_SENTENCES, st.integers(1, 4))
def test_the_text_is_never_too_long_and_always_from_the_abstract(
    sentences: list[str], count: int
) -> None:
    abstract = " ".join(sentences)
    text = carrying_sentences(abstract, count=count)
    assert 0 < len(text.split()) <= LONGEST
    assert all(part.removesuffix(" …") in abstract for part in sentences_of(text))


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_is_survived(abstract: str, title: str) -> None:
    carrying_sentences(abstract, title=title)
