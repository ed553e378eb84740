"""Connections that a process keeps from chunk to chunk, and relays that it leaves alone."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterable

from newsletter.delivery.transports.lane import Lane
from newsletter.delivery.transports.relay import Relay

#: Seconds for which a connection is kept without work.
KEEP = 20.0
# A relay that could not be reached is left alone for so many seconds.
_REST = 20.0

# By process: a child must not talk over its parent's connections.
_lanes: dict[tuple[int, Relay], list[Lane]] = {}
_resting: dict[Relay, tuple[float, str]] = {}


def take(relay: Relay) -> Lane | None:
    """A kept lane that still stands."""
    lanes = _lanes.get((os.getpid(), relay), [])
    while lanes:
        lane = lanes.pop()
        if time.monotonic() - lane.touched < KEEP and not _is_readable(lane):
            return lane
        lane.close("kept too long")
    return None


def keep(relay: Relay, lane: Lane) -> None:
    _resting.pop(relay, None)
    _lanes.setdefault((os.getpid(), relay), []).append(lane)


def rest(relay: Relay, why: str) -> None:
    """It could not be reached: not again for a while."""
    _resting[relay] = time.monotonic() + _REST, why


def is_resting(relay: Relay, now: float) -> bool:
    return relay in _resting and _resting[relay][0] > now


def why_resting(relays: Iterable[Relay]) -> str:
    return "; ".join(_resting[relay][1] for relay in relays if relay in _resting)


def close(older_than: float = 0.0) -> None:
    """Hang up on those that were idle for so many seconds."""
    now = time.monotonic()
    for key, lanes in list(_lanes.items()):
        idle = [lane for lane in lanes if now - lane.touched >= older_than]
        _lanes[key] = [lane for lane in lanes if lane not in idle]
        for lane in idle:
            lane.close()
        if not _lanes[key]:
            del _lanes[key]


def forget() -> None:
    """Begin as a new process would: nothing kept, no relay out of reach."""
    close()
    _resting.clear()


def _is_readable(lane: Lane) -> bool:
    """Of an idle one: whether the server has hung up, or said that it will."""
    return bool(select.select([lane.socket], [], [], 0)[0])
