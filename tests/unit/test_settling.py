"""Tags of a model's answer: of the closed lists, or the rules' and said so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.summaries.settling import clean_keywords, settle
from digest.summaries.starting_taxonomy import STARTING
from digest.summaries.tagging import KEYWORDS, Tags

RULES = Tags("mlsys", "llm training", ())
LISTS = dict(STARTING.names())


def test_an_answer_by_another_name_is_mapped() -> None:
    settled = settle("ML Systems", "LLM pre-training", STARTING, RULES)
    assert (settled.domain, settled.topic, settled.flags) == ("mlsys", "llm training", ())


def test_an_answer_outside_the_lists_is_the_rules_word_and_flagged() -> None:
    settled = settle("mlsys", "quantum sorcery", STARTING, RULES)
    assert settled.topic == "llm training"
    assert settled.flags == (
        '"quantum sorcery" is no topic of mlsys; by rules it is llm training.',
    )


def test_an_unknown_domain_is_flagged() -> None:
    settled = settle("biology", "cells", STARTING, RULES)
    assert settled.domain == "mlsys"
    assert len(settled.flags) == 2


def test_where_the_rules_speak_of_another_domain_the_topic_is_others() -> None:
    assert settle("sys", "sorcery", STARTING, RULES).topic == "others"


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_stored_is_always_of_the_lists(domain: str, topic: str) -> None:
    settled = settle(domain, topic, STARTING, RULES)
    assert settled.topic in LISTS[settled.domain]


def test_keywords_are_as_the_paper_writes_them_and_each_once() -> None:
    paper = "We share the KV cache. KV caches grow; pipeline-parallel training (PP) is fast."
    said = ["kv caches", "KV Cache", "Pipeline parallel", "PP", "quantum sorcery", "", "is " * 40]
    assert clean_keywords(said, paper) == ("KV cache", "pipeline-parallel", "PP")


def test_there_are_at_most_seven() -> None:
    words = [f"word{number}" for number in range(20)]
    assert len(clean_keywords(words, " ".join(words))) == KEYWORDS


@given(st.lists(st.text(max_size=30), max_size=9), st.text(max_size=200))
def test_keywords_always_stand_in_the_paper(said: list[str], paper: str) -> None:
    words = " ".join(paper.split())
    assert all(keyword in words for keyword in clean_keywords(said, paper))
