"""Token buckets in Redis, shared by all workers of all machines.

Time is the server's own, so that machines need not agree on it. Each call is one script, which
nothing can come between; what it keeps ends by itself when it says no more than a new bucket.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import redis

from newsletter.delivery.rates.buckets import (
    AHEAD,
    MOST_HALVINGS,
    NEARLY,
    ONCE,
    RECOVERY,
    Answer,
    Ask,
)

_PREFIX = "preprint-post:rates:"
_NEWS = f"{_PREFIX}throttled"
_MICRO = 1_000_000
# Milliseconds for which a bucket is kept that could be forgotten, against clocks that step.
_MARGIN = 60_000

_NOW = """
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
"""
_LEVEL = f"""
local RECOVERY, MARGIN = {RECOVERY * _MICRO:.0f}, {_MARGIN}
-- Halvings that still count: one ends after each while of quiet.
local function level_of(level, told)
  local quiet = math.max(0, now - tonumber(told or 0))
  return math.max(0, tonumber(level or 0) - math.floor(quiet / RECOVERY))
end
"""
# For each key: rate, first, burst, want, back. Answers for each: granted (-1: no limit), and the
# microseconds to wait.
_TAKE = f"""{_NOW}{_LEVEL}
local AHEAD, NEARLY = {AHEAD!r}, {NEARLY!r}
local found, denied, answer = {{}}, false, {{}}
for i, key in ipairs(KEYS) do
  local rate, first, burst, want, back = unpack(ARGV, i * 5 - 3, i * 5 + 1)
  rate, burst, want = tonumber(rate), tonumber(burst), tonumber(want)
  local kept = redis.call('HMGET', key, 'tokens', 'at', 'level', 'told')
  local level = level_of(kept[3], kept[4])
  if level > 0 then
    if rate > 0 then rate = rate / 2 ^ level else rate = first / 2 ^ (level - 1) end
    burst = math.max(1, burst / 2 ^ level)
  end
  local gained = math.max(0, now - tonumber(kept[2] or now)) * rate / 1000000 + back
  local tokens = math.min(burst, tonumber(kept[1] or burst) + gained)
  -- What would be taken ahead; who comes too early waits for all of that, or they would come for
  -- each token.
  want = math.max(1, math.min(want, math.floor(rate * AHEAD)))
  local wait = 0
  if rate > 0 and tokens + NEARLY < 1 then
    wait = math.ceil((math.min(burst, want) - tokens) / rate * 1000000)
    denied = true
  end
  local penalty = level > 0 and (kept[4] + kept[3] * RECOVERY - now) or 0
  found[i] = {{rate, burst, tokens, want, wait, penalty, tonumber(back) > 0}}
end
for i, key in ipairs(KEYS) do
  local rate, burst, tokens, want, wait, penalty, returned = unpack(found[i])
  local granted = -1
  if rate > 0 then
    granted = denied and 0 or math.min(want, math.floor(tokens + NEARLY))
    if granted > 0 or returned then
      tokens = tokens - granted
      redis.call('HSET', key, 'tokens', string.format('%.9f', tokens),
        'at', string.format('%.0f', now))
      local full = (burst - tokens) / rate * 1000
      redis.call('PEXPIRE', key, math.ceil(math.max(full, penalty / 1000)) + MARGIN)
    end
  end
  answer[i * 2 - 1], answer[i * 2] = granted, wait
end
return answer
"""
# Answers how often it has been halved by now, or 0 when this call did not.
_THROTTLED = f"""{_NOW}{_LEVEL}
local ONCE, MOST = {ONCE * _MICRO:.0f}, {MOST_HALVINGS}
local kept = redis.call('HMGET', KEYS[1], 'level', 'told', 'halved')
local level, halved = level_of(kept[1], kept[2]), tonumber(kept[3] or -1)
local halve = halved < 0 or halved > now or now - halved >= ONCE
if halve then
  level, halved = math.min(MOST, level + 1), now
end
redis.call('HSET', KEYS[1], 'level', level, 'told', string.format('%.0f', now),
  'halved', string.format('%.0f', halved))
local kept_for = math.max(redis.call('PTTL', KEYS[1]), level * RECOVERY / 1000 + MARGIN)
redis.call('PEXPIRE', KEYS[1], kept_for)
local longest = MOST * RECOVERY
redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now - longest))
redis.call('PEXPIRE', KEYS[2], longest / 1000 + MARGIN)
return halve and level or 0
"""
# Answers the time, and what has been throttled since that time; all of it if the clock stepped.
_SINCE = f"""{_NOW}
local since = tonumber(ARGV[2])
if since > now then since = 0 end
return {{now, redis.call('ZRANGEBYSCORE', KEYS[1], string.format('%.0f', since), '+inf')}}
"""


class Shared:
    """Every method raises redis.RedisError when the server does not answer as it should.

    ``now`` (seconds) is for tests; without it the server's own time counts.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._take = client.register_script(_TAKE)
        self._throttled = client.register_script(_THROTTLED)
        self._since = client.register_script(_SINCE)

    def take(self, asks: Sequence[Ask], now: float | None = None) -> list[Answer]:
        """A token from every bucket or from none; ahead as many as are wanted and there are."""
        numbers: list[Any] = [_micro(now)]
        for ask in asks:
            numbers += (ask.rate, ask.first, ask.burst, ask.want, ask.back)
        said = self._take(keys=[_PREFIX + ask.key for ask in asks], args=numbers)
        pairs = zip(said[::2], said[1::2], strict=True)
        return [Answer(max(0, granted), wait / _MICRO, granted < 0) for granted, wait in pairs]

    def throttled(self, key: str, now: float | None = None) -> int:
        """Halve a bucket's rate; how often that is by now, or 0 if it was done just before."""
        return int(self._throttled(keys=[_PREFIX + key, _NEWS], args=[_micro(now), key]))

    def throttled_since(self, since: int, now: float | None = None) -> tuple[int, list[str]]:
        """Buckets throttled since then, and what to ask with the next time; 0 for all of them."""
        until, keys = self._since(keys=[_NEWS], args=[_micro(now), since])
        return int(until), [key.decode() if isinstance(key, bytes) else key for key in keys]


def _micro(now: float | None) -> str:
    return "" if now is None else str(round(now * _MICRO))
