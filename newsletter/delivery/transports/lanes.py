"""Several conversations at once, with one or several relays, from one thread.

While one server is thinking, the next mail is composed and handed to another lane. Lanes are kept
from chunk to chunk by the process that opened them.
"""

from __future__ import annotations

import math
import re
import select
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from newsletter.compose.mail import Mail
from newsletter.delivery.transports import kept
from newsletter.delivery.transports.base import (
    Begin,
    Held,
    Later,
    Outcomes,
    Refused,
    Unreachable,
)
from newsletter.delivery.transports.gate import Gate
from newsletter.delivery.transports.lane import Done, Lane
from newsletter.delivery.transports.relay import Relay
from newsletter.delivery.transports.wire import Broken

#: Seconds that a chunk waits for domains with a rate when there is nothing else to send.
_PATIENCE = 1.0
#: Seconds after which it is looked whether a server has been silent too long.
_LOOK_EVERY = 1.0
# What would otherwise get into a command line.
_UNSAFE = re.compile(r"[^!-;=?-~]")


class Dispatch:
    """One chunk on its way; see ``Transport.send_all``."""

    def __init__(
        self,
        relays: Sequence[Relay],
        mails: Iterable[Mail],
        begin: Begin,
        deadline: float,
        gate: Gate,
    ) -> None:
        self._relays = relays
        self._source = iter(mails)
        self._begin = begin
        self._deadline = deadline
        self._gate = gate
        self._lanes: dict[Lane, Relay] = {}
        self._again: deque[Mail] = deque()
        self._early: deque[Done] = deque()
        self._is_dry = False
        self._waited = 0.0
        self._over_full: Lane | None = None
        self._by_socket: dict[socket.socket, Lane] = {}
        self._is_hungry = True
        self._looked = time.monotonic()

    def run(self) -> Outcomes:
        try:
            while True:
                if self._is_hungry:
                    self._feed()
                # Before anything is raised: of these it is known what became of them.
                while self._early:
                    yield self._early.popleft()
                self._check_relays()
                if any(not lane.is_idle for lane in self._lanes):
                    yield from self._listen()
                elif self._has_ended():
                    yield from self._held()
                    return
        finally:
            self._keep()

    def _has_ended(self) -> bool:
        """Whether there is nothing left that could go out now; waits for rates where that is
        worth it."""
        self._is_hungry = True
        if self._is_dry and not self._again and not self._gate.is_holding:
            return True
        wait = self._gate.wait(time.monotonic())
        if not wait:
            return False
        patience = math.inf if not self._is_dry or self._again else _PATIENCE - self._waited
        if wait > patience or time.monotonic() + wait > self._deadline:
            return True
        self._waited += wait
        time.sleep(wait)
        return False

    def _held(self) -> Outcomes:
        for mail, seconds in self._gate.give_back(self._again, time.monotonic()):
            yield mail, Held(seconds, "waits for its turn under a rate")

    # Feeding

    def _feed(self) -> None:
        """A mail for each idle lane, and more lanes while there are mails for them."""
        self._is_hungry = self._gate.limits_anything
        for lane in [lane for lane in self._lanes if lane.is_idle]:
            self._feed_lane(lane)
        while (relay := self._relay_with_room()) is not None:
            mail = self._next_for(relay, None)
            if mail is None:
                return
            opened = self._opened(relay)
            if opened is None:
                self._again.appendleft(mail)
            else:
                self._guarded(opened, mail)

    def _check_relays(self) -> None:
        """Raises Unreachable where none is left and there may be mails."""
        is_done = self._is_dry and not self._again and not self._gate.is_holding
        if not self._lanes and not is_done and self._relay_with_room() is None:
            raise Unreachable(kept.why_resting(self._relays))

    def _feed_lane(self, lane: Lane) -> None:
        relay = self._lanes[lane]
        if relay.per_connection and lane.carried >= relay.per_connection:
            self._drop(lane)
        elif (mail := self._next(lane)) is not None:
            self._guarded(lane, mail)
        elif self._over_full is lane:
            self._drop(lane)

    def _guarded(self, lane: Lane, mail: Mail) -> None:
        try:
            lane.offer(mail)
        except Broken as error:
            self._drop(lane, str(error))

    def _relay_with_room(self) -> Relay | None:
        now = time.monotonic()
        best, least = None, math.inf
        for relay in self._relays:
            open_ones = sum(1 for other in self._lanes.values() if other is relay)
            if open_ones >= relay.connections or kept.is_resting(relay, now):
                continue
            if open_ones < least:
                best, least = relay, open_ones
        return best

    def _opened(self, relay: Relay) -> Lane | None:
        """A kept lane or a new one; None where the relay cannot be reached."""
        lane = kept.take(relay)
        if lane is None:
            try:
                lane = Lane(relay.connect(), relay.timeout)
            except Unreachable as error:
                kept.rest(relay, str(error))
                return None
        self._lanes[lane] = relay
        self._by_socket[lane.socket] = lane
        return lane

    def _next(self, lane: Lane) -> Mail | None:
        relay = self._lanes[lane]
        if relay.per_connection and lane.carried >= relay.per_connection:
            return None
        return self._next_for(relay, lane)

    def _next_for(self, relay: Relay, lane: Lane | None) -> Mail | None:
        """The next mail that may go out by this relay now."""
        if not self._gate.is_open(relay, time.monotonic()):
            return None
        while True:
            mail = self._gate.ready(time.monotonic()) or self._from_source()
            if mail is None:
                return None
            if lane is not None and self._gate.carries_enough(lane, mail):
                # What this connection may not carry waits for another; the lane ends.
                self._again.appendleft(mail)
                self._over_full = lane
                return None
            if self._gate.let_through(relay, mail, time.monotonic()):
                return mail
            if not self._gate.is_open(relay, time.monotonic()):
                return None

    def _from_source(self) -> Mail | None:
        if self._again:
            return self._again.popleft()
        if self._is_dry:
            return None
        for mail in self._source:
            bad = next((one for one in (mail.sender, mail.recipient) if not _is_safe(one)), None)
            if bad is None:
                return mail
            refused = Refused("", f"address cannot stand in an envelope: {bad!r}")
            self._early.append((mail, refused))
        self._is_dry = True
        return None

    # Listening

    def _listen(self) -> Iterator[Done]:
        now = time.monotonic()
        ready, _, _ = select.select(self._by_socket, [], [], self._gate.nap(now, _LOOK_EVERY))
        for one in ready:
            lane = self._by_socket[one]
            try:
                for mail, outcome in lane.read(partial(self._next, lane), self._begin):
                    if isinstance(outcome, Later):
                        self._gate.answered(self._lanes[lane], mail, outcome)
                    yield mail, outcome
            except Broken as error:
                self._drop(lane, str(error))
            else:
                self._is_hungry |= lane.is_idle
        if now - self._looked >= _LOOK_EVERY:
            self._looked = now
            for lane in [lane for lane in self._lanes if lane.is_stale]:
                self._drop(lane, "no answer in time")

    def _drop(self, lane: Lane, why: str = "") -> None:
        relay = self._lanes.pop(lane)
        del self._by_socket[lane.socket]
        self._is_hungry = True
        rest = lane.close(why)
        for mail, outcome in rest.done:
            if isinstance(outcome, Later):
                self._gate.answered(relay, mail, outcome)
            self._early.append((mail, outcome))
        self._again.extend(rest.again)

    def _keep(self) -> None:
        """Idle lanes for the next chunk; one that is broken off amid a mail is closed."""
        for lane, relay in self._lanes.items():
            if lane.is_idle:
                kept.keep(relay, lane)
            else:
                lane.close("broken off")
        self._lanes.clear()
        kept.close(kept.KEEP)


def _is_safe(address: str) -> bool:
    return bool(address) and not _UNSAFE.search(address)
