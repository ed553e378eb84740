"""Words kept of a listing answer any rule as the matching of sections does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from digest.sections import wordstore
from digest.sections.compiled import compiled
from digest.sections.expressions import Expression
from digest.sections.matching import Rule, holding, match
from digest.sections.nodes import Node
from digest.sections.texts import PaperText
from digest.sections.wordindex import WordIndex
from tests.unit.test_matching import NODES, PAPERS


def numbered(papers: list[PaperText]) -> list[PaperText]:
    return [replace(paper, key=100 + place) for place, paper in enumerate(papers)]


LISTINGS = st.lists(PAPERS, min_size=1, max_size=5).map(numbered)


@given(LISTINGS)
def test_what_is_kept_comes_back_as_it_was(papers: list[PaperText]) -> None:
    stored = wordstore.cut(papers, {"cs.LG": {papers[0].key}, "cs.AI": {7}})
    assert wordstore.unpacked(wordstore.packed(stored)) == stored
    assert stored.categories == {"cs.AI": [], "cs.LG": [0]}


@given(LISTINGS, NODES)
def test_any_rule_finds_what_the_matching_of_sections_finds(
    papers: list[PaperText], node: Node
) -> None:
    index = WordIndex(wordstore.unpacked(wordstore.packed(wordstore.cut(papers, {}))))
    places = holding(compiled(node), index)
    found = [paper.key for place, paper in enumerate(papers) if place in places]
    assert found == match(papers, [Rule(1, Expression(node))]).get(1, [])
