"""What one reader's digest holds: their sections, day by day, every paper shown once.

A category section holds all papers of its listing. A keyword section is less those that a
category section placed above it holds on the same day; what is left is its total. A paper that
several sections hold is shown in the first of them, also where they lie on different days of a
weekly digest: below, it counts in the total and "stands above".

Nothing here knows of bytes; ``budget`` cuts a Digest to the size of a mail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol


class Listed(Protocol):
    """The ordered papers of each section, by its id."""

    def get(self, section: int, default: Sequence[int], /) -> Sequence[int]: ...


class WantedSection(NamedTuple):
    """One section as a reader follows it, in their order."""

    section_id: int
    label: str
    cards: bool
    is_keyword: bool
    limit: int | None = None
    categories: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A listing of the issue's dates that is not in the digest, and why."""

    date: dt.date
    held: bool


class DigestSection(NamedTuple):
    """One section on one day; a tuple, because every digest makes some.

    ``paper_ids`` are all its papers here, in order; ``shown`` those that no section above
    shows already, before any limit or budget.
    """

    section_id: int
    label: str
    cards: bool
    limit: int | None
    paper_ids: tuple[int, ...]
    shown: tuple[int, ...]

    @property
    def total(self) -> int:
        return len(self.paper_ids)

    @property
    def above(self) -> int:
        """How many of its papers stand in a section above."""
        return len(self.paper_ids) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Late:
    """Papers of a listing that came after its own issue: ``found`` by section, in order, and
    ``before`` what each section held of the listing by then."""

    found: Listed
    before: Listed


class DigestDay(NamedTuple):
    """The sections of one listing date; those without papers are left out."""

    date: dt.date
    sections: tuple[DigestSection, ...]
    is_late: bool = False

    @property
    def total(self) -> int:
        """Distinct papers of this day."""
        return len({paper for section in self.sections for paper in section.paper_ids})


@dataclass(frozen=True)
class Digest:
    """The content for one subscriber and one issue, whole.

    ``seen`` counts the papers looked at; ``announced`` those announced on its dates, None
    where that is not known.
    """

    first_date: dt.date
    last_date: dt.date
    days: tuple[DigestDay, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[tuple[dt.date, str], ...] = ()  # the editor's on each listing, in Markdown
    seen: int = 0
    announced: int | None = None
    gaps: str = ""  # what is not complete of what the reader follows, in a line

    @property
    def is_weekly(self) -> bool:
        return self.first_date != self.last_date

    def has_heading(self, day: DigestDay) -> bool:
        """Whether a day's sections stand under its date."""
        return self.is_weekly or day.is_late

    @cached_property
    def sections(self) -> tuple[DigestSection, ...]:
        """All sections in reading order; a section's index here names its anchor."""
        if len(self.days) == 1:
            return self.days[0].sections
        return tuple(section for day in self.days for section in day.sections)

    @cached_property
    def paper_ids(self) -> tuple[int, ...]:
        """Every paper once, in reading order."""
        return tuple(paper for section in self.sections for paper in section.shown)

    @property
    def total(self) -> int:
        return sum([len(section.shown) for section in self.sections])


def choose_days(
    wanted: Sequence[WantedSection],
    found: Mapping[dt.date, Listed],
    late: Mapping[dt.date, Late] | None = None,
) -> tuple[DigestDay, ...]:
    """The days that hold something, in order; then those with what came late to them.

    ``found`` gives for each listing date, by section id, the ordered papers of its listing.
    What a reader has had in another section is not late for them.
    """
    seen: set[int] = set()
    days = [
        DigestDay(date, tuple(_sections_of_day(wanted, found[date], seen)))
        for date in sorted(found)
    ]
    for date, came in sorted((late or {}).items()):
        had = set().union(*(came.before.get(section.section_id, ()) for section in wanted))
        left = {
            section.section_id: _without(came.found.get(section.section_id, ()), had)
            for section in wanted
        }
        days.append(DigestDay(date, tuple(_sections_of_day(wanted, left, seen)), is_late=True))
    return tuple(day for day in days if day.sections)


def without(digest: Digest, gone: Collection[int]) -> Digest:
    """The same digest less some papers, such as those deleted since they were listed."""
    days = []
    for day in digest.days:
        left = [
            section._replace(
                paper_ids=_without(section.paper_ids, gone),
                shown=_without(section.shown, gone),
            )
            for section in day.sections
        ]
        days.append(day._replace(sections=tuple(section for section in left if section.total)))
    return replace(digest, days=tuple(day for day in days if day.sections))


def _sections_of_day(
    wanted: Sequence[WantedSection], listed: Listed, seen: set[int]
) -> Iterator[DigestSection]:
    in_categories: set[int] = set()
    for section in wanted:
        papers = listed.get(section.section_id, ())
        if section.is_keyword:
            papers = _without(papers, in_categories)
        else:
            in_categories.update(papers)
        if not papers:
            continue
        shown = _without(papers, seen)
        seen.update(shown)
        yield DigestSection(
            section_id=section.section_id,
            label=section.label,
            cards=section.cards,
            limit=section.limit,
            paper_ids=tuple(papers),
            shown=shown,
        )


def _without(papers: Sequence[int], taken: Collection[int]) -> tuple[int, ...]:
    if not taken:
        return tuple(papers)
    return tuple([paper for paper in papers if paper not in taken])
