"""arXiv's calendar with the holidays that operators keep in the admin."""

from __future__ import annotations

import datetime as dt

from digest.arxiv import calendar
from digest.arxiv.calendar import Calendar
from digest.models import Holiday

#: Where arXiv publishes the days without an announcement, year by year.
HOLIDAYS_URL = "https://info.arxiv.org/help/availability.html"
_DECEMBER = 12


def current() -> Calendar:
    """The calendar as the holidays stand now; one query."""
    return Calendar(dict(Holiday.objects.order_by().values_list("date", "name")))


def years_without_holidays(now: dt.datetime) -> list[int]:
    """This year, and from December the next, where no holiday of it is entered."""
    today = calendar.today(now)
    wanted = [today.year, today.year + 1] if today.month == _DECEMBER else [today.year]
    entered = Holiday.objects.filter(date__year__in=wanted).order_by()
    known = set(entered.values_list("date__year", flat=True))
    return [year for year in wanted if year not in known]
