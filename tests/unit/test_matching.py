"""Matching in one pass, held against the plainest way to say what a rule means."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sections.canonical import all_of, negated, one_of
from digest.sections.expressions import (
    All,
    Choice,
    Expression,
    Field,
    Node,
    Not,
    Term,
    Way,
    parse,
)
from digest.sections.matching import Matcher, PaperText, Rule, match
from digest.sections.words import stem, words_of

_WORDS = ["learn", "learning", "learned", "deep", "deeply", "a", "multi", "agents", "agent", "c++"]
_TEXT = st.lists(st.sampled_from([*_WORDS, "-", "\n", ",", "Multi-Agent"]), max_size=12).map(
    " ".join
)
_NAME = st.sampled_from(
    ["Ada Lovelace", "A. Lovelace", "Ada Byron Lovelace", "Jürgen Müller", "J. Mueller", "B. Deep"]
)
PAPERS = st.builds(
    PaperText, st.just(0), _TEXT, _TEXT, st.lists(_NAME, max_size=3).map(tuple), _TEXT
)
_SOUGHT = st.sampled_from(["learn", "learning", "deep", "multi", "agents"])
_TERM = st.builds(
    Term,
    st.lists(_SOUGHT, min_size=1, max_size=3).map(tuple),
    st.sampled_from([Way.STEM, Way.EXACT, Way.BEGINNING]),
    st.sampled_from([Field.ANYWHERE, Field.TITLE, Field.ABSTRACT, Field.COMMENTS]),
) | st.sampled_from(
    [
        parse(text).root
        for text in (
            *("au:lovelace", 'au:"ada lovelace"', "au:love*", "au:lovelace_a", "au:lovelace_a_b"),
            *(
                "au:muller",
                "au:mueller",
                "au:byron_a",
                "au:deep",
                'au:"lovelace ada"',
                "au:ada-by*",
            ),
        )
    ]
)
NODES: st.SearchStrategy[Node] = st.recursive(
    _TERM,
    lambda inner: (
        inner.map(lambda node: _or_else(negated(node), node))
        | st.lists(inner, min_size=1, max_size=3).map(lambda ns: _or_else(all_of(ns), ns[0]))
        | st.lists(inner, min_size=1, max_size=3).map(lambda ns: _or_else(one_of(ns), ns[0]))
    ),
    max_leaves=6,
)


def _or_else(node: Node | bool, instead: Node) -> Node:
    return instead if isinstance(node, bool) else node


def _holds(node: Node, paper: PaperText) -> bool:
    """The oracle: every place of every field, one after the other."""
    if isinstance(node, Not):
        return not _holds(node.term, paper)
    if isinstance(node, All):
        return all(_holds(part, paper) for part in node.parts)
    if isinstance(node, Choice):
        return any(_holds(part, paper) for part in node.parts)
    if node.field is Field.AUTHORS:
        return any(_names(node, name) for name in paper.authors)
    texts = {
        Field.ANYWHERE: [paper.title, paper.abstract],
        Field.TITLE: [paper.title],
        Field.ABSTRACT: [paper.abstract],
        Field.COMMENTS: [paper.comments],
    }[node.field]
    return any(_stands(node, words_of(text)) for text in texts)


def _stands(term: Term, words: list[str]) -> bool:
    size = len(term.words)
    return any(_equal(term, words[start : start + size]) for start in range(len(words) - size + 1))


def _names(term: Term, name: str) -> bool:
    folded = name.replace("ü", "u").lower().replace(".", "")
    for words in (folded.split(), name.replace("ü", "ue").lower().replace(".", "").split()):
        if term.way is not Way.INITIALS:
            if _stands(term, words):
                return True
            continue
        surname, *initials = term.words
        if surname in words[len(initials) :] and all(
            word[0] == initial for word, initial in zip(words, initials, strict=False)
        ):
            return True
    return False


def _equal(term: Term, words: list[str]) -> bool:
    if term.way is Way.STEM:
        return list(map(stem, term.words)) == list(map(stem, words))
    if term.way is Way.BEGINNING:
        return [*term.words[:-1]] == words[:-1] and words[-1].startswith(term.words[-1])
    return list(term.words) == words


def _finds(
    expression: str,
    title: str = "",
    abstract: str = "",
    authors: tuple[str, ...] = (),
    comments: str = "",
) -> bool:
    paper = PaperText(1, title, abstract, authors, comments)
    return bool(match([paper], [Rule(1, parse(expression))]))


@settings(max_examples=300, deadline=None)
@given(st.lists(PAPERS, max_size=6), st.lists(NODES, max_size=6))
def test_one_pass_finds_what_looking_everywhere_finds(
    papers: list[PaperText], nodes: list[Node]
) -> None:
    papers = [replace(paper, key=number) for number, paper in enumerate(papers)]
    expected = {
        key: found
        for key, node in enumerate(nodes)
        if (found := [paper.key for paper in papers if _holds(node, paper)])
    }
    rules = [Rule(key, Expression(node)) for key, node in enumerate(nodes)]
    assert match(papers, rules) == expected


def test_papers_beyond_one_chunk_are_found_as_well() -> None:
    papers = [PaperText(key, "deep" if key % 700 == 1 else "flat", "") for key in range(2500)]
    rules = [Rule(1, parse("deep")), Rule(2, parse("-flat")), Rule(3, parse("deep OR none"))]
    assert match(papers, rules) == {key: [1, 701, 1401, 2101] for key in (1, 2, 3)}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("agents learning", True),
        ("agents flying", False),
        ("agents OR flying", True),
        ("flying OR driving", False),
        ("agents -learning", False),
        ("agents -flying", True),
        ("-flying", True),
        ("-agents", False),
        ("(agents OR flying) (maps OR learning)", True),
        ("agents flying OR maps", True),
        ("agents (flying OR maps) -learning", False),
        ("agents -(learning flying)", True),
        ("agents -(learning maps)", False),
        ('"agents learn"', False),
        ("agents-learn", False),
        ("agent-that-learns", True),
        ('"agents that lea*"', True),
        ("agents-tha*", True),
        ("ti:(agents learning)", True),
        ("ti:(agents maps)", False),
        ("-ti:maps abs:maps", True),
        ("co:icml", True),
        ("co:12-pages", True),
        ("icml", False),
        ("co:icml -co:withdrawn", True),
    ],
)
def test_what_a_rule_means(expression: str, found: bool) -> None:
    title, abstract, comments = "Agents that Learn", "We draw maps.", "12 pages, ICML 2026"
    assert _finds(expression, title, abstract, comments=comments) is found


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("au:Martinez", "José Martínez"),
        ("au:Martínez", "Jose Martinez"),
        ("au:Muller", "Jürgen Müller"),
        ("au:Mueller", "Jürgen Müller"),
        ("au:Müller", "J. Muller"),
        ("au:Lukasz", "Łukasz Kaiser"),
        ("au:Łukasz", "Lukasz Kaiser"),
        ("au:Soren", "Søren Hauberg"),
        ("au:Søren", "Soren Hauberg"),
        ("au:Weiss", "Anna Weiß"),
        ("au:Weiß", "Anna Weiss"),
        ("au:Erdos", "Paul Erdős"),
        ("au:lovelace", "Ada LOVELACE"),
        ("au:lovel*", "Ada Lovelace"),
        ('au:"Ada Lovelace"', "Ada Lovelace"),
        ('au:"ada love*"', "Ada Lovelace"),
        ("au:jean-pierre", "Jean-Pierre Serre"),
        ("au:o'brien", "Flann O'Brien"),
        ("au:lovelace_a", "Ada Lovelace"),
        ("au:lovelace_a", "A. Lovelace"),
        ("au:lovelace_a", "Ada Byron Lovelace"),
        ("au:lovelace_a_b", "Ada Byron Lovelace"),
        ("au:lovelace_a_b", "A.B. Lovelace"),
        ("au:del_maestro_a", "Adrian Del Maestro"),
        ("au:serre_j_p", "Jean-Pierre Serre"),
        ("au:muller_j", "Jürgen Müller"),
        ("au:mueller_j", "Jürgen Müller"),
        ("au:(ada lovelace)", "Ada Lovelace"),
    ],
)
def test_an_author_is_found_whatever_the_accents(expression: str, name: str) -> None:
    assert _finds(expression, authors=("Someone Else", name))


@pytest.mark.parametrize(
    "expression",
    [
        *('au:"lovelace ada"', "au:love", "au:lovelace_b", "au:lovelace_a_c", "au:ada_l"),
        *('au:"lovelace charles"', "au:babbage_a", "au:loveless", "lovelace", "au:byron_b"),
    ],
)
def test_an_author_is_not_found_by_what_only_looks_alike(expression: str) -> None:
    assert not _finds(expression, authors=("Ada Lovelace", "Charles Babbage"))


def test_accents_of_the_text_count() -> None:
    assert not _finds("poincare", abstract="The Poincaré map.")
    assert _finds("poincaré", abstract="The Poincaré map.")


@pytest.mark.parametrize(
    "abstract",
    [
        "Reinforcement learning works.",
        "REINFORCEMENT LEARNING",
        "a reinforcement-learning agent",
        "reinforcement\nlearning",
        r"\textbf{Reinforcement Learning} (RL)",
        r"{\bf R}einforcement Learning",
        "reinforcement\u00a0learn\u00ading",
    ],
)
def test_quoted_words_match_across_case_hyphens_line_breaks_and_tex(abstract: str) -> None:
    assert _finds('abs:"reinforcement learning"', abstract=abstract)


@pytest.mark.parametrize(
    "abstract", ["learning reinforcement", "reinforcement of learning", "reinforced learning"]
)
def test_quoted_words_stand_in_a_row_as_they_are(abstract: str) -> None:
    assert not _finds('abs:"reinforcement learning"', abstract=abstract)


def test_plain_words_match_by_stem_wherever_they_stand() -> None:
    assert _finds("agents learning", title="An agent", abstract="It learns.")


@pytest.mark.parametrize("acronym", ["LLM", "GPU", "CPU", "CNN", "VLM", "FPGA"])
def test_an_acronym_and_its_plural_are_one_word(acronym: str) -> None:
    assert _finds(acronym, abstract=f"Many {acronym}s.")
    assert _finds(f"{acronym}s", abstract=f"One {acronym}.")


def test_words_that_only_end_like_a_plural_stay_whole() -> None:
    assert [stem(word) for word in ("campus", "corpus", "dns")] == ["campus", "corpus", "dns"]


def test_fields_are_kept_apart() -> None:
    assert not _finds("ti:agent", title="On maps", abstract="An agent.")
    assert not _finds("abs:agent", title="An agent", abstract="It maps.")


def test_a_phrase_does_not_run_from_the_title_into_the_abstract() -> None:
    assert not _finds('"deep learning"', title="Deep", abstract="learning")


def test_papers_come_back_in_the_order_they_were_given() -> None:
    papers = [PaperText(key, "deep", "") for key in (5, 3, 9)]
    assert match(papers, [Rule(1, parse("deep"))]) == {1: [5, 3, 9]}


def test_rules_can_be_prepared_once_for_many_listings() -> None:
    matcher = Matcher([Rule(1, parse("deep"))])
    assert matcher.match([PaperText(1, "deep", "")]) == {1: [1]}
    assert matcher.match([PaperText(2, "shallow", "")]) == {}


def _corpus(shared: Path) -> list[PaperText]:
    papers: list[PaperText] = []
    for file in sorted((shared / "fixtures" / "corpus").glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                papers.append(PaperText(len(papers), record["title"], record["abstract"]))
    return papers


def test_the_house_rules_find_every_paper_that_contains_their_words(shared: Path) -> None:
    papers = _corpus(shared)
    rules = {1: ("reinforcement learning", 'abs:"reinforcement learning"')}
    rules[2] = ("accelerat", "abs:accelerat*")
    matcher = Matcher([Rule(key, parse(rule)) for key, (_, rule) in rules.items()])
    found: dict[int, set[int]] = {1: set(), 2: set()}
    for start in range(0, len(papers), 1000):
        for key, keys in matcher.match(papers[start : start + 1000]).items():
            found[key].update(keys)
    for key, (words, _) in rules.items():
        containing = {paper.key for paper in papers if words in paper.abstract.lower()}
        assert len(containing) > 400
        assert containing <= found[key]
