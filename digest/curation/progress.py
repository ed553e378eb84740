"""When a listing goes out, in a curator's words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from digest.arxiv import calendar
from digest.arxiv.calendar import scheduled_release
from digest.models import Listing
from digest.releasing import OLDEST


@dataclass(frozen=True, slots=True)
class Progress:
    """``told`` such as "goes out at 07:00 UTC, in 2 h 10 min"."""

    told: str
    may_release: bool
    may_hold: bool


def told(listing: Listing, now: dt.datetime) -> Progress:
    status = Listing.Status(listing.status)
    if status == Listing.Status.RELEASED and listing.released_at:
        return Progress(f"released {_instant(listing.released_at)}", False, False)
    if status == Listing.Status.HELD:
        return Progress("held back", may_release=True, may_hold=False)
    due = scheduled_release(listing.date, settings.RELEASE_DEADLINE)
    if due > now:
        return Progress(f"goes out {_instant(due)}, in {_span(due - now)}", True, True)
    if listing.date < calendar.today(now) - OLDEST:
        return Progress("goes out by hand alone, as it is old", True, True)
    if listing.status == Listing.Status.OPEN:
        return Progress(f"was due {_instant(due)}; not complete yet", True, True)
    return Progress(f"was due {_instant(due)}; goes out by itself within minutes", True, True)


def _instant(when: dt.datetime) -> str:
    when = when.astimezone(dt.UTC)
    return f"on {when.day} {when:%B} at {when:%H:%M} UTC"


def _span(span: dt.timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
