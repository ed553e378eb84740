"""Planning: who gets which issue, and when it is due."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from digest.models import Listing
from newsletter.delivery import planned_rows, planning, suppression
from newsletter.models import Delivery, Issue, OptIn, Subscriber, Subscription, Suppression
from newsletter.signup import subscribing
from newsletter.signup.choices import of_subscriber
from newsletter.signup.evidence import Evidence
from newsletter.signup.subscribing import Confirmation
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
from tests.make import DAY, make_listing, make_section, make_subscriber

pytestmark = pytest.mark.django_db

SUNDAY = dt.date(2026, 2, 8)
Status = Subscriber.Status


def due_of(reader: Subscriber) -> dt.datetime:
    return Delivery.objects.get(subscriber=reader).due_at


def test_a_delivery_is_due_at_the_readers_own_hour() -> None:
    berlin = make_reader(timezone="Europe/Berlin", send_hour=8)
    kolkata = make_reader(timezone="Asia/Kolkata", send_hour=7)
    hasty = make_reader(send_when=Subscriber.SendWhen.RELEASE)
    lost = make_reader(timezone="Mars/Olympus", send_hour=9)
    planned(berlin)
    assert due_of(berlin) == dt.datetime(2026, 2, 3, 7, tzinfo=UTC)
    assert due_of(kolkata) == dt.datetime(2026, 2, 4, 1, 30, tzinfo=UTC)
    assert due_of(hasty) == RELEASE
    assert due_of(lost) == dt.datetime(2026, 2, 3, 9, tzinfo=UTC)


def test_a_planned_row_is_a_queued_delivery_with_every_default() -> None:
    reader = make_reader()
    issue = planned(reader)
    row = Delivery.objects.get()
    row.full_clean()
    blank = Delivery(issue=issue, subscriber=reader)
    own = {"id", "issue", "subscriber", "due_at", "next_attempt_at", "created_at"}
    for field in Delivery._meta.concrete_fields:
        if field.name not in own:
            assert getattr(row, field.name) == getattr(blank, field.name), field.name
    assert row.created_at == NOON
    assert row.next_attempt_at == row.due_at


def test_planning_again_plans_nothing() -> None:
    issue = planned()
    assert planning.plan(issue, NOON) == 0
    assert Delivery.objects.count() == 1


def test_only_mailable_readers_who_follow_something_are_planned() -> None:
    for status in (Status.PENDING, Status.PAUSED, Status.UNSUBSCRIBED):
        make_reader(status=status)
    suppression.suppress(make_reader(), Suppression.Reason.COMPLAINT)
    make_subscriber()
    make_reader(cadence="weekly")
    reader = make_reader()
    issue = planned(reader)
    assert [delivery.subscriber for delivery in issue.deliveries.all()] == [reader]


@pytest.mark.parametrize("status", [None, Listing.Status.READY, Listing.Status.HELD])
def test_nothing_is_planned_without_a_released_listing(status: str | None) -> None:
    make_reader()
    if status:
        make_listing(DAY, status=status)
    assert planning.plan(planning.issue_for("daily", DAY), NOON) == 0
    assert planning.plan_released(NOON) == []


def test_a_weekly_issue_is_for_those_whose_weekday_it_is() -> None:
    monday = make_reader(cadence="weekly", weekday=0, timezone="Europe/Berlin", send_hour=6)
    make_reader(cadence="weekly", weekday=1)
    release()
    issue = planning.issue_for("weekly", SUNDAY)
    assert (issue.first_date, issue.last_date) == (dt.date(2026, 2, 2), SUNDAY)
    assert planning.plan(issue, NOON) == 1
    assert due_of(monday) == dt.datetime(2026, 2, 9, 5, tzinfo=UTC)


def test_a_single_reader_can_be_planned_whatever_the_cadence() -> None:
    make_reader()
    weekly = make_reader(cadence="weekly")
    release()
    assert planning.plan(planning.issue_for("daily", DAY), NOON, weekly) == 1
    assert Delivery.objects.get().subscriber == weekly


def test_released_listings_become_issues_once() -> None:
    make_reader()
    release()
    release(dt.date(2026, 1, 26))  # eight days old
    assert [str(issue) for issue in planning.plan_released(NOON)] == ["daily 2026-02-03"]
    assert planning.plan_released(NOON) == []
    assert Delivery.objects.count() == 1


def test_who_comes_later_is_not_planned_for_the_issues_before() -> None:
    release()
    planning.plan_released(NOON)
    make_reader()
    assert planning.plan_released(NOON) == []
    assert not Delivery.objects.exists()


def test_a_weekly_issue_is_made_when_its_week_has_ended() -> None:
    make_reader(cadence="weekly", weekday=0)
    release()
    planning.plan_released(NOON)  # the daily one
    end = dt.datetime(2026, 2, 8, 6, tzinfo=UTC)
    assert planning.plan_released(end - dt.timedelta(minutes=1)) == []
    assert [str(issue) for issue in planning.plan_released(end)] == [
        "weekly 2026-02-02 to 2026-02-08"
    ]
    assert Delivery.objects.count() == 1


def test_a_weekly_issue_waits_some_hours_for_a_listing_to_be_released() -> None:
    make_reader(cadence="weekly", weekday=4)  # its week ends on Thursday
    Issue.objects.create(cadence="daily", first_date=DAY, last_date=DAY)
    release()
    make_listing(dt.date(2026, 2, 5), status=Listing.Status.READY)
    end = dt.datetime(2026, 2, 5, 6, tzinfo=UTC)
    assert planning.plan_released(end + dt.timedelta(hours=5)) == []
    assert len(planning.plan_released(end + dt.timedelta(hours=6))) == 1


def test_a_weekly_issue_without_any_released_listing_is_not_made() -> None:
    make_reader(cadence="weekly")
    make_listing(DAY, status=Listing.Status.HELD)
    assert planning.plan_released(dt.datetime(2026, 2, 9, 6, tzinfo=UTC)) == []


def test_a_new_reader_gets_the_latest_issue_of_the_cadence_at_once() -> None:
    release()
    release(dt.date(2026, 2, 2))
    planning.plan_released(NOON)
    reader = make_reader(send_hour=23)
    delivery = planning.plan_latest(reader, NOON)
    assert delivery is not None
    assert (delivery.issue.last_date, delivery.due_at) == (DAY, NOON)
    assert planning.plan_latest(reader, NOON) is None


def test_a_new_weekly_reader_gets_the_latest_issue_of_the_weekday() -> None:
    release()
    for last_date in (dt.date(2026, 2, 8), dt.date(2026, 2, 9)):
        planning.issue_for("weekly", last_date)
    expected = {0: dt.date(2026, 2, 8), 1: dt.date(2026, 2, 9)}
    for weekday, last_date in expected.items():
        delivery = planning.plan_latest(make_reader(cadence="weekly", weekday=weekday), NOON)
        assert delivery is not None
        assert delivery.issue.last_date == last_date
    assert planning.plan_latest(make_reader(cadence="weekly", weekday=2), NOON) is None


def test_a_new_reader_gets_the_latest_issue_at_noon_and_the_next_at_their_hour() -> None:
    planned(make_reader())
    reader = make_reader(send_hour=18)
    planning.plan_latest(reader, NOON)
    wire = Wire()
    send_due(NOON, transport=wire, compose=compose)
    assert reader.address in [mail.recipient for mail in wire.sent]
    release(dt.date(2026, 2, 4))
    next_release = RELEASE + dt.timedelta(days=1)
    planning.plan_released(next_release)
    dues = reader.deliveries.order_by("due_at").values_list("due_at", flat=True)
    assert list(dues) == [NOON, dt.datetime(2026, 2, 4, 18, tzinfo=UTC)]


def test_a_listing_released_late_is_sent_at_once_and_dated_then() -> None:
    reader = make_reader(send_hour=7)
    planned(reader, now=NOON)
    row = Delivery.objects.get()
    assert row.due_at == dt.datetime(2026, 2, 3, 7, tzinfo=UTC)
    wire = Wire()
    send_due(NOON, transport=wire, compose=compose)
    row.refresh_from_db()
    assert (row.status, row.mail_date) == ("sent", NOON)


@pytest.mark.django_db(transaction=True)
def test_who_becomes_active_while_an_issue_is_planned_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planning_of_rows = planned_rows.write
    newcomers: list[Subscriber] = []

    def write_and_somebody_confirms(*arguments: Any) -> int:
        count = planning_of_rows(*arguments)
        if not newcomers:  # whom the first statement has not seen
            newcomers.append(make_reader())
        return count

    make_reader()
    release()
    monkeypatch.setattr(planned_rows, "write", write_and_somebody_confirms)
    planning.plan_released(NOON)
    assert [row.issue.last_date for row in newcomers[0].deliveries.all()] == [DAY]


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_plan_one_mail() -> None:
    planned(make_reader())
    now = timezone.now()
    reader = make_reader(status=Status.PENDING, activated_at=None)
    opt_ins = [subscribing.opted_in(reader, of_subscriber(reader), Evidence(), now) for _ in "ab"]
    results: list[Confirmation] = []
    at_once = threading.Barrier(2)

    def confirm(opt_in: OptIn) -> None:
        results.append(subscribing.confirm(opt_in, Evidence(), now))

    def confirm_at_once(opt_in: OptIn) -> None:
        at_once.wait()
        try:
            confirm(opt_in)
        finally:
            connection.close()

    # A database in memory, as the tests on SQLite have it, belongs to one thread.
    if connection.vendor == "sqlite":
        for opt_in in opt_ins:
            confirm(opt_in)
    else:
        people = [threading.Thread(target=confirm_at_once, args=[one]) for one in opt_ins]
        for person in people:
            person.start()
        for person in people:
            person.join()
    assert sorted(results) == [Confirmation.ALREADY, Confirmation.DONE]
    assert reader.deliveries.count() == 1


def test_nobody_gets_a_latest_issue_who_may_not_be_written_to() -> None:
    planned()
    assert planning.plan_latest(make_reader(status=Status.PENDING), NOON) is None
    assert planning.plan_latest(make_subscriber(), NOON) is None


def test_planning_many_is_one_insert(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    many = 20_000
    make_many(many)
    release()
    issue = planning.issue_for("daily", DAY)
    # Is something released; settle what it carries; which rhythms are there; write; and on
    # PostgreSQL the statistics of what was written.
    with django_assert_num_queries(12 + (connection.vendor == "postgresql")):
        started = time.perf_counter()
        assert planning.plan(issue, NOON) == many
        seconds = time.perf_counter() - started
    assert seconds < 15
    zones = set(Delivery.objects.values_list("due_at", flat=True))
    assert len(zones) == 24


def make_many(count: int) -> None:
    """Active readers of cs.DC, some at each hour."""
    section = make_section("cs.DC")
    now = timezone.now()
    readers = Subscriber.objects.bulk_create(
        Subscriber(
            address=f"many{number}@example.org",
            identity=f"many{number}@example.org",
            fingerprint=hashlib.sha256(f"many{number}@example.org".encode()).hexdigest(),
            status=Status.ACTIVE,
            activated_at=now,
            timezone="Europe/Berlin",
            send_hour=number % 24,
        )
        for number in range(count)
    )
    Subscription.objects.bulk_create(
        Subscription(subscriber=reader, section=section, label="cs.DC") for reader in readers
    )
