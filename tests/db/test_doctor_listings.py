"""`doctor` on listings: late, not whole, arrived late; holidays; when arXiv is not asked."""

from __future__ import annotations

import datetime as dt

import pytest

from digest.models import Coverage, FetchSlot, Holiday
from newsletter import listing_findings
from newsletter.findings import Finding
from tests.make import DAY, announce, make_listing, make_paper

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 2, 3, 17, tzinfo=dt.UTC)  # Tuesday, noon in New York
MONDAY = DAY - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def well() -> None:
    """A house in which nothing is wrong."""
    make_listing(status="released")


def found(now: dt.datetime = NOON, *, note: bool = False) -> list[Finding]:
    return [finding for finding in listing_findings.examine(now) if finding.note == note]


def troubles(now: dt.datetime = NOON) -> list[str]:
    return [finding.what for finding in found(now)]


def notes(now: dt.datetime = NOON) -> list[str]:
    return [finding.what for finding in found(now, note=True)]


def make_coverage(
    category: str, status: str = "missing", date: dt.date = DAY, **fields: str
) -> None:
    listing = make_listing(date, status="released")
    Coverage.objects.create(listing=listing, category=category, status=status, **fields)


@pytest.mark.parametrize("status", ["open", "ready"])
def test_a_listing_past_its_deadline_is_found(status: str) -> None:
    make_listing(status=status)
    assert troubles() == [f"The listing of 2026-02-03 is {status}, past its deadline."]


def test_a_listing_of_which_nothing_has_come_is_found_once_with_the_reason() -> None:
    make_listing(status="open")
    make_coverage("cs.DC", reason="HTTP 503")
    (found,) = troubles()
    assert found == "The listing of 2026-02-03 is not complete: cs.DC (not fetched: HTTP 503)."


def test_a_listing_before_its_deadline_is_not() -> None:
    make_listing(dt.date(2026, 2, 4), status="open")
    assert troubles() == []


def test_a_weekend_and_a_holiday_are_never_overdue() -> None:
    wednesday = dt.datetime(2026, 1, 21, 17, tzinfo=dt.UTC)
    make_listing(dt.date(2026, 1, 21), status="released")
    for day in (17, 18, 20):
        make_listing(dt.date(2026, 1, day), status="open")
    assert troubles(wednesday) == []


def test_a_held_listing_is_worth_a_note() -> None:
    make_listing(status="held", released_at=None)
    assert (troubles(), notes()) == ([], ["The listing of 2026-02-03 is held."])


def test_a_listing_nobody_fetched_is_found() -> None:
    make_listing().delete()
    assert troubles() == ["Nothing is known of the current listing, 2026-02-03."]


def test_what_is_not_complete_is_named_with_its_reason_in_full() -> None:
    make_coverage("cs.AI", "complete")
    make_coverage("cs.DC", reason="ConnectError: refused")
    make_coverage("cs.LG", "truncated", reason="2,000 entries")
    make_coverage("cs.SE", date=MONDAY, reason="HTTP 503")
    monday, today = found()
    assert monday.what == (
        "The listing of 2026-02-02 is not complete: cs.SE (not fetched: HTTP 503)."
    )
    assert monday.remedy.startswith("Run `backfill 2026-02-02`")
    assert today.what == (
        "The listing of 2026-02-03 is not complete: cs.DC (not fetched: ConnectError: refused),"
        " cs.LG (cut by arXiv at 2,000 entries)."
    )
    assert today.remedy.startswith("Run `ingest`,")


def test_what_is_still_being_fetched_is_no_trouble_before_the_deadline() -> None:
    make_coverage("cs.DC", reason="not fetched yet")
    assert troubles(dt.datetime(2026, 2, 3, 5, 20, tzinfo=dt.UTC)) == []
    assert len(troubles(dt.datetime(2026, 2, 3, 6, 40, tzinfo=dt.UTC))) == 1


def test_an_old_gap_is_let_be() -> None:
    make_coverage("cs.DC", date=DAY - dt.timedelta(days=30))
    assert troubles() == []


def test_where_the_listing_page_differs_is_worth_a_note() -> None:
    make_coverage("cs.DC", "complete", differences="2602.00007 is on the page only\nmore\nmore")
    make_coverage("cs.LG", "complete", differences="412 new on the page, 411 in the feed\n")
    assert notes() == [
        "arXiv's listing page of 2026-02-03 differs: cs.DC: 2602.00007 is on the page only and 2"
        " more; cs.LG: 412 new on the page, 411 in the feed."
    ]


def test_papers_that_came_late_are_worth_a_note() -> None:
    late, early, old = make_paper(), make_paper(), make_paper()
    announce(early)
    for paper, category in [(late, "cs.DC"), (late, "cs.LG"), (old, "cs.DC")]:
        announcement = announce(paper, category=category)
        type(announcement).objects.filter(pk=announcement.pk).update(
            batch=1, arrived_at=NOON - dt.timedelta(days=30 if paper == old else 1)
        )
    make_listing(status="released")
    assert notes() == [
        "1 paper of 2026-02-03 arrived after its release; the next issue carries it as late."
    ]


def block(failures: int, reason: str, until: dt.datetime) -> None:
    FetchSlot.objects.create(
        name="arxiv", free_at=NOON, failures=failures, reason=reason, blocked_until=until
    )


def test_a_breaker_that_is_open_is_said_with_its_reason() -> None:
    block(5, "HTTP 429", NOON + dt.timedelta(minutes=4))
    [finding] = found()
    assert finding.what == (
        "arXiv is not asked until 17:04 UTC: 5 requests in a row failed, last: HTTP 429."
    )
    assert "by itself" in finding.remedy


def test_a_first_failure_is_only_worth_a_note() -> None:
    block(1, "HTTP 503", NOON + dt.timedelta(hours=8))
    assert notes() == [
        "arXiv is not asked until 2026-02-04 01:00 UTC: 1 request failed, last: HTTP 503."
    ]
    assert troubles() == []


def test_a_block_that_is_over_is_not_spoken_of() -> None:
    block(5, "HTTP 429", NOON - dt.timedelta(minutes=1))
    assert (troubles(), notes()) == ([], [])


def test_holidays_nobody_has_entered_are_worth_a_note_from_december() -> None:
    december = dt.datetime(2026, 12, 10, 17, tzinfo=dt.UTC)
    make_listing(dt.date(2026, 12, 10), status="released")
    [note] = found(december, note=True)
    assert note.what.startswith("No holidays of 2027 are entered")
    assert "https://info.arxiv.org/help/availability.html" in note.remedy
    Holiday.objects.create(date=dt.date(2027, 1, 1), name="New Year's Day")
    assert notes(december) == []
