"""A listing's papers turned round: from words and pairs of words to the papers that hold them.

Only what some rule asks for is turned, so that a house with few rules pays for few. A table
gives for each key the places of the papers, ascending.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from digest.sections.compiled import FIELDS, KINDS, LOOKED_AT, Key, Kind, Probe, simpler, table_of
from digest.sections.nodes import Field
from digest.sections.texts import BREAK, PaperText, has_initials, initials_of, names_in, words_in
from digest.sections.words import stems_of

Table = dict[Key, list[int]]
Keys = set[Any] | frozenset[Any]
_Rows = Iterable[Iterable[Any]]
_Fields = tuple[Field, ...]
# Title and abstract are turned together, for most rules ask for both.
_TEXT = (Field.TITLE, Field.ABSTRACT)
_TURNED_TOGETHER = (_TEXT, (Field.AUTHORS,), (Field.COMMENTS,))
_NOTHING: frozenset[Key] = frozenset()


class Wanted:
    """What rules ask for, table by table, and for what is turned together as a whole."""

    def __init__(self) -> None:
        self._keys: dict[int, set[Key]] = defaultdict(set)
        self._together: dict[tuple[Field, int], set[Key]] = defaultdict(set)
        self._lengths: dict[Field, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))

    def add(self, probe: Probe) -> None:
        table, key = probe
        place, kind = divmod(table, KINDS)
        first = FIELDS[place] if FIELDS[place] not in ("", *_TEXT) else _TEXT[0]
        self._keys[table].add(key)
        self._together[first, kind].add(key)
        if kind == Kind.BEGINNING:
            self._lengths[first][len(key)].add(key)

    def of(self, field: Field, kind: int) -> Keys:
        return self._keys.get(table_of(field, kind), _NOTHING)

    def among(self, fields: _Fields, kind: int) -> Keys:
        """In whichever of fields that are turned together."""
        return self._together.get((fields[0], kind), _NOTHING)

    def beginnings(self, fields: _Fields) -> dict[int, set[str]]:
        """Beginnings of words by their length."""
        return self._lengths[fields[0]]


class Day:
    """Some papers, and in tables what of the wanted stands where."""

    def __init__(self, papers: Sequence[PaperText], wanted: Wanted) -> None:
        self.size = len(papers)
        self.tables: dict[int, Table] = defaultdict(lambda: defaultdict(list))
        self._wanted = wanted
        self._sets: dict[Probe, set[int]] = {}
        self._lines: dict[tuple[Field, bool, int], str] = {}
        self._stems: dict[str, str] = {BREAK: BREAK}
        self._words: dict[Field, list[list[str]]] = {}
        for fields in _TURNED_TOGETHER:
            if any(wanted.among(fields, kind) for kind in Kind):
                self._turn(papers, fields)

    def papers_with(self, probe: Probe) -> set[int]:
        """The places of the papers that hold what a probe looks for; not to be changed."""
        known = self._sets.get(probe)
        if known is None:
            if probe[0] % KINDS < LOOKED_AT:
                known = set(self.tables[probe[0]].get(probe[1], ()))
            else:
                known = self._looked_at(probe)
            self._sets[probe] = known
        return known

    def _turn(self, papers: Sequence[PaperText], fields: _Fields) -> None:
        words = [[words_in(paper, field) for paper in papers] for field in fields]
        self._words.update(zip(fields, words, strict=True))
        vocabulary: set[str] = set().union(*(row for rows in words for row in rows))
        if any(self._wanted.among(fields, kind) for kind in (Kind.STEM, Kind.STEM_PAIR)):
            self._stems.update(stems_of(vocabulary.difference(self._stems)))
            stem_of = self._stems.__getitem__
            stems = [[list(map(stem_of, row)) for row in rows] for rows in words]
            self._put(fields, Kind.STEM, stems, set(map(stem_of, vocabulary)))
            self._put(fields, Kind.STEM_PAIR, [map(pairwise, rows) for rows in stems])
        self._put(fields, Kind.WORD, words, vocabulary)
        self._put(fields, Kind.WORD_PAIR, [map(pairwise, rows) for rows in words])
        self._put(fields, Kind.INITIALS, [map(initials_of, rows) for rows in words])
        self._put_beginnings(fields, words, vocabulary)

    def _put(
        self, fields: _Fields, kind: Kind, rows: Sequence[_Rows], known: Keys | None = None
    ) -> None:
        """Put into the tables of a kind where wanted keys stand; ``known`` are all that do."""
        wanted = self._wanted.among(fields, kind)
        if known is not None:
            wanted = wanted & known  # in less one looks faster
        _turn(
            rows,
            wanted,
            [
                (self.tables[table_of(field, kind)], self._wanted.of(field, kind))
                for field in _asked(fields)
            ],
        )

    def _put_beginnings(self, fields: _Fields, rows: Sequence[_Rows], vocabulary: Keys) -> None:
        """The same for beginnings: words that begin so are found, and their papers joined."""
        words_of = _words_beginning(vocabulary, self._wanted.beginnings(fields))
        asked = {
            field: self._wanted.of(field, Kind.BEGINNING) & words_of.keys()
            for field in _asked(fields)
        }
        found: list[tuple[Table, Keys]] = [
            (defaultdict(list), {word for beginning in wanted for word in words_of[beginning]})
            for wanted in asked.values()
        ]
        _turn(rows, set().union(*(words for _, words in found)), found)
        for (field, wanted), (places_of, _) in zip(asked.items(), found, strict=True):
            table = self.tables[table_of(field, Kind.BEGINNING)]
            for beginning in wanted:
                if lists := [places_of[word] for word in words_of[beginning] if word in places_of]:
                    table[beginning] = _joined(lists)

    def _looked_at(self, probe: Probe) -> set[int]:
        place, kind = divmod(probe[0], KINDS)
        field, key = FIELDS[place], probe[1]
        held = set.intersection(*map(self.papers_with, simpler(probe)))
        if kind == Kind.INITIALS_ROW:
            names = self._words[field]
            return {
                paper
                for paper in held
                if any(has_initials(name, key) for name in names_in(names[paper]))
            }
        row = f" {' '.join(key)}{'' if kind == Kind.BEGINNING_ROW else ' '}"
        by_stem = kind == Kind.STEM_ROW
        return {paper for paper in held if row in self._line(field, by_stem, paper)}

    def _line(self, field: Field, by_stem: bool, paper: int) -> str:
        line = self._lines.get((field, by_stem, paper))
        if line is None:
            fields = (field,) if field else _TEXT
            words = [word for one in fields for word in (*self._words[one][paper], BREAK)]
            line = " ".join(map(self._stems.__getitem__, words) if by_stem else words)
            line = self._lines[field, by_stem, paper] = f" {line} "
        return line


def _asked(fields: _Fields) -> _Fields:
    """With title and abstract goes what may stand in either."""
    return (Field.ANYWHERE, *fields) if fields == _TEXT else fields


def _turn(rows: Sequence[_Rows], wanted: Keys, tables: Sequence[tuple[Table, Keys]]) -> None:
    """Put into the tables where the wanted keys stand.

    One table for rows of one field; else one for both, one for the first and one for the second,
    each with the keys that are wanted in it.
    """
    if not wanted:
        return
    among = wanted.intersection
    if len(tables) == 1:
        table = tables[0][0]
        for place, keys in enumerate(zip(*rows, strict=True)):
            for key in set().union(*map(among, keys)):
                table[key].append(place)
        return
    (both, _), (first, in_first), (second, in_second) = tables
    for place, (one, other) in enumerate(zip(*rows, strict=True)):
        ones, others = among(one), among(other)
        for key in ones | others:
            both[key].append(place)
        for key in ones & in_first:
            first[key].append(place)
        for key in others & in_second:
            second[key].append(place)


def _words_beginning(
    vocabulary: Iterable[str], wanted: dict[int, set[str]]
) -> dict[str, list[str]]:
    """The words that begin so, for each beginning that stands in the vocabulary."""
    found: dict[str, list[str]] = defaultdict(list)
    for length, beginnings in wanted.items():
        for word in vocabulary:
            if (beginning := word[:length]) in beginnings:
                found[beginning].append(word)
    return found


def _joined(lists: Sequence[list[int]]) -> list[int]:
    return lists[0] if len(lists) == 1 else sorted(set().union(*lists))
