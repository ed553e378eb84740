"""A hang becomes an error of the round."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 10


class TookTooLong(Exception):
    """Something that takes longer than anybody should be made to wait."""


@contextmanager
def alarm() -> Iterator[None]:
    """On the main thread only, as signals are."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TookTooLong(f"longer than {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
