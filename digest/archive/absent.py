"""Days the archive has nothing of, and why: of what is not out yet, nothing else is told."""

from __future__ import annotations

import datetime as dt

from digest import almanac
from digest.arxiv import calendar

NOT_OUT_YET = "The listing of this day has not gone out yet."
#: The same of a listing that is held and of one that was never fetched.
NOT_OUT = "The listing of this day has not gone out here."
_FAR = dt.timedelta(days=366)


def is_thinkable(date: dt.date, now: dt.datetime) -> bool:
    """Whether anybody may reasonably ask for the listing of that date."""
    return calendar.FIRST <= date <= calendar.today(now) + _FAR


def why(date: dt.date, now: dt.datetime) -> str:
    """One sentence why there is no page of that date."""
    if reason := almanac.current().why_none(date, now):
        return reason
    return NOT_OUT_YET if date == calendar.today(now) else NOT_OUT
