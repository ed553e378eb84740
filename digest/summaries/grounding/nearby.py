"""Places of the abstract that may be what a wrong number or name should have been."""

from __future__ import annotations

from difflib import SequenceMatcher

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Span
from digest.summaries.grounding.quantities import Quantity
from digest.summaries.grounding.wording import Word, plain

_MOST = 3
_MOST_NAMES = 400
_ALIKE = 0.6


def quantities_near(quantity: Quantity, evidence: Evidence) -> tuple[tuple[Span, ...], str]:
    """Those that are alike, and a word on what stands: "3 minutes is"."""
    alike = [other for other in evidence.quantities[0] if _is_alike(quantity, other)]
    alike.sort(key=lambda other: (other.number != quantity.number, _ratio(quantity, other)))
    chosen = sorted(alike[:_MOST], key=lambda other: other.start)
    text = evidence.abstract.text
    said = list(dict.fromkeys(text[other.start : other.end].strip() for other in chosen))
    spans = tuple(evidence.abstract.typed(other.start, other.end) for other in chosen)
    if not said:
        return spans, ""
    listed = " and ".join([", ".join(said[:-1]), said[-1]]) if said[1:] else said[0]
    return spans, f"{listed} {'are' if said[1:] else 'is'}"


def _is_alike(quantity: Quantity, other: Quantity) -> bool:
    if quantity.number == other.number:
        return True
    if quantity.dimension or other.dimension:
        return quantity.dimension == other.dimension
    return bool(quantity.counted) and quantity.counted == other.counted


def _ratio(quantity: Quantity, other: Quantity) -> float:
    small, large = sorted((abs(quantity.number), abs(other.number)))
    return float(1 - small / large) if large else 0.0


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
