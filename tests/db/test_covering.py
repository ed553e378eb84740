"""Coverage: one row per category from the start, which never gets worse, whoever writes."""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from digest import almanac, covering
from digest.arxiv.announcing import Row
from digest.arxiv.calendar import Calendar
from digest.covering import NOT_FETCHED, cover, expect, follow_calendar, lacks
from digest.models import Coverage, Holiday, Listing
from tests.make import DAY, make_listing

SATURDAY = dt.date(2026, 2, 7)
AFTER_JUNETEENTH = dt.date(2026, 6, 22)
JUNETEENTH = "no announcement on Juneteenth, 19 June 2026"
RANKED = ["missing", "stale", "empty", "truncated", "complete"]  # from worst to best


def rows(date: dt.date = DAY) -> dict[str, tuple[str, str]]:
    found = Coverage.objects.filter(listing=date).order_by("category")
    return {row.category: (row.status, row.reason) for row in found}


def entries(count: int, category: str = "cs.DC") -> list[Row]:
    return [Row(f"2602.{number:05d}", category, "new", 1) for number in range(count)]


def cover_one(status: str, reason: str = "", count: int = 0, source: str = "") -> None:
    cover(make_listing(), ["cs.DC"], entries(count), status, reason, source)


@pytest.mark.django_db
def test_every_followed_category_is_missing_from_the_start() -> None:
    expect(DAY, ["cs.LG", "cs.DC"])
    assert rows() == {"cs.DC": ("missing", NOT_FETCHED), "cs.LG": ("missing", NOT_FETCHED)}
    assert Listing.objects.get(date=DAY).status == "open"
    assert lacks(DAY)


@pytest.mark.django_db
def test_expecting_again_takes_nothing_away_and_adds_what_is_new() -> None:
    expect(DAY, ["cs.DC"])
    cover_one("complete", count=3, source="atom")
    covering.mark_missing(DAY, "cs.LG", "HTTP 503")
    expect(DAY, ["cs.DC", "cs.LG", "cs.SE"])
    assert rows() == {
        "cs.DC": ("complete", ""),
        "cs.LG": ("missing", "HTTP 503"),
        "cs.SE": ("missing", NOT_FETCHED),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("date", "reason"),
    [(SATURDAY, "no listing on a Saturday"), (AFTER_JUNETEENTH, JUNETEENTH)],
)
def test_on_a_day_without_a_listing_all_are_empty_by_calendar(date: dt.date, reason: str) -> None:
    expect(date, ["cs.DC", "cs.LG"])
    assert rows(date) == {"cs.DC": ("empty", reason), "cs.LG": ("empty", reason)}
    assert not lacks(date)


@pytest.mark.django_db
def test_what_failed_on_a_day_that_turns_out_to_have_no_listing_is_explained() -> None:
    for category, status in [("cs.AI", "missing"), ("cs.DC", "stale"), ("cs.LG", "truncated")]:
        listing = make_listing(AFTER_JUNETEENTH)
        cover(listing, [category], entries(2, category), status, "it failed")
    expect(AFTER_JUNETEENTH, ["cs.AI"])
    assert rows(AFTER_JUNETEENTH) == {
        "cs.AI": ("empty", JUNETEENTH),
        "cs.DC": ("empty", JUNETEENTH),
        "cs.LG": ("truncated", "it failed"),
    }


@pytest.mark.django_db
def test_expecting_what_is_expected_costs_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    codes = [f"cs.X{number}" for number in range(100)]
    with django_assert_num_queries(4):
        expect(DAY, codes)
    with django_assert_num_queries(2):
        expect(DAY, codes)
    with django_assert_num_queries(1):
        expect(DAY, codes, calendar=Calendar())
    assert len(rows()) == 100


@pytest.mark.django_db
def test_a_date_lacks_something_until_all_that_is_expected_of_it_is_whole() -> None:
    assert not lacks(DAY)  # nothing is expected of it
    expect(DAY, ["cs.DC", "cs.LG"])
    cover_one("complete", count=1)
    assert lacks(DAY)
    cover(make_listing(), ["cs.LG"], [], "empty", "a quiet day")
    assert not lacks(DAY)


@pytest.mark.django_db
@pytest.mark.parametrize(("known", "comes"), [*itertools.product(RANKED, RANKED)])
def test_only_a_better_state_replaces_another(known: str, comes: str) -> None:
    cover_one(known, "before", count=2, source="atom")
    cover_one(comes, "after", count=1, source="page")
    row = Coverage.objects.get()
    if RANKED.index(comes) > RANKED.index(known):
        assert (row.status, row.reason, row.entries, row.source) == (comes, "after", 1, "page")
    else:
        assert (row.status, row.reason, row.entries, row.source) == (known, "before", 2, "atom")


@pytest.mark.django_db
def test_a_changed_reason_is_kept_and_the_same_again_changes_nothing() -> None:
    cover_one("missing", "HTTP 503")
    before = Coverage.objects.values().get()
    cover_one("missing", "HTTP 503")
    assert Coverage.objects.values().get() == before
    cover_one("missing", "HTTP 504")
    assert rows() == {"cs.DC": ("missing", "HTTP 504")}
    assert Coverage.objects.get().checked_at > before["checked_at"]


@pytest.mark.django_db
def test_more_entries_of_the_same_state_are_better() -> None:
    cover_one("truncated", count=2, source="rss")
    cover_one("truncated", count=3, source="page")
    cover_one("truncated", count=1, source="atom")
    row = Coverage.objects.get()
    assert (row.entries, row.source) == (3, "page")


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(RANKED), st.sampled_from(["", "a", "b"]), st.integers(0, 3)),
        max_size=8,
    )
)
def test_whatever_comes_in_whatever_order_a_row_never_gets_worse(
    states: list[tuple[str, str, int]],
) -> None:
    Coverage.objects.all().delete()
    best = (-1, -1)
    for status, reason, count in states:
        cover_one(status, reason, count)
        row = Coverage.objects.get()
        now = (RANKED.index(row.status), row.entries)
        assert now == max(best, (RANKED.index(status), count))
        best = now
        expect(DAY, ["cs.DC"])
        assert (RANKED.index(Coverage.objects.get().status), row.entries) == best


@pytest.mark.django_db
def test_who_comes_between_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker completes the row after ours has been read and before it is written."""
    cover_one("missing", "HTTP 503")
    real = covering._update

    def late(listing: Listing, codes: list[str], state: covering._State) -> None:
        Coverage.objects.update(status="complete", entries=5, source="atom")
        real(listing, codes, state)

    monkeypatch.setattr(covering, "_update", late)
    cover_one("truncated", "2,000 entries", count=3)
    row = Coverage.objects.get()
    assert (row.status, row.entries, row.source) == ("complete", 5, "atom")


@pytest.mark.django_db
def test_who_expects_between_is_bettered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker adds the row as missing after ours has found none."""
    real = covering._insert

    def early(date: dt.date, states: dict[str, covering._State]) -> None:
        missing = covering._State("missing", NOT_FETCHED, 0, "")
        real(date, dict.fromkeys(states, missing))
        real(date, states)

    monkeypatch.setattr(covering, "_insert", early)
    cover_one("complete", count=2, source="atom")
    row = Coverage.objects.get()
    assert (row.status, row.entries, row.source) == ("complete", 2, "atom")


@pytest.fixture
def for_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that threads share: SQLite's in memory belongs to one, so they get a file."""
    if connection.vendor == "sqlite":
        file = tmp_path / "db.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
            # As `migrate` leaves it: to turn it takes a lock that no other connection waits for.
            copy.execute("PRAGMA journal_mode=WAL")
        monkeypatch.setitem(connection.settings_dict, "NAME", str(file))


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each gives, run at the same time, each on a connection of its own."""
    start = threading.Barrier(len(acts), timeout=30)

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("for_threads")
def test_workers_at_once_leave_one_row_each_in_the_best_state() -> None:
    codes = [f"cs.X{number}" for number in range(8)]

    def complete() -> None:
        for _ in range(5):
            listing, _ = Listing.objects.get_or_create(date=DAY)
            cover(listing, codes[:4], entries(2, codes[0]), "complete", "", "atom")

    def fail() -> None:
        for code in reversed(codes * 3):
            covering.mark_missing(DAY, code, "HTTP 503")

    def expect_all() -> None:
        for _ in range(10):
            expect(DAY, codes)

    at_once(expect_all, lambda: expect(DAY, codes[::-1]), complete, fail, fail)
    [found] = at_once(rows)
    whole = dict.fromkeys(codes[:4], ("complete", ""))
    assert found == whole | dict.fromkeys(codes[4:], ("missing", "HTTP 503"))


@pytest.mark.django_db
def test_a_holiday_that_is_entered_explains_and_one_that_is_deleted_no_longer_does() -> None:
    date = dt.date(2026, 5, 18)
    expect(date, ["cs.DC", "cs.LG"])
    cover(make_listing(date), ["cs.LG"], entries(1, "cs.LG"), "complete", "")
    holiday = Holiday.objects.create(date=dt.date(2026, 5, 15), name="Founders' Day")
    follow_calendar(date)
    reason = "no announcement on Founders' Day, 15 May 2026"
    assert rows(date) == {"cs.DC": ("empty", reason), "cs.LG": ("complete", "")}
    Holiday.objects.update(name="Day of Founders")
    follow_calendar(date)
    assert rows(date)["cs.DC"] == ("empty", "no announcement on Day of Founders, 15 May 2026")
    holiday.delete()
    follow_calendar(date)
    assert rows(date) == {"cs.DC": ("missing", NOT_FETCHED), "cs.LG": ("complete", "")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "years"),
    [
        (dt.datetime(2026, 11, 30, tzinfo=dt.UTC), []),
        (dt.datetime(2026, 12, 1, 4, tzinfo=dt.UTC), []),  # still November in New York
        (dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC), [2027]),
        (dt.datetime(2027, 7, 1, tzinfo=dt.UTC), [2027]),
        (dt.datetime(2027, 12, 31, tzinfo=dt.UTC), [2027, 2028]),
    ],
)
def test_a_year_without_holidays_is_known_from_the_december_before(
    now: dt.datetime, years: list[int]
) -> None:
    assert almanac.years_without_holidays(now) == years
