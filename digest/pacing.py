"""At most one request at a time, and one in three seconds, for the whole installation.

arXiv asks that of all machines of one party together, so a database row holds the place in
line, and with it how long arXiv is left alone when it is unwell. Machines are taken to agree on
the time to within a second or so.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from digest import breaker
from digest.models import FetchSlot

# A little more than the three seconds, as one request may take longer on its way than the next.
INTERVAL = dt.timedelta(seconds=3.1)
# Longer than any request may take: who holds the slot for longer has died.
LEASE = dt.timedelta(minutes=3)
# For longer than this no worker waits for others.
PATIENCE = dt.timedelta(seconds=60)
# An instant further ahead than anything we write: a clock was wrong, and nothing is meant by it.
_IMPOSSIBLE = dt.timedelta(hours=2)
_NAME = "arxiv"
_LONGEST_REASON = 500


class Blocked(Exception):
    """arXiv is not asked for now; ``until`` when, and why."""

    def __init__(self, until: dt.datetime, reason: str) -> None:
        self.until = until
        shown = f"arXiv is not asked before {until.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(f"{shown}: {reason}" if reason else shown)


@dataclass(slots=True)
class Turn:
    """One request's place in line; what became of it is said before it ends."""

    claim: uuid.UUID
    outcome: dict[str, object]
    failures: int = 0

    def went_well(self) -> None:
        self.outcome = {"failures": 0, "blocked_until": None, "reason": ""}

    def failed(
        self, reason: str, *, busy: bool = False, retry_after: dt.timedelta | None = None
    ) -> None:
        """The server is unwell, or has had enough of us."""
        failures = self.failures + 1
        rest = breaker.pause(failures, busy=busy, retry_after=retry_after)
        until = timezone.now() + rest if rest else None
        self.outcome = {
            "failures": failures,
            "blocked_until": until,
            "reason": reason[:_LONGEST_REASON],
        }


@contextmanager
def turn(interval: dt.timedelta | None = None) -> Iterator[Turn]:
    """Waits for the slot, and holds it for one request. Raises Blocked instead of a long wait."""
    held = _claim()
    begun = timezone.now()
    try:
        yield held
    finally:
        # Counted from the end if the request was slow: then too, one at a time.
        free_at = max(begun + (INTERVAL if interval is None else interval), timezone.now())
        slot = FetchSlot.objects.filter(name=_NAME, claim=held.claim)
        slot.update(claim=None, free_at=free_at, **held.outcome)


def blocked(now: dt.datetime) -> Blocked | None:
    """Until when nothing is asked, if anything keeps us from it but the pace."""
    slot = FetchSlot.objects.filter(name=_NAME).filter(_closed(now)).first()
    return Blocked(slot.blocked_until, slot.reason) if slot and slot.blocked_until else None


def _claim() -> Turn:
    claim = uuid.uuid4()
    FetchSlot.objects.get_or_create(name=_NAME, defaults={"free_at": timezone.now()})
    patience = time.monotonic() + PATIENCE.total_seconds()
    while True:
        now = timezone.now()
        free = FetchSlot.objects.filter(_free(now), name=_NAME).exclude(_closed(now))
        if free.update(claim=claim, free_at=now + LEASE):
            return Turn(claim, {}, FetchSlot.objects.get(name=_NAME).failures)
        if closed := blocked(now):
            raise closed
        slot = FetchSlot.objects.get(name=_NAME)
        if time.monotonic() > patience:
            raise Blocked(slot.free_at, "other requests of ours are under way")
        time.sleep(_wait(slot, now))


def _free(now: dt.datetime) -> Q:
    return Q(free_at__lte=now) | Q(free_at__gt=now + _IMPOSSIBLE)


def _closed(now: dt.datetime) -> Q:
    return Q(blocked_until__gt=now, blocked_until__lte=now + _IMPOSSIBLE)


def _wait(slot: FetchSlot, now: dt.datetime) -> float:
    """Seconds to the next try: until the slot is free, but never long, as it may come back."""
    return min(max((slot.free_at - now).total_seconds(), 0.01), 0.5)
