"""Formulas of a text: complexities such as O(n log n), and terms such as 2k-2."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.summaries.grounding.evidence import Evidence, squashed
from digest.summaries.grounding.findings import Span

_ORDER = re.compile(r"(?<![A-Za-z])[OoΘΩω]~?\s?\((?:[^()]{0,80}|\([^()]{0,60}\)){1,8}\)")
_TERM = re.compile(
    r"(?<!\S)[^\s]{0,60}[+*=<>≤≥≠^√∈](?:[^\s]{0,60})(?!\S)|(?<![\w.,])\d+[a-z]-\d+(?![\w.,])"
)
_OUTER = "\"'.,;:"


def formulas_in(text: str) -> Iterator[tuple[Span, bool]]:
    """Each place, and whether it must stand as it is."""
    for found in _ORDER.finditer(text):
        yield found.span(), True
    for found in _TERM.finditer(text):
        start = found.start()
        shorn = found[0].strip(_OUTER)
        start += found[0].find(shorn) if shorn else 0
        if any(sign.isalnum() for sign in shorn):
            yield (start, start + len(shorn)), False


def stands(formula: str, evidence: Evidence) -> bool:
    """Whether the paper has it, whatever the spaces, and not as part of a larger number."""
    wanted = squashed(formula)
    place = evidence.squashed.find(wanted)
    while place >= 0:
        before = evidence.squashed[max(0, place - 1) : place]
        after = evidence.squashed[place + len(wanted) :][:1]
        goes_on = before.isdigit() and wanted[0].isdigit()
        if not goes_on and not (after.isdigit() and wanted[-1].isdigit()):
            return True
        place = evidence.squashed.find(wanted, place + 1)
    return False
