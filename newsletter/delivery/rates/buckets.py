"""Token buckets and their penalties, pure: what both the shared ones and a process's own mean by
them, and the process's own.

A bucket fills at its rate up to its burst, and a mail takes one token. When a server says that it
is too much, the rate is halved; after each while of quiet it doubles again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Seconds.
ONCE = 10.0  # of all workers that are told "too much" within this, one halves the rate
RECOVERY = 600.0  # of quiet, after which the rate doubles
# Taken ahead by one process and not seen by the others, so it is short.
AHEAD = 0.05
MOST_HALVINGS = 6
LONGEST_PENALTY = MOST_HALVINGS * RECOVERY
# Floating point leaves a token a hair short of one.
NEARLY = 1e-6


@dataclass(frozen=True, slots=True)
class Ask:
    """What a process asks of one bucket. A rate of 0 is none; then a penalty begins with ``first``
    mails a second. ``want`` tokens are asked for, one is needed; ``back`` were not used."""

    key: str
    rate: float
    first: float
    burst: float
    want: int = 1
    back: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Tokens granted, or the seconds to wait. ``free``: there is no limit, and nothing to count.

    Of several buckets asked together all grant, or none does."""

    granted: int = 0
    wait: float = 0.0
    free: bool = False


def slowed(ask: Ask, level: int) -> tuple[float, float]:
    """Rate and burst after so many halvings."""
    if not level:
        return ask.rate, ask.burst
    rate = ask.rate / 2**level if ask.rate else ask.first / 2 ** (level - 1)
    return rate, max(1.0, ask.burst / 2**level)


@dataclass(slots=True)
class _Bucket:
    tokens: float = math.inf  # a new one is full
    at: float = 0.0
    level: int = 0
    told: float = -math.inf
    halved: float = -math.inf

    def level_at(self, now: float) -> int:
        quiet = (now - self.told) // RECOVERY if self.level else 0
        return max(0, self.level - int(quiet))


class Own:
    """Buckets of this process alone, for as long as the shared ones cannot be reached.

    Nobody knows what the other processes send meanwhile, so each keeps to a ``share`` of the rate.
    """

    def __init__(self, share: float = 1.0) -> None:
        self._share = share
        self._buckets: dict[str, _Bucket] = {}

    def take(self, asks: Sequence[Ask], now: float) -> list[Answer]:
        found = [self._filled(ask, now) for ask in asks]
        waits = [
            (1 - tokens) / rate if rate and tokens + NEARLY < 1 else 0.0
            for _, tokens, rate in found
        ]
        if any(waits):
            rates = [rate for _, _, rate in found]
            return [
                Answer(wait=wait, free=not rate) for wait, rate in zip(waits, rates, strict=True)
            ]
        return [
            _granted(bucket, tokens, now) if rate else Answer(free=True)
            for bucket, tokens, rate in found
        ]

    def throttled(self, key: str, now: float) -> int:
        """Halve a bucket's rate; how often that is by now, or 0 if it was done just before."""
        bucket = self._buckets.setdefault(key, _Bucket(at=now))
        bucket.level = bucket.level_at(now)
        bucket.told = now
        if now - bucket.halved < ONCE:
            return 0
        bucket.level, bucket.halved = min(MOST_HALVINGS, bucket.level + 1), now
        return bucket.level

    def _filled(self, ask: Ask, now: float) -> tuple[_Bucket, float, float]:
        """The bucket, the tokens that are in it now, and its rate."""
        bucket = self._buckets.setdefault(ask.key, _Bucket(at=now))
        rate, burst = slowed(ask, bucket.level_at(now))
        gained = max(0.0, now - bucket.at) * rate * self._share
        most = max(1.0, burst * self._share)
        return bucket, min(most, bucket.tokens + gained), rate * self._share


def _granted(bucket: _Bucket, tokens: float, now: float) -> Answer:
    # One at a time: nothing is gained by taking ahead from oneself.
    bucket.tokens, bucket.at = tokens - 1, now
    return Answer(granted=1)
