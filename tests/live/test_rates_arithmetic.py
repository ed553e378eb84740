"""The buckets' arithmetic, in Redis and in a process alone, against a plain reckoning.

The reckoning is exact and knows nothing of scripts; time is what the test says it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.rates.buckets import Ask, Own
from newsletter.delivery.rates.limiter import Limiter
from newsletter.delivery.rates.limits import Limit
from newsletter.delivery.rates.shared import Shared

pytestmark = pytest.mark.live

KEYS = ("relay:a", "domain:b")
RATES = {KEYS[0]: (Fraction(50), 13), KEYS[1]: (Fraction(5, 2), 3)}
FIRST = Fraction(5)
BEGIN = Fraction(1_750_000_000)
_EXAMPLES = itertools.count()


@dataclass
class Plain:
    """One bucket, reckoned anew from all that has happened to it."""

    rate: Fraction
    burst: int
    tokens: Fraction | None = None
    at: Fraction = BEGIN
    told: list[tuple[Fraction, int]] = field(default_factory=list)
    halved: list[Fraction] = field(default_factory=list)

    def level(self, now: Fraction) -> int:
        if not self.told:
            return 0
        told, level = self.told[-1]
        return max(0, level - int((now - told) // 600))

    def throttle(self, now: Fraction) -> int:
        level = self.level(now)
        halve = not self.halved or now - self.halved[-1] >= 10
        if halve:
            level = min(6, level + 1)
            self.halved.append(now)
        self.told.append((now, level))
        return level if halve else 0

    def pace(self, now: Fraction) -> Fraction:
        level = self.level(now)
        if level and not self.rate:
            return FIRST / (1 << level - 1)
        return self.rate / (1 << level)

    def most(self, now: Fraction) -> Fraction:
        return max(Fraction(1), Fraction(self.burst, 1 << self.level(now)))

    def held(self, now: Fraction, back: int) -> Fraction:
        held = self.most(now) if self.tokens is None else self.tokens
        return min(self.most(now), held + (now - self.at) * self.pace(now) + back)

    def ahead(self, now: Fraction, want: int) -> int:
        return max(1, min(want, int(self.pace(now) / 20)))


def expected(
    plain: dict[str, Plain], asks: list[tuple[str, int, int]], now: Fraction
) -> list[tuple[int, Fraction]]:
    """Granted (-1: no limit) and the wait, for each bucket. Only what is taken or given back
    changes one."""
    waits, granted = [], []
    for key, want, back in asks:
        bucket, wait = plain[key], Fraction(0)
        if bucket.pace(now) and (held := bucket.held(now, back)) < 1:
            target = min(bucket.most(now), Fraction(bucket.ahead(now, want)))
            wait = (target - held) / bucket.pace(now)
        waits.append(wait)
    for key, want, back in asks:
        bucket, number = plain[key], -1
        if bucket.pace(now):
            held = bucket.held(now, back)
            number = 0 if any(waits) else min(bucket.ahead(now, want), int(held))
            if number or back:
                bucket.tokens, bucket.at = held - number, now
        granted.append(number)
    return list(zip(granted, waits, strict=True))


# Instants lie on a grid of 1/64 s, which floats and microseconds hold exactly. Most steps are
# short, or the buckets would always be full; the others lie about the ten seconds and minutes.
GRID = 64
SHORT = st.integers(0, 2)
LONG = st.sampled_from([26, 639, 640, 641, 600 * GRID - 1, 600 * GRID, 1200 * GRID])
STEPS = st.sampled_from([SHORT, SHORT, SHORT, LONG]).flatmap(lambda steps: steps)
ASKED = st.sampled_from([KEYS[:1], KEYS[1:], KEYS, KEYS[::-1]])
# Step, buckets, tokens wanted, tokens given back, and whether it is a word of "too much" instead.
Event = tuple[int, tuple[str, ...], int, int, bool]
EVENTS: st.SearchStrategy[list[Event]] = st.lists(
    st.tuples(
        STEPS,
        ASKED,
        st.integers(1, 4),
        st.sampled_from([0, 0, 0, 1, 3]),
        st.sampled_from([True, False, False, False]),
    ),
    min_size=20,
    max_size=60,
)


@pytest.fixture(scope="module")
def client(redis_port: int) -> Iterator[redis.Redis]:
    with redis.Redis(port=redis_port, db=8) as client:
        client.flushdb()
        yield client


@given(EVENTS, st.booleans())
def test_the_script_reckons_as_one_would_by_hand(
    client: redis.Redis, events: list[Event], has_rates: bool
) -> None:
    shared, example = Shared(client), next(_EXAMPLES)
    plain = _plain(has_rates)
    now = BEGIN
    for step, keys, want, back, too_much in events:
        now += Fraction(step, GRID)
        if too_much:
            said = shared.throttled(f"{keys[0]}-{example}", float(now))
            assert said == plain[keys[0]].throttle(now)
            continue
        asks = [_ask(key, has_rates, want, back, f"-{example}") for key in keys]
        answers = shared.take(asks, float(now))
        for answer, (granted, wait) in zip(
            answers, expected(plain, [(key, want, back) for key in keys], now), strict=True
        ):
            assert (answer.granted, answer.free) == (max(0, granted), granted < 0)
            assert answer.wait == pytest.approx(float(wait), abs=1e-5)


@given(EVENTS, st.booleans())
def test_a_process_alone_reckons_likewise(events: list[Event], has_rates: bool) -> None:
    own = Own()
    plain = _plain(has_rates)
    now = BEGIN
    for step, keys, _, _, too_much in events:
        now += Fraction(step, GRID)
        if too_much:
            assert own.throttled(keys[0], float(now)) == plain[keys[0]].throttle(now)
            continue
        answers = own.take([_ask(key, has_rates, 1, 0) for key in keys], float(now))
        for answer, (granted, wait) in zip(
            answers, expected(plain, [(key, 1, 0) for key in keys], now), strict=True
        ):
            assert (answer.granted, answer.free) == (max(0, granted), granted < 0)
            assert answer.wait == pytest.approx(float(wait), abs=1e-5)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3)), min_size=1, max_size=120),
    st.sampled_from([Limit(50.0, 13), Limit(5.0, 2), Limit(1000.0, 250), Limit(0.5, 1)]),
)
def test_however_four_processes_ask_no_while_sees_more_than_its_share(
    client: redis.Redis, events: list[tuple[int, int]], limit: Limit
) -> None:
    relay = f"c-{next(_EXAMPLES)}"
    limiters = [Limiter(client, {}) for _ in range(4)]
    taken, now = list[float](), float(BEGIN)
    for step, who in events:
        now += step / 1000
        if not limiters[who].take(relay, limit, "example.org", now):
            taken.append(now)
    # What each may hold of a moment's worth, taken before the while began.
    ahead = 4 * max(1, int(limit.per_second * 0.05))
    for begin, end in itertools.combinations_with_replacement(range(len(taken)), 2):
        most = limit.burst + ahead + limit.per_second * (taken[end] - taken[begin])
        assert end - begin + 1 <= most + 1e-3


@given(st.integers(1, 30), st.sampled_from([Limit(50.0, 13), Limit(5.0, 2), Limit(2000.0, 500)]))
def test_who_waits_as_long_as_told_may_send(client: redis.Redis, mails: int, limit: Limit) -> None:
    limiter, relay, now = Limiter(client, {}), f"d-{next(_EXAMPLES)}", float(BEGIN)
    for _ in range(mails):
        if wait := limiter.take(relay, limit, "example.org", now):
            now += wait + 1e-5
            assert limiter.take(relay, limit, "example.org", now) == 0.0


def _plain(has_rates: bool) -> dict[str, Plain]:
    return {
        key: Plain(rate if has_rates else Fraction(0), burst)
        for key, (rate, burst) in RATES.items()
    }


def _ask(key: str, has_rates: bool, want: int, back: int, suffix: str = "") -> Ask:
    rate, burst = RATES[key]
    return Ask(
        key + suffix, float(rate) if has_rates else 0.0, float(FIRST), burst, want=want, back=back
    )
