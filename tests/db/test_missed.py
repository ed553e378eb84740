"""Send to the missed: what did not reach its reader goes back to the queue, by hand."""

from __future__ import annotations

import datetime as dt
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from newsletter.delivery import missed, sending, suppression
from newsletter.delivery.transports import outbox
from newsletter.models import Delivery, Issue, Suppression
from tests.db.mailing import NOON, Wire, compose, make_reader, planned
from tests.make import announce, make_paper, make_section, make_section_listing

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=3)


def rows_in_every_state() -> dict[str, Delivery]:
    planned(*(make_reader(f"{state}@example.org") for state in Delivery.Status.values))
    extra: dict[str, dict[str, Any]] = {
        "sending": {"claim": uuid.uuid4(), "lease_until": LATER},
        "sent": {"sent_at": NOON},
        "failed": {"reason": "refused", "reply": "550 no"},
        "skipped": {"reason": "empty"},
        "uncertain": {"reason": "given up"},
    }
    for state in Delivery.Status.values:
        named = {"message_id": f"<{state}@localhost>", "mail_date": NOON, "attempts": 4}
        Delivery.objects.filter(subscriber__address=f"{state}@example.org").update(
            status=state, **named, **extra.get(state, {})
        )
    return {row.status: row for row in Delivery.objects.all()}


def now_in(row: Delivery) -> Delivery:
    row.refresh_from_db()
    return row


def test_what_was_missed_is_due_at_once_with_the_same_message_id() -> None:
    rows = rows_in_every_state()
    assert missed.send_again(Delivery.objects.all(), LATER) == 3
    for state in missed.MISSED:
        row = now_in(rows[state])
        assert (row.status, row.next_attempt_at, row.attempts, row.reason) == (
            "queued", LATER, 0, "",
        )  # fmt: skip
        assert row.message_id == f"<{state}@localhost>"
    for state in ("sent", "sending", "queued"):
        row = now_in(rows[state])
        assert (row.status, row.attempts) == (state, 4)


def test_a_mail_that_never_arrived_gets_a_new_date_and_one_that_may_have_keeps_it() -> None:
    rows = rows_in_every_state()
    missed.send_again(Delivery.objects.all(), LATER)
    dates = {state: now_in(rows[state]).mail_date for state in missed.MISSED}
    assert dates == {"failed": LATER, "skipped": LATER, "uncertain": NOON}


def test_a_row_that_never_had_a_name_gets_it_at_its_claim() -> None:
    issue = planned(make_reader())
    Delivery.objects.update(status="failed", reason="x")
    missed.send_again(Delivery.objects.filter(issue=issue), LATER)
    assert Delivery.objects.get().mail_date is None
    wire = Wire()
    sending.send_deliveries(LATER, transport=wire, compose=compose)
    assert len(wire.sent) == 1
    assert Delivery.objects.get().mail_date == LATER


def test_only_the_chosen_states_go_again() -> None:
    rows = rows_in_every_state()
    assert missed.send_again(Delivery.objects.all(), LATER, ["failed", "queued"]) == 2
    assert now_in(rows["queued"]).next_attempt_at == LATER
    assert now_in(rows["skipped"]).status == "skipped"
    for state in ("sent", "sending", "nonsense"):
        with pytest.raises(ValueError, match=f"together: {state}"):
            missed.send_again(Delivery.objects.all(), LATER, [state])


def test_who_may_not_be_written_to_is_skipped_again() -> None:
    reader, gone = make_reader(), make_reader()
    planned(reader, gone)
    Delivery.objects.update(status="failed", reason="refused")
    suppression.suppress(gone, Suppression.Reason.HARD_BOUNCE)
    assert missed.send_again(Delivery.objects.all(), LATER) == 2
    wire = Wire()
    sending.send_deliveries(LATER, transport=wire, compose=compose)
    assert [mail.recipient for mail in wire.sent] == [reader.address]
    assert Delivery.objects.get(subscriber=gone).reason == "suppressed: hard bounce"


def test_a_mail_that_was_sent_goes_once_more_as_the_same_mail() -> None:
    rows = rows_in_every_state()
    assert missed.send_once_more(rows["sent"], LATER)
    row = now_in(rows["sent"])
    assert (row.status, row.sent_at, row.next_attempt_at) == ("queued", None, LATER)
    assert (row.message_id, row.mail_date) == ("<sent@localhost>", NOON)
    assert row.reply.startswith("sent before, at 2026-02-03 12:00 UTC")


def test_nothing_else_goes_once_more_as_if_it_had_been_sent() -> None:
    rows = rows_in_every_state()
    stale = now_in(rows["sent"])
    missed.send_once_more(stale, LATER)
    assert not missed.send_once_more(stale, LATER)


# The command


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_URL = f"outbox://{tmp_path / 'outbox'}"
    return tmp_path / "outbox"


@pytest.fixture
def issue(box: Path) -> Issue:
    paper = make_paper()
    announce(paper)
    make_section_listing(make_section("cs.DC"), [paper])
    return planned(make_reader("one@example.org"))


def run(*arguments: str) -> str:
    out = StringIO()
    with time_machine.travel(LATER, tick=False):
        call_command("send_issue", "--date", "2026-02-03", *arguments, stdout=out)
    return out.getvalue()


def recipients(box: Path) -> list[str]:
    return sorted(entry.recipient for entry in outbox.entries(box))


def test_the_command_sends_to_the_missed_and_to_those_without_a_row(
    issue: Issue, box: Path
) -> None:
    Delivery.objects.update(status="failed", reason="refused")
    make_reader("new@example.org")
    told = run("--missed")
    assert told == "daily 2026-02-03: 1 planned, 1 back in the queue\n  sent: 2\n"
    assert recipients(box) == ["new@example.org", "one@example.org"]
    assert run("--missed") == "daily 2026-02-03: nothing left to send\n  sent: 2\n"


def test_the_command_takes_states_and_one_reader(issue: Issue, box: Path) -> None:
    Delivery.objects.update(status="skipped", reason="empty")
    assert "skipped: 1" in run("--missed", "failed", "uncertain")
    assert "sent: 1" in run("--missed", "skipped", "--to", "one@example.org")
    with pytest.raises(CommandError, match="invalid choice: 'sent'"):
        run("--missed", "sent")


def test_a_dry_run_counts_and_changes_nothing(issue: Issue, box: Path) -> None:
    Delivery.objects.update(status="failed", reason="refused")
    assert "0 would be planned, 1 sent again" in run("--missed", "--dry-run")
    assert Delivery.objects.get().status == "failed"


def test_a_paused_issue_says_so(issue: Issue, box: Path) -> None:
    Issue.objects.update(paused_at=NOON, paused_because="3 deliveries in a row failed")
    told = run("--dry-run")
    assert "  paused since 2026-02-03 12:00 UTC: 3 deliveries in a row failed\n" in told
