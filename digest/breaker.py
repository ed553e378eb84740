"""How long arXiv is left alone after it could not answer: numbers only.

After each answer that says so, twice as long as after the one before; and after five failures
of any kind in a row a longer rest, ended by one trial.
"""

from __future__ import annotations

import datetime as dt
import random

#: So many failures in a row, and arXiv is given a rest.
MOST_FAILURES = 5

_FIRST_PAUSE = dt.timedelta(seconds=30)
_FIRST_REST = dt.timedelta(minutes=15)
#: Longer than this nobody waits, whatever the server says.
LONGEST = dt.timedelta(hours=1)
# Up to so much more, so that several installations do not come back in one moment.
_JITTER = 0.2


def pause(
    failures: int, *, busy: bool = False, retry_after: dt.timedelta | None = None
) -> dt.timedelta:
    """For how long nothing is asked after so many failures in a row, the last one included.

    ``busy`` if the server said that it was asked too much, ``retry_after`` for how long it
    wants to be left alone.
    """
    rest = dt.timedelta(0)
    if busy:
        rest = _doubled(_FIRST_PAUSE, failures - 1)
    if failures >= MOST_FAILURES:
        rest = max(rest, _doubled(_FIRST_REST, failures - MOST_FAILURES))
    rest *= 1 + random.random() * _JITTER  # noqa: S311 - no secret
    return max(rest, min(retry_after or dt.timedelta(0), LONGEST))


def _doubled(first: dt.timedelta, times: int) -> dt.timedelta:
    factor: int = 2 ** min(times, 10)
    return min(first * factor, LONGEST)
