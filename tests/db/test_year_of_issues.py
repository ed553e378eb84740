"""A year of issues for readers all over the world, against a plain reference.

The reference knows nothing of the code it checks: it walks through the year in quarters of an
hour, looks what each zone's clocks show, and notes when they first show an hour, or have passed
it. Every change of clocks of these zones lies on such a quarter.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from digest import almanac
from newsletter.delivery import issues, planned_rows
from newsletter.models import Delivery, Issue, Subscriber, Subscription
from tests.make import make_section

pytestmark = pytest.mark.django_db

YEAR = 2026
DAY, QUARTER = dt.timedelta(days=1), dt.timedelta(minutes=15)
ZONES = [
    "UTC",
    "America/New_York",
    "America/St_Johns",  # half an hour, with summer time
    "America/Santiago",  # southern; clocks skip midnight
    "America/Scoresbysund",  # clocks skip the last hour of a day
    "Europe/Berlin",
    "Africa/Casablanca",  # clocks go back for a month
    "Africa/Cairo",  # clocks skip midnight
    "Asia/Kolkata",  # half an hour
    "Asia/Kathmandu",  # three quarters
    "Australia/Adelaide",  # half an hour, southern summer time
    "Australia/Lord_Howe",  # clocks move by half an hour
    "Pacific/Chatham",  # three quarters, southern summer time
    "Pacific/Apia",  # +13
    "Pacific/Kiritimati",  # +14
    "Pacific/Pago_Pago",  # -11
]
# Midnight, the hours in which clocks change (and New York's release), the usual one, the last.
HOURS = [0, 1, 2, 3, 7, 23]
RELEASE = Subscriber.SendWhen.RELEASE

#: By local date and hour, the first instant at which a zone's clocks show or have passed it.
Clock = dict[tuple[dt.date, int], dt.datetime]
Clocks = dict[str, tuple[Clock, set[tuple[dt.date, int]]]]
Due = dict[tuple[int, int], dt.datetime]


def walked(zone: str) -> tuple[Clock, set[tuple[dt.date, int]]]:
    """That clock from a week before the year to a fortnight after it, and the hours it shows."""
    info = ZoneInfo(zone)
    instant = dt.datetime(YEAR, 1, 1, tzinfo=dt.UTC) - 8 * DAY
    end = dt.datetime(YEAR + 1, 1, 1, tzinfo=dt.UTC) + 14 * DAY
    wished = dt.datetime.combine(instant.date() + DAY, dt.time(0))
    reached: Clock = {}
    shown: set[tuple[dt.date, int]] = set()
    while instant < end:
        now = instant.astimezone(info).replace(tzinfo=None)
        if not now.minute:
            shown.add((now.date(), now.hour))
        while wished <= now:
            reached[wished.date(), wished.hour] = instant
            wished += dt.timedelta(hours=1)
        instant += QUARTER
    return reached, shown


@pytest.fixture(scope="module")
def clocks() -> Clocks:
    return {zone: walked(zone) for zone in ZONES}


def wished_instants(reader: Subscriber, clocks: Clocks) -> list[dt.datetime]:
    """All of the year at which this reader wants mail, in order."""
    return sorted(
        instant
        for (date, hour), instant in clocks[reader.timezone][0].items()
        if hour == reader.send_hour
        and (reader.cadence == "daily" or date.weekday() == reader.weekday)
    )


def expected(readers: list[Subscriber], made: list[Issue], clocks: Clocks) -> Due:
    """Each reader's issues; a release is when New York's clocks show one on the last date."""
    due: Due = {}
    for reader in readers:
        instants = wished_instants(reader, clocks)
        for issue in made:
            if issue.cadence == "weekly" and (issue.last_date + DAY).weekday() != reader.weekday:
                continue
            release = clocks["America/New_York"][0][issue.last_date, 1]
            at_hour = instants[bisect.bisect_left(instants, release)]
            due[reader.pk, issue.pk] = release if reader.send_when == RELEASE else at_hour
    return due


def make_readers(cadence: str, wishes: Iterable[tuple[str, int | None, int]]) -> list[Subscriber]:
    """One for each zone, hour (None for the release) and weekday, who follows something."""
    readers = Subscriber.objects.bulk_create(
        Subscriber(
            address=f"{cadence}{number}@example.org",
            identity=f"{cadence}{number}@example.org",
            fingerprint=f"{cadence}{number}",
            status=Subscriber.Status.ACTIVE,
            activated_at=timezone.now(),
            cadence=cadence,
            weekday=weekday,
            timezone=zone,
            send_hour=7 if hour is None else hour,
            send_when=RELEASE if hour is None else Subscriber.SendWhen.HOUR,
        )
        for number, (zone, hour, weekday) in enumerate(wishes)
    )
    section = make_section("cs.DC")
    Subscription.objects.bulk_create(
        Subscription(subscriber=reader, section=section, label="cs.DC") for reader in readers
    )
    return readers


def planned(cadence: str, last_dates: list[dt.date]) -> list[Issue]:
    """All issues of these dates."""
    made = Issue.objects.bulk_create(
        Issue(cadence=cadence, first_date=issues.first_date(cadence, date), last_date=date)
        for date in last_dates
    )
    now = timezone.now()
    for issue in made:
        planned_rows.write(issue, issues.readers(issue), now)
    assert planned_rows.write(made[0], issues.readers(made[0]), now) == 0
    return made


def written() -> Due:
    rows = Delivery.objects.values_list("subscriber", "issue", "due_at", "next_attempt_at")
    found = {(reader, issue): due for reader, issue, due, attempt in rows if due == attempt}
    assert len(found) == len(rows)
    return found


def check_hours(readers: list[Subscriber], found: Due, clocks: Clocks) -> None:
    """The local clock shows the very hour and weekday, but where it skips that hour."""
    by_key = {reader.pk: reader for reader in readers if reader.send_when != RELEASE}
    for (pk, _), due in found.items():
        if (reader := by_key.get(pk)) is None:
            continue
        local = due.astimezone(ZoneInfo(reader.timezone))
        fits = reader.cadence == "daily" or local.weekday() == reader.weekday
        if (local.hour, local.minute, fits) != (reader.send_hour, 0, True):
            reached, shown = clocks[reader.timezone]
            wished = [(local.date() - days * DAY, reader.send_hour) for days in (0, 1)]
            assert [one for one in wished if reached[one] == due and one not in shown], reader


def test_a_year_of_daily_issues_reaches_everybody_once_at_their_own_hour(clocks: Clocks) -> None:
    wishes = [(zone, hour, 0) for zone in ZONES for hour in [*HOURS, None]]
    readers = make_readers("daily", wishes)
    dates = almanac.current().listing_dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))
    assert 245 < len(dates) < 261  # weekends and holidays have none
    made = planned("daily", dates)
    found = written()
    assert found == expected(readers, made, clocks)
    check_hours(readers, found, clocks)


def test_a_year_of_weekly_issues_reaches_everybody_once_at_their_own_hour_and_weekday(
    clocks: Clocks,
) -> None:
    # Clocks change on Fridays, Saturdays and Sundays.
    wishes = [
        (zone, hour, weekday)
        for zone in ZONES
        for weekday in range(7)
        for hour in ([*HOURS, None] if weekday >= 4 else [7, 23])
    ]
    readers = make_readers("weekly", wishes)
    made = planned("weekly", [dt.date(YEAR, 1, 1) + number * DAY for number in range(365)])
    found = written()
    assert found == expected(readers, made, clocks)
    check_hours(readers, found, clocks)


def test_the_zones_have_every_kind_of_change(clocks: Clocks) -> None:
    """Or the year would prove little: hours skipped, at midnight too, and clocks put back."""
    skipped = {
        zone: {hour for date, hour in reached if (date, hour) not in shown}
        for zone, (reached, shown) in clocks.items()
    }
    assert sum(bool(hours) for hours in skipped.values()) >= 9
    assert 0 in skipped["America/Santiago"] & skipped["Africa/Cairo"]
    assert 23 in skipped["America/Scoresbysund"]
    assert not skipped["Asia/Kathmandu"]
