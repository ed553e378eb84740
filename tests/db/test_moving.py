"""New wishes while a mail waits: it follows them, and stays one mail."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from newsletter.delivery import moving, planning, schedule
from newsletter.delivery.claiming import claim_due
from newsletter.models import Delivery, Subscriber
from newsletter.signup import choices, subscribing
from tests.db.mailing import (
    NOON,
    RELEASE,
    UTC,
    Wire,
    compose,
    make_reader,
    planned,
    release,
    send_due,
)

pytestmark = pytest.mark.django_db
EARLY = RELEASE + dt.timedelta(minutes=1)
SUNDAY = dt.date(2026, 2, 8)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


def change(reader: Subscriber, now: dt.datetime, **wishes: Any) -> int:
    before = moving.wishes_of(reader)
    for name, value in wishes.items():
        setattr(reader, name, value)
    reader.save()
    return moving.move_waiting(reader, before, now)


@pytest.mark.parametrize(
    ("now", "wishes", "due"),
    [
        (EARLY, {"send_hour": 20}, "2026-02-03T20:00"),
        (EARLY, {"send_hour": 9}, "2026-02-03T09:00"),
        (EARLY, {"timezone": "Asia/Kolkata"}, "2026-02-03T12:30"),
        (EARLY, {"timezone": "Pacific/Auckland"}, "2026-02-04T05:00"),
        (EARLY, {"timezone": "Asia/Kathmandu", "send_hour": 7}, "2026-02-04T01:15"),
        (NOON, {"send_hour": 9}, "2026-02-03T12:00"),  # has passed
        (NOON, {"send_when": "release"}, "2026-02-03T12:00"),
        (EARLY, {"cadence": "weekly", "weekday": 0}, "2026-02-03T18:00"),  # as it was
        (EARLY, {"cadence": "weekly", "send_hour": 20}, "2026-02-03T20:00"),
    ],
)
def test_a_waiting_mail_moves_to_the_new_instant_or_is_due_at_once(
    now: dt.datetime, wishes: dict[str, Any], due: str
) -> None:
    reader = make_reader(send_hour=18)
    planned(reader, now=RELEASE)
    moved = change(reader, now, **wishes)
    row = Delivery.objects.get()
    assert (row.due_at, row.next_attempt_at) == (at(due), at(due))
    assert moved == (at(due) != at("2026-02-03T18:00"))


@pytest.mark.parametrize(
    ("wishes", "due"),
    [
        ({"weekday": 3}, "2026-02-12T07:00"),
        ({"send_hour": 22}, "2026-02-09T22:00"),
        ({"timezone": "America/St_Johns"}, "2026-02-09T10:30"),
        ({"cadence": "daily", "send_hour": 8}, "2026-02-08T08:00"),
    ],
)
def test_a_waiting_weekly_mail_moves_too(wishes: dict[str, Any], due: str) -> None:
    reader = make_reader(cadence="weekly", weekday=0, send_hour=7)
    release()
    planning.plan(planning.issue_for("weekly", SUNDAY), at("2026-02-08T06:00"))
    change(reader, at("2026-02-08T06:30"), **wishes)
    assert Delivery.objects.get().due_at == at(due)


def test_it_is_never_due_before_the_scheduled_release() -> None:
    reader = make_reader(send_hour=18)
    planned(reader, now=RELEASE)
    change(reader, RELEASE - dt.timedelta(hours=3), send_hour=6, timezone="UTC")
    assert Delivery.objects.get().due_at == RELEASE
    change(reader, RELEASE - dt.timedelta(hours=3), send_hour=5)
    assert Delivery.objects.get().due_at == at("2026-02-04T05:00")


def test_a_mail_that_waits_for_a_held_listing_moves_as_well() -> None:
    reader = make_reader(send_hour=7)
    planned(reader, now=RELEASE)
    change(reader, NOON, send_hour=18)
    assert Delivery.objects.get().due_at == at("2026-02-03T18:00")


def test_what_is_due_at_once_for_a_new_reader_is_not_put_off() -> None:
    planned(make_reader())
    reader = make_reader(send_hour=18)
    planning.plan_latest(reader, NOON)
    assert change(reader, NOON, send_hour=20) == 0
    assert reader.deliveries.get().due_at == NOON


@pytest.mark.parametrize(
    "fields",
    [
        {"attempts": 1},
        {"message_id": "<x@y>"},
        {"status": "uncertain"},
        {"status": "skipped", "reason": "no"},
    ],
)
def test_what_was_tried_stays_as_it_is(fields: dict[str, Any]) -> None:
    reader = make_reader(send_hour=18)
    planned(reader, now=RELEASE)
    Delivery.objects.update(**fields)
    before = Delivery.objects.values().get()
    assert change(reader, EARLY, send_hour=20) == 0
    assert Delivery.objects.values().get() == before


def test_what_a_worker_holds_stays_as_it_is() -> None:
    reader = make_reader(send_hour=7)
    planned(reader, now=RELEASE)
    assert len(claim_due(Delivery, NOON, 10).rows) == 1
    assert change(reader, NOON, send_hour=20) == 0


def test_mails_of_others_stay_where_they_are() -> None:
    reader, other = make_reader(send_hour=18), make_reader(send_hour=18)
    planned(reader, now=RELEASE)
    change(reader, EARLY, send_hour=20)
    assert other.deliveries.get().due_at == at("2026-02-03T18:00")


@pytest.mark.parametrize("wishes", [{"cadence": "weekly"}, {"timezone": "Pacific/Apia"}])
def test_a_change_neither_loses_nor_doubles_an_issue(wishes: dict[str, Any]) -> None:
    reader = make_reader(send_hour=18)
    issue = planned(reader, now=RELEASE)
    change(reader, EARLY, **wishes)
    planning.plan(issue, EARLY)
    planning.plan_released(EARLY)
    wire = Wire()
    for hours in range(48):
        now = EARLY + dt.timedelta(hours=hours)
        send_due(now, transport=wire, compose=compose)
    assert len(wire.sent) == 1


def test_rules_of_a_zone_that_change_after_planning_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = make_reader(timezone="Europe/Berlin", send_hour=18)
    issue = planned(reader, now=RELEASE)
    monkeypatch.setattr(schedule, "zone_of", lambda name: ZoneInfo("Asia/Kathmandu"))
    assert planning.plan(issue, NOON) == 0
    change(reader, NOON, send_hour=20)
    assert Delivery.objects.count() == 1
    wire = Wire()
    for hours in range(48):
        now = NOON + dt.timedelta(hours=hours)
        send_due(now, transport=wire, compose=compose)
    assert len(wire.sent) == 1


@pytest.fixture
def early() -> Iterator[None]:
    with time_machine.travel(EARLY, tick=False):
        yield


@pytest.mark.usefixtures("early")
def test_saved_preferences_move_it() -> None:
    reader = make_reader(send_hour=18)
    planned(reader, now=RELEASE)
    wanted = dataclasses.replace(choices.of_subscriber(reader), send_hour=20)
    subscribing.change_preferences(reader, wanted)
    assert Delivery.objects.get().due_at == at("2026-02-03T20:00")


@pytest.mark.usefixtures("early")
def test_the_operator_moves_it_too(admin_client: Client) -> None:
    reader = make_reader(send_hour=18)
    planned(reader, now=RELEASE)
    data = {
        "cadence": "daily", "weekday": 0, "format": "html", "send_when": "hour",
        "send_hour": 20, "timezone": "UTC",
        "subscriptions-TOTAL_FORMS": 0, "subscriptions-INITIAL_FORMS": 0,
        "opt_ins-TOTAL_FORMS": 0, "opt_ins-INITIAL_FORMS": 0,
        "bounces-TOTAL_FORMS": 0, "bounces-INITIAL_FORMS": 0,
        "complaints-TOTAL_FORMS": 0, "complaints-INITIAL_FORMS": 0,
    }  # fmt: skip
    page = reverse("admin:newsletter_subscriber_change", args=[reader.pk])
    assert admin_client.post(page, data).status_code == 302
    assert Delivery.objects.get().due_at == at("2026-02-03T20:00")
