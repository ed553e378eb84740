"""The commands send_issue and delivery_report, with the real composer and a real outbox."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from digest.models import Listing
from newsletter.delivery import planning, suppression
from newsletter.delivery.transports import outbox
from newsletter.models import Delivery, Issue, Notice, Subscriber, Suppression
from tests.db.mailing import NOON, make_reader, release
from tests.make import (
    DAY,
    announce,
    make_listing,
    make_paper,
    make_section,
    make_section_listing,
    make_subscriber,
    make_summary,
    subscribe,
)

pytestmark = pytest.mark.django_db

SUNDAY = dt.date(2026, 2, 8)


@pytest.fixture(autouse=True)
def box(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_URL = f"outbox://{tmp_path / 'outbox'}"
    return tmp_path / "outbox"


@pytest.fixture
def day() -> Listing:
    """A released listing with two papers in cs.DC."""
    papers = [make_paper(), make_paper()]
    for paper in papers:
        announce(paper)
        make_summary(paper)
    make_section_listing(make_section("cs.DC"), papers)
    return release()


def run(*arguments: str, now: dt.datetime = NOON) -> str:
    out = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("send_issue", *arguments, stdout=out)
    return out.getvalue()


def subjects(box: Path) -> list[str]:
    return [entry.recipient for entry in outbox.entries(box)]


def test_an_issue_is_planned_and_sent(day: Listing, box: Path) -> None:
    make_reader("one@example.org")
    told = run("--date", "2026-02-03")
    assert told == "daily 2026-02-03: 1 planned\n  sent: 1\n"
    (entry,) = outbox.entries(box)
    assert entry.recipient == "one@example.org"
    row = Delivery.objects.get()
    assert (row.papers_shown, row.message_id) == (2, entry.message_id)
    assert row.size == entry.size


def test_sending_again_sends_nothing_and_says_so(day: Listing, box: Path) -> None:
    make_reader("one@example.org")
    run("--date", "2026-02-03")
    told = run("--date", "2026-02-03", "--now")
    assert told == "daily 2026-02-03: nothing left to send\n  sent: 1\n"
    assert len(outbox.entries(box)) == 1


def test_what_is_not_due_waits_unless_it_is_to_go_now(day: Listing, box: Path) -> None:
    make_reader(send_hour=20)
    told = run("--date", "2026-02-03")
    assert told == (
        "daily 2026-02-03: 1 planned\n  queued: 1, the last of them due 2026-02-03 20:00 UTC\n"
    )
    assert run("--date", "2026-02-03", "--now") == "daily 2026-02-03: 0 planned\n  sent: 1\n"
    assert Delivery.objects.get().mail_date == NOON


def test_a_dry_run_changes_nothing(day: Listing, box: Path) -> None:
    make_reader()
    assert run("--date", "2026-02-03", "--dry-run") == "daily 2026-02-03: 1 would be planned\n"
    assert not Issue.objects.exists()
    assert outbox.entries(box) == []


def test_a_reader_whose_sections_found_nothing_is_skipped_with_the_reason(
    day: Listing, box: Path
) -> None:
    reader = make_subscriber()
    subscribe(reader, make_section("math.AG"))
    told = run("--date", "2026-02-03")
    assert "skipped: 1" in told
    assert "1 x empty: 2 papers looked at" in told


def test_one_reader_gets_an_issue_of_another_cadence(day: Listing, box: Path) -> None:
    make_reader("daily@example.org")
    told = run("--date", "2026-02-08", "--to", "Daily@Example.org", "--now")
    assert told.startswith("weekly 2026-02-02 to 2026-02-08: 1 planned")
    assert subjects(box) == ["daily@example.org"]


def test_with_two_issues_one_reader_gets_that_of_their_cadence(day: Listing, box: Path) -> None:
    make_reader("weekly@example.org", cadence="weekly")
    told = run("--date", "2026-02-03", "--to", "weekly@example.org", "--now")
    assert told.startswith("weekly 2026-01-28 to 2026-02-03")
    told = run("--date", "2026-02-03", "--to", "weekly@example.org", "--cadence", "daily", "--now")
    assert told.startswith("daily 2026-02-03: 1 planned")


def test_the_weekly_issue_goes_along_when_somebodys_weekday_fits(day: Listing, box: Path) -> None:
    make_reader("daily@example.org")
    make_reader("thursday@example.org", cadence="weekly", weekday=3)
    assert "weekly" not in run("--date", "2026-02-03", "--now")
    make_reader("wednesday@example.org", cadence="weekly", weekday=2)
    assert "weekly 2026-01-28 to 2026-02-03: 1 planned" in run("--date", "2026-02-03", "--now")
    assert sorted(subjects(box)) == ["daily@example.org", "wednesday@example.org"]


def test_asking_for_one_reader_leaves_nobody_else_without_the_issue(
    day: Listing, box: Path
) -> None:
    make_reader("one@example.org")
    make_reader("other@example.org", send_hour=20)
    run("--date", "2026-02-03", "--to", "one@example.org")
    assert subjects(box) == ["one@example.org"]
    planning.plan_released(NOON)
    assert Delivery.objects.get(subscriber__address="other@example.org").status == "queued"


def test_asking_for_one_reader_mails_an_old_issue_to_nobody_else(day: Listing, box: Path) -> None:
    make_reader("one@example.org")
    make_reader("other@example.org")
    run("--date", "2026-02-03", "--to", "one@example.org", now=NOON + dt.timedelta(days=30))
    assert Delivery.objects.count() == 1


def test_a_date_without_a_listing_on_which_nobodys_week_ends_is_refused(
    day: Listing, box: Path
) -> None:
    make_reader()
    with pytest.raises(CommandError, match="no listing of that date; nobody's week ends on it"):
        run("--date", "2026-02-05")
    assert not Issue.objects.exists()


def test_notices_are_left_to_the_worker(day: Listing, box: Path) -> None:
    Notice.objects.create(
        kind="goodbye",
        address="a@example.org",
        fingerprint="f",
        due_at=NOON,
        next_attempt_at=NOON,
        expires_at=NOON + dt.timedelta(days=1),
    )
    make_reader()
    run("--date", "2026-02-03")
    assert Notice.objects.get().status == "queued"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--date", "2026-02-04"], "no listing of 2026-01-29 to 2026-02-04 is released"),
        (["--date", "2026-02-07", "--cadence", "daily"], "no listing on a Saturday"),
        (["--date", "2026-02-05", "--cadence", "daily"], "there is no listing of that date"),
        (["--date", "2026-02-08", "--cadence", "weekly"], "no listing of 2026-02-02 to"),
        (["--date", "3 February"], "not a date such as 2026-02-03"),
        (["--date", "2026-02-03"], "its listing is ready; release it first"),
        (["--date", "2026-02-03", "--to", "nobody@example.org"], "no subscriber has the address"),
        (["--date", "2026-02-03", "--to", "nonsense"], "no subscriber has the address nonsense"),
    ],
)
def test_bad_input_ends_with_one_clear_line(arguments: list[str], complaint: str) -> None:
    make_listing(DAY, status=Listing.Status.READY)
    with pytest.raises(CommandError, match=complaint) as error:
        run(*arguments)
    assert "\n" not in str(error.value)
    assert not Issue.objects.exists()


def test_a_reader_who_may_not_be_written_to_is_refused(day: Listing, box: Path) -> None:
    pending = make_reader("pending@example.org", status=Subscriber.Status.PENDING)
    with pytest.raises(CommandError, match="the subscriber is pending"):
        run("--date", "2026-02-03", "--to", pending.address)
    suppressed = make_reader("gone@example.org")
    suppression.suppress(suppressed, Suppression.Reason.HARD_BOUNCE)
    with pytest.raises(CommandError, match="suppressed: hard bounce"):
        run("--date", "2026-02-03", "--to", suppressed.address)
    with pytest.raises(CommandError, match="follows no section"):
        run("--date", "2026-02-03", "--to", make_subscriber().address)


def test_an_outbox_that_cannot_be_written_is_told_and_loses_nothing(
    day: Listing, box: Path
) -> None:
    box.write_text("a file in its place")
    make_reader()
    with pytest.raises(CommandError, match="mail cannot be handed over: outbox"):
        run("--date", "2026-02-03")
    assert Delivery.objects.get().status == "queued"


def report(*arguments: str) -> str:
    out = StringIO()
    call_command("delivery_report", *arguments, stdout=out)
    return out.getvalue()


def test_a_report_counts_and_says_who_is_where(day: Listing) -> None:
    make_reader("one@example.org")
    make_reader("late@example.org", send_hour=20)
    run("--date", "2026-02-03")
    told = report("--date", "2026-02-03")
    assert told.startswith("daily 2026-02-03: 2 deliveries\n  queued           1\n")
    assert "queued     2026-02-03 20:00  late@example.org" in told
    assert "sent       2026-02-03 12:00  one@example.org  in the outbox" in told


def test_a_report_can_be_read_by_programs(day: Listing) -> None:
    make_reader("one@example.org")
    run("--date", "2026-02-03")
    (issue,) = json.loads(report("--date", "2026-02-03", "--format", "json"))
    assert issue["counts"]["sent"] == 1
    assert issue["last_date"] == "2026-02-03"
    (row,) = issue["deliveries"]
    assert (row["address"], row["status"]) == ("one@example.org", "sent")
    assert row["sent_at"].startswith("2026-02-03T12:00")


def test_a_report_on_nothing_says_so() -> None:
    with pytest.raises(CommandError, match="no issue that ends on 2026-02-03"):
        report("--date", "2026-02-03", "--cadence", "daily")
    with pytest.raises(CommandError, match="not a date"):
        report("--date", "yesterday")
