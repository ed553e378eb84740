"""Sections and what is stored of them, without the weight of model objects: there are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from digest.models import Listing, Section, SectionListing

# So many are asked for by name; of more, all of the listing is read.
_FEW = 500


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One rule; see ``digest.models.Section``."""

    pk: int
    categories: str
    expression: str

    @property
    def category_list(self) -> list[str]:
        return self.categories.split("/") if self.categories else []

    def __str__(self) -> str:
        return " ".join(part for part in (self.categories, self.expression) if part)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What one section holds of one listing."""

    pk: int
    paper_ids: list[int]
    late: dict[str, list[int]]
    is_from_document: bool


def section_rows(sections: QuerySet[Section]) -> list[SectionRow]:
    values = sections.values_list("pk", "categories", "expression")
    same: dict[str, str] = {}  # few categories stand in many rules
    return [
        SectionRow(pk, same.setdefault(categories, categories), expression)
        for pk, categories, expression in values.iterator()
    ]


def stored_rows(listing: Listing, sections: Sequence[SectionRow]) -> dict[int, StoredRow]:
    """By section."""
    wanted = {section.pk for section in sections}
    rows = SectionListing.objects.filter(listing=listing).order_by()
    if len(wanted) <= _FEW:
        rows = rows.filter(section__in=wanted)
    values: Any = rows.values_list("section_id", "pk", "paper_ids", "late", "origin")
    return {
        section: StoredRow(pk, papers, late, origin == SectionListing.Origin.DOCUMENT)
        for section, pk, papers, late, origin in values.iterator()
        if section in wanted
    }
