"""Weekly documents in and out, through rows; no document is ever stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from digest.archive import weekly
from digest.archive.entries import entry_of, row_of, told_in
from digest.archive.exporting import export_week
from digest.archive.filling import Filled, fill
from digest.archive.headings import sections_of
from digest.archive.week import Card, Day, WeekDocument, WeekSection
from digest.models import Announcement, DocumentEntry, Listing, Section, SectionListing

__all__ = ["DayReport", "ImportReport", "export_week", "import_document", "import_week"]

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class DayReport:
    date: dt.date
    sections: int
    entries: int
    changed: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What importing one document did."""

    week: str
    days: tuple[DayReport, ...]
    filled: Filled


def import_week(text: str, overwrite: bool = False) -> ImportReport:
    """Read a document into rows, replacing the days it carries; the same again changes nothing.

    Raises WeekError for what does not fit, and then has written nothing. Summaries that a
    curator has edited are kept unless ``overwrite``. A listing that is out stays out.
    """
    return import_document(weekly.parse(text), overwrite=overwrite)


@transaction.atomic
def import_document(document: WeekDocument, *, overwrite: bool = False) -> ImportReport:
    """The same for a document already read."""
    sections = [sections_of(day) for day in document.days]
    dates = [day.date for day in document.days]
    listings = _listings(dates)
    filled = fill(told_in(document), dates, overwrite=overwrite)
    days = tuple(
        _replace_day(listings[day.date], day, named, filled.keys)
        for day, named in zip(document.days, sections, strict=True)
    )
    Listing.objects.filter(date__in=dates, status=Listing.Status.OPEN).update(
        status=Listing.Status.READY
    )
    return ImportReport(week=document.name, days=days, filled=filled)


def _listings(dates: Sequence[dt.date]) -> dict[dt.date, Listing]:
    Listing.objects.bulk_create([Listing(date=date) for date in dates], ignore_conflicts=True)
    locked = Listing.objects.filter(date__in=dates).order_by("date").select_for_update(no_key=True)
    return {listing.date: listing for listing in locked}


def _replace_day(
    listing: Listing, day: Day, sections: Sequence[Section], keys: dict[str, int]
) -> DayReport:
    stored = {
        row.section_id: row
        for row in SectionListing.objects.filter(listing=listing)
        .select_related("section")
        .prefetch_related("entries")
    }
    batch = listing.batches + 1 if listing.status == Listing.Status.RELEASED else 0
    named = {section.pk for section in sections}
    gone = [
        row
        for row in stored.values()
        if row.origin == SectionListing.Origin.DOCUMENT and row.section_id not in named
    ]
    announced_before = _announced(stored.values())
    changed = bool(gone)
    SectionListing.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for place, (section, said) in enumerate(zip(sections, day.sections, strict=True), start=1):
        row = stored.get(section.pk) or SectionListing(section=section, listing=listing)
        changed |= _replace_section(row, place, said, keys, batch)
    announced = {
        (category, keys[entry.arxiv_id])
        for section, said in zip(sections, day.sections, strict=True)
        if said.is_cards and (category := _category(section))
        for entry in said.entries
    }
    arrived = _announce(listing, announced, announced_before - announced, batch)
    if batch and (changed or arrived):
        Listing.objects.filter(pk=listing.pk).update(batches=batch)
    return DayReport(
        date=day.date,
        sections=len(day.sections),
        entries=sum(section.total for section in day.sections),
        changed=changed,
    )


def _replace_section(
    row: SectionListing, place: int, said: WeekSection, keys: dict[str, int], batch: int
) -> bool:
    """Whether anything changed."""
    papers = [keys[entry.arxiv_id] for entry in said.entries]
    wanted = {
        "origin": SectionListing.Origin.DOCUMENT,
        "label": said.label,
        "place": place,
        "paper_ids": papers,
        "late": _late(row, papers, batch),
    }
    stored = [entry_of(entry) for entry in row.entries.all()] if row.pk else []
    same = all(getattr(row, name) == value for name, value in wanted.items())
    if row.pk and same and stored == list(said.entries):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    row.entries.all().delete()
    DocumentEntry.objects.bulk_create(
        [
            row_of(row, number, keys[entry.arxiv_id], entry)
            for number, entry in enumerate(said.entries, start=1)
        ],
        batch_size=_CHUNK,
    )
    return True


def _late(row: SectionListing, papers: Sequence[int], batch: int) -> dict[str, list[int]]:
    """What the section has not had before is late where the listing is out already."""
    late = {
        number: kept
        for number, held in row.late.items()
        if (kept := [paper for paper in held if paper in papers])
    }
    came = [paper for paper in papers if paper not in row.paper_ids] if batch else []
    return late | ({str(batch): came} if came else {})


def _category(section: Section) -> str:
    """The category that the papers of a section were announced in, if it says just one."""
    codes = section.category_list
    return codes[0] if len(codes) == 1 and not section.is_keyword else ""


def _announced(rows: Iterable[SectionListing]) -> set[tuple[str, int]]:
    """Category and paper of the cards that stored documents hold."""
    return {
        (category, entry.paper_id)
        for row in rows
        if (category := _category(row.section))
        for entry in row.entries.all()
        if isinstance(entry_of(entry), Card)
    }


def _announce(
    listing: Listing, announced: set[tuple[str, int]], gone: set[tuple[str, int]], batch: int
) -> bool:
    """A card was announced in its section's category; which version is unknown. Whether
    anything was that had not been.

    What a feed has said of the same paper stands.
    """
    for category in {category for category, _ in gone}:
        Announcement.objects.filter(
            listing=listing,
            category=category,
            paper__in=[paper for name, paper in gone if name == category],
            version__isnull=True,
        ).delete()
    known = set(listing.announcements.order_by().values_list("category", "paper"))
    rows = [
        Announcement(
            listing=listing,
            category=category,
            paper_id=paper,
            announce_type=Announcement.Type.NEW,
            batch=batch,
        )
        for category, paper in sorted(announced - known)
    ]
    Announcement.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_CHUNK)
    return bool(rows)
