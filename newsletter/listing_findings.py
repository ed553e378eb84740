"""What `doctor` finds of listings: late, not whole, arrived late, and what arXiv says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count

from digest import almanac, covering
from digest.arxiv import calendar
from digest.arxiv.calendar import Calendar
from digest.gaps import gaps_of, named
from digest.models import Announcement, Coverage, FetchSlot, Listing
from newsletter.findings import LOOKED_BACK, Finding

# How late a listing may be before somebody should look.
RELEASE_GRACE = dt.timedelta(minutes=30)
# A request that fails is asked again by itself; so many in a row want a look.
MOST_FAILURES = 3
_MOST_NAMED = 5


def examine(now: dt.datetime) -> Iterator[Finding]:
    arxiv = almanac.current()
    dates = Listing.objects.filter(date__gte=calendar.today(now) - LOOKED_BACK)
    known = {listing.date: listing for listing in dates.order_by("date")}
    yield from _unknown(now, arxiv, known)
    for listing in known.values():
        yield from _overdue(now, arxiv, listing)
    yield from _not_whole(now, [date for date in known if _past_deadline(date, now)])
    yield from _otherwise(list(known))
    yield from _late(now)
    yield from _not_asked(now)
    yield from _holidays(now)


def _unknown(now: dt.datetime, arxiv: Calendar, known: dict[dt.date, Listing]) -> Iterator[Finding]:
    current = arxiv.listing_date_of(now)
    if current not in known and _past_deadline(current, now):
        yield Finding(
            f"Nothing is known of the current listing, {current}.",
            f"{_fetch_again(current, now)}; see that arXiv can be reached and beat runs.",
        )


def _overdue(now: dt.datetime, arxiv: Calendar, listing: Listing) -> Iterator[Finding]:
    date = listing.date
    if listing.status == Listing.Status.HELD:
        yield Finding(f"The listing of {date} is held.", f"Run `release {date}`.", note=True)
        return
    if listing.status == Listing.Status.OPEN and not arxiv.has_listing(date):
        return  # a weekend or a holiday, of which nothing is ever released
    if covering.lacks(date) and not listing.announcements.exists():
        return  # nothing of it has come, which is said with the reason
    if listing.status != Listing.Status.RELEASED and _past_deadline(date, now):
        yield Finding(
            f"The listing of {date} is {listing.status}, past its deadline.",
            f"Run `build_listing {date}`, then `release {date}` or `hold {date}`.",
        )


def _not_whole(now: dt.datetime, dates: list[dt.date]) -> Iterator[Finding]:
    for date, gaps in gaps_of(dates).items():
        if parts := named(gaps, full=True):
            remedy = f"{_fetch_again(date, now)}, or `ingest --feed FILE` with a saved answer."
            yield Finding(f"The listing of {date} is not complete: {parts}.", remedy)


def _otherwise(dates: list[dt.date]) -> Iterator[Finding]:
    """Where arXiv's listing page names other papers than the feed."""
    rows = Coverage.objects.filter(listing__in=dates).exclude(differences="")
    by_date: dict[dt.date, list[str]] = {}
    for row in rows.order_by("listing", "category"):
        lines = row.differences.strip().splitlines()
        more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
        by_date.setdefault(row.listing_id, []).append(f"{row.category}: {lines[0]}{more}")
    for date, parts in by_date.items():
        rest = f"; and {len(parts) - _MOST_NAMED} more" if len(parts) > _MOST_NAMED else ""
        yield Finding(
            f"arXiv's listing page of {date} differs: {'; '.join(parts[:_MOST_NAMED])}{rest}.",
            "All differences stand in the admin, under Coverage.",
            note=True,
        )


def _late(now: dt.datetime) -> Iterator[Finding]:
    arrived = Announcement.objects.filter(batch__gt=0, arrived_at__gte=now - LOOKED_BACK)
    by_date = arrived.order_by("listing").values_list("listing")
    for date, count in by_date.annotate(n=Count("paper", distinct=True)):
        papers = "1 paper" if count == 1 else f"{count} papers"
        it = "it" if count == 1 else "them"
        yield Finding(
            f"{papers} of {date} arrived after its release; the next issue carries {it} as late.",
            "Nothing is to be done.",
            note=True,
        )


def _not_asked(now: dt.datetime) -> Iterator[Finding]:
    for slot in FetchSlot.objects.filter(blocked_until__gt=now):
        until = (slot.blocked_until or now).astimezone(dt.UTC)
        day = "" if until.date() == now.astimezone(dt.UTC).date() else f"{until:%Y-%m-%d} "
        reason = " ".join(slot.reason.split())
        if slot.failures:
            requests = "1 request" if slot.failures == 1 else f"{slot.failures} requests in a row"
            reason = f"{requests} failed" + (f", last: {reason}" if reason else "")
        why = f": {reason}" if reason else ""
        yield Finding(
            f"arXiv is not asked until {day}{until:%H:%M} UTC{why}".rstrip(".") + ".",
            "It is asked again by itself then. If this goes on, see that arXiv can be reached"
            " from here and that CONTACT is set.",
            note=slot.failures < MOST_FAILURES,
        )


def _holidays(now: dt.datetime) -> Iterator[Finding]:
    for year in almanac.years_without_holidays(now):
        yield Finding(
            f"No holidays of {year} are entered: arXiv's days off will read as lost listings.",
            f"Enter them in the admin, under Holidays, from {almanac.HOLIDAYS_URL}",
            note=True,
        )


def _fetch_again(date: dt.date, now: dt.datetime) -> str:
    """arXiv's feeds hold today's listing only."""
    today = calendar.today(now)
    return "Run `ingest`" if date == today else f"Run `backfill {date}`"


def _past_deadline(date: dt.date, now: dt.datetime) -> bool:
    return calendar.scheduled_release(date, settings.RELEASE_DEADLINE) + RELEASE_GRACE < now
