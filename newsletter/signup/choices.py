"""Choices: what a form or command asked for, as one value and as the JSON kept with an opt-in."""

from __future__ import annotations

import dataclasses
import functools
import re
import zoneinfo
from dataclasses import dataclass
from typing import Any

from digest.arxiv import taxonomy
from digest.models import HouseSection, Section, Style
from digest.sections import expressions, rules
from newsletter.models import Cadence, Subscriber, Subscription, Weekday

MOST_SECTIONS = 50
_SEPARATORS = re.compile(r"[\s,;/]+")
_AREAS = re.compile(
    "(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/"
)


class InvalidChoice(ValueError):
    """A choice that cannot be followed; the message is for the person who made it."""


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """One section asked for; ``categories`` are separated by slashes, as in Section."""

    categories: str
    expression: str = ""
    label: str = ""
    style: str = Style.CARDS

    @property
    def rule(self) -> tuple[str, str]:
        """Two choices of the same rule are one section."""
        return self.categories, self.expression


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that a subscriber chooses; sections in order."""

    sections: tuple[SectionChoice, ...] = ()
    cadence: str = Cadence.DAILY
    weekday: int = Weekday.MONDAY
    send_when: str = Subscriber.SendWhen.HOUR
    send_hour: int = 7
    timezone: str = "UTC"
    format: str = Subscriber.Format.HTML

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"sections": [*map(dataclasses.asdict, self.sections)]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Choices:
        sections = tuple(SectionChoice(**section) for section in data.get("sections", ()))
        return cls(**(data | {"sections": sections}))


#: The fields of Choices that are fields of Subscriber too.
PREFERENCES = tuple(field.name for field in dataclasses.fields(Choices) if field.name != "sections")


def read_codes(text: str) -> list[str]:
    """Category codes separated by commas or spaces; an archive stands for its categories."""
    try:
        return taxonomy.expand(code for code in _SEPARATORS.split(text) if code)
    except taxonomy.UnknownCategory as error:
        raise InvalidChoice(f"{error}. Codes look like cs.DC or math.") from error


def category_section(code: str) -> SectionChoice:
    return SectionChoice(categories=code, label=code)


def keyword_section(typed: str, codes: list[str]) -> SectionChoice:
    """A keyword rule as typed, over these categories or all; may raise ExpressionError."""
    section = Section(
        categories=rules.canonical_categories(codes), expression=str(expressions.parse(typed))
    )
    label = rules.default_label(section, typed)
    return SectionChoice(section.categories, section.expression, label)


def with_style(choice: SectionChoice, style: str) -> SectionChoice:
    return dataclasses.replace(choice, style=style)


def all_categories() -> list[str]:
    """The codes of arXiv's whole taxonomy, in its order."""
    return list(taxonomy.CATEGORIES)


def house_sections() -> list[SectionChoice]:
    """The house's sections as they are now."""
    return [_choice_of(house) for house in HouseSection.objects.select_related("section")]


def arranged(*groups: list[SectionChoice]) -> tuple[SectionChoice, ...]:
    """All groups in order, each rule once, as where it came first."""
    first: dict[tuple[str, str], SectionChoice] = {}
    for group in groups:
        for section in group:
            first.setdefault(section.rule, section)
    if len(first) > MOST_SECTIONS:
        raise InvalidChoice(
            f"These are {len(first)} sections; at most {MOST_SECTIONS} fit in one digest."
        )
    return tuple(first.values())


def of_subscriber(subscriber: Subscriber) -> Choices:
    """What a subscriber gets at present."""
    followed = subscriber.subscriptions.select_related("section").order_by("place", "pk")
    values = {name: getattr(subscriber, name) for name in PREFERENCES}
    return Choices(sections=tuple(_choice_of(one) for one in followed), **values)


@functools.cache
def timezones() -> tuple[str, ...]:
    """The zones by city, and UTC; older names and abbreviations are taken but not offered."""
    names = zoneinfo.available_timezones()
    return ("UTC", *sorted(name for name in names if _AREAS.match(name)))


def _choice_of(one: HouseSection | Subscription) -> SectionChoice:
    return SectionChoice(
        categories=one.section.categories,
        expression=one.section.expression,
        label=one.label,
        style=one.style,
    )
