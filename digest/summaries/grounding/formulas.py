"""Formulas of a text: complexities such as O(n log n), and terms such as 2k-2."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.summaries.grounding.evidence import Evidence, core, squashed
from digest.summaries.grounding.findings import Span

_ORDER = re.compile(r"(?<![A-Za-z])[OoΘΩω]~?\s?\(")
_TERM = re.compile(
    r"(?<!\S)[^\s]{0,60}[+*=<>≤≥≠^√∈][^\s]{0,60}(?!\S)|(?<![\w.,])\d+[a-z]-\d+(?![\w.,])"
)
_OUTER = "\"'.,;:"
_LONGEST = 160


def formulas_in(text: str) -> Iterator[tuple[Span, bool]]:
    """Each place, and whether it must stand as it is."""
    for found in _ORDER.finditer(text):
        if end := _closing(text, found.end()):
            yield (found.start(), end), True
    for found in _TERM.finditer(text):
        shorn = found[0].strip(_OUTER)
        if any(sign.isalpha() for sign in shorn):
            start = found.start() + found[0].find(shorn)
            yield (start, start + len(shorn)), False


def stands(formula: str, evidence: Evidence) -> bool:
    """Whether the paper has it, however it is typed, and not as part of a larger number."""
    if _is_in(squashed(formula), evidence.squashed):
        return True
    letters = core(formula)
    return len(letters) > 2 and _is_in(letters, evidence.cores)


def _is_in(wanted: str, text: str) -> bool:
    place = text.find(wanted)
    while wanted and place >= 0:
        before, after = text[max(0, place - 1) : place], text[place + len(wanted) :][:1]
        goes_on = before.isdigit() and wanted[0].isdigit()
        if not goes_on and not (after.isdigit() and wanted[-1].isdigit()):
            return True
        place = text.find(wanted, place + 1)
    return False


def _closing(text: str, place: int) -> int:
    """Behind the bracket that closes the one before the place; 0 where none does soon."""
    depth = 1
    for at in range(place, min(len(text), place + _LONGEST)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return at + 1
    return 0
