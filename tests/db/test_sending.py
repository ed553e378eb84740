"""Sending: every outcome ends in the right state, and one bad mail stops no other."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence

import pytest
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries

from newsletter.compose.composer import Composed
from newsletter.compose.mail import Mail
from newsletter.delivery import notices, sending, sweeping
from newsletter.delivery.tally import Tally
from newsletter.delivery.transports.base import (
    Accepted,
    Begin,
    Later,
    Outcome,
    Outcomes,
    Refused,
    Unclear,
    Unreachable,
    one_by_one,
)
from newsletter.models import Bounce, Delivery, Notice, Suppression
from tests.db.mailing import NOON, Wire, compose, make_reader, planned, send_due
from tests.make import make_subscriber

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def send(outcome: Outcome | None = None, now: dt.datetime = NOON) -> Tally:
    wire = Wire((lambda mail: outcome) if outcome else None)
    return send_due(now, transport=wire, compose=compose)


def notice_mail(notice: Notice) -> Mail:
    return Mail("digest@localhost", notice.address, b"Subject: n\r\n\r\nn\r\n", notice.message_id)


def test_an_accepted_mail_is_sent() -> None:
    planned()
    assert send(Accepted("250 2.0.0 Ok")) == Tally(sent=1)
    row = Delivery.objects.get()
    assert (row.status, row.reply, row.claim) == ("sent", "250 2.0.0 Ok", None)
    assert row.sent_at is not None
    assert NOON <= row.sent_at < NOON + MINUTE
    assert (row.papers_seen, row.papers_shown, row.fragment_ids) == (9, 3, [1, 2, 3])
    assert row.size > 0


def test_sending_again_sends_nothing() -> None:
    planned()
    send()
    assert send() == Tally()


def test_a_mail_for_later_is_queued_again_and_waits_longer_each_time() -> None:
    planned()
    now, waits = NOON, []
    while Delivery.objects.get().status == "queued":
        send(Later("4.2.1", "450 4.2.1 busy"), now)
        row = Delivery.objects.get()
        waits.append((row.next_attempt_at - now) / MINUTE)
        now = row.next_attempt_at + MINUTE
    # Up to a tenth later, so that not all come back at once.
    for wait, least in zip(waits[:-1], [30, 60, 120, 240, 480], strict=True):
        assert least <= wait <= least * 1.1
    assert row.status == "failed"
    assert row.reason == "given up after 6 attempts: 450 4.2.1 busy"
    assert row.due_at < NOON  # which never changes


def test_a_gone_address_fails_bounces_hard_and_is_suppressed() -> None:
    reader = make_reader()
    planned(reader)
    assert send(Refused("5.1.1", "550 5.1.1 gone", address_gone=True)) == Tally(failed=1)
    row = Delivery.objects.get()
    assert (row.status, row.reason) == ("failed", "refused: 550 5.1.1 gone")
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.enhanced_code, bounce.delivery) == ("hard", "5.1.1", row)
    assert Suppression.objects.get().fingerprint == reader.fingerprint


def test_another_refusal_is_a_soft_bounce_and_suppresses_nobody() -> None:
    planned()
    send(Refused("5.7.1", "550 5.7.1 policy"))
    assert Bounce.objects.get().kind == "soft"
    assert not Suppression.objects.exists()


def test_a_lost_answer_is_uncertain_and_sent_again_later_under_the_same_name() -> None:
    planned()
    assert send(Unclear("no answer")) == Tally(uncertain=1)
    row = Delivery.objects.get()
    assert row.status == "uncertain"
    assert sweeping.sweep(NOON + MINUTE / 2) == 0
    assert sweeping.sweep(NOON + 31 * MINUTE) == 1
    assert send(now=NOON + 31 * MINUTE).sent == 1
    assert Delivery.objects.get().message_id == row.message_id


def test_a_mail_whose_answers_are_always_lost_stays_uncertain() -> None:
    planned()
    now = NOON
    for _ in range(6):
        send(Unclear("no answer"), now)
        now += dt.timedelta(hours=17)
        sweeping.sweep(now)
    row = Delivery.objects.get()
    assert row.status == "uncertain"
    assert row.reason.endswith("the last without an answer")


def test_an_empty_digest_is_skipped_with_the_reason() -> None:
    planned()

    def nothing(deliveries: Sequence[Delivery]) -> list[Composed]:
        return [Composed(delivery, None, 40, 0, [], "empty: 40 papers") for delivery in deliveries]

    wire = Wire()
    assert send_due(NOON, transport=wire, compose=nothing) == Tally(skipped=1)
    assert wire.connections == 0
    row = Delivery.objects.get()
    assert (row.status, row.reason, row.papers_seen) == ("skipped", "empty: 40 papers", 40)


def test_one_digest_that_cannot_be_made_stops_no_other() -> None:
    bad = make_reader("bad@example.org")
    planned(bad, make_reader())
    make_reader()

    def choke(deliveries: Sequence[Delivery]) -> list[Composed]:
        if any(delivery.subscriber == bad for delivery in deliveries):
            raise ZeroDivisionError("one over\0nothing")
        return compose(deliveries)

    tally = send_due(NOON, transport=Wire(), compose=choke)
    assert (tally.sent, tally.failed) == (1, 1)
    row = Delivery.objects.get(subscriber=bad)
    assert row.reason == "could not be composed: ZeroDivisionError: one overnothing"


def test_trouble_with_the_database_is_nobodys_own_and_leaves_the_claim_to_the_sweep() -> None:
    planned()

    def choke(deliveries: Sequence[Delivery]) -> list[Composed]:
        raise OperationalError("disk full")

    with pytest.raises(OperationalError):
        send_due(NOON, transport=Wire(), compose=choke)
    assert Delivery.objects.get().status == "sending"


class Down:
    """A server that cannot be reached, or only for the first so many mails."""

    def __init__(self, good: int = -1) -> None:
        self.good = good

    def send_all(self, mails: Iterable[Mail], begin: Begin, deadline: float = math.inf) -> Outcomes:
        if self.good < 0:
            raise Unreachable("mail.example.org:25: refused")
        yield from one_by_one(self, mails, begin)

    def send(self, mail: Mail) -> Outcome:
        self.good -= 1
        if self.good < 0:
            raise Unreachable("mail.example.org:25: gone")
        return Accepted("250 ok")


def test_without_a_server_everything_waits_and_no_attempt_is_counted() -> None:
    planned(make_reader(), make_reader())
    tally = send_due(NOON, 1, transport=Down(), compose=compose)
    assert (tally.returned, tally.full) == (1, False)
    assert tally.unreachable == "mail.example.org:25: refused"
    row = Delivery.objects.exclude(reply="").get()
    assert (row.status, row.attempts) == ("queued", 0)
    assert row.next_attempt_at >= NOON + MINUTE


def test_when_the_server_goes_away_what_was_sent_stays_sent() -> None:
    planned(*(make_reader() for _ in range(3)))
    tally = send_due(NOON, transport=Down(good=2), compose=compose)
    assert (tally.sent, tally.returned) == (2, 1)
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["queued", "sent", "sent"]


def test_an_interruption_records_what_was_sent_and_doubts_only_the_mail_on_its_way() -> None:
    planned(*(make_reader() for _ in range(3)))
    answers = iter([Accepted("250 ok")])

    def interrupted(mail: Mail) -> Outcome:
        for answer in answers:
            return answer
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(NOON, transport=Wire(interrupted), compose=compose)
    found = sorted(Delivery.objects.values_list("status", flat=True))
    assert found == ["queued", "sent", "uncertain"]


def test_notices_go_before_deliveries() -> None:
    planned()
    notices.queue(Notice.Kind.GOODBYE, address="bye@example.org", now=NOON)
    wire = Wire()
    tally = send_due(NOON, transport=wire, compose=compose, compose_notice=notice_mail)
    assert tally.sent == 2
    assert wire.sent[0].recipient == "bye@example.org"
    assert Notice.objects.get().status == "sent"


def test_a_notice_that_cannot_be_made_stops_no_other() -> None:
    for address in ("bad@example.org", "good@example.org"):
        notices.queue(Notice.Kind.GOODBYE, address=address, now=NOON)

    def choke(notice: Notice) -> Mail:
        if notice.address.startswith("bad"):
            raise KeyError("opt_in")
        return notice_mail(notice)

    tally = send_due(NOON, transport=Wire(), compose=compose, compose_notice=choke)
    assert (tally.sent, tally.failed) == (1, 1)


def test_a_refused_notice_suppresses_its_address_and_bounces_for_its_subscriber() -> None:
    subscriber = make_subscriber(status="pending")
    for who in (subscriber, None):
        notices.queue(
            Notice.Kind.CONFIRM,
            subscriber=who,
            address="" if who else "stranger@example.org",
            now=NOON,
        )
    gone = Refused("5.1.1", "550 5.1.1 gone", address_gone=True)
    send_due(NOON, transport=Wire(lambda mail: gone), compose=compose, compose_notice=notice_mail)
    assert set(Suppression.objects.values_list("address", flat=True)) == {
        subscriber.address,
        "stranger@example.org",
    }
    assert Bounce.objects.get().subscriber == subscriber


def test_a_late_notice_is_not_tried_after_its_expiry() -> None:
    notices.queue(Notice.Kind.CONFIRM, address="a@example.org", lifetime=20 * MINUTE, now=NOON)
    wire = Wire(lambda mail: Later("", "450 busy"))
    send_due(NOON, transport=wire, compose=compose, compose_notice=notice_mail)
    assert Notice.objects.get().status == "failed"


def test_a_full_chunk_says_that_there_is_more() -> None:
    planned(*(make_reader() for _ in range(3)))
    tallies = [send_due(NOON, 2, transport=Wire(), compose=compose) for _ in range(2)]
    assert [(tally.sent, tally.full) for tally in tallies] == [(2, True), (1, False)]


def test_a_chunk_takes_as_many_queries_as_a_single_mail(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    planned(*(make_reader() for _ in range(50)))
    wire = Wire()
    with django_assert_num_queries(14):
        sending.send_deliveries(NOON, 1, transport=wire, compose=compose)
    with django_assert_num_queries(14):
        sending.send_deliveries(NOON, 49, transport=wire, compose=compose)
    assert len(wire.sent) == 50
