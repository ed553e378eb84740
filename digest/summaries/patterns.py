"""Regular expressions that an editor types: whether they may be used, and compiled once.

Python's engine tries one way after the other. What may be read in very many ways, such as a
repetition within a repetition, would hold up a day for hours and is refused beforehand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 2_000
HIGHEST_COUNT = 200
_MOST_WAYS = 20_000
_TEXT = 2_000  # about the signs of an abstract
_MOST_CHOICES = 10

_PIECE = re.compile(
    r"(?P<flags>\(\?[aiLmsux]+\))"
    r"|(?P<odd>\(\?(?:P=|\(|#))"
    r"|(?P<open>\((?:\?(?:P<\w+>|<?[=!]|>|[aiLmsux-]*:))?)"
    r"|(?P<close>\))"
    r"|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<repeat>(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})[?+]?)"
    r"|(?P<escape>\\.)"
    r"|(?P<either>\|)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_AS_TYPED = re.compile(r"\\.|\(\?P<\w+>|\(\?[aiLmsux-]+[:)]|[A-Z]+", re.DOTALL)
_UNCLEAR_CLASS = re.compile(r"\[|--|&&|\|\||~~")
_FITS_ANY = re.compile(r"\.|\\[SDW]|\[\^.*|\[.*(?: |\\[sSDW]).*\]", re.DOTALL)


def regular(pattern: str) -> str:
    """The pattern as it is used, over lower-case text; ValueError says in words what is wrong."""
    pattern = pattern.strip()
    if len(pattern) > LONGEST:
        raise ValueError(f"The pattern is longer than {LONGEST:,} characters.")
    pattern = _AS_TYPED.sub(_lowered, pattern)
    _check(pattern)
    try:
        made = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"The pattern cannot be read: {error}.") from None
    if pattern and made.search(""):
        raise ValueError("The pattern fits where nothing stands, and so every paper.")
    return pattern


@lru_cache(maxsize=2_048)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """Ready for use; None where it is blank or may not be used, which breaks no day."""
    try:
        pattern = regular(pattern)
    except ValueError:
        return None
    return re.compile(pattern) if pattern else None


def _lowered(found: re.Match[str]) -> str:
    return found[0].lower() if found[0][0].isalpha() else found[0]


@dataclass(slots=True)
class _Group:
    """What stands in a group so far, and the last thing in it that can be repeated."""

    varies: bool = False
    chooses: bool = False
    ways: int = 1
    last: str = ""
    repeated: str = ""


def _check(pattern: str) -> None:
    """Walk along the pattern, group by group."""
    open_groups = [_Group()]
    closed = _Group()
    for found in _PIECE.finditer(pattern):
        kind, piece, group = found.lastgroup, found[0], open_groups[-1]
        if kind == "open":
            open_groups.append(_Group(ways=group.ways))
        elif kind == "close" and len(open_groups) > 1:  # else the compiler says what is wrong
            closed = open_groups.pop()
            _take_in(open_groups[-1], closed)
        elif kind == "repeat":
            _repeat(group, piece, closed)
        elif kind == "either":
            group.chooses, group.last, group.repeated = True, "", ""
            group.ways = 1 if len(open_groups) == 1 else group.ways
        else:
            _check_piece(kind, piece)
            group.repeated = group.repeated if group.repeated == piece else ""
            group.last = piece


def _take_in(group: _Group, closed: _Group) -> None:
    group.varies |= closed.varies
    group.chooses |= closed.chooses
    group.ways = closed.ways
    group.last, group.repeated = ")", ""


def _check_piece(kind: str | None, piece: str) -> None:
    if kind == "class" and _UNCLEAR_CLASS.search(piece[1:-1]):
        raise ValueError(f"In {piece} a sign is unclear; write \\ before it.")
    if kind == "odd" or (kind == "escape" and piece[1] in "123456789"):
        raise ValueError(f"The pattern may not hold {piece}.")


def _repeat(group: _Group, piece: str, closed: _Group) -> None:
    low, high = _counts(piece)
    if high != _TEXT and high > HIGHEST_COUNT:
        raise ValueError(f"A repetition may count to {HIGHEST_COUNT} at most, not {high}.")
    if group.last == ")" and high > 1:
        if closed.varies:
            raise ValueError(f"A repetition stands within a group that is repeated, (…){piece}.")
        if closed.chooses and high > _MOST_CHOICES:
            raise ValueError(f"Alternatives stand within a group that is repeated, (…){piece}.")
    if low == high:
        return
    group.varies = True
    if group.last and group.last == group.repeated and high > 1:
        raise ValueError(f"{group.last}{piece} repeats what is repeated just before.")
    if _FITS_ANY.fullmatch(group.last):
        group.ways *= high
        if group.ways > _MOST_WAYS:
            raise ValueError(f"{group.last}{piece} is one too many that fits any text.")
    group.repeated = group.last


def _counts(piece: str) -> tuple[int, int]:
    """From how many to how many times; without end is a whole text."""
    signs = {"*": (0, _TEXT), "+": (1, _TEXT), "?": (0, 1)}
    if piece[0] in signs:
        return signs[piece[0]]
    low, comma, high = piece.rstrip("?+").strip("{}").partition(",")
    least = int(low or 0)
    return least, int(high or _TEXT) if comma else least
