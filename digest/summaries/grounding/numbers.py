"""Numbers and units of a text that stand nowhere in the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Kind, Span
from digest.summaries.grounding.quantities import Quantity
from digest.summaries.grounding.units import unit_at
from digest.summaries.grounding.wording import words_in

_ENUMERATOR = re.compile(r"\(\s?[1-9]\s?\)")
_NAME_BEFORE = re.compile(r"([^\W\d_][\w-]*)\s$")
_LOOSE_UNIT = re.compile(
    r"(?<![\w-])(?P<prefix>(?:sub|single-digit|few)[\s-])?"
    r"(?P<unit>(?:(?:nano|micro|milli)?second|minute|hour|day|week|month|year|decade)(?P<s>s?))"
    r"(?![\w-])",
    re.IGNORECASE,
)
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
        if _is_enumerator(text, quantity):
            continue
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
        return Kind.UNIT if _is_of_another_unit(quantity, evidence) else Kind.NUMBER
    things = set().union(*standing)
    if quantity.counted and things and "" not in things and quantity.counted not in things:
        return Kind.UNIT
    return None


def _is_of_another_unit(quantity: Quantity, evidence: Evidence) -> bool:
    """Whether the number stands, and what is wrong is what it measures."""
    dimensions = evidence.dimensions.get(quantity.number, set())
    if not dimensions:
        return False
    has_unit = any(unit[0] == quantity.dimension for unit in evidence.units)
    return not has_unit or any(dimensions - {"", quantity.dimension})


def _has_orders(number: Decimal, evidence: Evidence) -> bool:
    """Whether a factor is given that is so many orders of magnitude: three of them are 1,000x."""
    return any(
        dimension == "x" and number - Decimal("0.5") <= value.adjusted() <= number
        for value, dimension in evidence.counted
    )


def _is_enumerator(text: str, quantity: Quantity) -> bool:
    return bool(_ENUMERATOR.fullmatch(text[max(0, quantity.start - 1) : quantity.end + 1]))


def _number_of_a_name(text: str, quantity: Quantity, evidence: Evidence) -> Span | None:
    """ROS 3 does not stand where ROS 2 and three robots do."""
    if quantity.unit or quantity.power or quantity.counted or not text[quantity.start].isdigit():
        return None
    before = _NAME_BEFORE.search(text, max(0, quantity.start - 40), quantity.start)
    if not before or not any(sign.isupper() for sign in before[1]):
        return None
    words = words_in(text[before.start() : quantity.end])
    if before[1].istitle() and not evidence.has(words[:1]):
        return None
    if evidence.has(words[-2:]):
        return None
    return (before.start(), quantity.end)


def _loose_units(text: str, quantities: list[Quantity], evidence: Evidence) -> Iterator[Wrong]:
    """Hours to minutes, sub-millisecond: units without a number must stand as well."""
    taken = {place for quantity in quantities for place in range(quantity.start, quantity.end)}
    for found in _LOOSE_UNIT.finditer(text):
        name = found["unit"].lower()
        if found.end() - 1 in taken or not (found["prefix"] or found["s"]):
            continue  # the second, that day
        unit, _ = unit_at(f" {name}", 0)
        if unit not in evidence.units and name not in evidence.lower:
            yield Wrong(Kind.UNIT, *found.span())
    for found in _ORDERS.finditer(text):
        is_said = "magnitude" in evidence.lower or any(
            _has_orders(Decimal(number), evidence) for number in range(1, 7)
        )
        if found.end() - 1 not in taken and not is_said:
            yield Wrong(Kind.NUMBER, *found.span())
