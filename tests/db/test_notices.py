"""Notices and suppression: who gets a mail outside an issue, and who never again."""

from __future__ import annotations

import datetime as dt

import pytest

from newsletter.delivery import notices, suppression
from newsletter.models import Complaint, Notice, Suppression
from newsletter.signup import addresses
from tests.db.mailing import NOON
from tests.make import make_subscriber

pytestmark = pytest.mark.django_db

Reason = Suppression.Reason
Kind = Notice.Kind


def test_a_notice_is_queued_and_due_at_once() -> None:
    subscriber = make_subscriber("Reader@Example.org")
    notice = notices.queue(
        Kind.LINK, subscriber=subscriber, lifetime=dt.timedelta(hours=1), now=NOON
    )
    assert (notice.status, notice.due_at, notice.next_attempt_at) == ("queued", NOON, NOON)
    assert notice.address == "Reader@Example.org"
    assert notice.fingerprint == subscriber.fingerprint
    assert notice.expires_at == NOON + dt.timedelta(hours=1)


def test_an_address_alone_is_enough() -> None:
    notice = notices.queue(Kind.ALERT, address="admin@example.org", context={"subject": "x"})
    assert notice.fingerprint == addresses.fingerprint("admin@example.org")
    assert notice.context == {"subject": "x"}


@pytest.mark.parametrize("reason", [Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.OPERATOR])
@pytest.mark.parametrize("kind", Kind.values)
def test_a_suppressed_address_gets_none(kind: str, reason: Reason) -> None:
    suppression.suppress("Reader@example.org", reason)
    notice = notices.queue(Kind(kind), address="reader@EXAMPLE.org")
    assert notice.status == "skipped"
    assert notice.reason == f"suppressed: {reason.label.lower()}"


@pytest.mark.parametrize("kind", Kind.values)
def test_only_the_asked_for_confirmation_passes_a_soft_suppression(kind: str) -> None:
    suppression.suppress("reader@example.org", Reason.SOFT_BOUNCES)
    notice = notices.queue(Kind(kind), address="reader@example.org")
    assert notice.status == ("queued" if kind == Kind.CONFIRM else "skipped")


def test_suppressing_twice_keeps_one_row_and_the_graver_reason() -> None:
    subscriber = make_subscriber()
    for reason in (Reason.SOFT_BOUNCES, Reason.COMPLAINT, Reason.HARD_BOUNCE):
        suppression.suppress(subscriber, reason, note=reason.value)
    row = Suppression.objects.get()
    assert (row.reason, row.note) == (Reason.COMPLAINT, "complaint")


def test_what_is_no_address_cannot_be_suppressed() -> None:
    with pytest.raises(ValueError, match="not an address"):
        suppression.suppress("nobody", Reason.OPERATOR)


@pytest.mark.parametrize("reason", Reason)
def test_a_new_opt_in_lifts_a_soft_suppression_only(reason: Reason) -> None:
    subscriber = make_subscriber()
    suppression.suppress(subscriber, reason)
    assert suppression.lift_soft(subscriber.fingerprint) is (reason == Reason.SOFT_BOUNCES)
    assert Suppression.objects.exists() is (reason != Reason.SOFT_BOUNCES)


def test_a_complaint_unsubscribes_and_suppresses() -> None:
    subscriber = make_subscriber()
    suppression.record_complaint(subscriber, NOON, report="feedback-type: abuse")
    subscriber.refresh_from_db()
    assert subscriber.status == "unsubscribed"
    assert Suppression.objects.get().reason == Reason.COMPLAINT
    assert Complaint.objects.get().received_at == NOON
