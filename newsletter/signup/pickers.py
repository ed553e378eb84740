"""The category picker: arXiv's taxonomy as the form shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from digest.arxiv.taxonomy import ARCHIVES, CATEGORIES, GROUPS, Category


@dataclass(frozen=True, slots=True)
class PickerArchive:
    """One archive; ``name`` is blank where its group has no other."""

    name: str
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class PickerGroup:
    name: str
    archives: tuple[PickerArchive, ...]
    ticked: int


@dataclass(frozen=True, slots=True)
class Picker:
    groups: tuple[PickerGroup, ...]
    ticked: Collection[str]


def picker(ticked: Collection[str] = ()) -> Picker:
    return Picker(tuple(_group(name, ticked) for name in GROUPS), ticked)


def _group(name: str, ticked: Collection[str]) -> PickerGroup:
    codes = [archive for archive in ARCHIVES.values() if archive.group == name]
    return PickerGroup(
        name=name,
        archives=_archives([archive.code for archive in codes]),
        ticked=sum(CATEGORIES[code].group == name for code in ticked if code in CATEGORIES),
    )


def _archives(codes: list[str]) -> tuple[PickerArchive, ...]:
    """Archives of one category each stand together, without a heading of their own."""
    found: list[PickerArchive] = []
    single: list[Category] = []
    for code in codes:
        categories = tuple(one for one in CATEGORIES.values() if one.archive == code)
        if len(categories) > 1:
            name = ARCHIVES[code].name if len(codes) > 1 else ""
            found.append(PickerArchive(name, categories))
        else:
            single += categories
    if single:
        found.append(PickerArchive("Other archives", tuple(single)))
    return tuple(found)
