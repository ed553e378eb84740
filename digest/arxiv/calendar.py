"""arXiv's calendar: which dates carry a listing, and when one goes out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")

# Days without an announcement, as arXiv publishes them year by year. A year that is missing
# here has weekends only: its holidays then read as missing listings, never as lost papers.
HOLIDAYS = {
    dt.date(2025, 11, 27): "Thanksgiving",
    dt.date(2026, 1, 1): "New Year's Day",
    dt.date(2026, 1, 19): "Martin Luther King Jr. Day",
    dt.date(2026, 6, 19): "Juneteenth",
    dt.date(2026, 7, 3): "Independence Day (observed)",
    dt.date(2026, 9, 7): "Labor Day",
    dt.date(2026, 11, 26): "Thanksgiving",
    dt.date(2026, 12, 25): "Christmas Day",
    dt.date(2026, 12, 29): "winter holidays",
    dt.date(2026, 12, 31): "New Year's Eve",
}

FRIDAY = 4


def holiday(date: dt.date) -> str | None:
    """The name of the day, where arXiv announces nothing on its evening."""
    return HOLIDAYS.get(date)


def why_no_listing(date: dt.date) -> str:
    """Why no listing carries this date; empty where one does.

    What is announced on an evening carries the next weekday's date, so a holiday takes
    away the listing of the weekday after it, not its own.
    """
    if date.weekday() > FRIDAY:
        return "no listing on a " + ("Saturday" if date.weekday() == 5 else "Sunday")
    before = _weekday_before(date)
    name = holiday(before)
    return f"no announcement on {name}, {before.isoformat()}" if name else ""


def today(instant: dt.datetime) -> dt.date:
    """The date in New York, where arXiv's feeds turn at midnight."""
    return instant.astimezone(NEW_YORK).date()


def listing_date_of(instant: dt.datetime) -> dt.date:
    """The date of the listing that is current: the last one begun, on New York's clock."""
    date = today(instant)
    while why_no_listing(date):
        date -= dt.timedelta(days=1)
    return date


def scheduled_release(date: dt.date, deadline: dt.time) -> dt.datetime:
    """The instant, in UTC, at which the clock in New York shows the deadline on that date."""
    return dt.datetime.combine(date, deadline, tzinfo=NEW_YORK).astimezone(dt.UTC)


def _weekday_before(date: dt.date) -> dt.date:
    return date - dt.timedelta(days=3 if date.weekday() == 0 else 1)
