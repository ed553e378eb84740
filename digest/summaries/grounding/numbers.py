"""Numbers and units of a text that stand nowhere in the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Kind, Span
from digest.summaries.grounding.nearby import is_of_another_unit
from digest.summaries.grounding.ordinary import begins_sentence, is_ordinary
from digest.summaries.grounding.quantities import Quantity
from digest.summaries.grounding.units import MAGNITUDES, unit_at
from digest.summaries.grounding.wording import words_in

_NAME_BEFORE = re.compile(r"([^\W\d_][\w-]*)\s$")
_LOOSE_UNIT = re.compile(
    r"(?<!\w)(?P<prefix>(?:sub|single-digit|few)[\s-])?"
    r"(?P<unit>(?:(?:nano|micro|milli)?second|minute|hour|day|week|month|year|decade)(?P<s>s?))"
    r"(?!\w)",
    re.IGNORECASE,
)
_MANY = re.compile(r"(?<![\w-])(dozen|hundred|thousand|million|billion|trillion)s\b", re.IGNORECASE)
_ORDERS = re.compile(r"(?<!\w)(?:an\s)?orders?[\s-]of[\s-]magnitude", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A number that does not stand, or not with its unit; a name where it is part of one."""

    kind: Kind
    start: int
    end: int
    quantity: Quantity | None = None


def wrong_in(text: str, quantities: list[Quantity], evidence: Evidence) -> Iterator[Wrong]:
    """All of them, in no order."""
    for quantity in quantities:
        if named := _number_of_a_name(text, quantity, evidence):
            yield Wrong(Kind.NAME, *named)
        elif kind := _wrong(quantity, evidence):
            yield Wrong(kind, quantity.start, max(quantity.whole, quantity.end), quantity)
    yield from _loose_units(text, quantities, evidence)


def _wrong(quantity: Quantity, evidence: Evidence) -> Kind | None:
    if quantity.dimension == "magnitude" and _has_orders(quantity.number, evidence):
        return None
    standing = [
        evidence.counted[reading] for reading in quantity.readings if reading in evidence.counted
    ]
    if not standing:
        return Kind.UNIT if is_of_another_unit(quantity, evidence) else Kind.NUMBER
    things = set().union(*standing)
    if quantity.counted and things and "" not in things and quantity.counted not in things:
        return Kind.UNIT
    return None


def _has_orders(number: Decimal, evidence: Evidence) -> bool:
    """Whether a factor is given that is so many orders of magnitude: three of them are 1,000x."""
    return any(
        dimension == "x" and number - Decimal("0.5") <= value.adjusted() <= number
        for value, dimension in evidence.counted
    )


def _number_of_a_name(text: str, quantity: Quantity, evidence: Evidence) -> Span | None:
    """ROS 3 does not stand where ROS 2 and three robots do."""
    if quantity.unit or quantity.power or quantity.counted or not text[quantity.start].isdigit():
        return None
    before = _NAME_BEFORE.search(text, max(0, quantity.start - 40), quantity.start)
    if not before or not any(sign.isupper() for sign in before[1]):
        return None
    if is_ordinary(before[1]) and begins_sentence(text, before.start()):
        return None
    words = words_in(text[before.start() : quantity.end])
    if evidence.has(words[-2:]) or not evidence.has(words[:-1]):
        return None  # a strange name is found as such
    return (before.start(), quantity.end)


def _loose_units(text: str, quantities: list[Quantity], evidence: Evidence) -> Iterator[Wrong]:
    """Hours to minutes, sub-millisecond, thousands: they must stand as well without a number."""
    taken = {place for quantity in quantities for place in range(quantity.start, quantity.end)}
    for found in _LOOSE_UNIT.finditer(text):
        if found.end() - 1 in taken or not (found["prefix"] or found["s"]):
            continue  # the second, that day
        unit, _ = unit_at(f" {found['unit'].lower()}", 0)
        if unit not in evidence.units and not evidence.has(words_in(found["unit"])):
            yield Wrong(Kind.UNIT, *found.span())
    for found in _ORDERS.finditer(text):
        is_said = "magnitude" in evidence.lower or _has_factor(evidence)
        if found.end() - 1 not in taken and not is_said:
            yield Wrong(Kind.NUMBER, *found.span())
    for found in _MANY.finditer(text):
        power = MAGNITUDES[found[1].lower()]
        if found.end() - 1 not in taken and not _has_many(found[1], power, evidence):
            yield Wrong(Kind.NUMBER, *found.span())


def _has_factor(evidence: Evidence) -> bool:
    """Whether anything is several times something: ten or nearly, or more."""
    return any(dimension == "x" and value >= 8 for value, dimension in evidence.counted)


def _has_many(word: str, power: int, evidence: Evidence) -> bool:
    """Hundreds are 300 as well as 2,000."""
    if evidence.has(words_in(word)):
        return True
    return any(
        power <= value.adjusted() <= power + 2
        for value, dimension in evidence.counted
        if not dimension
    )
