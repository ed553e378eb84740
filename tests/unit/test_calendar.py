"""arXiv's calendar, by cases and against a slow and obvious one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.arxiv import calendar
from digest.arxiv.calendar import NEW_YORK, Calendar, Coming

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
    assert reason == "no announcement on Martin Luther King Jr. Day, 19 January 2026"


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


def ny(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """The instant at which New York's clock shows that."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("date", "begin", "end"),
    [
        # Tuesday to Friday: a day each. Monday's is announced on Sunday, Tuesday's has a weekend.
        (dt.date(2026, 2, 4), ny(2026, 2, 2, 14), ny(2026, 2, 3, 14)),
        (dt.date(2026, 2, 6), ny(2026, 2, 4, 14), ny(2026, 2, 5, 14)),
        (dt.date(2026, 2, 9), ny(2026, 2, 5, 14), ny(2026, 2, 6, 14)),
        (dt.date(2026, 2, 10), ny(2026, 2, 6, 14), ny(2026, 2, 9, 14)),
        # After a Monday, a Thursday and a Friday that were holidays.
        (dt.date(2026, 1, 21), ny(2026, 1, 16, 14), ny(2026, 1, 20, 14)),
        (dt.date(2025, 12, 1), ny(2025, 11, 26, 14), ny(2025, 11, 28, 14)),
        (dt.date(2026, 6, 23), ny(2026, 6, 18, 14), ny(2026, 6, 22, 14)),
        # Over both changes of the clock, which make a weekend an hour shorter or longer.
        (dt.date(2026, 3, 10), ny(2026, 3, 6, 14), ny(2026, 3, 9, 14)),
        (dt.date(2026, 11, 3), ny(2026, 10, 30, 14), ny(2026, 11, 2, 14)),
    ],
)
def test_a_listing_announces_what_came_between_two_cut_offs(
    date: dt.date, begin: dt.datetime, end: dt.datetime
) -> None:
    assert ARXIV.submission_window(date) == (begin, end)
    assert ARXIV.listing_of_submission(begin) == date
    assert ARXIV.listing_of_submission(end - dt.timedelta(microseconds=1)) == date
    assert ARXIV.listing_of_submission(end) == ARXIV.listing_after(date)


def test_the_weekend_of_a_change_of_the_clock_is_an_hour_shorter_or_longer() -> None:
    def length(date: dt.date) -> dt.timedelta:
        begin, end = ARXIV.submission_window(date)
        return end - begin

    assert length(dt.date(2026, 2, 10)) == dt.timedelta(hours=72)
    assert length(dt.date(2026, 3, 10)) == dt.timedelta(hours=71)
    assert length(dt.date(2026, 11, 3)) == dt.timedelta(hours=73)


@pytest.mark.parametrize(
    "holiday", [dt.date(2026, 5, 15), dt.date(2026, 5, 16), dt.date(2026, 5, 17)]
)
def test_a_holiday_from_friday_to_sunday_takes_mondays_listing(holiday: dt.date) -> None:
    arxiv = Calendar({holiday: "Founders' Day"})
    assert calendar.weekday_after(holiday) == dt.date(2026, 5, 18)
    found = arxiv.listing_dates(dt.date(2026, 5, 14), dt.date(2026, 5, 20))
    assert [date.day for date in found] == [14, 15, 19, 20]


def test_holidays_in_a_row_take_a_listing_each() -> None:
    arxiv = Calendar({dt.date(2026, 12, day): "winter" for day in (23, 24, 25)})
    found = arxiv.listing_dates(dt.date(2026, 12, 21), dt.date(2026, 12, 31))
    assert [date.day for date in found] == [21, 22, 23, 29, 30, 31]
    assert arxiv.submission_window(dt.date(2026, 12, 29)) == (
        ny(2026, 12, 22, 14),
        ny(2026, 12, 28, 14),
    )


def test_the_next_listing_is_told_with_its_instants() -> None:
    friday = ny(2026, 2, 6, 12)
    assert ARXIV.coming(friday) == Coming(
        date=dt.date(2026, 2, 9),
        announced_at=ny(2026, 2, 8, 20),
        turns_at=ny(2026, 2, 9, 0),
    )
    assert ARXIV.coming(ny(2026, 3, 7, 12)).announced_at == dt.datetime(2026, 3, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "why"),
    [
        (ny(2026, 2, 3, 12), ""),
        (ny(2026, 2, 7, 12), "No listing on a Saturday."),
        (ny(2026, 2, 8, 23), "No listing on a Sunday."),
        (ny(2026, 6, 19, 12), ""),
        (ny(2026, 6, 22, 12), "No announcement on Juneteenth, 19 June 2026."),
    ],
)
def test_why_there_is_none_today(instant: dt.datetime, why: str) -> None:
    assert ARXIV.why_none_today(instant) == why


def test_of_a_coming_date_the_announcement_is_named() -> None:
    monday = dt.date(2026, 2, 9)
    assert ARXIV.why_none(monday, ny(2026, 2, 6, 12)) == (
        "The listing of Monday, 9 February 2026 will be announced on"
        " Sunday, 8 February 2026 at 20:00 in New York."
    )
    assert "is announced; the feeds turn to it" in ARXIV.why_none(monday, ny(2026, 2, 8, 20))
    assert ARXIV.why_none(monday, ny(2026, 2, 9)) == ""


# Against a calendar that walks through every day and keeps what it has seen.

BEGIN, END = dt.date(2024, 1, 1), dt.date(2034, 1, 31)
EVENINGS = (6, 0, 1, 2, 3)  # Sunday to Thursday


def walk(holidays: set[dt.date]) -> dict[dt.date, tuple[dt.datetime, dt.datetime]]:
    """Every listing with its window, from the first whose beginning was seen."""
    listings: dict[dt.date, tuple[dt.datetime, dt.datetime]] = {}
    closed = announced = None
    is_off = False
    date = BEGIN
    while date <= END:
        is_off = is_off or date in holidays
        if date.weekday() < 5:
            closed = ny(date.year, date.month, date.day, 14)
        if date.weekday() in EVENINGS:
            if not is_off:
                if announced and closed:
                    listings[date + dt.timedelta(days=1)] = (announced, closed)
                announced = closed
            is_off = False
        date += dt.timedelta(days=1)
    return listings


@st.composite
def some_holidays(draw: st.DrawFn) -> set[dt.date]:
    """Single days, and days in a row, also over a weekend."""
    runs = draw(st.lists(st.tuples(st.dates(BEGIN, END), st.integers(1, 6)), max_size=40))
    return {first + dt.timedelta(days=n) for first, length in runs for n in range(length)}


CHANGES = [  # of the clock, with the days around them
    ny(year, month, day, hour)
    for year in range(2025, 2033)
    for month, days in ((3, range(7, 16)), (11, range(1, 9)))
    for day in days
    for hour in (1, 4, 13, 14)
]
INSTANTS = st.one_of(
    st.integers(int(ny(2024, 3, 1).timestamp()), int(ny(2033, 11, 1).timestamp())).map(
        lambda seconds: dt.datetime.fromtimestamp(seconds, UTC)
    ),
    st.sampled_from(CHANGES),
    # Exactly at a cut-off, an announcement, a turn.
    st.builds(
        lambda date, hour: ny(date.year, date.month, date.day, hour),
        st.dates(dt.date(2024, 3, 1), dt.date(2033, 11, 1)),
        st.sampled_from([0, 14, 20]),
    ),
)


@settings(max_examples=40)
@given(some_holidays(), st.lists(INSTANTS, min_size=20, max_size=60))
@example(set(), CHANGES)
def test_ten_years_agree_with_the_obvious_calendar(
    holidays: set[dt.date], instants: list[dt.datetime]
) -> None:
    arxiv = Calendar(dict.fromkeys(holidays, "a holiday"))
    listings = walk(holidays)
    dates = sorted(listings)
    assert arxiv.listing_dates(dates[0], dates[-1]) == dates
    windows = [arxiv.submission_window(date) for date in dates]
    assert windows == [listings[date] for date in dates]
    for instant in instants:
        holding = [date for date in dates if listings[date][0] <= instant < listings[date][1]]
        assert [arxiv.listing_of_submission(instant)] == holding
        day = instant.astimezone(NEW_YORK).date()
        assert arxiv.listing_date_of(instant) == max(date for date in dates if date <= day)
        coming = arxiv.coming(instant)
        assert coming.date == arxiv.next_listing(instant) == min(d for d in dates if d > day)
        assert coming.announced_at < coming.turns_at
        assert bool(arxiv.why_none_today(instant)) == (day not in listings)


@settings(max_examples=40)
@given(some_holidays())
def test_the_windows_of_all_listings_leave_no_instant_out_and_share_none(
    holidays: set[dt.date],
) -> None:
    arxiv = Calendar(dict.fromkeys(holidays, "a holiday"))
    dates = arxiv.listing_dates(dt.date(2024, 3, 1), dt.date(2033, 11, 1))
    windows = [arxiv.submission_window(date) for date in dates]
    assert all(begin < end for begin, end in windows)
    assert [end for _, end in windows[:-1]] == [begin for begin, _ in windows[1:]]
    # Nothing is announced before its cut-off.
    for date, (_, end) in zip(dates, windows, strict=True):
        assert end < calendar.announced_at(date) < calendar.turns_at(date)
