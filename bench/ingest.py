"""What ingesting a feed of 2,000 entries costs, beside what feedparser alone takes to read it.

Each database is measured in a process of its own, in a database made for it and dropped again;
every round begins with empty tables. The rounds of all measurements take turns, so that a busy
machine slows them alike.
"""

from __future__ import annotations

import gc
import importlib
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import django
import feedparser
from django.core.management import call_command
from django.db import connection

from bench.corpus import SHARED
from digest.arxiv import feed
from tests import feeds

ROUNDS = 7
TARGET = 1.5
_FILE = "fixtures/feeds_reconstructed/rss_cs_TRUNCATED_at_2000_synthetic_day.xml"
_ALONE, _PLAIN, _WHOLE = "feedparser, nothing mended", "feedparser as it comes", "the whole ingest"
_AGAIN, _PARSE = "the same feed again", "of which reading"


def main() -> None:
    data = _data()
    print(f"{len(data) / 1e6:.1f} MB, 2,000 entries, {ROUNDS} rounds, seconds: median (range)")
    for database in ("sqlite", "postgresql"):
        sys.stdout.flush()
        surroundings = os.environ | {
            "TEST_DATABASE": database,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        command = [sys.executable, "-m", "bench.ingest", database]
        subprocess.run(command, env=surroundings, check=True)


def _data() -> bytes:
    file = SHARED / _FILE
    if file.is_file():
        return file.read_bytes()
    entries = (
        feeds.entry(
            f"2602.{number:05}v1",
            title=f"Queues that Count to {number}: $k<{number}$ is Enough",
            abstract=f"We keep $k<{number}$ queues and count them, for all of {number} tasks. "
            * 16,
            authors=r"Ada One, Borja Rodr\'iguez (Institute of Queues, Testville), Cy Three",
            categories="cs.DC cs.LG",
        )
        for number in range(2000)
    )
    return feeds.atom(*entries, asked="cs")


def measure(database: str) -> None:
    """Prints the figures of one database; run by ``main`` in a process of its own."""
    django.setup()
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        # In a file, as in real life: the database of a test is otherwise in memory.
        connection.settings_dict["TEST"]["NAME"] = f"{name}.bench"
    connection.creation.create_test_db(verbosity=0)
    try:
        _report(database, _rounds(_data()))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _rounds(data: bytes) -> dict[str, list[float]]:
    # Its models can be imported only now that Django is set up.
    ingesting = importlib.import_module("digest.ingesting")

    def whole() -> None:
        ingesting.ingest(feed.parse(data))

    measured: dict[str, Callable[[], object]] = {
        _ALONE: lambda: feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False),
        _PLAIN: lambda: feedparser.parse(data),
        _PARSE: lambda: feed.parse(data),
        _WHOLE: whole,
        _AGAIN: whole,
    }
    seconds: dict[str, list[float]] = {name: [] for name in measured}
    for number in range(ROUNDS + 1):
        call_command("flush", interactive=False, verbosity=0)
        for name, work in measured.items():
            gc.collect()
            begun = time.perf_counter()
            work()
            if number:  # the first round only warms up
                seconds[name].append(time.perf_counter() - begun)
    return seconds


def _report(database: str, seconds: dict[str, list[float]]) -> None:
    median = {name: statistics.median(found) for name, found in seconds.items()}
    print(f"\n{database}")
    for name in (_ALONE, _PLAIN, _WHOLE, _PARSE, _AGAIN):
        found = seconds[name]
        print(f"  {name:28} {median[name]:.2f} ({min(found):.2f}-{max(found):.2f})")
    for name in (_ALONE, _PLAIN):
        ratio = median[_WHOLE] / median[name]
        print(f"  ratio to {name:28} {ratio:.2f} (at most {TARGET})")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  memory of the process at its peak: {peak:.0f} MB")


if __name__ == "__main__":
    measure(sys.argv[1]) if sys.argv[1:] else main()
