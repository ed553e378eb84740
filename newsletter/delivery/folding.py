"""Folding journals in: what killed workers had done, into the rows. Twice changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from digest.json_table import instant
from newsletter.delivery import journal, ledger, states
from newsletter.delivery.journal import Chunk, Journal
from newsletter.models import Delivery, Notice

logger = logging.getLogger(__name__)

_MODELS: dict[str, type[Delivery | Notice]] = {"delivery": Delivery, "notice": Notice}
_UNANSWERED = "the worker ended before the server had answered"


def fold_left_behind(now: dt.datetime) -> int:
    """Fold in what dead workers of this machine left; how many mails that settled."""
    settled = 0
    for path, chunks in journal.left_behind(journal.folder()):
        settled += sum(fold(chunk, now) for chunk in chunks)
        path.unlink(missing_ok=True)
    return settled


def fold_own(own: Journal, now: dt.datetime) -> None:
    """What this process could not write when the database was away."""
    for chunk in own.chunk():
        fold(chunk, now)
    own.clear()


@transaction.atomic
def fold(chunk: Chunk, now: dt.datetime) -> int:
    """Those taken are sent; those without an answer uncertain; the others were never out."""
    model = _MODELS[chunk.model]
    done = ledger.settle(model, chunk.claim, [_sent(chunk, pk) for pk in chunk.taken])
    unknown = [
        {"id": pk, "reply": _UNANSWERED, "next_attempt_at": instant(now)}
        for pk in sorted(chunk.in_doubt)
    ]
    doubtful = ledger.finish(model, chunk.claim, states.UNCERTAIN, unknown)
    rows: QuerySet[Any] = model._default_manager.filter(claim=chunk.claim)
    returned = ledger.move(rows, states.SENDING, states.QUEUED, attempts=F("attempts") - 1)
    logger.warning(
        "A journal settled a chunk of %s mails: %d sent, %d uncertain, %d back in the queue",
        *(chunk.model, done, doubtful, returned),
    )
    return done + doubtful + returned


def _sent(chunk: Chunk, pk: int) -> dict[str, Any]:
    taken = chunk.taken[pk]
    shown = chunk.shown.get(pk, "")
    return {
        "id": pk,
        "sent_at": instant(dt.datetime.fromtimestamp(taken.at, dt.UTC)),
        "size": taken.size,
        "reply": taken.reply,
        "reason": "",
        **(json.loads(shown) if shown else {}),
    }
