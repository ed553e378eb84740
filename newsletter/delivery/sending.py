"""Sending: claim a chunk, compose it, hand it over, record what became of it."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator, Sequence
from functools import cache

from newsletter.compose import composer
from newsletter.compose.composer import Composed
from newsletter.compose.memory import Memory
from newsletter.compose.notices import compose_notice as notice_mail
from newsletter.delivery import folding, journal, letters, signing, transports
from newsletter.delivery.claiming import EVERYBODY, Claimed, Scope, claim_due
from newsletter.delivery.handover import Handover, hand_over
from newsletter.delivery.journal import Journal
from newsletter.delivery.letters import Compose, ComposeNotice, Letter
from newsletter.delivery.newly_followed import match_newly_followed
from newsletter.delivery.recording import record
from newsletter.delivery.tally import Tally
from newsletter.delivery.transports.base import Transport
from newsletter.models import Delivery, Notice

# Large enough that claiming and recording cost little per mail, small enough that a worker's
# memory stays flat and a dead worker leaves little behind.
CHUNK = 400

_memory = Memory()


def send_next(now: dt.datetime) -> Tally:
    """A chunk of deliveries, by a process that sends one after another: what it has looked up for
    the chunk before counts for two seconds."""
    _spare_the_collector()
    return send_deliveries(now, compose=_with(_memory.at(now)))


@cache
def _spare_the_collector() -> None:
    """What a process has loaded stays for good, and mails hold no cycles: looking through all of
    it for garbage again and again costs as much as composing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _with(memory: Memory) -> Compose:
    def compose(deliveries: Sequence[Delivery]) -> Iterator[Composed]:
        return composer.composing(deliveries, memory=memory)

    return compose


def send_notices(
    now: dt.datetime,
    size: int = CHUNK,
    *,
    transport: Transport | None = None,
    compose: ComposeNotice = notice_mail,
) -> Tally:
    transport = transport or transports.default()
    own = _journal(now)
    claimed = claim_due(Notice, now, size, claim=own.claim("notice"))
    return _send(claimed, letters.of_notices(claimed.rows, compose), transport, now, size, own)


def send_deliveries(
    now: dt.datetime,
    size: int = CHUNK,
    *,
    transport: Transport | None = None,
    scope: Scope = EVERYBODY,
    compose: Compose | None = None,
) -> Tally:
    transport = transport or transports.default()
    own = _journal(now)
    claimed = claim_due(Delivery, now, size, scope, claim=own.claim("delivery"))
    match_newly_followed(claimed.rows)
    mails = letters.of_deliveries(claimed.rows, compose or _with(Memory()))
    return _send(claimed, mails, transport, now, size, own)


def _send(
    claimed: Claimed[Delivery] | Claimed[Notice],
    mails: Iterator[Letter],
    transport: Transport,
    now: dt.datetime,
    size: int,
    own: Journal,
) -> Tally:
    handover = Handover(now, own, signing.signer())
    tally = Tally()
    if claimed.rows:
        model = type(claimed.rows[0])
        try:
            hand_over(transport, mails, handover)
        finally:  # whatever ends the chunk, what has been sent is written down
            tally = record(model, claimed.claim, claimed.rows, handover)
            own.clear()
    else:
        own.clear()
    is_full = claimed.size >= size and not handover.unreachable
    return tally + Tally(skipped=claimed.skipped, full=is_full)


def _journal(now: dt.datetime) -> Journal:
    """This process's own, with nothing in it; what dead workers left is folded in on the way, so
    that a machine's journals need no worker of another."""
    folding.fold_left_behind(now)
    own = journal.current()
    folding.fold_own(own, now)
    return own


def forget() -> None:
    """Begin as a new process would."""
    _memory.forget()
