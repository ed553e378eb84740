"""Sweeping: what no living worker holds goes back to the queue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from newsletter.delivery import ledger, states
from newsletter.models import Delivery, Notice

# Attempts that ended without a word; after so many the mail stays `uncertain` for a human.
MOST_ATTEMPTS = 10
_GIVEN_UP = f"given up after {MOST_ATTEMPTS} attempts that ended without a word"
_AGAIN = "the worker ended without a word; sent again with the same Message-ID"


def sweep(now: dt.datetime) -> int:
    """Put back the mails of workers that died, and those whose server gave no answer; how many.

    Whether such a mail went out is not known. It is sent again with the same Message-ID and
    Date, by which a mailbox that has it can tell: rather twice than never.
    """
    returned = 0
    for model in (Notice, Delivery):
        rows: QuerySet[Any] = model._default_manager.all()
        stale = rows.filter(lease_until__lt=now)
        hopeless = stale.filter(attempts__gte=MOST_ATTEMPTS)
        ledger.move(hopeless, states.SENDING, states.UNCERTAIN, reason=_GIVEN_UP)
        returned += ledger.move(
            stale, states.SENDING, states.QUEUED, next_attempt_at=now, reply=_AGAIN
        )
        unclear = rows.filter(next_attempt_at__lte=now, reason="")
        if model is Notice:
            unclear = unclear.filter(expires_at__gt=now)
        returned += ledger.move(unclear, states.UNCERTAIN, states.QUEUED)
    return returned
