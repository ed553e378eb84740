"""Real workers over a real broker that send to a mail server, and what that costs them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from newsletter import broker, processes, serving
from tests import postgresql
from tests.live.machine import (
    ROOT,
    Machine,
    broker_answers,
    environment,
    family,
    free_port,
    wait_until,
)

CONNECTIONS, WORKERS = 4, 2
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/postfix/sbin"
_INSTALL = "smtp-sink is not installed (Debian: apt-get install postfix); an own sink stands in"
_FILL = "from bench import readers; readers.listing(); readers.subscribers(1, {})"
_PLAN = "from bench import readers; readers.issue()"
_GO = f"""
import sys
from newsletter.celery import app
app.connection_for_write().ensure_connection()
sys.stdin.read()
for _ in range({WORKERS}):
    app.send_task("newsletter.tasks.send_due")
"""
_WATCH = """
import time
from django.db import connection
def left():
    with connection.cursor() as cursor:
        for state in ("queued", "sending"):
            cursor.execute(f"SELECT 1 FROM newsletter_delivery WHERE status = '{state}' LIMIT 1")
            if cursor.fetchone():
                return True
while left():
    time.sleep(0.1)
print(time.time())
"""
_AGAIN = """
from django.utils import timezone
from newsletter.models import Delivery
Delivery.objects.update(status="queued", sent_at=None, attempts=0, next_attempt_at=timezone.now())
"""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sent:
    """Seconds from the first hint to the last row; CPU seconds of all sending processes, and the
    memory of the largest, in MB."""

    mails: int
    seconds: float
    cpu: float
    memory: float

    @property
    def per_second(self) -> float:
        return self.mails / self.seconds


def tool(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


@contextmanager
def sink() -> Iterator[int]:
    """A mail server that takes everything and keeps nothing; its port."""
    port = free_port()
    program = tool("smtp-sink")
    if program is None:
        print(_INSTALL)
        command = [sys.executable, "-m", "tests.smtp_server", str(port), os.devnull]
    else:
        as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [program, *as_nobody, "-c", f"127.0.0.1:{port}", "1000"]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _listens(port), "the sink listens")
        yield port
    finally:
        server.terminate()
        server.wait()


def _listens(port: int) -> bool:

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def smtp_source(port: int, mails: int, size: int) -> float:
    """Mails per second of Postfix's own generator, the same mail to all; 0 without it."""
    program = tool("smtp-source")
    if program is None:
        return 0.0
    options = f"-d -s {CONNECTIONS} -m {mails} -l {size} -f a@example.org -t b@example.org"
    begun = time.monotonic()
    subprocess.run([program, *options.split(), f"127.0.0.1:{port}"], check=True)
    return mails / (time.monotonic() - begun)


class Sender:
    """A newsletter with its rows, broker and mail worker, in a folder of its own."""

    def __init__(self, database: str, port: int, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pp-send-"))
        self._server = postgresql.Server() if database == "postgresql" else None
        data = self.folder / "data"
        (data / "run").mkdir(parents=True)
        self.machine = Machine(
            data,
            environment(
                data,
                DATABASE_URL=self._server.url if self._server else "",
                EMAIL_URL=f"smtp://127.0.0.1:{port}?starttls=off",
                FROM_EMAIL="digest@post.example.org",
                POSTAL_ADDRESS="1 Test Street, Testville",
                LOG_LEVEL="WARNING",
                **settings,
            ),
        )
        self._running: list[subprocess.Popen[bytes]] = []
        self.subscribers = 0

    def __enter__(self) -> Sender:
        if self._server:
            self._server.start()
        self.machine.manage("migrate", "-v0")
        path = str(broker.socket_path(self.machine.data_dir))
        self._start([serving.broker_program(), "--port", "0", "--unixsocket", path, "--save", ""])
        wait_until(lambda: broker_answers(redis.Redis(unix_socket_path=path)), "the broker answers")
        return self

    def __exit__(self, *args: object) -> None:
        for process in reversed(self._running):
            process.terminate()
            process.wait(60)
        if self._server:
            self._server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, subscribers: int) -> None:
        self.subscribers = subscribers
        self.machine.run(
            sys.executable, "-c", f"import django; django.setup()\n{_FILL.format(subscribers)}",
            seconds=3600,
        )  # fmt: skip
        self.machine.python(_PLAN)

    def start_workers(self) -> None:
        options = f"--queues mail --hostname mail@%h --concurrency {WORKERS} --loglevel WARNING"
        command = [sys.executable, "-m", "celery", "-A", "newsletter", "worker", *options.split()]
        self._start([*command, "--without-gossip", "--without-mingle"])
        worker = self._running[-1]
        wait_until(lambda: len(family(worker.pid)) >= WORKERS, "the worker's processes")
        time.sleep(2)

    def send(self) -> Sent:
        """All that is queued; waits for the rows."""
        pids = family(self._running[-1].pid)
        before = sum(map(_cpu, pids))
        watch = subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup()\n{_WATCH}"],
            cwd=ROOT, env=dict(self.machine.env), stdout=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(3)  # until it has loaded what it needs
        prepared = subprocess.Popen(
            [sys.executable, "-c", _GO],
            cwd=ROOT, env=dict(self.machine.env), stdin=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(3)
        begun = time.time()
        prepared.communicate(b"")
        out, _ = watch.communicate()
        seconds = float(out) - begun
        return Sent(
            mails=self.subscribers,
            seconds=seconds,
            cpu=sum(map(_cpu, pids)) - before,
            memory=max(map(_memory, pids)),
        )

    def again(self) -> None:
        """Everything back into the queue, as if it had not been sent."""
        self.machine.python(_AGAIN)

    def _start(self, command: list[str]) -> None:
        with (self.folder / "log").open("ab") as log:
            self._running.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=dict(self.machine.env), stdout=log, stderr=log
                )
            )


def _cpu(pid: int) -> float:
    """User and system seconds of a process; see proc(5)."""
    fields = processes.stat_of(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _memory(pid: int) -> float:
    """Its resident memory at the peak, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
