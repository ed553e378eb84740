"""Claiming: nobody is sent twice, nobody is written to who may not be, nobody is lost."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.models import Listing
from newsletter.compose import headers
from newsletter.delivery import notices, states, suppression, sweeping
from newsletter.delivery.claiming import LEASE, Scope, claim_due
from newsletter.delivery.transports.base import Accepted, Later, Outcome, Refused, Unclear
from newsletter.models import Delivery, Notice, Subscriber, Suppression
from tests.db.mailing import NOON, Wire, compose, mail_for, make_reader, planned, send_due
from tests.make import DAY, make_listing, make_subscriber

Reason = Suppression.Reason
HOUR = dt.timedelta(hours=1)
CONFIRM = Notice.Kind.CONFIRM


def take(**options: Any) -> list[Delivery]:
    return claim_due(Delivery, options.pop("now", NOON), options.pop("size", 10), **options).rows


@pytest.mark.django_db
def test_a_claimed_row_has_a_lease_a_message_id_and_a_date() -> None:
    planned()
    (row,) = take()
    row.refresh_from_db()
    assert (row.status, row.attempts, row.lease_until) == ("sending", 1, NOON + LEASE)
    assert row.mail_date == NOON
    assert row.message_id.startswith("<")
    assert row.message_id.endswith(f"@{headers.sender().partition('@')[2]}>")


@pytest.mark.django_db
def test_two_claimers_take_different_rows() -> None:
    planned(*(make_reader() for _ in range(5)))
    first, second, third = take(size=3), take(size=3), take(size=3)
    assert (len(first), len(second), len(third)) == (3, 2, 0)
    assert not {row.pk for row in first} & {row.pk for row in second}
    assert len({row.message_id for row in [*first, *second]}) == 5


@pytest.mark.django_db
def test_what_is_not_due_is_not_taken() -> None:
    planned(make_reader(send_hour=23))
    assert take() == []
    assert len(take(now=NOON + 12 * HOUR)) == 1


@pytest.mark.django_db
def test_an_operator_can_ignore_due_instants_but_not_the_wait_of_a_retry() -> None:
    planned(make_reader(send_hour=23))
    hurry = Scope(ignore_due=True)
    (row,) = take(scope=hurry)
    assert row.mail_date == NOON  # not in the future
    Delivery.objects.update(status="queued", claim=None)
    assert take(scope=hurry) == []


@pytest.mark.django_db
def test_claims_can_be_limited_to_an_issue_and_a_reader() -> None:
    reader, other = make_reader(), make_reader()
    issue = planned(reader)
    assert [row.subscriber for row in take(scope=Scope(subscriber=reader))] == [reader]
    assert [row.subscriber for row in take(scope=Scope(issue=issue))] == [other]


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["pending", "paused", "unsubscribed"])
def test_a_reader_who_has_left_since_planning_is_skipped(status: str) -> None:
    planned()
    Subscriber.objects.update(status=status)
    assert take() == []
    row = Delivery.objects.get()
    assert (row.status, row.reason) == ("skipped", f"the subscriber is {status}")
    assert row.claim is None


@pytest.mark.django_db
@pytest.mark.parametrize("reason", Reason.values)
def test_an_address_suppressed_since_planning_is_skipped(reason: str) -> None:
    reader = make_reader()
    planned(reader)
    suppression.suppress(reader, Reason(reason))
    assert take() == []
    assert Delivery.objects.get().reason == f"suppressed: {Reason(reason).label.lower()}"


@pytest.mark.django_db
def test_a_listing_put_on_hold_after_planning_is_not_sent() -> None:
    planned()
    make_listing(DAY, status=Listing.Status.HELD)
    assert take() == []
    assert Delivery.objects.get().status == "queued"
    make_listing(DAY, status=Listing.Status.RELEASED)
    assert len(take()) == 1


@pytest.mark.django_db
def test_a_notice_goes_to_readers_of_any_status() -> None:
    for status in ("pending", "unsubscribed"):
        notices.queue(CONFIRM, subscriber=make_subscriber(status=status), now=NOON)
    claimed = claim_due(Notice, NOON, 10)
    assert len(claimed.rows) == 2
    assert len({row.message_id for row in claimed.rows}) == 2


@pytest.mark.django_db
def test_an_expired_notice_is_skipped() -> None:
    notices.queue(CONFIRM, address="a@example.org", lifetime=HOUR, now=NOON)
    assert claim_due(Notice, NOON + HOUR, 10).skipped == 1
    assert Notice.objects.get().reason == "expired before it could be sent"


@pytest.mark.django_db
def test_a_notice_to_an_address_suppressed_meanwhile_is_skipped() -> None:
    notices.queue(CONFIRM, address="a@example.org", now=NOON)
    suppression.suppress("A@example.org", Reason.COMPLAINT)
    assert claim_due(Notice, NOON, 10).rows == []
    assert Notice.objects.get().reason == "suppressed: complaint"


@pytest.mark.django_db
def test_a_dead_workers_row_is_sent_again_under_the_same_name() -> None:
    planned()
    (row,) = take()
    assert sweeping.sweep(NOON + LEASE) == 0
    later = NOON + LEASE + HOUR
    assert sweeping.sweep(later) == 1
    (again,) = take(now=later)
    assert (again.message_id, again.mail_date, again.attempts) == (row.message_id, NOON, 2)
    assert "same Message-ID" in again.reply


@pytest.mark.django_db
def test_a_row_whose_workers_always_die_is_left_to_a_human() -> None:
    planned()
    now = NOON
    for _ in range(sweeping.MOST_ATTEMPTS):
        assert len(take(now=now)) == 1
        now += LEASE + HOUR
        sweeping.sweep(now)
    row = Delivery.objects.get()
    assert row.status == "uncertain"
    assert "given up after 10 attempts" in row.reason
    assert sweeping.sweep(now + 1000 * HOUR) == 0


@pytest.mark.django_db
def test_what_a_swept_worker_reports_late_counts_while_nobody_else_has_the_mail() -> None:
    planned()

    def sweep_meanwhile(mail: object) -> Outcome:
        sweeping.sweep(NOON + LEASE + HOUR)
        return Accepted("250 ok")

    send_due(NOON, transport=Wire(sweep_meanwhile), compose=compose)
    assert Delivery.objects.get().status == "sent"


@pytest.mark.django_db
def test_what_a_swept_worker_reports_late_does_not_touch_another_workers_claim() -> None:
    planned()

    def lose_it(mail: object) -> Outcome:
        sweeping.sweep(NOON + LEASE + HOUR)
        assert len(take(now=NOON + LEASE + HOUR)) == 1
        return Accepted("250 ok")

    send_due(NOON, transport=Wire(lose_it), compose=compose)
    assert Delivery.objects.get().status == "sending"


STEPS = st.sampled_from(["send", "later", "refuse", "lose", "die", "sweep", "wait", "leave"])


@pytest.mark.django_db
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=12))
def test_whatever_happens_a_mail_is_accepted_once_and_keeps_its_name(steps: list[str]) -> None:
    Delivery.objects.all().delete()
    Subscriber.objects.all().delete()
    Suppression.objects.all().delete()
    planned()
    now, names, accepted = NOON, set(), 0
    answers: dict[str, Outcome] = {
        "send": Accepted("250"),
        "later": Later("", "450"),
        "refuse": Refused("5.1.1", "550", address_gone=True),
        "lose": Unclear("?"),
    }
    for step in steps:
        before = Delivery.objects.get()
        if step in answers:
            wire = Wire(lambda mail, answer=answers[step]: answer)  # type: ignore[misc]
            tally = send_due(now, transport=wire, compose=compose)
            accepted += tally.sent
        elif step == "die":
            claim_due(Delivery, now, 10)
        elif step == "sweep":
            sweeping.sweep(now)
        elif step == "wait":
            now += 2 * HOUR
        else:
            Subscriber.objects.update(status="unsubscribed")
        row = Delivery.objects.get()
        names |= {(row.message_id, row.mail_date)} - {("", None)}
        if row.status != before.status and step == "sweep":
            states.check(before.status, row.status)
        if not states.WAYS[before.status]:
            assert row.status == before.status
    assert accepted <= 1
    assert len(names) <= 1


@pytest.mark.django_db(transaction=True)
def test_claimers_at_the_same_time_never_share_a_row() -> None:
    planned(*(make_reader() for _ in range(60)))
    taken: list[int] = []
    at_once = threading.Barrier(3)

    def work() -> None:
        at_once.wait()
        try:
            while rows := take(size=7, now=timezone.now()):
                taken.extend(row.pk for row in rows)
        finally:
            connection.close()

    # A database in memory, as the tests on SQLite have it, belongs to one thread.
    if connection.vendor == "sqlite":
        while rows := take(size=7):
            taken.extend(row.pk for row in rows)
    else:
        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert len(taken) == 60
    assert len(set(taken)) == 60


@pytest.mark.django_db
def test_a_row_gives_the_same_message_id_whenever_it_is_asked() -> None:
    planned()
    (row,) = take()
    assert mail_for(row).message_id == row.message_id
    Delivery.objects.update(status="queued", message_id="", attempts=0)
    assert take()[0].message_id == row.message_id
