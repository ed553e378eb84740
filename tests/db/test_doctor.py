"""`doctor`: every trouble is found, and named with its remedy."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import checks
from django.core.management import call_command
from pytest_django import Settings

from newsletter import doctor, probes
from newsletter.models import Delivery, Issue
from tests.make import DAY, make_listing, make_subscriber

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 2, 3, 17, tzinfo=dt.UTC)  # Tuesday, noon in New York


@pytest.fixture(autouse=True)
def well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house in which nothing is wrong."""
    monkeypatch.setattr(probes, "broker", lambda: "")
    monkeypatch.setattr(probes, "workers", lambda: ["celery@here"])
    monkeypatch.setattr(probes, "queues", lambda: {"default", "mail"})
    monkeypatch.setattr(probes, "beat_silent_for", lambda: 30.0)
    monkeypatch.setattr(checks, "run_checks", lambda **_: [])
    User.objects.create(username="operator", is_superuser=True)
    make_listing(status="released")


def troubles() -> list[str]:
    return [finding.what for finding in doctor.examine(NOON) if not finding.note]


def notes() -> list[str]:
    return [finding.what for finding in doctor.examine(NOON) if finding.note]


def make_delivery(**fields: Any) -> None:
    issue, _ = Issue.objects.get_or_create(cadence="daily", first_date=DAY, last_date=DAY)
    values = {"due_at": NOON, "next_attempt_at": NOON} | fields
    Delivery.objects.create(issue=issue, subscriber=make_subscriber(), **values)


def test_a_house_in_order_has_no_troubles() -> None:
    assert (troubles(), notes()) == ([], [])


def test_the_command_ends_well_when_all_is_well() -> None:
    out = io.StringIO()
    with time_machine.travel(NOON, tick=False):
        call_command("doctor", stdout=out)
    assert out.getvalue() == "Nothing needs a hand.\n"


def test_the_command_ends_with_one_and_gives_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "workers", list)
    out = io.StringIO()
    with time_machine.travel(NOON, tick=False), pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=out)
    assert end.value.code == 1
    assert "trouble: No worker answers." in out.getvalue()
    assert "`serve`" in out.getvalue()


def test_a_queue_that_no_worker_takes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "queues", lambda: {"default"})
    assert troubles() == ["No worker takes the queue `mail`."]


def test_a_silent_broker_is_found_and_no_worker_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "broker", lambda: "the broker does not answer: refused")
    monkeypatch.setattr(probes, "workers", lambda: pytest.fail("asked"))
    assert troubles() == ["The broker does not answer: refused."]


def test_a_silent_beat_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "beat_silent_for", lambda: 1800.0)
    assert troubles() == ["Beat has been silent for 30 minutes."]


def test_a_beat_that_runs_elsewhere_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "beat_silent_for", lambda: None)
    assert troubles() == []


def test_djangos_checks_are_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    warning = checks.Warning("POSTAL_ADDRESS is empty.", hint="Set it.", id="newsletter.W001")
    monkeypatch.setattr(checks, "run_checks", lambda **_: [warning])
    assert troubles() == ["POSTAL_ADDRESS is empty."]


def test_without_migrations_nothing_else_is_asked_of_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probes, "unmigrated", lambda: ["digest.0002_house"])
    assert troubles() == ["Migrations are missing: digest.0002_house."]


def test_an_outbox_that_cannot_be_written_is_found(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.EMAIL_URL = f"outbox://{tmp_path / 'file' / 'outbox'}"
    assert troubles() == [f"The outbox {tmp_path / 'file' / 'outbox'} cannot be written."]
    settings.EMAIL_URL = f"outbox://{tmp_path / 'outbox'}"
    assert troubles() == []


def test_queued_rows_overdue_are_counted() -> None:
    make_delivery(next_attempt_at=NOON - dt.timedelta(hours=1))
    make_delivery(next_attempt_at=NOON - dt.timedelta(hours=1))
    make_delivery(next_attempt_at=NOON + dt.timedelta(hours=1))
    assert troubles() == ["2 deliveries are queued and overdue."]


def test_a_paused_issue_is_found_and_what_waits_for_it_is_not_called_overdue() -> None:
    make_delivery(next_attempt_at=NOON - dt.timedelta(hours=1))
    Issue.objects.update(paused_at=NOON, paused_because="20 deliveries in a row failed")
    assert troubles() == [
        "The issue daily 2026-02-03 is paused since 2026-02-03 17:00 UTC: "
        "20 deliveries in a row failed."
    ]


def test_a_stale_claim_is_found() -> None:
    expired = NOON - dt.timedelta(minutes=10)
    make_delivery(status="sending", claim=uuid.uuid4(), lease_until=expired)
    make_delivery(status="sending", claim=uuid.uuid4(), lease_until=NOON)
    assert troubles() == ["1 deliveries are claimed by a worker that has gone."]


def test_failed_deliveries_are_worth_a_note() -> None:
    make_delivery(status="failed", reason="No such user.")
    assert troubles() == []
    assert notes() == ["1 deliveries of the last week failed or are uncertain."]


def test_an_admin_nobody_can_enter_is_worth_a_note() -> None:
    User.objects.all().delete()
    assert notes() == ["Nobody may log in to the admin."]


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    [what] = troubles()
    assert what.startswith("Only ")


def test_a_missing_postal_address_is_worth_a_note(settings: Settings) -> None:
    settings.POSTAL_ADDRESS = ""
    assert notes() == ["POSTAL_ADDRESS is empty."]
