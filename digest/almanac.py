"""arXiv's calendar with the holidays that operators keep in the admin."""

from __future__ import annotations

from digest.arxiv.calendar import Calendar
from digest.models import Holiday


def current() -> Calendar:
    """The calendar as the holidays stand now; one query."""
    return Calendar(dict(Holiday.objects.order_by().values_list("date", "name")))
