from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.arxiv import calendar
from digest.arxiv.calendar import Calendar

UTC = dt.UTC
ARXIV = Calendar(
    {
        dt.date(2025, 11, 27): "Thanksgiving",
        dt.date(2026, 1, 1): "New Year's Day",
        dt.date(2026, 1, 19): "Martin Luther King Jr. Day",
        dt.date(2026, 6, 19): "Juneteenth",
        dt.date(2026, 7, 3): "Independence Day (observed)",
        dt.date(2026, 12, 25): "Christmas Day",
        dt.date(2026, 12, 29): "winter holidays",
        dt.date(2026, 12, 31): "New Year's Eve",
    }
)


@pytest.mark.parametrize(
    "date",
    ["2026-02-07", "2026-02-08", "2026-01-02", "2026-01-20", "2026-06-22", "2026-07-06",
     "2025-11-28", "2026-12-28", "2026-12-30", "2027-01-01"],
)  # fmt: skip
def test_weekends_and_the_weekday_after_a_holiday_have_no_listing(date: str) -> None:
    assert ARXIV.why_no_listing(dt.date.fromisoformat(date))


@pytest.mark.parametrize(
    "date", ["2026-02-02", "2026-02-06", "2026-01-01", "2026-01-19", "2026-06-19", "2026-12-25"]
)
def test_other_weekdays_have_one_even_a_holiday_itself(date: str) -> None:
    assert ARXIV.why_no_listing(dt.date.fromisoformat(date)) == ""


def test_the_reason_names_the_day() -> None:
    assert ARXIV.why_no_listing(dt.date(2026, 2, 7)) == "no listing on a Saturday"
    reason = ARXIV.why_no_listing(dt.date(2026, 1, 20))
    assert reason == "no announcement on Martin Luther King Jr. Day, 2026-01-19"


@pytest.mark.parametrize(
    ("instant", "date"),
    [
        (dt.datetime(2026, 2, 3, 4, 59, tzinfo=UTC), dt.date(2026, 2, 2)),
        (dt.datetime(2026, 2, 3, 5, 0, tzinfo=UTC), dt.date(2026, 2, 3)),
        (dt.datetime(2026, 7, 15, 3, 59, tzinfo=UTC), dt.date(2026, 7, 14)),
        (dt.datetime(2026, 7, 15, 4, 0, tzinfo=UTC), dt.date(2026, 7, 15)),
        (dt.datetime(2026, 2, 8, 12, 0, tzinfo=UTC), dt.date(2026, 2, 6)),
        (dt.datetime(2026, 1, 20, 12, 0, tzinfo=UTC), dt.date(2026, 1, 19)),
    ],
)
def test_the_listing_turns_at_midnight_in_new_york(instant: dt.datetime, date: dt.date) -> None:
    assert ARXIV.listing_date_of(instant) == date


@pytest.mark.parametrize(("date", "hour"), [(dt.date(2026, 2, 3), 6), (dt.date(2026, 7, 14), 5)])
def test_the_release_follows_new_yorks_clock_through_the_year(date: dt.date, hour: int) -> None:
    instant = calendar.scheduled_release(date, dt.time(1, 0))
    assert instant == dt.datetime(date.year, date.month, date.day, hour, tzinfo=UTC)
    assert instant.tzinfo is UTC


@settings(deadline=None)
@given(st.integers(1_600_000_000, 2_000_000_000))
def test_the_current_listing_is_of_today_or_a_few_days_ago(seconds: int) -> None:
    instant = dt.datetime.fromtimestamp(seconds, UTC)
    date = ARXIV.listing_date_of(instant)
    assert ARXIV.why_no_listing(date) == ""
    assert dt.timedelta(0) <= calendar.today(instant) - date <= dt.timedelta(days=5)
