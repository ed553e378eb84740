"""Many questions at once, a few of them at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from digest.summaries.llm.values import Question, Reply
from digest.summaries.llm.writer import Writer

K = TypeVar("K")


def ask_all(
    writer: Writer,
    questions: Iterable[tuple[K, Question]],
    concurrency: int,
    stop: Callable[[], bool],
) -> Generator[tuple[K, Reply], None, None]:
    """Replies as they come, each with its question's key.

    Questions are taken, and ``stop`` asked before each, in the calling thread; where it says so
    no other call is begun, and what is under way still comes. Whoever closes the iterator waits
    for what is under way, and nothing else is begun.
    """
    waiting, stopped = iter(questions), threading.Event()
    running: dict[Future[Reply], K] = {}
    is_open = True
    pool = ThreadPoolExecutor(max_workers=max(1, concurrency), thread_name_prefix="llm")
    try:
        while True:
            while is_open and len(running) < max(1, concurrency):
                asked = None if stop() else next(waiting, None)
                if asked is None:
                    is_open = False
                else:
                    running[pool.submit(writer.ask, asked[1], stopped)] = asked[0]
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)
