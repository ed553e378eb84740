"""All keyword rules against all papers of a listing, in one pass.

Papers become bits: for each distinct word of the day an integer says which papers hold it.
A rule is looked at only if its longest word stands somewhere in the day's vocabulary, and
then costs a few operations on integers; rules that find nothing cost the papers nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from digest.sections.expressions import Expression, Field, Node, Term, Way
from digest.sections.words import stem, stems_of, words_of


@dataclass(frozen=True, slots=True)
class PaperText:
    """What of a paper is looked at; the key comes back in the answer."""

    key: int
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    key: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A word without which a rule cannot match."""

    word: str
    way: Way


def match(papers: Iterable[PaperText], rules: Iterable[Rule]) -> dict[int, list[int]]:
    """For each rule that found something its papers, in the order they were given."""
    return Matcher(rules).match(papers)


class Matcher:
    """Rules prepared for any number of listings."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._waiting: dict[_Trigger, list[Rule]] = {}
        for rule in rules:
            self._waiting.setdefault(_trigger(rule.expression.root), []).append(rule)

    def match(self, papers: Iterable[PaperText]) -> dict[int, list[int]]:
        papers = list(papers)
        day = _Day(papers)
        found: dict[int, list[int]] = {}
        for trigger, rules in self._waiting.items():
            if not day.knows(trigger):
                continue
            for rule in rules:
                if bits := day.papers_of(rule.expression.root):
                    found[rule.key] = [papers[place].key for place in _places(bits)]
        return found


def _trigger(node: Node) -> _Trigger:
    if isinstance(node, Term):
        return _triggers(node)[-1]
    return max((_trigger(part) for part in node.parts), key=lambda trigger: len(trigger.word))


def _triggers(term: Term) -> list[_Trigger]:
    """One for each word, the longest last."""
    if term.way is Way.STEM:
        triggers = [_Trigger(stem(word), Way.STEM) for word in term.words]
    else:
        triggers = [_Trigger(word, Way.EXACT) for word in term.words]
        if term.way is Way.BEGINNING:
            triggers[-1] = _Trigger(term.words[-1], Way.BEGINNING)
    return sorted(triggers, key=lambda trigger: len(trigger.word))


class _Day:
    """The words of one listing's papers, turned round: from a word to its papers."""

    def __init__(self, papers: list[PaperText]) -> None:
        self._texts = {
            Field.TITLE: [words_of(paper.title) for paper in papers],
            Field.ABSTRACT: [words_of(paper.abstract) for paper in papers],
        }
        self._by_word = {field: _turned(texts) for field, texts in self._texts.items()}
        self._stems = stems_of(word for held in self._by_word.values() for word in held)
        self._by_stem = {field: self._joined(held) for field, held in self._by_word.items()}
        self._known_stems = frozenset(self._stems.values())
        self._vocabulary = sorted(self._stems)
        self._answers: dict[Term, int] = {}

    def knows(self, trigger: _Trigger) -> bool:
        if trigger.way is Way.STEM:
            return trigger.word in self._known_stems
        if trigger.way is Way.EXACT:
            return trigger.word in self._stems
        return any(True for _ in self._words_beginning(trigger.word))

    def papers_of(self, node: Node) -> int:
        """The papers, as bits, in which a rule or a part of one holds."""
        if not isinstance(node, Term):
            bits = -1
            for part in node.parts:
                bits &= self.papers_of(part)
            return bits
        if node not in self._answers:
            fields = (node.field,) if node.field else (Field.TITLE, Field.ABSTRACT)
            self._answers[node] = 0
            for field in fields:
                self._answers[node] |= self._papers_of_term(node, field)
        return self._answers[node]

    def _papers_of_term(self, term: Term, field: Field) -> int:
        bits = -1
        for trigger in _triggers(term):
            bits &= self._papers_with(trigger, field)
        if len(term.words) > 1 and bits:
            return self._in_a_row(term, field, bits)
        return bits

    def _papers_with(self, trigger: _Trigger, field: Field) -> int:
        if trigger.way is Way.STEM:
            return self._by_stem[field].get(trigger.word, 0)
        held = self._by_word[field]
        if trigger.way is Way.EXACT:
            return held.get(trigger.word, 0)
        bits = 0
        for word in self._words_beginning(trigger.word):
            bits |= held.get(word, 0)
        return bits

    def _in_a_row(self, term: Term, field: Field, bits: int) -> int:
        by_stem = term.way is Way.STEM
        lines = (self._stem_lines if by_stem else self._word_lines)[field]
        wanted = " " + " ".join(map(stem, term.words) if by_stem else term.words)
        if term.way is not Way.BEGINNING:
            wanted += " "
        return sum(1 << place for place in _places(bits) if wanted in lines[place])

    def _words_beginning(self, beginning: str) -> Iterator[str]:
        place = bisect_left(self._vocabulary, beginning)
        while place < len(self._vocabulary) and self._vocabulary[place].startswith(beginning):
            yield self._vocabulary[place]
            place += 1

    def _joined(self, held: dict[str, int]) -> dict[str, int]:
        by_stem: dict[str, int] = {}
        for word, bits in held.items():
            root = self._stems[word]
            by_stem[root] = by_stem.get(root, 0) | bits
        return by_stem

    @cached_property
    def _word_lines(self) -> dict[Field, list[str]]:
        return {
            field: [f" {' '.join(words)} " for words in texts]
            for field, texts in self._texts.items()
        }

    @cached_property
    def _stem_lines(self) -> dict[Field, list[str]]:
        return {
            field: [f" {' '.join(map(self._stems.__getitem__, words))} " for words in texts]
            for field, texts in self._texts.items()
        }


def _turned(texts: list[list[str]]) -> dict[str, int]:
    held: dict[str, int] = {}
    for place, words in enumerate(texts):
        bit = 1 << place
        for word in set(words):
            held[word] = held.get(word, 0) | bit
    return held


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
