"""What an issue carries: the listings of its own dates, and what came late to those before.

Written down once, when the issue is planned (``newsletter.delivery.settling``); until then it
is reckoned as it would be now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from digest.models import Listing
from newsletter.models import Cadence, Issue, IssueListing

#: Papers that arrive later than this after their listing's date are left to the archive.
LATE_WITHIN = dt.timedelta(days=30)
_WEEK = 7


def carried(issues: Sequence[Issue], *, unreleased: bool = False) -> list[list[IssueListing]]:
    """For each issue what it carries, by date; one query where all are planned."""
    rows: dict[int, list[IssueListing]] = {}
    saved = [issue.pk for issue in issues if issue.pk]
    for row in IssueListing.objects.filter(issue__in=saved).order_by("listing"):
        rows.setdefault(row.issue_id, []).append(row)
    return [
        rows.get(issue.pk or 0) or would_carry(issue, unreleased=unreleased) for issue in issues
    ]


def would_carry(issue: Issue, *, unreleased: bool = False) -> list[IssueListing]:
    """What it would carry if it was planned now; rows that are not saved.

    ``unreleased`` takes listings that are not released yet as if they were, for a preview.
    """
    own = Listing.objects.filter(date__range=(issue.first_date, issue.last_date)).order_by("date")
    if unreleased:
        own = own.exclude(status=Listing.Status.HELD)
    else:
        own = own.filter(status=Listing.Status.RELEASED)
    rows = [IssueListing(issue=issue, listing=one, last_batch=one.batches) for one in own]
    return [*rows, *_late(issue)] if rows else []


def earlier(issue: Issue) -> QuerySet[Listing]:
    """The released listings whose late papers it may carry."""
    return Listing.objects.filter(
        status=Listing.Status.RELEASED,
        date__gte=issue.first_date - LATE_WITHIN,
        date__lt=issue.first_date,
    )


def _late(issue: Issue) -> list[IssueListing]:
    """What no issue of the same rhythm has carried of the listings before."""
    listings = list(earlier(issue).order_by("date"))
    if not any(listing.batches for listing in listings) and issue.cadence == Cadence.DAILY:
        return []  # the usual day
    known = _same_rhythm(issue)
    done = _carried_to(known, listings)
    late = []
    for listing in listings:
        first = done.get(listing.date)
        if first is not None and first <= listing.batches:
            late.append(
                IssueListing(
                    issue=issue,
                    listing=listing,
                    first_batch=first,
                    last_batch=listing.batches,
                    is_late=True,
                )
            )
    return late


def _same_rhythm(issue: Issue) -> list[Issue]:
    """Other issues for the same readers; weekly ones of the same weekday."""
    others = Issue.objects.filter(
        cadence=issue.cadence, last_date__gte=issue.first_date - LATE_WITHIN
    ).exclude(pk=issue.pk)
    if issue.cadence == Cadence.DAILY:
        return list(others)
    return [other for other in others if (other.last_date - issue.last_date).days % _WEEK == 0]


def _carried_to(issues: Iterable[Issue], listings: Iterable[Listing]) -> dict[dt.date, int]:
    """The first batch of each listing that these issues have not carried; nothing for a listing
    that none of them was about.

    One that was held back when the issue of its dates was planned comes as a whole.
    """
    rows = IssueListing.objects.filter(issue__in=[issue.pk for issue in issues])
    settled: set[int] = set()
    next_batch: dict[dt.date, int] = {}
    for issue_id, date, last in rows.values_list("issue_id", "listing_id", "last_batch"):
        settled.add(issue_id)
        next_batch[date] = max(next_batch.get(date, 0), last + 1)
    for listing in listings:
        about = [one for one in issues if one.first_date <= listing.date <= one.last_date]
        if about and listing.date not in next_batch:
            # Issues planned before this was written down carried what there was.
            next_batch[listing.date] = 0 if any(one.pk in settled for one in about) else 1
    return next_batch
