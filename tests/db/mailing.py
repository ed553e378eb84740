"""What the tests of delivery share: readers, a released listing, and stand-ins for the wire."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from digest.models import Listing
from newsletter.compose.composer import Composed
from newsletter.compose.mail import Mail
from newsletter.compose.notices import compose_notice as notice_mail
from newsletter.delivery import planning, sending, transports
from newsletter.delivery.letters import Compose, ComposeNotice
from newsletter.delivery.tally import Tally
from newsletter.delivery.transports.base import (
    Accepted,
    Begin,
    Outcome,
    Outcomes,
    Transport,
    one_by_one,
)
from newsletter.models import Delivery, Issue, Subscriber
from tests.make import DAY, make_listing, make_section, make_subscriber, subscribe

UTC = dt.UTC
RELEASE = dt.datetime(2026, 2, 3, 6, tzinfo=UTC)  # 01:00 in New York
NOON = dt.datetime(2026, 2, 3, 12, tzinfo=UTC)


def release(date: dt.date = DAY) -> Listing:
    return make_listing(date, status=Listing.Status.RELEASED)


def make_reader(address: str = "", **fields: Any) -> Subscriber:
    """An active subscriber who follows cs.DC."""
    reader = make_subscriber(address, **fields)
    subscribe(reader, make_section("cs.DC"))
    return reader


def planned(*readers: Subscriber, now: dt.datetime = NOON) -> Issue:
    """A released daily issue, planned for the readers (or one new reader)."""
    if not readers:
        make_reader()
    release()
    issue = planning.issue_for("daily", DAY)
    planning.plan(issue, now)
    return issue


def mail_for(delivery: Delivery) -> Mail:
    return Mail(
        sender="digest@localhost",
        recipient=delivery.subscriber.address,
        raw=b"Subject: x\r\nMessage-ID: " + delivery.message_id.encode() + b"\r\n\r\nHello\r\n",
        message_id=delivery.message_id,
    )


def compose(deliveries: Sequence[Delivery]) -> list[Composed]:
    """A stand-in composer: three papers each."""
    return [Composed(delivery, mail_for(delivery), 9, 3, [1, 2, 3]) for delivery in deliveries]


class Wire:
    """A transport that remembers, and answers as it is told to."""

    def __init__(self, answer: Callable[[Mail], Outcome] | None = None) -> None:
        self.sent: list[Mail] = []
        self.connections = 0
        self._answer = answer or (lambda mail: Accepted("250 ok"))

    def send_all(self, mails: Iterable[Mail], begin: Begin, deadline: float = math.inf) -> Outcomes:
        for mail in mails:
            self.connections += not self.sent
            yield from one_by_one(self, [mail], begin)

    def send(self, mail: Mail) -> Outcome:
        outcome = self._answer(mail)
        self.sent.append(replace(mail))
        return outcome


def send_due(
    now: dt.datetime,
    size: int = sending.CHUNK,
    *,
    transport: Transport | None = None,
    compose: Compose | None = None,
    compose_notice: ComposeNotice = notice_mail,
) -> Tally:
    """A chunk of what is due of both kinds, notices first, as the beat's two tasks send it."""
    wire = transport or transports.default()
    tally = sending.send_notices(now, size, transport=wire, compose=compose_notice)
    if tally.unreachable:
        return tally
    return tally + sending.send_deliveries(now, size, transport=wire, compose=compose)
