"""arXiv's calendar: when it announces, which dates carry a listing, and when one goes out.

All clocks are New York's, whatever the season. A submission before 14:00 is announced at 20:00
the same day, Sunday to Thursday; the listing carries the next day's date, and the feeds turn to
it at midnight. https://info.arxiv.org/help/availability.html

Daylight saving begins and ends at two on a Sunday night, so no hour that is meant here is ever
skipped or repeated. Dates before arXiv's first are none of its calendar's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
CUT_OFF = dt.time(14)
ANNOUNCED = dt.time(20)
TURN = dt.time(0)
FRIDAY = 4
FIRST = dt.date(1991, 8, 14)  # arXiv's first day

_DAY = dt.timedelta(days=1)


def today(instant: dt.datetime) -> dt.date:
    """The date in New York, where arXiv's feeds turn at midnight."""
    return instant.astimezone(NEW_YORK).date()


def at(date: dt.date, time: dt.time) -> dt.datetime:
    """The instant, in UTC, at which the clock in New York shows that time on that date."""
    return dt.datetime.combine(date, time, tzinfo=NEW_YORK).astimezone(dt.UTC)


def scheduled_release(date: dt.date, deadline: dt.time) -> dt.datetime:
    """The instant, in UTC, at which a listing goes out by itself."""
    return at(date, deadline)


def announced_at(date: dt.date) -> dt.datetime:
    """The instant at which the listing of a date is announced: the evening before."""
    return at(date - _DAY, ANNOUNCED)


def turns_at(date: dt.date) -> dt.datetime:
    """The instant at which arXiv's feeds turn to the listing of a date."""
    return at(date, TURN)


def weekday_after(date: dt.date) -> dt.date:
    """The next Monday to Friday: of a holiday, the date whose listing it takes away."""
    date += _DAY
    while date.weekday() > FRIDAY:
        date += _DAY
    return date


def spoken(date: dt.date) -> str:
    """Such as 19 June 2026."""
    return f"{date.day} {date:%B} {date.year}"


@dataclass(frozen=True, slots=True)
class Coming:
    """A listing that is still to come."""

    date: dt.date
    announced_at: dt.datetime
    turns_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The dates that carry a listing. ``holidays`` names days without an announcement."""

    holidays: Mapping[dt.date, str] = field(default_factory=dict)

    def why_no_listing(self, date: dt.date) -> str:
        """Why no listing carries this date; empty where one does.

        What is announced on an evening carries the next weekday's date, so a holiday takes
        away the listing of the weekday after it, not its own.
        """
        if date.weekday() > FRIDAY:
            return "no listing on a " + ("Saturday" if date.weekday() == 5 else "Sunday")
        for before in _since_the_weekday_before(date):
            if name := self.holidays.get(before):
                return f"no announcement on {name}, {spoken(before)}"
        return ""

    def why_none(self, date: dt.date, instant: dt.datetime) -> str:
        """One sentence why there is no listing of a date at an instant; empty if there is one."""
        if reason := self.why_no_listing(date):
            return f"{reason[0].upper()}{reason[1:]}."
        whose = f"The listing of {date:%A}, {spoken(date)}"
        eve = date - _DAY
        if instant < announced_at(date):
            return f"{whose} will be announced on {eve:%A}, {spoken(eve)} at 20:00 in New York."
        if instant < turns_at(date):
            return f"{whose} is announced; the feeds turn to it at midnight in New York."
        return ""

    def why_none_today(self, instant: dt.datetime) -> str:
        """The same of the day that it is in New York."""
        return self.why_none(today(instant), instant)

    def has_listing(self, date: dt.date) -> bool:
        return not self.why_no_listing(date)

    def listing_date_of(self, instant: dt.datetime) -> dt.date:
        """The date of the listing that is current: the last one the feeds have turned to."""
        date = today(instant)
        while not self.has_listing(date):
            date -= _DAY
        return date

    def next_listing(self, instant: dt.datetime) -> dt.date:
        """The date of the next listing that the feeds will turn to."""
        return self.listing_after(today(instant))

    def coming(self, instant: dt.datetime) -> Coming:
        """The same with the instants at which it is announced and the feeds turn to it."""
        date = self.next_listing(instant)
        return Coming(date, announced_at(date), turns_at(date))

    def listing_after(self, date: dt.date) -> dt.date:
        date += _DAY
        while not self.has_listing(date):
            date += _DAY
        return date

    def listing_before(self, date: dt.date) -> dt.date:
        date -= _DAY
        while not self.has_listing(date):
            date -= _DAY
        return date

    def listing_dates(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The dates of listings from ``first`` to ``last``, both included."""
        days = (first + number * _DAY for number in range((last - first).days + 1))
        return [date for date in days if self.has_listing(date)]

    def submission_window(self, date: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """From which instant on, and before which, a submission is announced in the listing of
        a date that has one, where no moderator holds it back.

        What a holiday's evening would have announced falls to the next listing.
        """
        return _cut_off(self.listing_before(date)), _cut_off(date)

    def listing_of_submission(self, instant: dt.datetime) -> dt.date:
        """The date of the one listing in whose window an instant lies."""
        local = instant.astimezone(NEW_YORK)
        day = local.date()
        if local.time() >= CUT_OFF:
            day += _DAY
        while day.weekday() > FRIDAY:
            day += _DAY
        return self.listing_after(day)


def _cut_off(date: dt.date) -> dt.datetime:
    """For Monday's listing, announced on Sunday, the last cut-off is Friday's."""
    day = date - _DAY
    while day.weekday() > FRIDAY:
        day -= _DAY
    return at(day, CUT_OFF)


def _since_the_weekday_before(date: dt.date) -> Iterator[dt.date]:
    """The days on whose evenings the listing of a weekday may be announced."""
    for number in range(1, (3 if date.weekday() == 0 else 1) + 1):
        yield date - number * _DAY
