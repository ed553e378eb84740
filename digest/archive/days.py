"""What the archive shows of listings: the sections of each day, with their papers in order.

A day that a document filled stands as the document had it. Any other has the house's sections,
its keyword sections less what a category section above them holds. What a curator pinned or
hid stands on top, or nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from digest.archive.week import empty_is_cards
from digest.models import DocumentEntry, HouseSection, Paper, SectionListing, Style
from digest.placements import Placed, placed_on

_PAPER_FIELDS = ("arxiv_id", "title", "abstract", "authors")
_SUMMARY_FIELDS = (
    *("summary__domain", "summary__topic", "summary__keywords", "summary__institutions"),
    *("summary__text", "summary__status", "summary__writer", "summary__reason"),
)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ArchiveSection:
    """One section of one day; ``listing`` is the row of an imported one."""

    label: str
    is_cards: bool
    paper_ids: tuple[int, ...]
    listing: SectionListing | None = None

    @property
    def total(self) -> int:
        return len(self.paper_ids)


@dataclass(frozen=True, slots=True)
class ArchiveDay:
    """``is_imported``: as a document had it; ``is_filled``: something was found for it."""

    date: dt.date
    sections: tuple[ArchiveSection, ...]
    is_imported: bool
    is_filled: bool

    @property
    def paper_ids(self) -> set[int]:
        return {paper for section in self.sections for paper in section.paper_ids}


def days_of(dates: Collection[dt.date], *, with_hidden: bool = False) -> list[ArchiveDay]:
    """The days of listing dates, in their order, in three queries.

    ``with_hidden`` lets hidden papers stand, for the desk.
    """
    house = list(HouseSection.objects.select_related("section"))
    has_cards = DocumentEntry.objects.filter(section_listing=OuterRef("pk")).exclude(authors="")
    rows = (
        SectionListing.objects.filter(listing__in=dates)
        .filter(_shown(house))
        .annotate(has_cards=Exists(has_cards))
        .order_by("listing", "place")
    )
    by_date: defaultdict[dt.date, list[SectionListing]] = defaultdict(list)
    for row in rows:
        by_date[row.listing_id].append(row)
    placed = placed_on(dates)
    if with_hidden:
        placed = {date: Placed(one.pinned) for date, one in placed.items()}
    return [_day(date, by_date[date], house, placed[date]) for date in dates]


def papers_of(days: Iterable[ArchiveDay]) -> dict[int, Paper]:
    """The papers of days by primary key, each with its Summary where there is one."""
    keys = sorted(set().union(*(day.paper_ids for day in days)))
    found: dict[int, Paper] = {}
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        papers = (
            Paper.objects.filter(pk__in=chunk)
            .select_related("summary")
            .only(*_PAPER_FIELDS, *_SUMMARY_FIELDS)
        )
        found.update((paper.pk, paper) for paper in papers)
    return found


def _shown(house: Sequence[HouseSection]) -> Q:
    of_house = Q(section__in=[shown.section_id for shown in house])
    return Q(origin=SectionListing.Origin.DOCUMENT) | of_house


def _day(
    date: dt.date, rows: Sequence[SectionListing], house: Sequence[HouseSection], placed: Placed
) -> ArchiveDay:
    imported = [row for row in rows if row.origin == SectionListing.Origin.DOCUMENT]
    sections = [_imported(row, placed) for row in imported] or _matched(rows, house, placed)
    return ArchiveDay(
        date=date,
        sections=tuple(sections),
        is_imported=bool(imported),
        is_filled=bool(rows),
    )


def _imported(row: SectionListing, placed: Placed) -> ArchiveSection:
    # Annotated by days_of; an empty section has no entry to tell its style.
    is_cards = row.has_cards if row.paper_ids else empty_is_cards(row.label)  # type: ignore[attr-defined]
    return ArchiveSection(row.label, is_cards, tuple(placed.arranged(row.paper_ids)), row)


def _matched(
    rows: Sequence[SectionListing], house: Sequence[HouseSection], placed: Placed
) -> list[ArchiveSection]:
    found = {row.section_id: placed.arranged(row.paper_ids) for row in rows}
    above: set[int] = set()
    sections = []
    for shown in house:
        papers = found.get(shown.section_id, [])
        if shown.section.is_keyword:
            papers = [paper for paper in papers if paper not in above]
        else:
            above.update(papers)
        is_cards = shown.style == Style.CARDS
        sections.append(ArchiveSection(shown.label, is_cards, tuple(papers)))
    return sections
