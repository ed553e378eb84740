"""Due instants, against a plain reference that walks minute by minute."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.schedule import Rhythm, due_at

UTC = dt.UTC
ZONES = [
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",  # half an hour
    "Asia/Kathmandu",  # a quarter
    "Australia/Adelaide",  # half an hour, southern summer time
    "Australia/Lord_Howe",  # clocks move by half an hour
    "America/Santiago",  # clocks move at midnight
    "Pacific/Auckland",
    "Pacific/Kiritimati",  # +14
    "Pacific/Pago_Pago",  # -11
    "Africa/Cairo",
]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


def reference(rhythm: Rhythm, release: dt.datetime) -> dt.datetime:
    """The first minute at or after the release at which the local clock has just reached the
    hour: it shows it, or it has jumped over it."""
    zone = ZoneInfo(rhythm.zone)
    reached: set[dt.date] = set()
    minute = release.replace(second=0, microsecond=0) - dt.timedelta(days=2)
    while True:
        local = minute.astimezone(zone)
        if local.hour >= rhythm.hour and local.date() not in reached:
            reached.add(local.date())
            fits = rhythm.weekday is None or local.weekday() == rhythm.weekday
            if fits and minute >= release and len(reached) > 1:
                return minute
        minute += dt.timedelta(minutes=15)


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(1, 23),
    weekday=st.none() | st.integers(0, 6),
    release=st.integers(0, 365 * 96).map(
        lambda quarter: at("2026-01-01T00:00") + dt.timedelta(minutes=15 * quarter)
    ),
)
def test_it_is_the_first_wished_hour_at_or_after_the_release(
    zone: str, hour: int, weekday: int | None, release: dt.datetime
) -> None:
    rhythm = Rhythm(zone, hour, weekday)
    assert due_at(rhythm, release) == reference(rhythm, release)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 2, 7, 23])
def test_a_year_of_daily_issues_is_one_a_day_at_the_local_hour(zone: str, hour: int) -> None:
    rhythm = Rhythm(zone, hour)
    new_york = ZoneInfo("America/New_York")
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(365)]
    due = [
        due_at(rhythm, dt.datetime.combine(day, dt.time(1), new_york).astimezone(UTC))
        for day in days
    ]
    # Two fall on one day only where New York's clocks have moved and the zone's have not.
    assert len({instant.astimezone(ZoneInfo(zone)).date() for instant in due}) >= 362
    hours = [instant.astimezone(ZoneInfo(zone)).hour for instant in due]
    assert sum(found != hour for found in hours) <= 1  # the one day whose clocks skip it
    assert due == sorted(due)


@pytest.mark.parametrize(
    ("rhythm", "release", "due"),
    [
        (Rhythm("Europe/Berlin", 7), "2026-02-03T06:00", "2026-02-03T06:00"),
        (Rhythm("Europe/Berlin", 7), "2026-02-03T06:01", "2026-02-04T06:00"),
        (Rhythm("Asia/Kolkata", 7), "2026-02-03T06:00", "2026-02-04T01:30"),
        # Clocks in New York skip 02:00 to 03:00 on 8 March: it begins when 03:00 does.
        (Rhythm("America/New_York", 2), "2026-03-08T05:00", "2026-03-08T07:00"),
        # ... and show 01:00 twice on 1 November: the first counts.
        (Rhythm("America/New_York", 1), "2026-11-01T04:00", "2026-11-01T05:00"),
        # Clocks in Santiago skip midnight on 6 September.
        (Rhythm("America/Santiago", 0), "2026-09-06T00:00", "2026-09-06T04:00"),
        (Rhythm("Not/AZone", 7), "2026-02-03T06:00", "2026-02-03T07:00"),
        (Rhythm("../etc/passwd", 7), "2026-02-03T06:00", "2026-02-03T07:00"),
        (Rhythm("", 7), "2026-02-03T06:00", "2026-02-03T07:00"),
        (Rhythm("UTC", 7, weekday=0), "2026-02-08T06:00", "2026-02-09T07:00"),
        (Rhythm("Pacific/Kiritimati", 7, weekday=0), "2026-02-08T06:00", "2026-02-08T17:00"),
        (Rhythm("Europe/Berlin", 7, as_released=True), "2026-02-03T06:00", "2026-02-03T06:00"),
    ],
)
def test_known_instants(rhythm: Rhythm, release: str, due: str) -> None:
    assert due_at(rhythm, at(release)) == at(due)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("weekday", range(7))
def test_a_weekly_issue_is_due_on_the_day_after_its_last_date(zone: str, weekday: int) -> None:
    for week in range(52):
        sent_on = dt.date(2026, 1, 5) + dt.timedelta(days=7 * week + weekday)
        last_date = sent_on - dt.timedelta(days=1)
        release = dt.datetime.combine(last_date, dt.time(1), ZoneInfo("America/New_York"))
        due = due_at(Rhythm(zone, 7, weekday), release)
        assert due.astimezone(ZoneInfo(zone)).date() == sent_on
