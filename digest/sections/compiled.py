"""A rule made ready for many listings: small tuples, and what must stand in a paper first.

A probe is (table, key): the key is looked up in one of the day's tables and gives the papers
that hold it. Groups are (ALL, parts), (CHOICE, parts) and (NOT, probe). Plain tuples, because
there may be half a million rules, and Python's garbage collector passes over these.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from digest.sections.nodes import All, Field, Node, Not, Term, Way
from digest.sections.words import stem

ALL, CHOICE, NOT = -1, -2, -3
Key = str | tuple[str, ...]
Probe = tuple[int, Any]
Compiled = tuple[int, Any]


class Kind(enum.IntEnum):
    """The ways to look. Those from LOOKED_AT on are found by others and then looked at."""

    STEM = 0
    STEM_PAIR = 1
    WORD = 2
    WORD_PAIR = 3
    BEGINNING = 4
    INITIALS = 5  # a surname and one first letter
    STEM_ROW = 6
    WORD_ROW = 7
    BEGINNING_ROW = 8
    INITIALS_ROW = 9


LOOKED_AT = Kind.STEM_ROW
KINDS = len(Kind)
FIELDS = tuple(Field)
_PLACE = {field: place for place, field in enumerate(FIELDS)}
_STEMS = (Kind.STEM, Kind.STEM_PAIR, Kind.STEM_ROW)
_WORDS = (Kind.WORD, Kind.WORD_PAIR, Kind.WORD_ROW)
_PAIR_SHARE = 1 / 64  # of the papers that a word of one letter would be in
_BEGINNING_SHARE = 4  # as many as a word of the same length
_stem = lru_cache(maxsize=100_000)(stem)


def table_of(field: Field, kind: int) -> int:
    return _PLACE[field] * KINDS + kind


def compiled(node: Node) -> Compiled:
    """The rule as probes and groups of them."""
    if isinstance(node, Term):
        return _probe(node)
    if isinstance(node, Not):
        return NOT, _probe(node.term)
    return ALL if isinstance(node, All) else CHOICE, tuple(map(compiled, node.parts))


def _probe(term: Term) -> Probe:
    words = term.words
    if term.way is Way.STEM:
        words = tuple(map(_stem, words))
        kind = _by_size(_STEMS, words)
    elif term.way is Way.EXACT:
        kind = _by_size(_WORDS, words)
    elif term.way is Way.BEGINNING:
        kind = Kind.BEGINNING if len(words) == 1 else Kind.BEGINNING_ROW
    else:
        kind = Kind.INITIALS if len(words) == 2 else Kind.INITIALS_ROW
    return table_of(term.field, kind), words[0] if len(words) == 1 else words


def _by_size(kinds: Sequence[Kind], words: Sequence[str]) -> Kind:
    return kinds[min(len(words), len(kinds)) - 1]


def initials_in(words: Sequence[str]) -> int:
    """How many of the words of a name such as lovelace_a are first letters."""
    surname = len(words)
    while surname > 1 and len(words[surname - 1]) == 1:
        surname -= 1
    return len(words) - surname


def probes_in(node: Compiled) -> Iterator[Probe]:
    """Every probe of a rule."""
    kind, inner = node
    if kind >= 0:
        yield node
    elif kind == NOT:
        yield inner
    else:
        for part in inner:
            yield from probes_in(part)


def simpler(probe: Probe) -> tuple[Probe, ...]:
    """What stands, and can be looked up, wherever the probe holds; itself if it can be."""
    table, key = probe
    place, kind = divmod(table, KINDS)
    if kind < LOOKED_AT:
        return (probe,)
    if kind == Kind.INITIALS_ROW:
        surname = len(key) - initials_in(key)
        return ((place * KINDS + Kind.INITIALS, (key[surname - 1], key[surname])),)
    kinds = _STEMS if kind == Kind.STEM_ROW else _WORDS
    words = key[:-1] if kind == Kind.BEGINNING_ROW else key
    if len(words) == 1:
        return ((place * KINDS + kinds[0], words[0]),)
    return tuple((place * KINDS + kinds[1], pair) for pair in pairwise(words))


def needed(node: Compiled) -> tuple[float, tuple[Probe, ...]] | None:
    """What a rule cannot match without, one of these, and how common it may be.

    None for rules that only exclude.
    """
    kind, inner = node
    if kind >= 0:
        return min((_commonness(probe), (probe,)) for probe in simpler(node))
    if kind == NOT:
        return None
    found = [needed(part) for part in inner]
    known = [need for need in found if need]
    if kind == ALL:
        return min(known, default=None)
    if len(known) < len(found):
        return None
    distinct = dict.fromkeys(probe for _, probes in known for probe in probes)
    return sum(common for common, _ in known), tuple(distinct)


def _commonness(probe: Probe) -> float:
    """A guess: pairs are rare, long words rarer than short ones, beginnings many words."""
    kind, key = probe[0] % KINDS, probe[1]
    if isinstance(key, tuple):
        return _PAIR_SHARE / sum(map(len, key))
    return (_BEGINNING_SHARE if kind == Kind.BEGINNING else 1) / len(key)
