"""Send to the missed: deliveries that did not reach their reader go back to the queue by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When

from newsletter.delivery import ledger, states
from newsletter.models import Delivery

#: What counts as missed unless somebody chooses otherwise.
MISSED = (states.FAILED, states.SKIPPED, states.UNCERTAIN)
#: What may be chosen; what was sent goes again for one reader only, and what a worker has in its
#: hands is left there. Queued ones first, or the others would be counted among them.
CHOICES = (states.QUEUED, *MISSED)

# Of these it is known that nothing arrived, so the mail is as good as new: with today's date no
# filter takes it for late, and it is tried again as long as any other.
_NEVER_ARRIVED = (states.FAILED, states.SKIPPED)


@transaction.atomic
def send_again(
    deliveries: QuerySet[Delivery], now: dt.datetime, chosen: Collection[str] = MISSED
) -> int:
    """Put those of them that are in one of the chosen states into the queue, due at once.

    They keep their Message-ID. Who may not be written to is skipped again when it is claimed.
    Returns how many; raises ValueError for a state that is not of ``CHOICES``.
    """
    unknown = sorted(set(chosen) - set(CHOICES))
    if unknown:
        raise ValueError(f"cannot be sent again together: {', '.join(unknown)}")
    return sum(_back(deliveries, state, now) for state in CHOICES if state in set(chosen))


def send_once_more(delivery: Delivery, now: dt.datetime) -> bool:
    """The same mail again to a reader who has been sent it; whether it was in that state."""
    if delivery.sent_at is None:
        return False
    before = f"sent before, at {delivery.sent_at:%Y-%m-%d %H:%M} UTC: {delivery.reply}"
    sent = Delivery.objects.filter(pk=delivery.pk)
    return bool(
        ledger.move(
            sent,
            states.SENT,
            states.QUEUED,
            by_hand=True,
            **_fresh(now),
            sent_at=None,
            reply=before,
        )
    )


def _back(deliveries: QuerySet[Delivery], state: str, now: dt.datetime) -> int:
    values = _fresh(now)
    if state in _NEVER_ARRIVED:
        values["mail_date"] = Case(When(mail_date__isnull=False, then=Value(now)))
    return ledger.move(deliveries, state, states.QUEUED, by_hand=True, **values)


def _fresh(now: dt.datetime) -> dict[str, Any]:
    return {"next_attempt_at": now, "attempts": 0, "reason": ""}
