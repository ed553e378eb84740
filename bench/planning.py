"""How long planning an issue takes on PostgreSQL, for up to a million readers.

On a server of its own (see tests/postgresql.py), which does not wait for the disk. Readers are
spread over zones and hours; each follows one section. Beside those planned there are a ninth as
many who are paused or suppressed.
"""

from __future__ import annotations

import datetime as dt
import importlib
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import django
from django.db import connection
from django.utils import timezone

SIZES = (10_000, 100_000, 1_000_000)
TARGET = 60.0  # seconds, for the largest
_FIRST_DATE = dt.date(2026, 2, 2)
_ZONES = [
    "America/Los_Angeles", "America/New_York", "America/Santiago", "America/St_Johns", "Asia/Dhaka",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/London", "Pacific/Apia", "Pacific/Chatham", "UTC",
]  # fmt: skip
_READERS = """
INSERT INTO newsletter_subscriber (address, identity, fingerprint, status, cadence, weekday,
    send_when, send_hour, timezone, format, activated_at, created_at, updated_at)
SELECT 'reader' || n || '@example.org', 'reader' || n || '@example.org',
    encode(sha256(n::text::bytea), 'hex'), CASE mod(n, 20) WHEN 7 THEN 'paused' ELSE 'active' END,
    'daily', 0, 'hour', mod(n, 24), (%s::text[])[mod(n, {zones}) + 1], 'html',
    at.day, at.day, at.day
FROM generate_series(%s, %s) AS n, (SELECT now() - interval '1 day' AS day) AS at
"""
_SUPPRESSIONS = """
INSERT INTO newsletter_suppression (fingerprint, address, reason, note, created_at)
SELECT encode(sha256(n::text::bytea), 'hex'), '', 'hard_bounce', '', now()
FROM generate_series(%s, %s) AS n WHERE mod(n, 20) = 3
"""
_SUBSCRIPTIONS = """
INSERT INTO newsletter_subscription (subscriber_id, section_id, label, place, style)
SELECT subscriber.id, %s, 'cs.DC', 1, 'cards' FROM newsletter_subscriber AS subscriber
WHERE NOT EXISTS (SELECT FROM newsletter_subscription WHERE subscriber_id = subscriber.id)
"""


def main() -> None:
    sys.stdout.flush()
    surroundings = os.environ | {
        "TEST_DATABASE": "postgresql",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "bench.planning", "measure"]
    subprocess.run(command, env=surroundings, check=True)


def measure() -> None:
    """Prints the figures; run by ``main`` in a process of its own."""
    django.setup()
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0)
    try:
        print("  planned  seconds  of the server's CPU  memory before, after; of the server (MB)")
        made = 0
        for number, size in enumerate(SIZES):
            _make_readers(made + 1, made := size * 10 // 9)
            seconds = _report(_FIRST_DATE + number * dt.timedelta(days=1))
        print(f"the largest in at most {TARGET:.0f} s: {'yes' if seconds <= TARGET else 'NO'}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _make_readers(first: int, last: int) -> None:
    section = importlib.import_module("tests.make").make_section("cs.DC")
    with connection.cursor() as cursor:
        cursor.execute(_READERS.format(zones=len(_ZONES)), [_ZONES, first, last])
        cursor.execute(_SUPPRESSIONS, [first, last])
        cursor.execute(_SUBSCRIPTIONS, [section.pk])
        cursor.execute("VACUUM ANALYZE")


def _report(date: dt.date) -> float:
    # Its models can be imported only now that Django is set up.
    planning = importlib.import_module("newsletter.delivery.planning")
    make = importlib.import_module("tests.make")
    make.make_listing(date, status="released", released_at=timezone.now())
    issue = planning.issue_for("daily", date)
    before, worked, begun = _memory(), _server()[0], time.perf_counter()
    planned = planning.plan(issue, timezone.now())
    seconds = time.perf_counter() - begun
    after, memory = _server()
    print(
        f"{planned:9,} {seconds:8.2f} {after - worked:8.2f} {'':10}"
        f"  {before:.0f}, {_memory():.0f}; {memory:.0f}"
    )
    return seconds


def _memory() -> float:
    """Peak of this process in MB (getrusage counts kilobytes on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _server() -> tuple[float, float]:
    """What the server's process for this connection has worked, in seconds, and holds for itself,
    in MB; nothing where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = Path(f"/proc/{cursor.fetchone()[0]}")
    try:
        status = dict(line.split(":", 1) for line in (process / "status").open())
        counted = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    ticks = int(counted[11]) + int(counted[12])  # in user mode and in the kernel
    return ticks / os.sysconf("SC_CLK_TCK"), int(status["RssAnon"].split()[0]) / 1024


if __name__ == "__main__":
    measure() if sys.argv[1:] else main()
