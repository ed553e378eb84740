"""How often the endpoint is asked: so many requests a minute, for all threads of the process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_MINUTE = 60.0


class Rate:
    """A bucket of tokens: ``burst`` requests at once, and then so many a minute."""

    def __init__(
        self, per_minute: float, burst: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not per_minute > 0 or burst < 1:
            raise ValueError(f"no rate: {per_minute} a minute, {burst} at once")
        self._pause = _MINUTE / per_minute
        self._ahead = (burst - 1) * self._pause
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at = clock() - self._ahead

    def reserve(self) -> float:
        """Takes the next turn; in how many seconds it comes."""
        with self._lock:
            now = self._clock()
            turn = max(self._free_at, now - self._ahead)
            self._free_at = turn + self._pause
            return max(0.0, turn - now)

    def wait(self, stopped: threading.Event | None = None) -> bool:
        """Sleeps until it is this thread's turn; False if it was stopped meanwhile."""
        return not (stopped or threading.Event()).wait(self.reserve())
