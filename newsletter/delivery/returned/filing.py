"""Filing: what a report says becomes a row and its consequences, once, however often it is read.

A hard bounce or a complaint has consequences only where it is proven to be about a mail of ours,
by a return path, Message-ID or unsubscribe link that nobody else can make up: anybody can write
a bounce.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db import transaction

from newsletter.delivery import suppression
from newsletter.delivery.returned import mime, scoring
from newsletter.delivery.returned.finding import Found, find
from newsletter.delivery.returned.reading import read
from newsletter.delivery.returned.reports import Report, Returned
from newsletter.models import Bounce, Complaint, Suppression

MAIL = "mail"
# A report says what it has to say before the copy of the mail.
_LONGEST_REPORT = 32_000
_ACTED_ON = (Returned.BOUNCE, Returned.COMPLAINT)


@dataclass(frozen=True, slots=True)
class Filed:
    """Counts. ``known`` had been filed before; ``unplaced`` name nobody who is subscribed."""

    mails: int = 0
    bounces: int = 0
    complaints: int = 0
    known: int = 0
    unplaced: int = 0
    ignored: int = 0

    def __add__(self, other: Filed) -> Filed:
        names = [field.name for field in fields(self)]
        return Filed(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class Received:
    """What came, when, and from where; ``key`` is the same whenever the same comes again."""

    text: str
    key: str
    at: dt.datetime
    source: str = MAIL


@transaction.atomic
def file_mail(raw: bytes, now: dt.datetime) -> Filed:
    """File what a returned mail reports, all of it or, if the database fails, nothing."""
    received = Received(_shown(raw), _key(raw), now)
    found = [(report, find(report)) for report in read(raw) if report.kind in _ACTED_ON]
    filed = Filed(mails=1, ignored=0 if found else 1)
    for report, whose in _one_each(found):
        filed += file(report, whose, received)
    return filed


@transaction.atomic
def file(report: Report, found: Found, received: Received) -> Filed:
    """File one bounce or complaint, and do what follows from it."""
    if report.kind is Returned.COMPLAINT:
        return _complaint(report, found, received)
    return _bounce(report, found, received)


def _one_each(found: Iterable[tuple[Report, Found]]) -> list[tuple[Report, Found]]:
    """One report a reader: where a return path leads several to the same one, that which names
    the reader's own address, else the gravest."""
    best: dict[object, tuple[Report, Found]] = {}
    for report, whose in found:
        reader = whose.subscriber.pk if whose.subscriber else whose.address or report.address
        if reader not in best or _weight(report, whose) > _weight(*best[reader]):
            best[reader] = report, whose
    return list(best.values())


def _weight(report: Report, found: Found) -> tuple[bool, bool]:
    is_own = report.address.casefold() == found.address.casefold()
    return is_own, report.verdict is not None and report.verdict.is_hard


def _bounce(report: Report, found: Found, received: Received) -> Filed:
    if report.verdict is None:
        return Filed(ignored=1)
    is_hard = report.verdict.is_hard
    if found.subscriber is None:
        return _without_a_row(found, Suppression.Reason.HARD_BOUNCE if is_hard else None, report)
    _, is_new = Bounce.objects.get_or_create(
        key=_own_key(received, found),
        defaults={
            "subscriber": found.subscriber,
            "delivery": found.delivery,
            "kind": Bounce.Kind.HARD if is_hard else Bounce.Kind.SOFT,
            "cause": report.verdict.kind.value,
            "enhanced_code": report.verdict.code,
            **_common(report, found, received),
        },
    )
    if not is_new:
        return Filed(known=1)
    if found.is_proven and is_hard:
        note = _clean(report.diagnostic)
        suppression.suppress(found.subscriber, Suppression.Reason.HARD_BOUNCE, note=note)
    elif found.is_proven:
        scoring.suppress_worn_out([found.subscriber.pk], received.at)
    return Filed(bounces=1)


def _complaint(report: Report, found: Found, received: Received) -> Filed:
    if found.subscriber is None:
        return _without_a_row(found, Suppression.Reason.COMPLAINT, report)
    _, is_new = Complaint.objects.get_or_create(
        key=_own_key(received, found),
        defaults={
            "subscriber": found.subscriber,
            "delivery": found.delivery,
            "feedback_type": report.feedback_type,
            **_common(report, found, received),
        },
    )
    if not is_new:
        return Filed(known=1)
    if found.is_proven:
        suppression.heed_complaint(found.subscriber, note=report.feedback_type)
    return Filed(complaints=1)


def _without_a_row(found: Found, reason: Suppression.Reason | None, report: Report) -> Filed:
    """A notice to somebody who is no subscriber: all that can be done is not to write again."""
    if not found.is_proven or not found.address:
        return Filed(unplaced=1)
    if reason is not None:
        suppression.suppress(found.address, reason, note=_clean(report.diagnostic))
    is_complaint = report.kind is Returned.COMPLAINT
    return Filed(complaints=1) if is_complaint else Filed(bounces=1)


def _common(report: Report, found: Found, received: Received) -> dict[str, object]:
    return {
        "report": received.text,
        "diagnostic": _clean(report.diagnostic),
        "source": received.source,
        "counts": found.is_proven,
        "received_at": received.at,
    }


def _own_key(received: Received, found: Found) -> str:
    """A mail that reports on two readers has a row for each."""
    pk = found.subscriber.pk if found.subscriber else 0
    return hashlib.sha256(f"{received.key} {pk}".encode()).hexdigest()


def _key(raw: bytes) -> str:
    """By the mail itself, not by the headers that its way to us has added to it."""
    mail = mime.parse(raw)
    name = mail.header("Message-ID") or mail.header("From") + mail.header("Date")
    lines = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
    return hashlib.sha256(name.encode() + b"\n" + lines).hexdigest()


def _shown(raw: bytes) -> str:
    return _clean(raw[:_LONGEST_REPORT].decode("utf-8", "replace").replace("\r\n", "\n"))


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL in its texts."""
    return text.replace("\0", "")
