"""Sweeping: what no living worker holds goes back to the queue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from newsletter.delivery import ageing, folding, ledger, states
from newsletter.models import Delivery, Notice

#: What UNCERTAIN_MAILS may say.
AGAIN, HOLD = "again", "hold"
# Attempts that ended without a word; after so many the mail stays `uncertain` for a human.
MOST_ATTEMPTS = 10
_GIVEN_UP = f"given up after {MOST_ATTEMPTS} attempts that ended without a word"
_LOST = "the worker ended without a word; sent again with the same Message-ID"
_HELD_BACK = "the worker ended without a word; held for the operator"


def sweep(now: dt.datetime) -> int:
    """Put back the mails of workers that died, and those whose server gave no answer; how many.

    Workers of this machine left journals that tell what became of their mails. Of others it is
    not known whether a mail went out: it is sent again with the same Message-ID and Date, by
    which a mailbox that has it can tell, or held for the operator (``UNCERTAIN_MAILS``).
    """
    ageing.skip_too_old(now)
    returned = folding.fold_left_behind(now)
    for model in (Notice, Delivery):
        rows: QuerySet[Any] = model._default_manager.all()
        # The claim stays with the row: a journal that turns up later may still speak for it.
        stale = rows.filter(lease_until__lt=now)
        kept: dict[str, Any] = {"claim": F("claim"), "next_attempt_at": now}
        hopeless = stale.filter(attempts__gte=MOST_ATTEMPTS)
        ledger.move(hopeless, states.SENDING, states.UNCERTAIN, **kept, reason=_GIVEN_UP)
        reply = _LOST if sends_again() else _HELD_BACK
        ledger.move(stale, states.SENDING, states.UNCERTAIN, **kept, reply=reply)
        if sends_again():
            returned += _send_again(model, now)
    return returned


def sends_again() -> bool:
    return bool(settings.UNCERTAIN_MAILS == AGAIN)


def _send_again(model: type[Delivery | Notice], now: dt.datetime) -> int:
    unclear: QuerySet[Any] = model._default_manager.filter(next_attempt_at__lte=now, reason="")
    if model is Notice:
        unclear = unclear.filter(expires_at__gt=now)
    return ledger.move(unclear, states.UNCERTAIN, states.QUEUED)
