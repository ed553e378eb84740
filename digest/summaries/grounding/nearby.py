"""Places of the abstract that may be what a wrong number or name should have been."""

from __future__ import annotations

from decimal import Decimal
from difflib import SequenceMatcher

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Span
from digest.summaries.grounding.quantities import Quantity
from digest.summaries.grounding.wording import Word, plain

_MOST = 3
_OTHER, _HARDLY, _FAR = 0.5, 1.5, 2.0
_MOST_NAMES = 400
_ALIKE = 0.6


def quantities_near(quantity: Quantity, evidence: Evidence) -> tuple[tuple[Span, ...], str]:
    """Those with the same number or unit, and a word on what stands: "3 minutes is"."""
    text = evidence.abstract.text
    # Of 2-3x the second says all.
    others = [one for one in evidence.quantities[0] if not _is_first_of_range(one, text)]
    ranks = {other: _rank(quantity, other) for other in others}
    ranked = sorted((other for other in ranks if ranks[other] < _FAR), key=ranks.__getitem__)
    chosen = sorted(ranked[:_MOST], key=lambda other: other.start)
    spans = tuple(evidence.abstract.typed(*_whole(other)) for other in chosen)
    said = [text[slice(*_whole(other))] for other in ranked[:1]]
    return spans, f"{said[0]} is" if said else ""


def is_of_another_unit(quantity: Quantity, evidence: Evidence) -> bool:
    """Whether what comes nearest has the number, so that what is wrong is what it measures."""
    others = list(evidence.all_quantities())
    nearest = min(others, key=lambda other: _rank(quantity, other), default=None)
    if nearest is None or _rank(quantity, nearest) >= _HARDLY:
        return False
    return nearest.number == quantity.number


def _rank(quantity: Quantity, other: Quantity) -> float:
    """How far one is from what the other may have been meant for: 3 hours from 3 minutes least,
    then 2 minutes from 3 minutes and 3 % from 3 minutes; a bare number is hardly of use."""
    is_same = quantity.number == other.number
    is_measured = bool(other.unit or other.counted)
    if (quantity.dimension, quantity.counted) != (other.dimension, other.counted):
        if not is_same:
            return _FAR
        return _OTHER if is_measured and quantity.power == other.power else _HARDLY
    if is_same and is_measured:
        return 0.0
    if not (quantity.dimension or quantity.counted):
        return _FAR
    small, large = sorted((_size(quantity), _size(other)))
    return float(1 - small / large) if large else 0.0


def _is_first_of_range(quantity: Quantity, text: str) -> bool:
    return bool(quantity.unit) and text[quantity.end - 1].isdigit()


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
