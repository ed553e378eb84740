"""Which Section the heading of a document names."""

from __future__ import annotations

import re

from digest.archive.week import Day, WeekError
from digest.arxiv import taxonomy
from digest.models import HouseSection, Section
from digest.sections.rules import section_for

_CONTAINS = re.compile(r'(\S+) contains "([^"]+)"')
#: What stands for no categories in the default label of a keyword section.
_EVERYWHERE = "arXiv"
_LONGEST = 1000


def sections_of(day: Day) -> list[Section]:
    """The Section of each heading, in order; WeekError where one names none or the same again."""
    house = {row.label: row.section for row in HouseSection.objects.select_related("section")}
    found: dict[int, Section] = {}
    for said in day.sections:
        try:
            section = house.get(said.label) or _section(said.label)
        except ValueError as error:
            reason = f"{said.label!r} names no section: {error}"
            raise WeekError(said.number, reason) from error
        if section.pk in found:
            reason = f"{said.label!r} names a section that the day has already"
            raise WeekError(said.number, reason)
        found[section.pk] = section
    return list(found.values())


def _section(label: str) -> Section:
    """Raises ValueError where the label has neither form."""
    if len(label) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} characters")
    if keyword := _CONTAINS.fullmatch(label):
        categories, words = keyword.groups()
        codes = [] if categories == _EVERYWHERE else _codes(categories)
        return section_for(codes, f'abs:"{words}"')
    return section_for(_codes(label))


def _codes(text: str) -> list[str]:
    """Only codes as arXiv writes them: a heading is no place for a guess."""
    codes = text.split("/")
    for code in codes:
        if taxonomy.canonical(code) != code:
            raise ValueError(f"arXiv writes {taxonomy.canonical(code)!r}, not {code!r}")
    return codes
