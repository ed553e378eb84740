"""Whether arXiv is asked slowly enough: four processes at once against a server of this machine."""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROCESSES = 4
REQUESTS = 4
INTERVAL = 3.1  # seconds, as pacing has it
_SLOW = 0.05  # seconds that each answer takes, so that two at once would show
_ROOT = Path(__file__).resolve().parents[1]
_ASK = """
import datetime as dt, sys, django
django.setup()
from digest import fetching
url, seconds, number = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
with fetching.connect(fetching.Hosts.of(url), dt.timedelta(seconds=seconds)) as arxiv:
    for one in range(number):
        fetching.get(arxiv, f"{url}/atom/{one}")
"""


@dataclass(slots=True)
class Seen:
    """What the server saw: when each request began, the most at once, and who asked."""

    began: list[float] = field(default_factory=list)
    most_at_once: int = 0
    agents: set[str] = field(default_factory=set)

    @property
    def gaps(self) -> list[float]:
        """Seconds between the beginnings of two requests, one after the other."""
        return [later - earlier for earlier, later in itertools.pairwise(sorted(self.began))]


def measure(interval: float, processes: int, requests: int) -> Seen:
    """Several processes with one database ask as fast as they may."""
    seen, lock, open_now = Seen(), threading.Lock(), [0]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with lock:
                seen.began.append(time.monotonic())
                seen.agents.add(self.headers.get("User-Agent", ""))
                open_now[0] += 1
                seen.most_at_once = max(seen.most_at_once, open_now[0])
            time.sleep(_SLOW)
            with lock:
                open_now[0] -= 1
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"<x/>")

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        _ask(f"http://127.0.0.1:{server.server_port}", interval, processes, requests)
    finally:
        server.shutdown()
        server.server_close()
    return seen


def _ask(url: str, interval: float, processes: int, requests: int) -> None:
    with tempfile.TemporaryDirectory(prefix="pp-pacing-") as folder:
        settings = {
            "DJANGO_SETTINGS_MODULE": "newsletter.settings",
            "DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/pacing.sqlite3",
        }
        run = {"cwd": _ROOT, "env": os.environ | settings}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, **run)  # type: ignore[call-overload]
        command = [sys.executable, "-c", _ASK, url, str(interval), str(requests)]
        asking = [subprocess.Popen(command, **run) for _ in range(processes)]  # type: ignore[call-overload]
        if any(one.wait(timeout=300) for one in asking):
            raise RuntimeError("a process that asked ended with an error")


def main() -> None:
    seen = measure(INTERVAL, PROCESSES, REQUESTS)
    gaps = seen.gaps
    print(
        f"{PROCESSES} processes, {len(seen.began)} requests: {min(gaps):.3f} to {max(gaps):.3f} s "
        f"apart, median {statistics.median(gaps):.3f}; at most {seen.most_at_once} at a time"
    )
    print(f"User-Agent: {', '.join(sorted(seen.agents))}")


if __name__ == "__main__":
    main()
