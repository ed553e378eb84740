"""One process's view of the rates: what it may send now, and what it has heard of the others."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import redis

from newsletter.delivery.rates import limits
from newsletter.delivery.rates.buckets import AHEAD, LONGEST_PENALTY, Answer, Ask, Own
from newsletter.delivery.rates.limits import Limit
from newsletter.delivery.rates.shared import Shared

logger = logging.getLogger(__name__)

# A process alone does not know how many others there are, and keeps to this part of a rate.
ALONE = 0.25
# Seconds.
NEWS_EVERY = 1.0
AGAIN_AFTER = 5.0
# What applies after the first "too much" of who has no rate of their own.
FIRST_OF_RELAY = limits.with_rate(20.0)
FIRST_OF_DOMAIN = limits.with_rate(5.0)
_MOST_WANTED = 1024
_NOBODY = "there is no Redis to share them through"


@dataclass(slots=True)
class _Hand:
    """What this process holds of one bucket: tokens taken ahead for a moment, or an instant
    before which there are none."""

    tokens: int = 0
    until: float = 0.0
    not_before: float = 0.0
    want: int = 1
    granted: int = 0

    def has(self, moment: float) -> bool:
        return self.tokens > 0 and moment < self.until

    def ask(self, key: str, limit: Limit, first: Limit) -> Ask:
        """For as many as were used of the last, or twice as many where those were not enough."""
        back = self.tokens
        if back:
            self.want = max(1, self.granted - back)
        elif self.granted:
            self.want = min(_MOST_WANTED, self.want * 2)
        self.tokens = self.granted = 0
        burst = limit.burst if limit.per_second else first.burst
        return Ask(key, limit.per_second, first.per_second, burst, self.want, back)

    def learn(self, answer: Answer, moment: float) -> None:
        self.tokens = self.granted = answer.granted
        self.until = moment + AHEAD
        # Others may give tokens back, or a penalty may end: nobody stays away for long unasked.
        self.not_before = moment + min(answer.wait, NEWS_EVERY)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One bucket that a mail needs a token of."""

    key: str
    limit: Limit
    first: Limit
    hand: _Hand


class Limiter:
    """Says when a mail may be sent; safe between threads, one to a process.

    ``domain_limits`` as limits.of_domains reads them. Without a client, and for as long as Redis
    does not answer, this process keeps to a quarter of each rate on its own. ``now`` (seconds) is
    for tests.
    """

    def __init__(self, client: redis.Redis | None, domain_limits: Mapping[str, Limit]) -> None:
        self._shared = Shared(client) if client is not None else None
        self._own = Own(ALONE)
        self._places = limits.places(domain_limits)
        self._lock = threading.Lock()
        self._hands: dict[str, _Hand] = {}
        # Buckets that were throttled, and when that is over at the latest.
        self._slow: dict[str, float] = {}
        self._since = 0
        self._news_at = 0.0
        self._down_until = 0.0
        self._trouble = _NOBODY
        self._alone_said = False

    def take(
        self, relay: str, relay_limit: Limit | None, domain: str, now: float | None = None
    ) -> float:
        """0.0: send it now, the tokens are taken. Else the seconds to wait, and none is taken."""
        moment = time.monotonic() if now is None else now
        if moment >= self._news_at:
            self._hear(moment, now)
        place = self._places.get(domain)
        if (
            not self._slow
            and (relay_limit is None or not relay_limit.per_second)
            and (place is None or not place.limit.per_second)
        ):
            return 0.0
        return self._take(f"relay:{relay}", relay_limit or limits.NONE, domain, moment, now)

    def waits_for_relay(self, relay: str, now: float | None = None) -> bool:
        """After a ``take`` that has to wait: whether it is for the relay, and so everybody."""
        hand = self._hands.get(f"relay:{relay}")
        return hand is not None and hand.not_before > (time.monotonic() if now is None else now)

    def throttled(self, relay: str, domain: str | None, now: float | None = None) -> None:
        """A server said that it is too much (421, 4.7.x): halve the rate of the domain, or where
        there is none, because the relay itself said so, the relay's."""
        key = f"relay:{relay}" if domain is None else f"domain:{self._place(domain).name}"
        moment = time.monotonic() if now is None else now
        with self._lock:
            self._slow[key] = moment + LONGEST_PENALTY
            self._hands.pop(key, None)
            level = self._own.throttled(key, moment)
            if self._shared is not None and moment >= self._down_until:
                try:
                    level = self._shared.throttled(key, now)
                except redis.RedisError as error:
                    self._lost(error, moment)
        if level:
            logger.warning("too much for %s: rate halved, %d times by now", key, level)

    def per_connection(self, domain: str) -> int:
        """How many messages the domain takes of one connection; 0: any number."""
        return self._place(domain).limit.per_connection

    def _place(self, domain: str) -> limits.Place:
        return self._places.get(domain) or limits.Place(domain, limits.NONE)

    def _take(
        self, relay: str, relay_limit: Limit, domain: str, moment: float, now: float | None
    ) -> float:
        place = self._place(domain)
        with self._lock:
            both = (
                self._wanted(relay, relay_limit, FIRST_OF_RELAY),
                self._wanted(f"domain:{place.name}", place.limit, FIRST_OF_DOMAIN),
            )
            wanted = [one for one in both if one is not None]
            wait = max((one.hand.not_before - moment for one in wanted), default=0.0)
            if wait <= 0:
                lacking = [one for one in wanted if not one.hand.has(moment)]
                wait = self._fill(lacking, moment, now) if lacking else 0.0
            if wait <= 0:
                for one in wanted:
                    one.hand.tokens -= 1
            return max(0.0, wait)

    def _wanted(self, key: str, limit: Limit, first: Limit) -> _Wanted | None:
        if not limit.per_second and key not in self._slow:
            return None
        return _Wanted(key, limit, first, self._hands.setdefault(key, _Hand()))

    def _fill(self, lacking: Sequence[_Wanted], moment: float, now: float | None) -> float:
        """Tokens into hands that have none; else how long there will be none."""
        asks = [one.hand.ask(one.key, one.limit, one.first) for one in lacking]
        answers = self._ask(asks, moment, now)
        for one, answer in zip(lacking, answers, strict=True):
            one.hand.learn(answer, moment)
            if answer.free:  # what was throttled has recovered
                self._slow.pop(one.key, None)
                self._hands.pop(one.key, None)
        return max(answer.wait for answer in answers)

    def _ask(self, asks: Sequence[Ask], moment: float, now: float | None) -> list[Answer]:
        if self._shared is not None and moment >= self._down_until:
            try:
                answers = self._shared.take(asks, now)
            except redis.RedisError as error:
                self._lost(error, moment)
            else:
                if self._alone_said:
                    logger.info("rates are shared through Redis again")
                    self._alone_said = False
                return answers
        if not self._alone_said:
            logger.warning(
                "rates are kept by this process alone, at 1/%d of what is set: %s",
                round(1 / ALONE),
                self._trouble,
            )
            self._alone_said = True
        return self._own.take(asks, moment)

    def _hear(self, moment: float, now: float | None) -> None:
        """What other processes were told; one call a second, and only while sending."""
        if not self._lock.acquire(blocking=False):
            return  # another thread is at it, or will be the next time
        try:
            self._news_at = moment + NEWS_EVERY
            if self._shared is None or moment < self._down_until:
                return
            self._since, keys = self._shared.throttled_since(self._since, now)
            if keys:
                kept = {key: until for key, until in self._slow.items() if until > moment}
                self._slow = kept | dict.fromkeys(keys, moment + LONGEST_PENALTY)
        except redis.RedisError as error:
            self._lost(error, moment)
        finally:
            self._lock.release()

    def _lost(self, error: redis.RedisError, moment: float) -> None:
        self._down_until = moment + AGAIN_AFTER
        self._since = 0  # what is forgotten meanwhile is heard again
        self._trouble = str(error).splitlines()[0] if str(error) else type(error).__name__
