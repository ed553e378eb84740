"""The Digest of each reader, looked up for a whole chunk in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from digest.models import Announcement, Coverage, Listing, SectionListing, Style
from newsletter.compose.choosing import Digest, LeftOut, WantedSection, choose_days
from newsletter.models import Issue, Subscriber, Subscription

_ANNOUNCED = [Announcement.Type.NEW, Announcement.Type.CROSS]
_PARTLY = [Coverage.Status.TRUNCATED, Coverage.Status.MISSING, Coverage.Status.STALE]

_Span = tuple[dt.date, dt.date]


@dataclass(slots=True)
class _Day:
    """All that a chunk of digests needs to know of one listing date."""

    status: str
    found: dict[int, list[int]] = field(default_factory=dict)  # papers by section
    announced: set[int] = field(default_factory=set)
    whole: bool = True  # whether ``announced`` is all of what arXiv announced to us
    listed: set[int] = field(default_factory=set)  # papers of any section


def digest_for(subscriber: Subscriber, issue: Issue, *, unreleased: bool = False) -> Digest:
    """The whole content for one subscriber, before the byte budget; for mail and the web.

    ``unreleased`` takes listings that are not released yet as if they were, for a preview.
    """
    return digests_for([(subscriber, issue)], unreleased=unreleased)[0]


def digests_for(
    wanted: Sequence[tuple[Subscriber, Issue]], *, unreleased: bool = False
) -> list[Digest]:
    """One Digest each, in order. Readers of one issue with the same sections share one object."""
    sections = _sections({subscriber.pk for subscriber, _ in wanted})
    spans = {(issue.first_date, issue.last_date) for _, issue in wanted}
    days = _days(spans)
    ranges = {span: _Range.of(*span, days, unreleased=unreleased) for span in spans}
    made: dict[tuple[_Span, tuple[WantedSection, ...]], Digest] = {}
    digests = []
    for subscriber, issue in wanted:
        span = (issue.first_date, issue.last_date)
        key = (span, sections[subscriber.pk])
        if key not in made:
            made[key] = ranges[span].digest(sections[subscriber.pk])
        digests.append(made[key])
    return digests


def _sections(subscribers: Collection[int]) -> dict[int, tuple[WantedSection, ...]]:
    rows = Subscription.objects.filter(subscriber__in=subscribers).values_list(
        "subscriber_id", "section_id", "label", "style", "limit", "section__expression"
    )
    follows: dict[int, list[WantedSection]] = defaultdict(list)
    for subscriber, section, label, style, limit, expression in rows:
        follows[subscriber].append(
            WantedSection(
                section_id=section,
                label=label,
                cards=style == Style.CARDS,
                is_keyword=bool(expression),
                limit=limit,
            )
        )
    return {subscriber: tuple(follows[subscriber]) for subscriber in subscribers}


def _days(spans: Iterable[_Span]) -> dict[dt.date, _Day]:
    covered = Q(pk__in=[])
    for span in spans:
        covered |= Q(date__range=span)
    rows = Listing.objects.filter(covered).values_list("date", "status")
    days = {date: _Day(status) for date, status in rows}
    for listing in SectionListing.objects.filter(listing__in=days).values_list(
        "listing_id", "section_id", "paper_ids", "origin"
    ):
        _add_section(days[listing[0]], *listing[1:])
    announced = Announcement.objects.filter(listing__in=days, announce_type__in=_ANNOUNCED)
    for date, paper in announced.values_list("listing_id", "paper_id").distinct().order_by():
        days[date].announced.add(paper)
    partly = Coverage.objects.filter(listing__in=days, status__in=_PARTLY)
    for date in partly.values_list("listing_id", flat=True).distinct().order_by():
        days[date].whole = False
    return days


def _add_section(day: _Day, section: int, papers: list[int], origin: str) -> None:
    day.found[section] = papers
    day.listed.update(papers)
    if origin == SectionListing.Origin.DOCUMENT:
        day.whole = False


@dataclass(frozen=True, slots=True)
class _Range:
    """What all digests of one range of dates have in common."""

    first: dt.date
    last: dt.date
    found: dict[dt.date, dict[int, list[int]]]
    left_out: tuple[LeftOut, ...]
    seen: int
    announced: int | None

    @classmethod
    def of(
        cls, first: dt.date, last: dt.date, days: dict[dt.date, _Day], *, unreleased: bool
    ) -> _Range:
        covered = {date: day for date, day in sorted(days.items()) if first <= date <= last}
        taken = {date: day for date, day in covered.items() if _goes_out(day, unreleased)}
        listed: set[int] = set().union(*(day.listed for day in taken.values()))
        announced: set[int] = set().union(*(day.announced for day in taken.values()))
        known = bool(announced) and all(day.whole for day in taken.values())
        left_out = tuple(
            LeftOut(date, held=day.status == Listing.Status.HELD)
            for date, day in covered.items()
            if date not in taken
        )
        return cls(
            first=first,
            last=last,
            found={date: day.found for date, day in taken.items()},
            left_out=left_out,
            seen=len(listed | announced),
            announced=len(announced) if known else None,
        )

    def digest(self, follows: tuple[WantedSection, ...]) -> Digest:
        return Digest(
            first_date=self.first,
            last_date=self.last,
            days=choose_days(follows, self.found),
            left_out=self.left_out,
            seen=self.seen,
            announced=self.announced,
        )


def _goes_out(day: _Day, unreleased: bool) -> bool:
    if unreleased:
        return day.status != Listing.Status.HELD
    return day.status == Listing.Status.RELEASED
