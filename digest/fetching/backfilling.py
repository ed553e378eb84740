"""Which parts of past listings are still to be had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from digest import almanac, covering
from digest.arxiv import calendar
from digest.fetching.followed import followed_since
from digest.fetching.listings import Part
from digest.models import Coverage

#: Older listings are only fetched again by hand.
OLDEST = dt.timedelta(days=14)
#: The same part is not asked for again before.
AGAIN = dt.timedelta(hours=3)
# What could not be had for days will hardly come within hours.
_YOUNG = dt.timedelta(days=3)
_AGAIN_WHEN_OLD = dt.timedelta(hours=12)


def due(now: dt.datetime, categories: Sequence[str]) -> list[Part]:
    """What is not whole of the listings before today's, the latest first, of each category
    since it was first followed."""
    today = calendar.today(now)
    dates = almanac.current().listing_dates(today - OLDEST, today - dt.timedelta(days=1))
    since = followed_since(categories)
    rows = {
        (row.listing_id, row.category): row
        for row in Coverage.objects.filter(listing__in=dates, category__in=categories)
    }
    return [
        (date, category)
        for date in reversed(dates)
        for category in categories
        if category in since and since[category] <= date
        if _is_due(rows.get((date, category)), now, today - date)
    ]


def _is_due(row: Coverage | None, now: dt.datetime, age: dt.timedelta) -> bool:
    if row is None:
        return True
    if row.status in covering.WHOLE:
        return False
    again = AGAIN if age <= _YOUNG else _AGAIN_WHEN_OLD
    return row.reason == covering.NOT_FETCHED or row.checked_at <= now - again
