"""How things stand: values that a command prints and another program reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Model

from digest import almanac
from digest.arxiv import calendar
from digest.covering import WHOLE
from digest.gaps import gap, told
from digest.models import Coverage, Listing
from newsletter import probes
from newsletter.delivery import reporting
from newsletter.models import Issue, Notice, Outgoing, Subscriber, Suppression

LISTINGS_SHOWN = 7
ISSUES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ListingState:
    date: dt.date
    status: str
    released_at: dt.datetime | None
    announcements: int
    sections: int
    categories: int
    not_whole: tuple[str, ...]  # such as "cs.DC missing"
    empty: str  # why arXiv's calendar has no listing; else blank
    gaps: str  # one line that says what is not complete and why; else blank


@dataclass(frozen=True, slots=True)
class IssueState:
    issue: str
    cadence: str
    first_date: dt.date
    last_date: dt.date
    deliveries: dict[str, int]  # by state, all six
    paused_at: dt.datetime | None  # nothing of it is sent since then
    paused_because: str


@dataclass(frozen=True, slots=True)
class Status:
    """All of it at one instant; ``broker`` is empty while the broker answers."""

    at: dt.datetime
    current_listing: dt.date
    why_none_today: str  # blank where today has a listing
    next_listing: dt.date
    next_announcement: dt.datetime
    next_release: dt.datetime
    listings: tuple[ListingState, ...]
    subscribers: dict[str, int]
    suppressed: int
    issues: tuple[IssueState, ...]
    notices: dict[str, int]
    oldest_queued_notice: dt.datetime | None
    broker: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def status(now: dt.datetime) -> Status:
    """How things stand at ``now``."""
    arxiv = almanac.current()
    coming = arxiv.coming(now)
    return Status(
        at=now,
        current_listing=arxiv.listing_date_of(now),
        why_none_today=arxiv.why_none_today(now),
        next_listing=coming.date,
        next_announcement=coming.announced_at,
        next_release=_next_release(now, arxiv),
        listings=tuple(_listings()),
        subscribers=_counts(Subscriber, Subscriber.Status.values),
        suppressed=Suppression.objects.count(),
        issues=tuple(_issues()),
        notices=_counts(Notice, Outgoing.Status.values),
        oldest_queued_notice=Notice.objects.filter(status=Outgoing.Status.QUEUED).aggregate(
            oldest=Min("due_at")
        )["oldest"],
        broker=probes.broker(),
    )


def _next_release(now: dt.datetime, arxiv: calendar.Calendar) -> dt.datetime:
    """When the next listing goes out by itself: today's, if its deadline is still ahead."""
    today = calendar.today(now)
    release = calendar.scheduled_release(today, settings.RELEASE_DEADLINE)
    if release > now and arxiv.has_listing(today):
        return release
    return calendar.scheduled_release(arxiv.next_listing(now), settings.RELEASE_DEADLINE)


def _listings() -> Iterable[ListingState]:
    listings = list(Listing.objects.all()[:LISTINGS_SHOWN])
    announced = _by_listing(listings, "announcements")
    found = _by_listing(listings, "sections")
    coverage: dict[dt.date, list[Coverage]] = {listing.date: [] for listing in listings}
    for row in Coverage.objects.filter(listing__in=listings):
        coverage[row.listing_id].append(row)
    for listing in listings:
        rows = coverage[listing.date]
        broken = [row for row in rows if row.status not in WHOLE]
        yield ListingState(
            date=listing.date,
            status=listing.status,
            released_at=listing.released_at,
            announcements=announced.get(listing.date, 0),
            sections=found.get(listing.date, 0),
            categories=len(rows),
            not_whole=tuple(f"{row.category} {row.status}" for row in broken),
            empty=_why_empty(rows),
            gaps=told(map(gap, broken), full=True),
        )


def _why_empty(rows: list[Coverage]) -> str:
    reasons = [row.reason for row in rows if row.status == Coverage.Status.EMPTY]
    return reasons[0] if reasons and len(reasons) == len(rows) else ""


def _by_listing(listings: list[Listing], related: str) -> dict[dt.date, int]:
    counted = Listing.objects.filter(pk__in=[listing.pk for listing in listings]).order_by()
    return dict(counted.annotate(n=Count(related)).values_list("date", "n"))


def _issues() -> Iterable[IssueState]:
    issues = list(Issue.objects.all()[:ISSUES_SHOWN])
    tallies = reporting.tally(issues)
    for issue in issues:
        yield IssueState(
            str(issue),
            issue.cadence,
            issue.first_date,
            issue.last_date,
            dict.fromkeys(Outgoing.Status.values, 0) | tallies[issue.pk],
            issue.paused_at,
            issue.paused_because,
        )


def _counts(model: type[Model], states: list[str]) -> dict[str, int]:
    rows = model._default_manager.order_by().values_list("status").annotate(n=Count("pk"))
    return dict.fromkeys(states, 0) | dict(rows)
