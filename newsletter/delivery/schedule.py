"""When a digest is due: the reader's own hour, in their own zone, at or after the release."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = dt.UTC
_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What of a reader's wishes decides the instant; many readers share one.

    ``weekday`` is counted as ``datetime.date.weekday()`` does; None for every day.
    """

    zone: str
    hour: int
    weekday: int | None = None
    as_released: bool = False


def due_at(rhythm: Rhythm, release: dt.datetime) -> dt.datetime:
    """The first wished instant at or after the scheduled ``release``, in UTC."""
    release = release.astimezone(UTC)
    if rhythm.as_released:
        return release
    zone = zone_of(rhythm.zone)
    # A day earlier, because a gap or a moved date line can shift the wished hour past midnight.
    day = release.astimezone(zone).date() - dt.timedelta(days=1)
    while True:
        if rhythm.weekday is None or day.weekday() == rhythm.weekday:
            instant = local_hour(day, rhythm.hour, zone)
            if instant >= release:
                return instant
        day += dt.timedelta(days=1)


def local_hour(day: dt.date, hour: int, zone: ZoneInfo) -> dt.datetime:
    """That hour's beginning, in UTC: of a doubled one the first, of a missing one what follows."""
    wall = dt.datetime.combine(day, dt.time(hour))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first instant whose local time is past ``wall``, which the zone's clocks skip."""
    # Of a skipped time, fold=1 applies the offset from after the gap and so lies before it.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > _MINUTE:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after.replace(second=0, microsecond=0)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The zone; UTC for a name that does not exist (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
