"""The mails outside an issue."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings

from newsletter.compose.mail import Mail
from newsletter.compose.message import HeaderError
from newsletter.compose.notices import compose_notice
from newsletter.models import Notice, OptIn, Subscriber
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests import make
from tests.db.mail_reading import ReadMail

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC)
CHOICES = {
    "cadence": "weekly",
    "weekday": 0,
    "send_when": "hour",
    "send_hour": 7,
    "timezone": "Europe/Berlin",
    "format": "plain",
    "sections": [
        {"categories": "cs.DC", "expression": "", "label": "cs.DC", "style": "cards"},
        {
            "categories": "cs.LG",
            "expression": "speed",
            "label": 'cs.LG contains "<speed>"',
            "style": "lines",
        },
    ],
}


def notice(kind: str, subscriber: Subscriber | None = None, **context: Any) -> Notice:
    address = subscriber.address if subscriber else "operator@example.org"
    return Notice.objects.create(
        kind=kind,
        address=address,
        fingerprint="f" * 64,
        subscriber=subscriber,
        context=context,
        due_at=AT,
        next_attempt_at=AT,
        expires_at=AT + dt.timedelta(days=7),
        mail_date=AT,
        message_id="<n1@localhost>",
    )


def a_notice(kind: str) -> Notice:
    if kind == "alert":
        return notice(kind, subject="The disk is full", text="All of it.\n\nSee <to> it.")
    subscriber = make.make_subscriber()
    if kind == "confirm":
        opt_in = OptIn.objects.create(subscriber=subscriber, choices=CHOICES, requested_at=AT)
        return notice(kind, subscriber, opt_in=opt_in.pk)
    return notice(kind, subscriber)


def read(mail: Mail) -> ReadMail:
    return ReadMail(mail.raw)


KINDS = pytest.mark.parametrize("kind", Notice.Kind.values)


@KINDS
def test_every_notice_is_a_sound_mail(kind: str) -> None:
    made = a_notice(kind)
    sent = compose_notice(made)
    mail = read(sent)
    assert sent.recipient == made.address
    assert mail.message["To"] == made.address
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Message-ID"] == made.message_id == sent.message_id
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Precedence"):
        assert name not in mail.message
    body = sent.raw.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert "<img" not in mail.html
    assert "%%" not in mail.html + mail.text
    assert compose_notice(made) == sent


@KINDS
def test_both_parts_have_the_same_addresses_and_narrow_lines(kind: str) -> None:
    mail = read(compose_notice(a_notice(kind)))
    assert mail.html_urls <= mail.text_urls
    assert {url.rstrip(".") for url in mail.text_urls - mail.html_urls} <= {settings.SITE_URL}
    assert all(len(row) <= 72 or row.startswith("http") for row in mail.text.split("\n"))


def test_the_confirmation_says_what_will_be_sent_and_that_nothing_is_without_it() -> None:
    made = a_notice("confirm")
    mail = read(compose_notice(made))
    url = links.url(Purpose.CONFIRM, made.context["opt_in"])
    assert url in mail.html_urls
    for words in (mail.visible, " ".join(mail.text.split())):
        assert "Nothing is sent to you unless you confirm" in words
        assert "every Monday at 07:00 (Europe/Berlin), as plain text" in words
        assert "cs.DC, as cards" in words
        assert 'cs.LG contains "<speed>", as lines' in words
        assert "Tuesday, 10 February 2026" in words


def test_the_link_leads_to_preferences_and_unsubscribing() -> None:
    made = a_notice("link")
    assert made.subscriber_id is not None
    mail = read(compose_notice(made))
    assert mail.html_urls == {
        links.url(Purpose.PREFERENCES, made.subscriber_id),
        links.url(Purpose.UNSUBSCRIBE, made.subscriber_id),
    }


def test_goodbye_says_that_it_is_done_and_how_to_come_back() -> None:
    mail = read(compose_notice(a_notice("goodbye")))
    assert "It is done" in mail.visible
    assert mail.html_urls == {f"{settings.SITE_URL}/"}


def test_an_alert_says_what_it_was_given() -> None:
    mail = read(compose_notice(a_notice("alert")))
    assert mail.message["Subject"] == "Preprint Post: The disk is full"
    assert "See <to> it." in mail.visible
    assert "See <to> it." in mail.text


def test_an_alert_with_a_broken_subject_stays_one_header() -> None:
    made = notice("alert", subject="x\r\nBcc: evil@example.org", text="y")
    assert "Bcc" not in read(compose_notice(made)).message


def test_an_address_that_no_header_can_hold_is_refused() -> None:
    made = a_notice("alert")
    made.address = "a@example.org\r\nBcc: evil@example.org"
    with pytest.raises(HeaderError):
        compose_notice(made)
