"""Which words matched, and where they stand in the text as it is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sections.explaining import Matched, explain
from digest.sections.expressions import Expression, Field, Node, Not, Term, parse
from digest.sections.matching import PaperText, Rule, match
from digest.sections.placing import placed_spellings, placed_words
from digest.sections.texts import spellings
from digest.sections.words import words_of
from tests.unit.test_matching import NODES, PAPERS

_SIGNS = "\\textbf{ R}einf {\\bf } 's don't ’ C++ c# ﬁ ½ é e\u0301 ﷺ 한 \u1112\u1161 İ ß \u00ad - –"
_PIECES = st.sampled_from([*_SIGNS.split(" "), "\u200b", "x\u0302\u0323", " ", "\n", "Deep"])


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30) | st.lists(_PIECES | st.text(max_size=2), max_size=12).map("".join))
def test_words_with_places_are_the_same_words(text: str) -> None:
    placed = placed_words(text)
    assert [word.word for word in placed] == words_of(text)
    assert all(0 <= word.start < word.end <= len(text) for word in placed)
    for one, following in pairwise(placed):
        assert one.start <= following.start
    named = [[word.word for word in words] for words in placed_spellings(text)]
    assert named == spellings(text)


def _texts(expression: str, **fields: object) -> tuple[list[str], tuple[str, ...]]:
    paper = replace(PaperText(1, "", ""), **fields)  # type: ignore[arg-type]
    matched = explain(parse(expression), paper)
    marked = [paper.title[start:end] for start, end in matched.title]
    marked += [paper.abstract[start:end] for start, end in matched.abstract]
    for name, spans in zip(paper.authors, matched.authors, strict=bool(matched)):
        marked += [name[start:end] for start, end in spans]
    marked += [paper.comments[start:end] for start, end in matched.comments]
    return marked, matched.words


@pytest.mark.parametrize(
    ("expression", "abstract", "marked", "words"),
    [
        ("agent", "An Agent, agents.", ["Agent", "agents"], ("Agent", "agents")),
        ('"deep learning"', "of deep\nlearning", ["deep\nlearning"], ("deep learning",)),
        ('"deep learning"', "Deep-Learning", ["Deep-Learning"], ("Deep-Learning",)),
        ("deep learning", "deep learning", ["deep", "learning"], ("deep learning",)),
        ("deep learning", "learning, deep", ["learning", "deep"], ("learning", "deep")),
        ("accelerat*", "to accelerate", ["accelerate"], ("accelerate",)),
        ('"deep learn*" learning', "deep learning", ["deep learning"], ("deep learning",)),
        ("learning", r"\textbf{L}earning", ["L}earning"], ("Learning",)),
        ("newton", "Newton's law", ["Newton"], ("Newton",)),
        ("field", "a \ufb01eld", ["\ufb01eld"], ("\ufb01eld",)),
        ("poincaré", "Poincare\u0301!", ["Poincare\u0301"], ("Poincare\u0301",)),
        ("learning", "learn\u00ading", ["learn\u00ading"], ("learn\u00ading",)),
        ("a -b", "a", ["a"], ("a",)),
        ("a -b", "a b", [], ()),
        ("a OR (b c)", "a b", ["a"], ("a",)),
        ("a OR b", "b a b", ["b", "a", "b"], ("b a b",)),
        ("-x", "a b", [], ()),
        ("deep", "flat", [], ()),
    ],
)
def test_what_is_marked_and_named(
    expression: str, abstract: str, marked: list[str], words: tuple[str, ...]
) -> None:
    assert _texts(expression, abstract=abstract) == (marked, words)


def test_a_part_of_something_longer_is_not_named_again() -> None:
    abstract = "Learning. Deep learning, learning!"
    assert _texts("deep learning", abstract=abstract)[1] == ("Deep learning",)


def test_fields_are_named_in_the_order_of_reading() -> None:
    assert _texts(
        "RL OR co:icml OR au:lovelace_a OR ti:maps",
        title="Maps",
        abstract="On RL",
        authors=("X Y", "Ada Byron Lovelace"),
        comments="ICML",
    ) == (
        ["Maps", "RL", "Ada Byron Lovelace", "ICML"],
        ("Maps", "RL", "Ada Byron Lovelace", "ICML"),
    )


def test_a_name_is_marked_as_it_is_written() -> None:
    assert _texts("au:mueller", authors=("Jürgen Müller",)) == (["Müller"], ("Müller",))


def test_what_does_not_match_says_nothing() -> None:
    assert explain(parse("deep -flat"), PaperText(1, "Deep", "flat")) == Matched(False)
    assert explain(parse("-flat"), PaperText(1, "Deep", "")) == Matched(True)


def _positive(node: Node) -> list[Term]:
    if isinstance(node, Term):
        return [node]
    return [] if isinstance(node, Not) else [t for part in node.parts for t in _positive(part)]


@settings(max_examples=300, deadline=None)
@given(PAPERS, NODES)
def test_a_rule_matches_just_where_it_is_explained(paper: PaperText, node: Node) -> None:
    expression = Expression(node)
    matched = explain(expression, paper)
    assert bool(matched) == bool(match([paper], [Rule(1, expression)]))
    for text, spans in ((paper.title, matched.title), (paper.abstract, matched.abstract)):
        for start, end in spans:
            words = words_of(text[start:end])
            assert any(
                match([PaperText(1, " ".join(words), "")], [Rule(1, Expression(plain))])
                for term in _positive(node)
                if term.field in ("", Field.TITLE, Field.ABSTRACT)
                for plain in [Term(term.words, term.way)]
            )
