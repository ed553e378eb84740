"""Places of the abstract that may be what a wrong number or name should have been."""

from __future__ import annotations

from decimal import Decimal
from difflib import SequenceMatcher

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Span
from digest.summaries.grounding.quantities import Quantity
from digest.summaries.grounding.wording import Word, plain

_MOST = 3
_FAR = 2.0
_MOST_NAMES = 400
_ALIKE = 0.6


def quantities_near(quantity: Quantity, evidence: Evidence) -> tuple[tuple[Span, ...], str]:
    """Those with the same number or unit, and a word on what stands: "3 minutes is"."""
    text = evidence.abstract.text
    ranks = {other: _rank(quantity, other, text) for other in evidence.quantities[0]}
    ranked = sorted((other for other in ranks if ranks[other] < _FAR), key=ranks.__getitem__)
    chosen = sorted(ranked[:_MOST], key=lambda other: other.start)
    spans = tuple(evidence.abstract.typed(*_whole(other)) for other in chosen)
    said = [text[slice(*_whole(other))] for other in ranked[:1]]
    return spans, f"{said[0]} is" if said else ""


def _rank(quantity: Quantity, other: Quantity, text: str) -> float:
    """How far one is from what the other may have been meant for: 10 hours from 10 minutes
    least, then 2 minutes from 3 minutes; a bare number is hardly of use."""
    if other.unit and text[other.end - 1].isdigit():
        return _FAR  # the first of 2-3x, of which the second says all
    is_same = quantity.number == other.number
    if quantity.dimension != other.dimension:
        return (0.5 if other.unit else 1.5) if is_same else _FAR
    if quantity.counted != other.counted:
        return 1.5 if is_same else _FAR
    if not (quantity.dimension or quantity.counted):
        return _FAR
    small, large = sorted((_size(quantity), _size(other)))
    return float(1 - small / large) if large else 0.0


def _size(quantity: Quantity) -> Decimal:
    scale = quantity.unit[1] if quantity.unit else 1
    return abs(quantity.number.scaleb(quantity.power) * scale)


def _whole(quantity: Quantity) -> Span:
    return (quantity.start, max(quantity.end, quantity.whole))


def names_near(name: str, evidence: Evidence) -> tuple[Span, ...]:
    """Names that are written much like it."""
    wanted = plain(name)
    alike: dict[str, tuple[float, Word]] = {}
    for word in evidence.abstract_names[:_MOST_NAMES]:
        ratio = SequenceMatcher(None, wanted, plain(word.text), autojunk=False).ratio()
        if ratio >= _ALIKE and word.key not in alike:
            alike[word.key] = (-ratio, word)
    best = sorted(alike.values(), key=lambda found: found[0])[:_MOST]
    words = sorted((word for _, word in best), key=lambda word: word.start)
    return tuple(evidence.abstract.typed(word.start, word.end) for word in words)
