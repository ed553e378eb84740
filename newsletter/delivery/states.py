"""The states of an outgoing mail and the ways between them; every UPDATE asks here first."""

from __future__ import annotations

from collections.abc import Mapping

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
UNCERTAIN = "uncertain"
FAILED = "failed"
SKIPPED = "skipped"

FIRST = QUEUED

WAYS: Mapping[str, frozenset[str]] = {
    # claimed by a worker; too old to be sent; or sent, as a dead worker's journal tells before
    # anybody claimed it again
    QUEUED: frozenset({SENDING, SKIPPED, SENT}),
    # back to the queue: try later, or it was never handed over
    SENDING: frozenset({SENT, QUEUED, UNCERTAIN, FAILED, SKIPPED}),
    # nobody knows whether it arrived: again, with the same Message-ID, or a journal knows
    UNCERTAIN: frozenset({QUEUED, SENT}),
    SENT: frozenset(),
    FAILED: frozenset(),
    SKIPPED: frozenset(),
}


class ImpossibleTransition(ValueError):
    """A mail cannot go from this state to that one."""


def check(start: str, end: str) -> None:
    if end not in WAYS.get(start, frozenset()):
        raise ImpossibleTransition(f"from {start} to {end}")
