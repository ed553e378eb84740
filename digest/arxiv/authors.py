"""Authors as arXiv's feeds give them: one string, commas between, affiliations in brackets."""

from __future__ import annotations

import re

from digest.arxiv.listing import Author
from digest.arxiv.tex import to_unicode

_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.I)


def split(text: str) -> tuple[Author, ...]:
    """``A One, B Two (Aff, City), C Three Jr.`` as authors with their affiliations."""
    pieces: list[str] = []
    for piece in _at_commas(to_unicode(text)):
        if pieces and _SUFFIX.fullmatch(piece):
            pieces[-1] += f" {piece}"
        elif piece:
            pieces.append(piece)
    return tuple(_author(piece) for piece in pieces)


def _author(piece: str) -> Author:
    """The brackets at the end are affiliations; those within, as in Ke (Kevin) Wu, a name."""
    name, affiliations = piece, list[str]()
    while name.endswith(")"):
        start = _opening(name)
        if start <= 0 or not name[:start].strip():
            break
        if inner := name[start + 1 : -1].strip():
            affiliations.insert(0, inner)
        name = name[:start].strip()
    return Author(name, tuple(affiliations))


def _opening(text: str) -> int:
    """Where the bracket opens that the last character closes; -1 where it never does."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return -1


def _at_commas(text: str) -> list[str]:
    """Pieces between the commas outside brackets; a bracket without its other half is text."""
    pieces, start, depth = [], 0, 0
    closing = _closed(text)
    for at, letter in enumerate(text):
        if letter == "(" and at in closing:
            depth += 1
        elif letter == ")" and at in closing:
            depth -= 1
        elif letter == "," and depth == 0:
            pieces.append(text[start:at].strip())
            start = at + 1
    return [*pieces, text[start:].strip()]


def _closed(text: str) -> set[int]:
    """Places of the brackets that have their other half."""
    opened: list[int] = []
    closed: set[int] = set()
    for at, letter in enumerate(text):
        if letter == "(":
            opened.append(at)
        elif letter == ")" and opened:
            closed |= {opened.pop(), at}
    return closed
