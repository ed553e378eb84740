"""The Digest of each reader, looked up for a whole chunk in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Min, Q

from digest import gaps
from digest.editor_notes import notes_on
from digest.gaps import Gap
from digest.listings import FIRST_SHOWN
from digest.models import Announcement, Listing, SectionListing, Style
from digest.placements import placed_on
from newsletter.compose import carrying, wording
from newsletter.compose.choosing import Digest, Late, LeftOut, WantedSection, choose_days
from newsletter.models import Issue, IssueListing, Subscriber, Subscription

Follows = Mapping[int, tuple[WantedSection, ...]]
_Key = tuple[str, dt.date, dt.date]


@dataclass(slots=True)
class _Day:
    """All that a chunk of digests needs to know of one listing date."""

    status: str
    found: dict[int, list[int]] = field(default_factory=dict)  # papers by section
    late: dict[int, dict[int, int]] = field(default_factory=dict)  # batches of late ones
    announced: dict[int, int] = field(default_factory=dict)  # papers and their batches
    gaps: tuple[Gap, ...] = ()
    note: str = ""  # the editor's, in Markdown
    whole: bool = True  # whether ``announced`` is all of what arXiv announced to us

    def papers(self, first: int, last: int) -> dict[int, list[int]]:
        """What each section holds of these batches, both included."""
        if not self.late:
            return self.found if first == 0 else {}
        return {
            section: _within(papers, self.late.get(section, {}), first, last)
            for section, papers in self.found.items()
        }


def digest_for(subscriber: Subscriber, issue: Issue, *, unreleased: bool = False) -> Digest:
    """The whole content for one subscriber, before the byte budget; for mail and the web.

    ``unreleased`` takes listings that are not released yet as if they were, for a preview.
    """
    return digests_for([(subscriber, issue)], unreleased=unreleased)[0]


def digests_for(
    wanted: Sequence[tuple[Subscriber, Issue]],
    *,
    unreleased: bool = False,
    follows: Follows | None = None,
) -> list[Digest]:
    """One Digest each, in order. Readers of one issue with the same sections share one object.

    ``follows`` says what readers follow, by primary key, in place of their subscriptions.
    """
    sections = follows or sections_of({subscriber.pk for subscriber, _ in wanted})
    issues = list({_key(issue): issue for _, issue in wanted}.values())
    carried = carrying.carried(issues, unreleased=unreleased)
    days = _days(issues, carried)
    ranges = {
        _key(issue): _Range.of(issue, rows, days)
        for issue, rows in zip(issues, carried, strict=True)
    }
    made: dict[tuple[_Key, tuple[WantedSection, ...]], Digest] = {}
    digests = []
    for subscriber, issue in wanted:
        key = (_key(issue), sections[subscriber.pk])
        if key not in made:
            made[key] = ranges[key[0]].digest(sections[subscriber.pk])
        digests.append(made[key])
    return digests


def _key(issue: Issue) -> _Key:
    return issue.cadence, issue.first_date, issue.last_date


def sections_of(subscribers: Collection[int]) -> dict[int, tuple[WantedSection, ...]]:
    """What readers follow, in their order."""
    rows = Subscription.objects.filter(subscriber__in=subscribers).values_list(
        "subscriber_id",
        "section_id",
        "label",
        "style",
        "limit",
        "section__expression",
        "section__categories",
    )
    follows: dict[int, list[WantedSection]] = defaultdict(list)
    for subscriber, section, label, style, limit, expression, categories in rows:
        follows[subscriber].append(
            WantedSection(
                section_id=section,
                label=label,
                cards=style == Style.CARDS,
                is_keyword=bool(expression),
                limit=limit,
                categories=categories,
            )
        )
    return {subscriber: tuple(follows[subscriber]) for subscriber in subscribers}


def _days(
    issues: Sequence[Issue], carried: Sequence[Sequence[IssueListing]]
) -> dict[dt.date, _Day]:
    covered = Q(pk__in={row.listing_id for rows in carried for row in rows})
    for issue in issues:
        covered |= Q(date__range=(issue.first_date, issue.last_date))
    rows = Listing.objects.filter(covered).values_list("date", "status")
    days = {date: _Day(status) for date, status in rows}
    placed = placed_on(days.keys())
    for date, section, papers, origin, late in SectionListing.objects.filter(
        listing__in=days
    ).values_list("listing_id", "section_id", "paper_ids", "origin", "late"):
        _add_section(days[date], section, placed[date].arranged(papers), origin, late)
    for date, text in notes_on(days.keys()).items():
        days[date].note = text
    announced = Announcement.objects.filter(listing__in=days, announce_type__in=FIRST_SHOWN)
    counted = announced.order_by().values_list("listing_id", "paper_id").annotate(n=Min("batch"))
    for date, paper, batch in counted:
        days[date].announced[paper] = batch
    for date, found in gaps.gaps_of(days).items():
        days[date].gaps = found
        days[date].whole = days[date].whole and not found
    return days


def _add_section(
    day: _Day, section: int, papers: list[int], origin: str, late: dict[str, list[int]]
) -> None:
    day.found[section] = papers
    if late:
        day.late[section] = {paper: int(n) for n, held in late.items() for paper in held}
    if origin == SectionListing.Origin.DOCUMENT:
        day.whole = False


def _within(papers: list[int], late: dict[int, int], first: int, last: int) -> list[int]:
    return [paper for paper in papers if first <= late.get(paper, 0) <= last]


@dataclass(frozen=True, slots=True)
class _Range:
    """What all digests of one issue have in common."""

    issue: Issue
    found: dict[dt.date, dict[int, list[int]]]
    late: dict[dt.date, Late]
    left_out: tuple[LeftOut, ...]
    gaps: dict[dt.date, tuple[Gap, ...]]
    notes: tuple[tuple[dt.date, str], ...]
    seen: int
    announced: int | None

    @classmethod
    def of(cls, issue: Issue, carried: Sequence[IssueListing], days: dict[dt.date, _Day]) -> _Range:
        own = {row.listing_id: row for row in carried if not row.is_late}
        found = {
            date: days[date].papers(row.first_batch, row.last_batch) for date, row in own.items()
        }
        late = {row.listing_id: _late(days[row.listing_id], row) for row in carried if row.is_late}
        listed: list[Sequence[int]] = [one for day in found.values() for one in day.values()]
        listed += [one for day in late.values() for one in day.found.values()]
        announced = {
            paper
            for date, row in own.items()
            for paper, batch in days[date].announced.items()
            if batch <= row.last_batch
        }
        known = bool(announced) and all(days[date].whole for date in own)
        left_out = tuple(
            LeftOut(date, held=days[date].status == Listing.Status.HELD)
            for date in sorted(days)
            if issue.first_date <= date <= issue.last_date and date not in own
        )
        return cls(
            issue=issue,
            found=found,
            late=late,
            left_out=left_out,
            gaps={date: days[date].gaps for date in sorted(own) if days[date].gaps},
            notes=tuple((date, days[date].note) for date in sorted(own) if days[date].note),
            seen=len(announced.union(*listed)),
            announced=len(announced) if known else None,
        )

    def digest(self, follows: tuple[WantedSection, ...]) -> Digest:
        return Digest(
            first_date=self.issue.first_date,
            last_date=self.issue.last_date,
            days=choose_days(follows, self.found, self.late),
            left_out=self.left_out,
            notes=self.notes,
            seen=self.seen,
            announced=self.announced,
            gaps=self._gaps(follows),
        )

    def _gaps(self, follows: tuple[WantedSection, ...]) -> str:
        """What is not complete of the categories followed; all where a section has none."""
        if not self.gaps:
            return ""
        codes = {code for section in follows for code in section.categories.split("/")}
        wanted = None if "" in codes else codes
        if self.issue.first_date == self.issue.last_date:
            return gaps.told(self.gaps[self.issue.last_date], wanted)
        told = {date: gaps.named(found, wanted) for date, found in self.gaps.items()}
        parts = [f"{wording.day(date)}: {named}" for date, named in told.items() if named]
        return f"Not complete: {'; '.join(parts)}" if parts else ""


def _late(day: _Day, row: IssueListing) -> Late:
    before = day.papers(0, row.first_batch - 1) if row.first_batch else {}
    return Late(day.papers(row.first_batch, row.last_batch), before)
