"""When a mail is tried again, and when that is given up."""

from __future__ import annotations

import datetime as dt
import random

from newsletter.models import Cadence, Delivery, Notice

# RFC 5321 4.5.4.1: at least half an hour, then longer and longer.
FIRST_WAIT = dt.timedelta(minutes=30)
# The server as a whole was out of reach; that says nothing about any mail.
OUTAGE_WAIT = dt.timedelta(minutes=1)
# The server hung up instead of answering: most likely it was started again.
UNCLEAR_WAIT = dt.timedelta(minutes=1)
# Until about the reader's next issue, which makes a late one worthless.
_PATIENCE = {Cadence.DAILY: dt.timedelta(days=1), Cadence.WEEKLY: dt.timedelta(days=5)}


def next_attempt(
    row: Delivery | Notice, now: dt.datetime, first: dt.timedelta = FIRST_WAIT
) -> dt.datetime | None:
    """``first`` x 2^n after the n-th attempt, and up to a tenth more, so that not all come back
    at once; None when it is too late for another."""
    again = now + first * 2 ** max(0, row.attempts - 1) * (1 + random.random() / 10)  # noqa: S311
    return again if again < _too_late(row, now) else None


def _too_late(row: Delivery | Notice, now: dt.datetime) -> dt.datetime:
    if isinstance(row, Notice):
        return row.expires_at
    return (row.mail_date or now) + _PATIENCE[Cadence(row.issue.cadence)]
