"""At most one request at a time, and one in three seconds, for the whole installation.

arXiv asks that of all machines of one party together, so a database row holds the place in
line. Machines are taken to agree on the time to within a second or so.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from digest.models import FetchSlot

# A little more than the three seconds, as one request may take longer on its way than the next.
INTERVAL = dt.timedelta(seconds=3.1)
# Longer than any request may take: who holds the slot for longer has died.
LEASE = dt.timedelta(minutes=3)
_NAME = "arxiv"


@contextmanager
def turn(interval: dt.timedelta = INTERVAL) -> Iterator[None]:
    """Waits for the slot, and holds it for one request."""
    claim = _claim()
    begun = timezone.now()
    try:
        yield
    finally:
        # Counted from the end if the request was slow: then too, one at a time.
        free_at = max(begun + interval, timezone.now())
        FetchSlot.objects.filter(name=_NAME, claim=claim).update(claim=None, free_at=free_at)


def _claim() -> uuid.UUID:
    claim = uuid.uuid4()
    FetchSlot.objects.get_or_create(name=_NAME, defaults={"free_at": timezone.now()})
    while True:
        now = timezone.now()
        slot = FetchSlot.objects.filter(name=_NAME, free_at__lte=now)
        if slot.update(claim=claim, free_at=now + LEASE):
            return claim
        time.sleep(_wait(now))


def _wait(now: dt.datetime) -> float:
    """Seconds to the next try: until the slot is free, but never long, as it may come back."""
    slot = FetchSlot.objects.get(name=_NAME)
    return min(max((slot.free_at - now).total_seconds(), 0.01), 0.5)
