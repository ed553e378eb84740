"""What of a listing is not complete, in one line."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from digest.gaps import Gap, gaps_of, named, told
from digest.models import Coverage
from tests.make import DAY, make_listing

NEXT = DAY + dt.timedelta(days=1)
MATHS = [f"math.A{letter}" for letter in "GHIJKLMNOPQRS"]


def missing(category: str = "cs.DC", reason: str = "HTTP 503") -> Gap:
    return Gap(category, "missing", reason)


def make_gap(category: str, status: str = "missing", date: dt.date = DAY, reason: str = "") -> None:
    Coverage.objects.create(
        listing=make_listing(date), category=category, status=status, reason=reason
    )


@pytest.mark.django_db
def test_the_gaps_of_dates_are_had_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_gap("cs.LG", "stale", reason="the same")
    make_gap("cs.DC", reason="HTTP 503")
    make_gap("cs.AI", "complete")
    make_gap("cs.SE", "empty")
    with django_assert_num_queries(1):
        found = gaps_of([DAY, NEXT])
    assert found == {DAY: (missing(), Gap("cs.LG", "stale", "the same")), NEXT: ()}


def test_what_is_whole_is_not_spoken_of() -> None:
    assert told([]) == ""
    assert told([missing()], categories=[]) == ""


def test_causes_are_named_with_their_categories() -> None:
    gaps = [Gap("cs.LG", "truncated", "x"), *(missing(code) for code in MATHS)]
    assert told(reversed(gaps)) == (
        "Not complete: cs.LG (cut by arXiv at 2,000 entries),"
        " math.AG and 12 more (not fetched: HTTP 503)"
    )


def test_a_few_are_all_named() -> None:
    assert named(missing(code) for code in MATHS[:4]) == (
        "math.AG, math.AH, math.AI, math.AJ (not fetched: HTTP 503)"
    )


def test_many_causes_end_in_a_number() -> None:
    line = told(missing(f"cs.X{number}", f"HTTP 50{number}") for number in range(7))
    assert line.endswith("cs.X3 (not fetched: HTTP 503), 3 more for other reasons")


def test_only_what_somebody_asked_for_is_kept() -> None:
    gaps = [missing("cs.DC"), missing("cs.LG", "not fetched yet")]
    assert told(gaps, {"cs.LG", "cs.AI"}) == "Not complete: cs.LG (not fetched yet)"


@pytest.mark.parametrize(
    ("reason", "public"),
    [
        ("", "not fetched yet"),
        ("not fetched yet", "not fetched yet"),
        ("HTTP 429", "not fetched: HTTP 429"),
        ("HTTP 400: Feed error for query: cs.XX", "not fetched: HTTP 400"),
        ("ReadTimeout: The read operation timed out", "not fetched: arXiv did not answer in time"),
        ("the answer took longer than 120 seconds", "not fetched: arXiv did not answer in time"),
        ("ConnectError: [Errno -2] Name or service not known",
         "not fetched: arXiv could not be reached"),
        ("RemoteProtocolError: Server disconnected", "not fetched: arXiv could not be reached"),
        ("refused to follow a redirect to https://example.org/login?next=1",
         "not fetched: refused to follow a redirect to another address"),
        ("arXiv's feeds are of 2026-02-05 already, and hold no other day",
         "not fetched: the day was over before it was fetched"),
        ("the feed is empty on a day that has a listing", "not fetched: arXiv's feed was empty"),
        ("xml.etree.ParseError: not a feed", "not fetched: not a feed"),
        ("none of the 3 entries could be read", "not fetched: none of the 3 entries could be read"),
    ],
)  # fmt: skip
def test_readers_get_a_reason_in_plain_words(reason: str, public: str) -> None:
    assert named([missing(reason=reason)]) == f"cs.DC ({public})"


def test_operators_get_the_reason_in_full() -> None:
    reason = "ConnectError: https://rss.arxiv.org/atom/cs.DC\nrefused"
    assert told([missing(reason=reason)], full=True) == (
        "Not complete: cs.DC (not fetched: ConnectError: https://rss.arxiv.org/atom/cs.DC refused)"
    )
    stale = Gap("cs.DC", "stale", "the same papers as on 2026-02-02: arXiv has not renewed it")
    assert named([stale], full=True) == f"cs.DC ({stale.reason})"
    assert named([stale]) == "cs.DC (arXiv had not renewed its feed)"


def test_a_long_reason_is_cut_between_words() -> None:
    line = named([missing(reason="it went wrong " * 40)])
    assert len(line) < 90
    assert line.endswith(" it…)")
    assert len(named([missing(reason="it went wrong " * 400)], full=True)) < 340


@given(
    st.lists(
        st.builds(
            Gap,
            st.sampled_from(MATHS),
            st.sampled_from(["missing", "stale", "truncated"]),
            st.text() | st.text().map(lambda text: f"SomeError: http://x.example/{text}"),
        )
    ),
    st.booleans(),
)
def test_whatever_the_reasons_it_is_one_short_line(gaps: list[Gap], full: bool) -> None:
    line = told(gaps, full=full)
    assert line.isprintable()
    assert len(line) < (1600 if full else 600)
    assert bool(line) == bool(gaps)
    assert full or "://" not in line.replace("math.", "")
