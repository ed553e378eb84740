"""Listings fetched category by category, one failure never harming another."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Q
from django.utils import timezone

from digest import almanac, covering, pacing
from digest.arxiv import calendar, taxonomy
from digest.fetching import asking, client
from digest.fetching.client import Arxiv, Hosts
from digest.fetching.errors import FetchError
from digest.fetching.rounds import Fetched, Round
from digest.fetching.sources import Sources
from digest.models import Coverage

Part = tuple[dt.date, str]


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What became of each part; ``left`` are those that time did not suffice for, ``until`` is
    set if arXiv may not be asked before then."""

    parts: tuple[Fetched, ...]
    left: tuple[Part, ...] = ()
    until: dt.datetime | None = None

    @property
    def failed(self) -> tuple[Fetched, ...]:
        return tuple(fetched for fetched in self.parts if fetched.error)

    @property
    def brought(self) -> tuple[dt.date, ...]:
        """The dates of which something came that was not there."""
        return tuple(sorted({fetched.date for fetched in self.parts if fetched.brought}))


def fetch_listing(
    date: dt.date,
    categories: Sequence[str],
    *,
    hosts: Hosts | None = None,
    interval: dt.timedelta | None = None,
    again_after: dt.timedelta | None = None,
    seconds: float | None = None,
    on_done: Callable[[Fetched], None] = lambda fetched: None,
) -> FetchReport:
    """Fetches each category's part of a listing and stores it.

    What is whole is not asked for, and where the calendar has no listing nothing is.
    Raises UnknownCategory, and FetchError for a date still to come.
    """
    parts = [(date, code) for code in taxonomy.expand(categories)]
    return fetch_parts(
        parts,
        hosts=hosts,
        interval=interval,
        again_after=again_after,
        seconds=seconds,
        on_done=on_done,
    )


def fetch_parts(
    parts: Sequence[Part],
    *,
    hosts: Hosts | None = None,
    interval: dt.timedelta | None = None,
    again_after: dt.timedelta | None = None,
    seconds: float | None = None,
    on_done: Callable[[Fetched], None] = lambda fetched: None,
) -> FetchReport:
    """The same for categories of many dates, over one connection.

    What was asked for less than ``again_after`` ago is skipped. After ``seconds`` nothing more
    is begun, and once arXiv may not be asked any more nothing else is.
    """
    _expect(parts)
    end = None if seconds is None else time.monotonic() + seconds
    done: list[Fetched] = []
    until: dt.datetime | None = None
    with client.connect(hosts, interval) as arxiv:
        rounds: dict[dt.date, Round] = {}
        for place, (date, category) in enumerate(parts):
            if end is not None and time.monotonic() > end:
                return FetchReport(tuple(done), tuple(parts[place:]), until)
            fetched = _fetch(arxiv, rounds, date, category, again_after)
            until = fetched.until or until
            on_done(fetched)
            done.append(fetched)
    return FetchReport(tuple(done), until=until)


def _expect(parts: Sequence[Part]) -> None:
    arxiv, today = almanac.current(), calendar.today(timezone.now())
    for date in sorted({date for date, _ in parts}):
        if date > today:
            raise FetchError(f"the listing of {date} is still to come")
        codes = [category for day, category in parts if day == date]
        covering.expect(date, codes, calendar=arxiv)


def _fetch(
    arxiv: Arxiv,
    rounds: dict[dt.date, Round],
    date: dt.date,
    category: str,
    again_after: dt.timedelta | None,
) -> Fetched:
    now = timezone.now()
    rows = Coverage.objects.filter(listing=date, category=category)
    if rows.filter(status__in=covering.WHOLE).exists():
        return Fetched(date, category, skipped=True)
    if closed := pacing.blocked(now):
        return Fetched(date, category, error=str(closed), until=closed.until)
    # An UPDATE that only one worker wins, so that two who come at once do not both ask.
    if again_after is not None and not rows.filter(_may_be_asked(now - again_after)).update(
        checked_at=now
    ):
        return Fetched(date, category, skipped=True)
    if date not in rounds:
        sources = Sources(arxiv.hosts, partial(asking.get, arxiv))
        rounds[date] = Round(sources, almanac.current(), date, now)
    fetched = rounds[date].fetch(category)
    rows.update(checked_at=timezone.now())
    return fetched


def _may_be_asked(before: dt.datetime) -> Q:
    return Q(checked_at__lte=before) | Q(reason=covering.NOT_FETCHED)
