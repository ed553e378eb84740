"""Weekly documents out: imported days verbatim, matched ones from canonical values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from digest.archive import weekly
from digest.archive.canonical import (
    Said,
    card_of,
    institutions_text,
    one_line,
    said_by,
    tags_of,
    text_of,
)
from digest.archive.days import ArchiveDay, ArchiveSection, days_of, papers_of
from digest.archive.entries import entry_of, told_before
from digest.archive.filling import edited_by_hand, said_now
from digest.archive.week import (
    CURATOR_LABEL,
    Card,
    Day,
    Line,
    WeekDocument,
    WeekSection,
    monday_of,
    week_name,
)
from digest.models import DocumentEntry, Listing, Paper, Summary
from digest.summaries.editing import BY_HAND


class NoWeek(ValueError):
    """There is no such week, or nothing in it."""


@dataclass(frozen=True, slots=True)
class _Material:
    """Rows of some days by primary key: papers, the entries of each section, edited papers."""

    papers: dict[int, Paper]
    entries: dict[int, list[DocumentEntry]]
    edited: set[int]


def export_week(monday: dt.date, *, released_only: bool = False) -> str:
    """The weekly document of the week from ``monday``, as text; raises NoWeek."""
    return weekly.format(week_document(monday, released_only=released_only))


def week_document(monday: dt.date, *, released_only: bool = False) -> WeekDocument:
    """The same as values; raises NoWeek."""
    if monday.weekday() != 0:
        begins = monday_of(monday)
        raise NoWeek(f"{monday} is a {monday:%A}; its week begins on {begins}")
    days = filled_days(monday, released_only=released_only)
    if not days:
        of_what = "released" if released_only else "known"
        raise NoWeek(f"nothing is {of_what} of the week {week_name(monday)}")
    material = _material(days)
    return WeekDocument(monday=monday, days=tuple(_written_day(day, material) for day in days))


def filled_days(monday: dt.date, *, released_only: bool) -> list[ArchiveDay]:
    """The days of a week that hold something, in order."""
    listings = Listing.objects.filter(date__range=(monday, monday + dt.timedelta(days=6)))
    if released_only:
        listings = listings.filter(status=Listing.Status.RELEASED)
    dates = list(listings.order_by("date").values_list("date", flat=True))
    return [day for day in days_of(dates) if day.is_filled and day.sections]


def _material(days: Sequence[ArchiveDay]) -> _Material:
    papers = papers_of(days)
    listings = [section.listing for day in days for section in day.sections if section.listing]
    entries: defaultdict[int, list[DocumentEntry]] = defaultdict(list)
    for row in DocumentEntry.objects.filter(section_listing__in=listings).order_by("place"):
        entries[row.section_listing_id].append(row)
    curated = [key for key, paper in papers.items() if _may_be_curated(paper)]
    told = told_before(curated) if listings and curated else {}
    edited = {key for key in curated if edited_by_hand(papers[key].summary, told.get(key, []))}
    return _Material(papers, entries, edited)


def _may_be_curated(paper: Paper) -> bool:
    summary: Summary | None = getattr(paper, "summary", None)
    if summary is None:
        return False
    return summary.writer == Summary.Writer.CURATOR or summary.reason == BY_HAND


def _written_day(day: ArchiveDay, material: _Material) -> Day:
    sections = tuple(_written_section(section, material) for section in day.sections)
    return Day(date=day.date, sections=sections)


def _written_section(section: ArchiveSection, material: _Material) -> WeekSection:
    written: list[Line]
    if section.listing is not None:
        rows = {row.paper_id: row for row in material.entries.get(section.listing.pk, [])}
        written = [_imported(rows[key], material) for key in section.paper_ids if key in rows]
    else:
        papers = [material.papers[key] for key in section.paper_ids if key in material.papers]
        written = [_card(paper) if section.is_cards else _line(paper) for paper in papers]
    return WeekSection(label=one_line(section.label), entries=tuple(written))


def _line(paper: Paper) -> Line:
    return Line(title=one_line(paper.title), link=paper.pdf_url)


def _card(paper: Paper) -> Card:
    summary = approved(paper)
    return card_of(
        title=paper.title,
        author_names=paper.author_names,
        link=paper.pdf_url,
        said=said_now(summary) if summary else None,
    )


def approved(paper: Paper) -> Summary | None:
    """The Summary that may be shown."""
    summary: Summary | None = getattr(paper, "summary", None)
    return summary if summary and summary.status == Summary.Status.APPROVED else None


def _imported(row: DocumentEntry, material: _Material) -> Line:
    """The entry verbatim, but for what a curator has changed or taken back since."""
    entry = entry_of(row)
    if row.paper_id not in material.edited or not isinstance(entry, Card):
        return entry
    summary = material.papers[row.paper_id].summary
    if summary.status != Summary.Status.APPROVED:
        return replace(entry, tags=None, institutions="", text_label="", text="")
    return _with_edits(entry, said_by(entry), said_now(summary))


def _with_edits(entry: Card, said: Said, now: Said) -> Card:
    """Each part stays to the letter unless it says something else now."""
    tags_before = (said.domain, said.topic, said.keywords)
    if tags_before != (now.domain, now.topic, now.keywords):
        entry = replace(entry, tags=tags_of(now))
    if said.institutions != now.institutions:
        entry = replace(entry, institutions=institutions_text(now))
    if said.text != now.text:
        entry = replace(entry, text_label=CURATOR_LABEL, text=text_of(now))
    return entry
