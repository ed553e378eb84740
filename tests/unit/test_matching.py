"""Matching in one pass, held against the plainest way to say what a rule means."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sections.expressions import Expression, Field, Node, Term, Way, parse
from digest.sections.matching import Matcher, PaperText, Rule, match
from digest.sections.words import stem, words_of

_WORDS = ["learn", "learning", "learned", "deep", "deeply", "a", "multi", "agents", "agent", "c++"]
_TEXT = st.lists(st.sampled_from([*_WORDS, "-", "\n", ",", "Multi-Agent"]), max_size=12).map(
    " ".join
)
_TERM = st.builds(
    lambda words, way, field: str(Term(tuple(words), way, field)),
    st.lists(
        st.sampled_from(["learn", "learning", "deep", "multi", "agents"]), min_size=1, max_size=2
    ),
    st.sampled_from(Way),
    st.sampled_from(Field),
)
_RULE = st.lists(_TERM, min_size=1, max_size=3).map(" ".join)


def _holds(node: Node, paper: PaperText) -> bool:
    """The oracle: every place of every field, one after the other."""
    if not isinstance(node, Term):
        return all(_holds(part, paper) for part in node.parts)
    texts = {Field.TITLE: [paper.title], Field.ABSTRACT: [paper.abstract]}.get(
        node.field, [paper.title, paper.abstract]
    )
    size = len(node.words)
    return any(
        _equal(node, words[start : start + size])
        for words in map(words_of, texts)
        for start in range(len(words) - size + 1)
    )


def _equal(term: Term, words: list[str]) -> bool:
    if term.way is Way.STEM:
        return list(map(stem, term.words)) == list(map(stem, words))
    if term.way is Way.BEGINNING:
        return [*term.words[:-1]] == words[:-1] and words[-1].startswith(term.words[-1])
    return list(term.words) == words


def _finds(expression: str, title: str = "", abstract: str = "") -> bool:
    return bool(match([PaperText(1, title, abstract)], [Rule(1, parse(expression))]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=6), st.lists(_RULE, max_size=6))
def test_one_pass_finds_what_looking_everywhere_finds(
    texts: list[tuple[str, str]], rules: list[str]
) -> None:
    papers = [PaperText(number, *text) for number, text in enumerate(texts)]
    parsed: list[Expression] = [parse(rule) for rule in rules]
    expected = {
        key: found
        for key, expression in enumerate(parsed)
        if (found := [paper.key for paper in papers if _holds(expression.root, paper)])
    }
    assert match(papers, [Rule(key, rule) for key, rule in enumerate(parsed)]) == expected


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


def test_a_thousand_papers_against_five_thousand_rules_take_about_a_second(shared: Path) -> None:
    papers = _corpus(shared)
    pairs = {
        " ".join(words[place : place + 2])
        for paper in papers[:4000]
        for words in [words_of(paper.title)]
        for place in range(len(words) - 1)
        if not {"and", "or", "not"} & set(words)
    }
    rules = [Rule(key, parse(f'"{pair}"')) for key, pair in enumerate(sorted(pairs)[:5000])]
    start = time.perf_counter()
    found = match(papers[:1000], rules)
    assert time.perf_counter() - start < 10  # a loaded machine; alone it takes about 0.6 s
    assert len(rules) == 5000
    assert len(found) > 100
