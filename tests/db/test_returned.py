"""Filing: what comes back has its consequences once, and only where it proves itself."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from newsletter.compose import return_path
from newsletter.delivery.returned import scoring
from newsletter.delivery.returned.filing import Filed, file_mail
from newsletter.delivery.verdicts import Kind
from newsletter.models import Bounce, Complaint, Delivery, Issue, Notice, Subscriber, Suppression
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests.db.mailing import NOON
from tests.make import make_subscriber

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).resolve().parents[1] / "fixtures" / "bounces"
DAY = dt.timedelta(days=1)
_TOKEN, _LINK = b"00000000002f3c9e8d41b73c9e8d41b73c9e8d41b7", b"AAAAAAAqZgNjrz97VusapCYKmwxK"
_MESSAGE_ID = b"<4f1c0d9e8b7a6f5e4d3c2b1a09f8e7d6c5b4a392@post.example.org>"


@pytest.fixture(autouse=True)
def _domains(settings: Any) -> None:
    settings.BOUNCE_DOMAIN = "bounces.post.example.org"
    settings.FROM_EMAIL = "digest@post.example.org"


def reader(address: str = "ada@example.net") -> Subscriber:
    return make_subscriber(address)


def sent(to: Subscriber, at: dt.datetime = NOON) -> Delivery:
    date = at.date()
    issue, _ = Issue.objects.get_or_create(cadence="daily", first_date=date, last_date=date)
    return Delivery.objects.create(
        issue=issue, subscriber=to, due_at=at, next_attempt_at=at, status="sent", sent_at=at,
        message_id=f"<{to.pk:020x}{date:%Y%m%d}@post.example.org>",
    )  # fmt: skip


def returned(
    name: str,
    delivery: Delivery | None = None,
    *,
    token: str = "",
    message_id: str = "",
    link: str = "",
) -> bytes:
    """A mail of the corpus, about this delivery by its return path, or by what is given."""
    if delivery is not None:
        token = return_path.token(Purpose.RETURNED_DELIVERY, delivery.pk)
    raw = (CORPUS / f"{name}.eml").read_bytes()
    raw = raw.replace(_TOKEN, token.encode() or b"a" * 42)
    raw = raw.replace(_MESSAGE_ID, message_id.encode() or b"<x@elsewhere.example>")
    return raw.replace(_LINK, link.encode() or b"A" * 28)


def reasons() -> dict[str, str]:
    return dict(Suppression.objects.values_list("address", "reason"))


def test_the_classes_in_the_database_are_those_of_the_verdicts() -> None:
    assert [cause.value for cause in Bounce.Cause] == [kind.value for kind in Kind]


def test_a_hard_bounce_suppresses_at_once_and_leaves_the_delivery_as_it_is() -> None:
    delivery = sent(reader())
    assert file_mail(returned("postfix_user_unknown", delivery), NOON) == Filed(1, bounces=1)
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.cause, bounce.enhanced_code) == ("hard", "address gone", "5.1.1")
    assert (bounce.subscriber, bounce.delivery) == (delivery.subscriber, delivery)
    assert (bounce.counts, bounce.source, bounce.received_at) == (True, "mail", NOON)
    assert "User unknown in virtual mailbox table" in bounce.diagnostic
    assert "Undelivered Mail Returned to Sender" in bounce.report
    assert reasons() == {"ada@example.net": "hard_bounce"}
    delivery.refresh_from_db()
    assert delivery.status == "sent"


def test_the_same_mail_read_twice_is_filed_once() -> None:
    delivery = sent(reader())
    raw = returned("postfix_user_unknown", delivery)
    file_mail(raw, NOON)
    again = b"Received: by another.example\r\n" + raw.replace(b"\n", b"\r\n")
    for copy in (raw, again):
        assert file_mail(copy, NOON + DAY) == Filed(1, known=1)
    assert Bounce.objects.get().received_at == NOON


def test_what_an_operator_has_lifted_is_not_suppressed_again_by_the_same_mail() -> None:
    raw = returned("postfix_user_unknown", sent(reader()))
    file_mail(raw, NOON)
    Suppression.objects.all().delete()
    file_mail(raw, NOON)
    assert reasons() == {}


def test_a_message_id_of_ours_proves_a_bounce_too() -> None:
    delivery = sent(reader())
    file_mail(returned("exim_plain_unrouteable", message_id=delivery.message_id), NOON)
    assert Bounce.objects.get().delivery == delivery
    assert reasons() == {"ada@example.net": "hard_bounce"}


def test_a_signed_unsubscribe_link_proves_a_bounce_too() -> None:
    link = links.token(Purpose.UNSUBSCRIBE, reader().pk)
    file_mail(returned("qmail_no_mailbox", link=link), NOON)
    assert reasons() == {"ada@example.net": "hard_bounce"}


@pytest.mark.parametrize(
    "name", ["postfix_user_unknown", "exim_plain_unrouteable", "arf_opt_out", "jmrp_microsoft"]
)
def test_what_names_no_mail_of_ours_is_filed_without_consequences(name: str) -> None:
    people = [reader(), reader("ada@hotmail.example")]
    forged = returned(name, message_id=f"<{'0' * 40}@post.example.org>")
    file_mail(forged, NOON)
    rows: list[Bounce | Complaint] = [*Bounce.objects.all(), *Complaint.objects.all()]
    assert [(row.counts, row.subscriber in people) for row in rows] == [(False, True)]
    assert reasons() == {}
    assert set(Subscriber.objects.values_list("status", flat=True)) == {"active"}


def test_a_token_of_another_purpose_proves_nothing() -> None:
    who = reader()
    file_mail(
        returned("postfix_user_unknown", token=return_path.token(Purpose.UNSUBSCRIBE, who.pk)), NOON
    )
    assert reasons() == {}


def test_a_forwarded_address_that_is_gone_costs_the_address_we_wrote_to() -> None:
    file_mail(returned("srs_forwarded", sent(reader("ada@forwarder.example"))), NOON)
    assert reasons() == {"ada@forwarder.example": "hard_bounce"}


def test_of_two_recipients_in_one_mail_each_reader_gets_their_own() -> None:
    ada, bob = reader(), reader("bob@example.net")
    assert file_mail(returned("postfix_two_recipients"), NOON) == Filed(1, bounces=2)
    assert Bounce.objects.get(subscriber=ada).cause == "address gone"
    assert Bounce.objects.get(subscriber=bob).cause == "mailbox full"


def test_a_return_path_of_one_reader_is_not_charged_with_another_recipient() -> None:
    delivery = sent(reader("bob@example.net"))
    assert file_mail(returned("postfix_two_recipients", delivery), NOON) == Filed(1, bounces=1)
    assert Bounce.objects.get().cause == "mailbox full"
    assert reasons() == {}


def test_a_complaint_unsubscribes_and_suppresses_at_once() -> None:
    delivery = sent(reader("ada@yahoo.example"))
    assert file_mail(returned("arf_yahoo", delivery), NOON) == Filed(1, complaints=1)
    complaint = Complaint.objects.get()
    assert (complaint.delivery, complaint.feedback_type) == (delivery, "abuse")
    delivery.subscriber.refresh_from_db()
    assert delivery.subscriber.status == "unsubscribed"
    assert reasons() == {"ada@yahoo.example": "complaint"}
    assert not Notice.objects.exists()


def test_a_complaint_without_an_address_finds_its_reader() -> None:
    delivery = sent(reader())
    ours = f"<{return_path.token_of(delivery)}@post.example.org>"
    file_mail(returned("arf_aol_redacted", message_id=ours), NOON)
    assert reasons() == {"ada@example.net": "complaint"}


@pytest.mark.parametrize(
    "name",
    ["postfix_delayed", "postfix_relayed", "exim_warning_delayed", "arf_not_spam",
     "arf_auth_failure", "vacation_rfc3834", "vacation_exchange", "a_person_writes",
     "read_receipt"],
)  # fmt: skip
def test_delays_and_answers_of_people_or_machines_are_left_alone(name: str) -> None:
    assert file_mail(returned(name, sent(reader())), NOON) == Filed(1, ignored=1)
    assert not Bounce.objects.exists()
    assert not Notice.objects.exists()


def test_a_confirmation_that_comes_back_is_not_sent_again_even_without_a_subscriber() -> None:
    notice = Notice.objects.create(
        kind="confirm", address="ada@example.net", fingerprint="x", due_at=NOON,
        next_attempt_at=NOON, expires_at=NOON,
    )  # fmt: skip
    token = return_path.token(Purpose.RETURNED_NOTICE, notice.pk)
    assert file_mail(returned("postfix_user_unknown", token=token), NOON) == Filed(1, bounces=1)
    assert reasons() == {"ada@example.net": "hard_bounce"}


def test_who_is_unknown_is_unplaced() -> None:
    assert file_mail(returned("postfix_user_unknown"), NOON) == Filed(1, unplaced=1)


def full(who: Subscriber, day: int, name: str = "postfix_quota_dovecot") -> None:
    """On this day a mail goes out and comes back."""
    at = NOON + day * DAY
    delivery = sent(who, at)
    file_mail(returned(name, delivery), at + dt.timedelta(hours=1))


def test_a_full_mailbox_is_written_to_until_five_mails_in_a_row_came_back() -> None:
    who = reader()
    for day in range(4):
        full(who, day)
        assert scoring.score(who, NOON + 5 * DAY) == day + 1
        assert reasons() == {}
    full(who, 4)
    assert reasons() == {"ada@example.net": "soft_bounces"}
    assert Bounce.objects.filter(kind="soft", cause="mailbox full").count() == 5


def test_every_mail_that_arrives_halves_the_score() -> None:
    who = reader()
    for day in range(4):
        full(who, day)
    sent(who, NOON + 4 * DAY)
    assert scoring.score(who, NOON + 5 * DAY) == 2
    sent(who, NOON + 5 * DAY)
    assert scoring.score(who, NOON + 6 * DAY) == 1


def test_who_gets_every_third_mail_is_written_to_for_ever() -> None:
    who = reader()
    for day in range(40):
        if day % 3:
            full(who, day)
        else:
            sent(who, NOON + day * DAY)
    assert reasons() == {}


def test_a_weekly_reader_is_worn_out_after_five_weeks() -> None:
    who = reader()
    for week in range(5):
        full(who, 7 * week)
    assert reasons() == {"ada@example.net": "soft_bounces"}


def test_an_old_bounce_does_not_count() -> None:
    who = reader()
    full(who, 0)
    assert scoring.score(who, NOON + scoring.WINDOW + DAY) == 0


@pytest.mark.parametrize(
    "name", ["gmail_unauthenticated", "outlook_com_blocked", "gateway_content_block",
             "gmail_unusual_rate"],
)  # fmt: skip
def test_trouble_of_ours_wears_nobody_out(name: str) -> None:
    who = reader("ada@gmail.example")
    for day in range(10):
        full(who, day, name)
    assert Bounce.objects.filter(kind="soft").count() == 10
    assert reasons() == {}


def test_a_nul_in_a_report_is_no_trouble() -> None:
    delivery = sent(reader())
    raw = returned("postfix_user_unknown", delivery).replace(b"User unknown", b"User\0 unknown")
    assert file_mail(raw, NOON).bounces == 1
    assert "\0" not in Bounce.objects.get().report


def test_of_a_huge_mail_only_the_beginning_is_kept() -> None:
    delivery = sent(reader())
    file_mail(returned("postfix_user_unknown", delivery) + b"x" * 3_000_000, NOON)
    assert len(Bounce.objects.get().report) <= 32_000


@pytest.mark.django_db(transaction=True)
def test_many_who_read_the_same_mail_at_once_file_it_once() -> None:
    raw = returned("postfix_user_unknown", sent(reader()))
    filed: list[Filed] = []
    at_once = threading.Barrier(4)

    def work() -> None:
        at_once.wait()
        try:
            filed.append(file_mail(raw, NOON))
        finally:
            connection.close()

    # A database in memory, as the tests on SQLite have it, belongs to one thread.
    if connection.vendor == "sqlite":
        filed = [file_mail(raw, NOON) for _ in range(4)]
    else:
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sum(filed, Filed()) == Filed(mails=4, bounces=1, known=3)
    assert Bounce.objects.count() == Suppression.objects.count() == 1
