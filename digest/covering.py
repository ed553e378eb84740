"""How whole our copy of a listing is, category by category."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from digest import almanac
from digest.arxiv.announcing import Row
from digest.models import Coverage, Listing

# A coverage is only ever replaced by a better one.
_RANK = {
    Coverage.Status.MISSING: 0,
    Coverage.Status.STALE: 1,
    Coverage.Status.TRUNCATED: 2,
    Coverage.Status.EMPTY: 3,
    Coverage.Status.COMPLETE: 4,
}


#: The reason of a category that nobody has asked arXiv for yet.
NOT_FETCHED = "not fetched yet"


def lacks(date: dt.date) -> bool:
    """Whether something is known to be missing of the listing of a date."""
    done = [Coverage.Status.COMPLETE, Coverage.Status.EMPTY]
    return Coverage.objects.filter(listing=date).exclude(status__in=done).exists()


def is_being_fetched(date: dt.date) -> bool:
    """Whether there are categories that arXiv has not been asked for yet."""
    waiting = Coverage.objects.filter(listing=date, status=Coverage.Status.MISSING)
    return waiting.filter(reason=NOT_FETCHED).exists()


def whole(date: dt.date) -> set[str]:
    """The categories of which nothing is missing on that date."""
    done = [Coverage.Status.COMPLETE, Coverage.Status.EMPTY]
    found = Coverage.objects.filter(listing=date, status__in=done)
    return set(found.values_list("category", flat=True))


@transaction.atomic
def mark_missing(date: dt.date, category: str, reason: str) -> None:
    """Keeps why a category's part of a listing could not be had, unless something of it is."""
    listing, _ = Listing.objects.get_or_create(date=date)
    cover(listing, (category,), [], Coverage.Status.MISSING, reason)


@transaction.atomic
def mark_empty(date: dt.date, categories: Sequence[str]) -> None:
    """Keeps that the calendar has no listing on that date."""
    listing, _ = Listing.objects.get_or_create(date=date)
    cover(listing, categories, [], Coverage.Status.EMPTY, almanac.current().why_no_listing(date))


def cover(
    listing: Listing, asked: Iterable[str], rows: Sequence[Row], status: str, reason: str
) -> None:
    """Writes how whole each asked category is, where that is better than what is known."""
    known = {row.category: row for row in Coverage.objects.filter(listing=listing)}
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.category] = counts.get(row.category, 0) + 1
    new = []
    for category in asked:
        entries, coverage = counts.get(category, 0), known.get(category)
        if coverage is None:
            new.append(
                Coverage(
                    listing=listing,
                    category=category,
                    status=status,
                    reason=reason,
                    entries=entries,
                )
            )
        elif _better(coverage, status, reason, entries):
            coverage.status, coverage.reason, coverage.entries = status, reason, entries
            coverage.save()
    Coverage.objects.bulk_create(new, ignore_conflicts=True)


def _better(coverage: Coverage, status: str, reason: str, entries: int) -> bool:
    rank, known = _RANK[Coverage.Status(status)], _RANK[Coverage.Status(coverage.status)]
    if rank != known:
        return rank > known
    return entries > coverage.entries or (entries == coverage.entries and reason != coverage.reason)
