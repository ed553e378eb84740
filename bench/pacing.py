"""Proof of the pace: processes that know only a database in common ask one server.

`python -m bench.pacing` measures the real interval; the tests do it with a shorter one.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FEED = b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>"
LEASE = 180.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it, by its own clock."""

    path: str
    agent: str
    begun: float
    ended: float


@dataclass(slots=True)
class Log:
    """All requests of a server; every fourth takes longer than the interval."""

    slow: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    begun: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def gaps(self) -> list[float]:
        starts = sorted(one.begun for one in self.asked)
        return [later - earlier for earlier, later in itertools.pairwise(starts)]

    @property
    def overlaps(self) -> int:
        """How often one request began before the one before it had ended."""
        ordered = sorted(self.asked, key=lambda one: one.begun)
        return sum(later.begun < earlier.ended for earlier, later in itertools.pairwise(ordered))


@contextmanager
def server(log: Log) -> Iterator[str]:
    """Yields its address; /hang never answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            begun = time.monotonic()
            with log.lock:
                log.begun += 1
                number = log.begun
            if self.path == "/hang":
                time.sleep(3600)
            time.sleep(log.slow if number % 4 == 0 else 0.02)
            agent = self.headers.get("User-Agent", "")
            with log.lock:
                log.asked.append(Asked(self.path, agent, begun, time.monotonic()))
            self.send_response(200)
            self.send_header("Content-Length", str(len(FEED)))
            self.end_headers()
            self.wfile.write(FEED)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the screen."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        running.server_close()


def start(
    env: Mapping[str, str],
    base: str,
    requests: int,
    interval: float,
    *,
    path: str = "/atom/cs.DC",
    lease: float = LEASE,
) -> subprocess.Popen[bytes]:
    """One process that asks; ``env`` names its database."""
    words = [base, path, str(requests), str(interval), str(lease)]
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench.asker", *words], cwd=ROOT, env=dict(env)
    )


def measure(env: Mapping[str, str], processes: int, requests: int, interval: float) -> Log:
    """Lets so many processes ask at the same time, each so often."""
    log = Log(slow=interval * 1.2)
    with server(log) as base:
        asking = [start(env, base, requests, interval) for _ in range(processes)]
        for process in asking:
            if process.wait(600):
                raise RuntimeError(f"a process ended with status {process.returncode}")
    return log


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the gaps between requests to arXiv.")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--requests", type=int, default=5, help="of each process")
    parser.add_argument("--interval", type=float, default=3.1, help="seconds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "newsletter.settings",
        }
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(command, cwd=ROOT, env=env, check=True)  # noqa: S603 - our own command
        log = measure(env, asked.processes, asked.requests, asked.interval)
    gaps = sorted(log.gaps)
    print(f"{len(log.asked)} requests by {asked.processes} processes, {log.overlaps} at once")
    print(
        f"gaps: least {gaps[0]:.3f} s, median {gaps[len(gaps) // 2]:.3f} s, most {gaps[-1]:.3f} s"
    )


if __name__ == "__main__":
    main()
