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

# What an operator may do besides, row by row or for a whole issue; no task ever does. Whoever
# may not be written to is skipped again when it is claimed.
BY_HAND: Mapping[str, frozenset[str]] = {
    # due at once instead of later
    QUEUED: frozenset({QUEUED}),
    FAILED: frozenset({QUEUED}),
    SKIPPED: frozenset({QUEUED}),
    # the same mail once more, for one reader who asked for it
    SENT: frozenset({QUEUED}),
}


class ImpossibleTransition(ValueError):
    """A mail cannot go from this state to that one."""


def check(start: str, end: str, *, by_hand: bool = False) -> None:
    """Raises ImpossibleTransition; ``by_hand`` says that an operator wants it so."""
    nowhere: frozenset[str] = frozenset()
    ways = WAYS.get(start, nowhere) | (BY_HAND.get(start, nowhere) if by_hand else nowhere)
    if end not in ways:
        raise ImpossibleTransition(f"from {start} to {end}")
