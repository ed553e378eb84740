"""Claiming: a chunk of due mails into one worker's hands."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from digest.json_table import instant
from newsletter.compose import headers, return_path
from newsletter.delivery import ageing, issues, lean, ledger, pausing, states, suppression
from newsletter.models import Delivery, Issue, Notice, Outgoing, Subscriber

# Many times what handing over a chunk may take (see handover), so that nothing is taken back
# from a worker that lives.
LEASE = dt.timedelta(minutes=15)

Row = TypeVar("Row", Delivery, Notice)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which mails may be taken. ``ignore_due`` takes first attempts before their due instant."""

    issue: Issue | None = None
    subscriber: Subscriber | None = None
    ignore_due: bool = False


EVERYBODY = Scope()


@dataclass(frozen=True, slots=True)
class Claimed(Generic[Row]):
    """``rows`` may be sent; ``skipped`` were taken too, and found not mailable any more."""

    claim: uuid.UUID
    rows: list[Row]
    skipped: int = 0

    @property
    def size(self) -> int:
        return len(self.rows) + self.skipped


def claim_due(
    model: type[Row],
    now: dt.datetime,
    size: int,
    scope: Scope = EVERYBODY,
    claim: uuid.UUID | None = None,
) -> Claimed[Row]:
    """Take at most ``size`` due mails, the longest waiting first; nobody else gets them.

    Each has its Message-ID and Date from its first claim on. Whether its reader may be written
    to is looked at again here.
    """
    claim = claim or uuid.uuid4()
    rows = _take(model, claim, now, size, scope)
    reasons = _why_not(rows, now)
    refused = [{"id": row.id, "reason": reasons[row.id]} for row in rows if row.id in reasons]
    ledger.finish(model, claim, states.SKIPPED, refused)
    return Claimed(claim, [row for row in rows if row.id not in reasons], len(refused))


def chunks_due(now: dt.datetime, size: int, most: int) -> int:
    """How many chunks of deliveries are due, ``most`` at most."""
    due = _due(Delivery, now, EVERYBODY).order_by()[: size * most].count()
    return math.ceil(due / size)


def _take(
    model: type[Row], claim: uuid.UUID, now: dt.datetime, size: int, scope: Scope
) -> list[Row]:
    due = _due(model, now, scope).order_by("next_attempt_at", "pk")
    if not due.exists():  # the usual minute: no write lock for nothing
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        # Along the index, and no further than the chunk; what belongs to the rows is read after.
        chosen = list(due.values_list("pk", flat=True)[:size])
        rows = _loaded(model, chosen)
        for row in rows:
            _mark(row, now)
        marked = [
            {
                "id": row.id,
                "attempts": row.attempts,
                "message_id": row.message_id,
                "mail_date": instant(row.mail_date or now),
            }
            for row in rows
        ]
        ledger.claim(model, marked, claim=claim, lease_until=now + LEASE)
    return rows


def _loaded(model: type[Row], chosen: Sequence[int]) -> list[Row]:
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=chosen)
    rows = rows.order_by("next_attempt_at", "pk")
    if model is Delivery:
        return lean.deliveries(rows)
    return list(rows.select_related("subscriber"))


def _mark(row: Delivery | Notice, now: dt.datetime) -> None:
    """Message-ID and Date are given at the first claim, and are the same on every retry. The
    claim is never before the due instant, or an operator wanted it so, and a Date in the future
    would be a mark of spam."""
    row.status = Outgoing.Status.SENDING
    row.attempts += 1
    if not row.message_id:
        row.message_id, row.mail_date = message_id(row), now


def _due(model: type[Row], now: dt.datetime, scope: Scope) -> QuerySet[Any]:
    due: QuerySet[Any] = model._default_manager.filter(status=states.QUEUED)
    is_time = Q(next_attempt_at__lte=now)
    # A retry keeps its waiting time, also for an operator in a hurry.
    due = due.filter(is_time | Q(attempts=0)) if scope.ignore_due else due.filter(is_time)
    if scope.subscriber is not None:
        due = due.filter(subscriber=scope.subscriber)
    if model is Delivery:
        if scope.issue is not None:
            due = due.filter(issue=scope.issue)
        # What was put on hold after planning waits until it is released again. Those are few:
        # asked for by themselves, they leave the database no choice but to walk along the index.
        free = issues.with_release(pausing.not_paused(Issue.objects.all()))
        if kept_back := list(
            Issue.objects.exclude(pk__in=free.values("pk")).values_list("pk", flat=True)
        ):
            due = due.exclude(issue__in=kept_back)
        if settings.DELIVERY_MAX_AGE_HOURS and not scope.ignore_due:
            due = due.exclude(ageing.too_old(now))
    return due


def message_id(row: Delivery | Notice) -> str:
    """The same for the same row, whenever it is asked for, and nobody else's to guess: by it a
    returned mail tells whose it was."""
    return f"<{return_path.token_of(row)}@{headers.sender().rpartition('@')[2]}>"


def _why_not(rows: Sequence[Delivery | Notice], now: dt.datetime) -> dict[int, str]:
    """Of those that may not be sent (any more), the reason, by primary key."""
    suppressed = suppression.reasons_for(map(_fingerprint, rows))
    reasons = {row.id: _reason(row, suppressed.get(_fingerprint(row), ""), now) for row in rows}
    return {pk: reason for pk, reason in reasons.items() if reason}


def _fingerprint(row: Delivery | Notice) -> str:
    return row.fingerprint if isinstance(row, Notice) else row.subscriber.fingerprint


def _reason(row: Delivery | Notice, suppressed: str, now: dt.datetime) -> str:
    if isinstance(row, Notice):
        # Whose state does not count: a confirmation goes to a pending reader, a goodbye to an
        # unsubscribed one.
        if row.expires_at <= now:
            return "expired before it could be sent"
        if suppressed and not suppression.keeps_back(row.kind, suppressed):
            return ""
    elif row.subscriber.status != Subscriber.Status.ACTIVE:
        return f"the subscriber is {row.subscriber.status}"
    return suppression.told(suppressed) if suppressed else ""
