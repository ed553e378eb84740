"""One listing's words turned round for any rule whatever: from a stem to the papers.

Unlike ``turned``, which turns only what known rules ask for, this holds all words, so that a
rule nobody follows yet is answered at once.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from digest.sections.compiled import FIELDS, KINDS, Kind, Probe, initials_in
from digest.sections.nodes import Field
from digest.sections.texts import has_initials
from digest.sections.words import stem, stems_of
from digest.sections.wordstore import StoredWords

_TEXT = (Field.TITLE, Field.ABSTRACT)
_NONE: array[int] = array("I")
_STEMS = {Kind.STEM, Kind.STEM_PAIR, Kind.STEM_ROW}
_BEGINNINGS = {Kind.BEGINNING, Kind.BEGINNING_ROW}
_INITIALS = {Kind.INITIALS, Kind.INITIALS_ROW}


class WordIndex:
    """Answers as a ``turned.Day`` does: which papers hold what a probe looks for, by place."""

    def __init__(self, stored: StoredWords) -> None:
        self.size = len(stored.papers)
        self.categories = {code: frozenset(held) for code, held in stored.categories.items()}
        self._fields = {
            field: _FieldIndex(stored.lines[field.value], by_stem=field is not Field.AUTHORS)
            for field in FIELDS
            if field
        }

    def papers_with(self, probe: Probe) -> set[int]:
        place, kind = divmod(probe[0], KINDS)
        field = FIELDS[place]
        words = (probe[1],) if isinstance(probe[1], str) else probe[1]
        fields = (field,) if field else _TEXT
        return set().union(*(self._fields[one].holding(words, Kind(kind)) for one in fields))


class _FieldIndex:
    """One field of all papers of the listing."""

    def __init__(self, lines: Sequence[str], *, by_stem: bool) -> None:
        rows = [line.split(" ") for line in lines]
        self._by_stem = by_stem
        self._words = [f" {line} " for line in lines]
        vocabulary = set().union(*rows) - {""}
        self._sorted = sorted(vocabulary)
        if by_stem:
            stem_of = {"": ""} | stems_of(vocabulary)
            rows = [[stem_of[word] for word in row] for row in rows]
            self._stems = [f" {' '.join(row)} " for row in rows]
        self._places = _turned(rows)

    def holding(self, words: Sequence[str], kind: Kind) -> set[int]:
        if kind in _INITIALS:
            return self._with_initials(words)
        if kind in _STEMS:
            if len(words) == 1:
                return set(self._at(words[0]))
            return self._in_a_row(words, f" {' '.join(words)} ", self._stems, str)
        if kind in _BEGINNINGS:
            return self._beginning(words)
        if len(words) == 1 and not self._by_stem:
            return set(self._at(words[0]))
        return self._in_a_row(words, f" {' '.join(words)} ", self._words, self._root)

    def _root(self, word: str) -> str:
        return stem(word) if self._by_stem else word

    def _in_a_row(
        self, words: Iterable[str], row: str, lines: Sequence[str], root: Callable[[str], str]
    ) -> set[int]:
        """Papers with all the words, which may be many, looked at for the row itself."""
        held = sorted((self._at(root(word)) for word in words), key=len)
        few = set(held[0]).intersection(*held[1:]) if held[0] else set()
        return {place for place in few if row in lines[place]}

    def _beginning(self, words: Sequence[str]) -> set[int]:
        row = f" {' '.join(words)}"
        if len(words) > 1:
            return self._in_a_row(words[:-1], row, self._words, self._root)
        roots = {self._root(word) for word in self._words_beginning(words[0])}
        few = set().union(*(self._at(root) for root in roots))
        return {place for place in few if row in self._words[place]}

    def _words_beginning(self, beginning: str) -> Iterator[str]:
        at = bisect_left(self._sorted, beginning)
        while at < len(self._sorted) and self._sorted[at].startswith(beginning):
            yield self._sorted[at]
            at += 1

    def _with_initials(self, wanted: Sequence[str]) -> set[int]:
        surname = wanted[len(wanted) - initials_in(wanted) - 1]
        return {place for place in self._at(surname) if self._has_initials(place, surname, wanted)}

    def _has_initials(self, place: int, surname: str, wanted: Sequence[str]) -> bool:
        # Between two names stands the break, so two spaces.
        names = (name for name in self._words[place].split("  ") if surname in name)
        return any(has_initials(name.split(), wanted) for name in names)

    def _at(self, root: str) -> Sequence[int]:
        places = self._places.get(root, _NONE)
        return (places,) if isinstance(places, int) else places


def _turned(rows: Iterable[Sequence[str]]) -> dict[str, int | array[int]]:
    """From a root to the places of the papers; most stand in one only, which then stands bare."""
    found: dict[str, int | array[int]] = {}
    for place, row in enumerate(rows):
        for root in set(row):
            known = found.get(root)
            if known is None:
                found[root] = place
            elif isinstance(known, int):
                found[root] = array("I", (known, place))
            else:
                known.append(place)
    return found
