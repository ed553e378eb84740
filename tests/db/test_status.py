"""`status`: how things stand, as values, as text and as JSON."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from digest import covering
from digest.models import Coverage
from newsletter import probes
from newsletter.models import Delivery, Issue, Notice
from newsletter.status import status
from tests.make import DAY, announce, make_listing, make_paper, make_subscriber

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 2, 3, 17, tzinfo=dt.UTC)  # Tuesday, noon in New York


@pytest.fixture(autouse=True)
def _broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "broker", lambda: "")


def output(*arguments: str) -> str:
    out = io.StringIO()
    call_command("status", *arguments, stdout=out)
    return out.getvalue()


def make_issue() -> None:
    issue = Issue.objects.create(cadence="daily", first_date=DAY, last_date=DAY)
    for state in ["queued", "queued", "sent"]:
        Delivery.objects.create(
            issue=issue, subscriber=make_subscriber(), status=state, due_at=NOON,
            next_attempt_at=NOON, sent_at=NOON,
        )  # fmt: skip


def test_an_empty_house_has_a_status() -> None:
    standing = status(NOON)
    assert (standing.listings, standing.issues) == ((), ())
    assert standing.subscribers == {"pending": 0, "active": 0, "paused": 0, "unsubscribed": 0}
    assert "No listing yet." in output()


def test_the_calendar_names_the_next_listing_and_release() -> None:
    standing = status(NOON)
    assert standing.current_listing == DAY
    assert standing.next_listing == dt.date(2026, 2, 4)
    assert standing.next_release == dt.datetime(2026, 2, 4, 6, tzinfo=dt.UTC)


def test_before_todays_deadline_the_next_release_is_todays() -> None:
    early = dt.datetime(2026, 2, 3, 5, 30, tzinfo=dt.UTC)
    assert status(early).next_release == dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC)


def test_a_weekend_has_none_to_come_before_monday() -> None:
    friday = dt.datetime(2026, 2, 6, 17, tzinfo=dt.UTC)
    assert status(friday).next_listing == dt.date(2026, 2, 9)
    assert status(friday).next_announcement == dt.datetime(2026, 2, 9, 1, tzinfo=dt.UTC)


def test_a_day_without_a_listing_says_why() -> None:
    saturday = dt.datetime(2026, 2, 7, 17, tzinfo=dt.UTC)
    assert status(saturday).why_none_today == "No listing on a Saturday."
    assert status(NOON).why_none_today == ""
    with time_machine.travel(saturday, tick=False):
        assert "None today: No listing on a Saturday." in output()


def test_a_listing_is_counted_and_its_gaps_are_named() -> None:
    announce(make_paper())
    announce(make_paper())
    listing = make_listing(status="ready")
    for category, state in [("cs.AI", "complete"), ("cs.DC", "missing"), ("cs.LG", "truncated")]:
        Coverage.objects.create(
            listing=listing, category=category, status=state, reason="[Errno 111] refused"
        )
    [found] = status(NOON).listings
    assert (found.date, found.status, found.announcements, found.categories) == (DAY, "ready", 2, 3)
    assert found.not_whole == ("cs.DC missing", "cs.LG truncated")
    assert found.gaps == (
        "Not complete: cs.DC (not fetched: [Errno 111] refused),"
        " cs.LG (cut by arXiv at 2,000 entries)"
    )
    assert f"2026-02-03  {found.gaps}\n" in output()
    assert "1 of 3 whole" in output()


def test_a_listing_that_the_calendar_does_not_have_says_why() -> None:
    covering.expect(dt.date(2026, 2, 7), ["cs.AI", "cs.DC"])
    [found] = status(NOON).listings
    assert (found.empty, found.not_whole, found.gaps) == ("no listing on a Saturday", (), "")
    assert "no listing on a Saturday" in output()


def test_deliveries_and_subscribers_are_counted_by_state() -> None:
    make_issue()
    make_subscriber(status="pending", activated_at=None)
    standing = status(NOON)
    assert standing.subscribers["active"] == 3
    assert standing.subscribers["pending"] == 1
    [issue] = standing.issues
    assert (issue.deliveries["queued"], issue.deliveries["sent"]) == (2, 1)


def test_a_paused_issue_is_named_and_what_is_not_kept_any_more_is_counted() -> None:
    make_issue()
    why = "20 deliveries in a row failed; the last reply: 550 [x] no"
    Issue.objects.update(paused_at=NOON, paused_because=why, counts={"sent": 4})
    [issue] = status(NOON).issues
    assert (issue.paused_at, issue.paused_because) == (NOON, why)
    assert (issue.deliveries["queued"], issue.deliveries["sent"]) == (2, 5)
    told = f"daily 2026-02-03 is paused since Tue 03 Feb 2026 17:00 UTC: {why}\n"
    assert told in output()
    assert json.loads(output("--format", "json"))["issues"][0]["paused_because"] == why


def test_queued_notices_are_counted_with_the_oldest() -> None:
    Notice.objects.create(
        kind="confirm", address="a@example.org", fingerprint="f", due_at=NOON,
        next_attempt_at=NOON, expires_at=NOON,
    )  # fmt: skip
    standing = status(NOON)
    assert (standing.notices["queued"], standing.oldest_queued_notice) == (1, NOON)
    assert "1 queued" in output()


def test_the_json_holds_the_same() -> None:
    announce(make_paper())
    make_issue()
    found = json.loads(output("--format", "json"))
    assert found["listings"][0]["date"] == "2026-02-03"
    assert found["issues"][0]["deliveries"]["queued"] == 2
    assert found["subscribers"]["active"] == 3
    assert found["broker"] == ""


def test_a_broker_that_is_silent_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "broker", lambda: "the broker does not answer: refused")
    assert "the broker does not answer: refused" in output()


def test_without_a_database_one_clear_line_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "database", lambda: "migrations are missing: digest.0002_house")
    with pytest.raises(CommandError, match="migrations are missing"):
        output()


def test_the_status_costs_the_same_however_much_there_is(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for days in range(9):
        announce(make_paper(), DAY - dt.timedelta(days=days))
    make_issue()
    with django_assert_max_num_queries(12):
        status(NOON)
