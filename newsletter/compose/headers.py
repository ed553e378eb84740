"""The headers of a digest and of a notice (RFC 5322, 2919, 2369, 8058, 3834)."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings

from newsletter.compose import message, plain
from newsletter.compose.message import Header
from newsletter.models import Delivery, Notice, Subscriber

# What Gmail's Feedback-ID asks of its last field.
_SENDER_ID = (5, 15)


def of_digest(cadence: str, last_date: dt.date) -> list[Header]:
    """In order; what is the reader's own is left blank."""
    return [
        ("From", _from()),
        ("To", ""),
        ("Subject", ""),
        ("Date", ""),
        ("Message-ID", ""),
        ("List-Id", _list_id(cadence)),
        ("List-Unsubscribe", ""),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Feedback-ID", _feedback_id(cadence, last_date)),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
    ]


@lru_cache(maxsize=4096)
def subject(text: str) -> str:
    """As it stands in the header."""
    return message.words(plain.one_line(text), used=len("Subject: "))


def of_notice(notice: Notice, title: str) -> list[Header]:
    address = address_of(notice.subscriber) if notice.subscriber else notice.address
    return [*_common(address, title, notice), ("Auto-Submitted", "auto-generated")]


def stamp(delivery: Delivery) -> dict[str, bytes]:
    """Date and Message-ID, which the row has since its first claim."""
    if delivery.mail_date is None or not delivery.message_id:
        raise ValueError(f"{delivery!r} was not claimed: it has no date or Message-ID")
    return {
        "DATED": _date(delivery.mail_date),
        "NAME": message.message_id(delivery.message_id).encode("ascii"),
    }


@lru_cache(maxsize=1024)
def _date(moment: dt.datetime) -> bytes:
    return message.date(moment).encode("ascii")


def _from() -> str:
    return message.mailbox(sender(), plain.one_line(settings.SITE_NAME))


def sender() -> str:
    """The address mails come from, which is also the envelope's."""
    return _address_in(settings.FROM_EMAIL)


@lru_cache(maxsize=8)
def _address_in(text: str) -> str:
    return parseaddr(text)[1]


def address_of(subscriber: Subscriber) -> str:
    """Where mail goes: the local part as given, the domain as A-label."""
    local, _, _ = subscriber.address.rpartition("@")
    _, _, domain = subscriber.identity.rpartition("@")
    return f"{local}@{domain}"


def _common(address: str, title: str, outgoing: Notice) -> list[Header]:
    if outgoing.mail_date is None or not outgoing.message_id:
        raise ValueError(f"{outgoing!r} was not claimed: it has no date or Message-ID")
    return [
        ("From", _from()),
        ("To", message.mailbox(address)),
        ("Subject", subject(title)),
        ("Date", message.date(outgoing.mail_date)),
        ("Message-ID", message.message_id(outgoing.message_id)),
    ]


def _list_id(cadence: str) -> str:
    """One list per cadence, under our own domain (RFC 2919)."""
    domain = sender().rpartition("@")[2]
    name = plain.one_line(f"{settings.SITE_NAME} {cadence}")
    return message.named(name, f"{cadence}.{domain}", used=len("List-Id: "))


def _feedback_id(cadence: str, last_date: dt.date) -> str:
    """The same for all readers of an issue: what a complaint rate is counted by."""
    least, most = _SENDER_ID
    name = re.sub(r"[^a-z0-9]", "", settings.SITE_NAME.lower()) or "newsletter"
    sender_id = (name if len(name) >= least else f"{name}digest")[:most]
    return f"{last_date:%Y%m%d}:{cadence}:digest:{sender_id}"
