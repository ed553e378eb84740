"""Numbers with their units in a text, in digits or in words, each with all it can be read as."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from digest.summaries.grounding.counted import counted_at
from digest.summaries.grounding.units import Unit, magnitude_at, money_before, unit_at
from digest.summaries.grounding.wording import distinct

#: A value as it is compared, and its dimension, blank for a bare number.
Reading = tuple[Decimal, str]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, the power of ten and the unit with it, and what it counts where it has none."""

    start: int
    end: int
    number: Decimal
    power: int = 0
    unit: Unit | None = None
    counted: str = ""
    whole: int = 0  #: where what it counts ends
    readings: frozenset[Reading] = field(default=frozenset())
    lent: tuple[int, Unit | None] = (0, None)

    @property
    def dimension(self) -> str:
        return self.unit[0] if self.unit else ""


_WRITTEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_SMALL = _WRITTEN.split()
_ONES = {word: count for count, word in enumerate(_SMALL)}
_WRITTEN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10 * count for count, word in enumerate(_WRITTEN_TENS.split(), 2)}
_MULTIPLES = {
    2: "twice double doubles doubled doubling twofold",
    3: "thrice triple triples tripled tripling threefold",
    4: "quadruple quadruples quadrupled quadrupling fourfold",
    5: "fivefold",
    10: "tenfold",
    100: "hundredfold",
}
_TIMES = {word: count for count, words in _MULTIPLES.items() for word in words.split()}
_HALVES = distinct("half halve halves halved halving")

_DIGITS = re.compile(
    r"(?<![\w^])(?<!\d[.,])"
    r"(?:(?P<base>\d{1,9}(?:\.\d{1,9})?\s?[×x·*]\s?)?10\s?\^\s?[({]?(?P<power>[-+]?\d{1,3})[)}]?|"
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?|\.\d+)(?!\.?\d)"
    r"(?:[eE](?P<exponent>[-+]?\d{1,3})(?!\w))?)"
)
_WORDS = re.compile(
    rf"(?<!\w)(?:(?<!-)|(?<=sub-)|(?<=to-)|(?<=or-))(?:(?P<tens>{'|'.join(_TENS)})(?:[\s-](?P<unit>{'|'.join(_SMALL[1:10])}))?|"
    rf"(?P<ones>{'|'.join(_SMALL)})|"
    r"(?P<article>an?)(?=\s(?:hundred|thousand|million|billion|trillion|dozen)\b)|"
    rf"(?P<times>{'|'.join([*_TIMES, *_HALVES])})(?!-))\b",
    re.IGNORECASE,
)
_ENUMERATOR = re.compile(r"\([1-9]\)")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])")
_DOZEN = re.compile(r"[\s-]dozen\b", re.IGNORECASE)
#: Between two numbers of which the second alone has a unit.
_RANGE = re.compile(r"\s?(?:-{1,3}|±|\bto\b|\bthrough\b|-\s?to)\s?[~$€£]?")
_LIST = re.compile(r"\s?(?:,|/|;|,?\s(?:and|or|vs\.?|versus|then)\b)\s?[~$€£]?")
_WORD_BEFORE = re.compile(r"[^\s()\[\]{},;:\"]*$")
_NUMBERS_BEFORE = re.compile(r"[~$€£+]?(?:[\d.,]+[A-Za-z%×μ]{0,3}[-/+]{1,3})+")
_LONGEST = 40


def quantities_of(text: str) -> list[Quantity]:
    """All of them in order of place; each takes the unit of the next where both share it."""
    found = sorted([*_in_digits(text), *_in_words(text)], key=lambda quantity: quantity.start)
    found = list(_no_enumerators(text, found))
    for at in range(len(found) - 2, -1, -1):
        found[at] = _sharing(text, found[at], found[at + 1])
    return found


def _no_enumerators(text: str, quantities: Iterable[Quantity]) -> Iterator[Quantity]:
    """Without (1), (2) and so on, as long as they count on."""
    last = 0
    for quantity in quantities:
        around = text[max(0, quantity.start - 1) : quantity.end + 1]
        if _ENUMERATOR.fullmatch(around) and quantity.number in {1, last + 1}:
            last = int(quantity.number)
        else:
            yield quantity


def _in_digits(text: str) -> Iterator[Quantity]:
    for found in _DIGITS.finditer(text):
        start, end = found.span()
        if not _is_part_of_a_name(text, start):
            quantity = _measured(text, start, end, _value(found))
            if not text[quantity.end : quantity.end + 1].isalpha():  # 3D and 4o are names
                yield quantity


def _in_words(text: str) -> Iterator[Quantity]:
    for found in _WORDS.finditer(text):
        start, end = found.span()
        if word := found["times"]:
            yield _multiple(start, end, word.lower())
            continue
        value = Decimal(_in_word(found))
        if dozen := _DOZEN.match(text, end):
            value, end = value * 12, dozen.end()
        quantity = _measured(text, start, end, value)
        # One is a pronoun as often as a number, and zero-shot no number at all.
        is_bare = not quantity.power and not quantity.unit
        if not (is_bare and (value == 1 or (value == 0 and text[end : end + 1] == "-"))):
            yield quantity


def _in_word(found: re.Match[str]) -> int:
    if found["ones"]:
        return _ONES[found["ones"].lower()]
    if found["article"]:
        return 1
    unit = found["unit"]
    return _TENS[found["tens"].lower()] + (_ONES[unit.lower()] if unit else 0)


def _multiple(start: int, end: int, word: str) -> Quantity:
    count = Decimal(2 if word in _HALVES else _TIMES[word])
    readings = {(count, "x")}
    if word in _HALVES:
        readings |= {(Decimal(50).normalize(), "%"), (Decimal("0.5"), "")}
    return Quantity(start, end, count, unit=("x", Decimal(1)), readings=frozenset(readings))


def _value(found: re.Match[str]) -> Decimal:
    if found["power"]:
        base = Decimal(re.sub(r"[^\d.]", "", found["base"])) if found["base"] else Decimal(1)
        return base.scaleb(int(found["power"]))
    value = Decimal(found["number"].replace(",", "")[:_LONGEST])
    return value.scaleb(int(found["exponent"])) if found["exponent"] else value


def _measured(text: str, start: int, end: int, number: Decimal) -> Quantity:
    if ordinal := _ORDINAL.match(text, end):
        made = Quantity(start, ordinal.end(), number, 0, ("th", Decimal(1)))
        return replace(made, readings=_readings(made, number))
    power, after = magnitude_at(text, end)
    unit, last = unit_at(text, after)
    if unit is None:
        unit, start = money_before(text, start)
    counted, whole = ("", last) if unit else counted_at(text, last)
    made = Quantity(start, last, number, power, unit, counted, whole)
    return replace(made, readings=_readings(made, number))


def _readings(quantity: Quantity, number: Decimal) -> frozenset[Reading]:
    """The number, with the power and unit of the quantity, in all ways that make sense."""
    value = number.scaleb(quantity.power)
    if quantity.unit is None:
        readings = {(value, "")}
        if 0 < value < 1:
            readings.add((value * 100, "%"))
        if quantity.power == 9:
            readings.add((number, "byte"))  # 64B
    else:
        dimension, scale = quantity.unit
        readings = {(value * scale, dimension)}
        if dimension == "%":
            readings.add((value / 100, ""))
        elif dimension == "point":  # of a percentage, or of data
            readings |= {(value, "pp"), (value, "")}
        elif dimension == "m" and scale == 1:
            readings.add((value.scaleb(6), ""))  # 30 m for 30 million
        elif dimension == "byte" and scale == 1:
            readings.add((value.scaleb(9), ""))
    return frozenset((value.normalize(), dimension) for value, dimension in readings)


def _sharing(text: str, quantity: Quantity, following: Quantity) -> Quantity:
    """In 2-3x, from 10 to 20 % and 5, 10 and 20 ms the unit belongs to each number."""
    power, unit = (following.power, following.unit)
    if not (power or unit):
        power, unit = following.lent
    if quantity.unit or quantity.power or not (power or unit):
        return quantity
    between = text[quantity.end : following.start]
    is_range = bool(_RANGE.fullmatch(between))
    if not is_range and not _LIST.fullmatch(between):
        return quantity
    measured = replace(quantity, power=power, unit=unit)
    readings = _readings(measured, quantity.number)
    if is_range:
        return replace(measured, readings=readings)
    return replace(quantity, lent=(power, unit), readings=quantity.readings | readings)


def _is_part_of_a_name(text: str, start: int) -> bool:
    """Whether the digits go on with what stands before them, as in GPT-4 or Qwen-3.5-9B."""
    if start == 0 or text[start - 1] not in "-/_+@.":
        return False
    word = _WORD_BEFORE.search(text, max(0, start - 60), start)
    before = word[0] if word else ""
    if _NUMBERS_BEFORE.fullmatch(before):
        return False
    is_word = any(sign.isalpha() for sign in before)
    return is_word and any(sign.isupper() or sign.isdigit() for sign in before)
