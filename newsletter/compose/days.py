"""What a chunk of digests needs to know of each listing date, looked up once.

Of the section listings only those that somebody in the chunk follows are read: a day of a large
installation has more than a process should hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Min, Q

from digest import gaps
from digest.editor_notes import notes_on
from digest.gaps import Gap
from digest.listings import FIRST_SHOWN
from digest.models import Announcement, Listing, SectionListing
from digest.placements import Placed, placed_on

_DOCUMENT = SectionListing.Origin.DOCUMENT


@dataclass(slots=True)
class Day:
    """One listing date."""

    status: str
    found: dict[int, list[int]] = field(default_factory=dict)  # papers by section
    late: dict[int, dict[int, int]] = field(default_factory=dict)  # batches of late ones
    announced: dict[int, int] = field(default_factory=dict)  # papers and their batches
    placed: Placed = field(default_factory=Placed)
    gaps: tuple[Gap, ...] = ()
    note: str = ""  # the editor's, in Markdown
    whole: bool = True  # whether ``announced`` is all of what arXiv announced to us
    unannounced: frozenset[int] = frozenset()  # papers that only a section's listing names
    read: set[int] = field(default_factory=set)  # sections that were looked up

    def papers(self, section: int, first: int, last: int) -> Sequence[int]:
        """What a section holds of these batches, both included."""
        papers = self.found.get(section, ()) if first <= last else ()
        late = self.late.get(section)
        if late is None:
            return papers if first == 0 else ()
        return [paper for paper in papers if first <= late.get(paper, 0) <= last]


@dataclass(frozen=True, slots=True)
class Batches:
    """The sections of a day, as far as an issue carries them."""

    day: Day
    first: int
    last: int

    def get(self, section: int, default: Sequence[int] = ()) -> Sequence[int]:
        return self.day.papers(section, self.first, self.last) or default


def read(days: dict[dt.date, Day], wanted: Q, sections: Collection[int]) -> None:
    """Add the listings that are wanted and not there yet, and what these sections hold of all."""
    rows = Listing.objects.filter(wanted).values_list("date", "status")
    new = {date: Day(status) for date, status in rows if date not in days}
    if new:
        _describe(new)
        days.update(new)
    for missing, dates in _missing(days, sections).items():
        _read_sections({date: days[date] for date in dates}, missing)


def _describe(new: dict[dt.date, Day]) -> None:
    """What does not depend on who follows what."""
    for date, placed in placed_on(new.keys()).items():
        new[date].placed = placed
    for date, text in notes_on(new.keys()).items():
        new[date].note = text
    announced = Announcement.objects.filter(listing__in=new, announce_type__in=FIRST_SHOWN)
    counted = announced.order_by().values_list("listing_id", "paper_id").annotate(n=Min("batch"))
    for date, paper, batch in counted:
        new[date].announced[paper] = batch
    for date, found in gaps.gaps_of(new).items():
        new[date].gaps = found
        new[date].whole = not found
    documents = SectionListing.objects.filter(listing__in=new, origin=_DOCUMENT)
    of_document = set(documents.order_by().values_list("listing_id", flat=True).distinct())
    for date in of_document:
        new[date].whole = False
    # Of an imported day, and of one whose announcements are gone, its sections are what is known.
    _count_unannounced({date: new[date] for date in new if date in of_document or _bare(new[date])})


def _bare(day: Day) -> bool:
    return not day.announced


def _count_unannounced(days: dict[dt.date, Day]) -> None:
    rows = SectionListing.objects.filter(listing__in=days).values_list("listing_id", "paper_ids")
    named: dict[dt.date, set[int]] = {date: set() for date in days}
    for date, papers in rows if days else ():
        named[date].update(days[date].placed.arranged(papers))
    for date, papers in named.items():
        days[date].unannounced = frozenset(papers - days[date].announced.keys())


def _missing(
    days: dict[dt.date, Day], sections: Iterable[int]
) -> dict[frozenset[int], list[dt.date]]:
    """Dates by the sections that are still to be looked up there: one query for the usual."""
    wanted = frozenset(sections)
    groups: dict[frozenset[int], list[dt.date]] = {}
    for date, day in days.items():
        missing = wanted - day.read
        if missing:
            groups.setdefault(missing, []).append(date)
    return groups


def _read_sections(days: dict[dt.date, Day], sections: frozenset[int]) -> None:
    rows = SectionListing.objects.filter(listing__in=days, section__in=sections)
    for date, section, papers, late in rows.values_list(
        "listing_id", "section_id", "paper_ids", "late"
    ):
        day = days[date]
        day.found[section] = day.placed.arranged(papers)
        if late:
            day.late[section] = {paper: int(n) for n, held in late.items() for paper in held}
    for day in days.values():
        day.read |= sections
