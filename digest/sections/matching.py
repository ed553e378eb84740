"""All keyword rules against all papers of a listing, in one pass.

The papers' words are turned round once: from a word, or some in a row, to the papers that hold
it. Every rule waits at the rarest of what it cannot match without; the rules at a word are
looked at only if it stands in a paper of the day, and the others cost nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from digest.sections.compiled import (
    ALL,
    NOT,
    Compiled,
    Key,
    Probe,
    compiled,
    needed,
    probes_in,
    simpler,
)
from digest.sections.expressions import Expression
from digest.sections.texts import PaperText
from digest.sections.turned import Day, Wanted

__all__ = ["Matcher", "PaperText", "Rule", "match"]

CHUNK = 1000  # papers at a time, so that memory is bounded
_Waiting = dict[int, dict[Key, int | list[int]]]


@dataclass(frozen=True, slots=True)
class Rule:
    key: int
    expression: Expression


def match(papers: Iterable[PaperText], rules: Iterable[Rule]) -> dict[int, list[int]]:
    """For each rule that found something its papers, in the order they were given."""
    return Matcher(rules).match(papers)


class Matcher:
    """Rules prepared for any number of listings."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._wanted = Wanted()
        self._keys: list[int] = []  # of rules, by number
        self._parts: list[tuple[Compiled, ...]] = []  # all of which must hold
        self._waiting: _Waiting = {}
        self._waiting_at_several: _Waiting = {}
        self._always: list[int] = []
        with _no_collecting():
            for rule in rules:
                self.add(rule)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, rule: Rule) -> None:
        """One more rule; its key must be new."""
        ready = compiled(rule.expression.root)
        for probe in probes_in(ready):
            for part in simpler(probe):
                self._wanted.add(part)
        triggers = needed(ready)
        number = len(self._keys)
        self._keys.append(rule.key)
        parts = ready[1] if ready[0] == ALL else (ready,)
        if triggers is None:
            self._always.append(number)
        elif len(triggers[1]) == 1:  # what it waits at need not be looked at again
            parts = tuple(part for part in parts if part != triggers[1][0])
            _put(self._waiting, triggers[1][0], number)
        else:
            for probe in triggers[1]:
                _put(self._waiting_at_several, probe, number)
        self._parts.append(parts)

    def match(self, papers: Iterable[PaperText]) -> dict[int, list[int]]:
        """For each rule that found something its papers, in the order they were given."""
        papers = list(papers)
        found: dict[int, list[int]] = {}
        for start in range(0, len(papers), CHUNK):
            with _no_collecting():
                here = self._match(papers[start : start + CHUNK])
            if not found:
                found = here
                continue
            for rule, held in here.items():
                found.setdefault(rule, []).extend(held)
        return found

    def _match(self, papers: Sequence[PaperText]) -> dict[int, list[int]]:
        day = Day(papers, self._wanted)
        key_of = [paper.key for paper in papers].__getitem__
        keys, parts_of = self._keys, self._parts
        found: dict[int, list[int]] = {}
        for probe, numbers in _met(self._waiting, day):
            whole: list[int] = []
            for number in numbers:
                if parts := parts_of[number]:
                    if held := _left(day.papers_with(probe), parts, day):
                        found[keys[number]] = list(map(key_of, sorted(held)))
                else:
                    whole = whole or list(map(key_of, day.tables[probe[0]][probe[1]]))
                    found[keys[number]] = whole.copy()
        several = {n for _, numbers in _met(self._waiting_at_several, day) for n in numbers}
        everything = set(range(len(papers)))
        for number in several.union(self._always):
            if held := _left(everything, parts_of[number], day):
                found[keys[number]] = list(map(key_of, sorted(held)))
        return found


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Nothing made here refers back to itself, and looking for that took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _put(waiting: _Waiting, probe: Probe, number: int) -> None:
    """One number stands alone, for most keys have but one: lists would cost memory and time."""
    at = waiting.setdefault(probe[0], {})
    there = at.setdefault(probe[1], number)
    if isinstance(there, list):
        there.append(number)
    elif there != number:
        at[probe[1]] = [there, number]


def _met(waiting: _Waiting, day: Day) -> Iterator[tuple[Probe, Sequence[int]]]:
    """Each key that stands in the day, and the rules that wait there."""
    for table, at in waiting.items():
        for key in day.tables[table]:
            if (numbers := at.get(key)) is not None:
                yield (table, key), numbers if isinstance(numbers, list) else (numbers,)


def _left(places: set[int], parts: Iterable[Compiled], day: Day) -> set[int]:
    """Those of some papers in which all parts of a rule hold."""
    for part in parts:
        if part[0] == NOT:
            places = places - day.papers_with(part[1])
        else:
            places = places & (day.papers_with(part) if part[0] >= 0 else holding(part, day))
        if not places:
            break
    return places


class Words(Protocol):
    """Papers that can be asked; so can a ``Day``, and an index of all words."""

    size: int

    def papers_with(self, probe: Probe, /) -> set[int]: ...


def holding(part: Compiled, day: Words) -> set[int]:
    """The places of the papers in which a part of a rule holds."""
    kind, inner = part
    if kind >= 0:
        return day.papers_with(part)
    if kind == NOT:
        return set(range(day.size)) - day.papers_with(inner)
    held = [holding(one, day) for one in inner]
    return set.intersection(*held) if kind == ALL else set.union(*held)
