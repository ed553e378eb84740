"""A newsletter under fire: real workers over a real broker, and `kill -9` at random moments.

Everything that takes part runs as a process of its own: `serve` (with its web server, workers and
Valkey), a mail server that writes down every mail before it says so, and PostgreSQL where it is
not SQLite. Each is killed and comes back; in the end everybody must have their mail.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgresql, smtp_server
from tests.live.machine import MANAGE, ROOT, Machine, environment, family, free_port, wait_until

#: Seconds after which a kill test is given up.
LONGEST = 900
_FILL = """
from bench import readers
readers.listing()
readers.subscribers(1, {subscribers}, awkward={awkward})
"""
_PLAN = "from bench import readers; readers.issue()"
# What beat does once a minute, here as often as there is time for it.
_TICK = """
import sys, time
from newsletter.celery import app
while True:
    for name in ("dispatch", "sweep", "send_notices"):
        try:
            app.send_task(f"newsletter.tasks.{name}", retry=False, expires=20)
        except Exception:
            app.pool.force_close_all()
    time.sleep(0.5)
"""
_HURRY = """
from django.utils import timezone
from newsletter.models import Delivery
waiting = Delivery.objects.filter(status__in=["queued", "uncertain"])
waiting.filter(next_attempt_at__gt=timezone.now()).update(next_attempt_at=timezone.now())
"""
_SUPPRESSED = """
from newsletter.models import Suppression
for address in Suppression.objects.order_by("address").values_list("address", flat=True):
    print(address)
"""
_STATES = """
from django.db.models import Count
from newsletter.models import Delivery
for status, n in Delivery.objects.values_list("status").annotate(Count("pk")).order_by():
    print(status, n)
"""


@dataclass(slots=True)
class Outcome:
    """What a run came to, counted from the mail server's own file."""

    readers: int
    states: dict[str, int]
    suppressed: list[str]
    kills: Counter[str]
    lost: int
    duplicates: int
    other_names: int
    unanswered: int
    seconds: float


@dataclass
class Battle:
    """One newsletter, its mail server, and who is killed."""

    folder: Path
    subscribers: int
    database: str = "sqlite"
    awkward: bool = False
    thinking: float = 0.01
    dice: random.Random = field(default_factory=lambda: random.Random(5))
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.port, self.web = free_port(), free_port()
        self.mails = self.folder / "mails"
        self.postgresql = postgresql.Server() if self.database == "postgresql" else None
        self.machine = Machine(
            self.folder / "data",
            environment(
                self.folder / "data",
                DATABASE_URL=self.postgresql.url if self.postgresql else "",
                EMAIL_URL=f"smtp://127.0.0.1:{self.port}?starttls=off&timeout=5",
                FROM_EMAIL="digest@post.example.org",
                POSTAL_ADDRESS="1 Test Street, Testville",
            ),
        )
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Battle:
        if self.postgresql:
            self.postgresql.start()
        self.machine.manage("migrate", "-v0")
        self.machine.python(_FILL.format(subscribers=self.subscribers, awkward=self.awkward))
        self._start_mail_server()
        self._start("serve", [*MANAGE, "serve", "--port", str(self.web)])
        wait_until(lambda: self._pid("mail") > 0, "serve has started its workers")
        self._start("tick", [sys.executable, "-c", _TICK])
        return self

    def __exit__(self, *args: object) -> None:
        for name in ("tick", "serve", "smtp"):
            process = self._processes.get(name)
            if process is not None:
                process.terminate()
                process.wait(60)
        if self.postgresql:
            self.postgresql.stop()

    def fight(self, kills: int, gap: float) -> Outcome:
        """Plan, send, and kill somebody about every ``gap`` seconds until it is enough."""
        self.machine.python(_PLAN)
        begun = time.monotonic()
        targets = self._targets()
        # Each of them in turn, in an order of chance.
        names = sorted(targets) * (kills // len(targets) + 1)
        self.dice.shuffle(names)
        while sum(self.kills.values()) < kills:
            time.sleep(self.dice.uniform(0.3, 1.7) * gap)
            name = names.pop()
            if targets[name]():
                self.kills[name] += 1
            else:  # it is down already
                names.insert(0, name)
        wait_until(self._time_passes, "every delivery has ended", LONGEST)
        return self._outcome(time.monotonic() - begun)

    def _targets(self) -> dict[str, Callable[[], bool]]:
        found: dict[str, Callable[[], bool]] = {
            "sending process": self._kill_sender,
            "mail worker": lambda: self._kill(self._pid("mail")),
            "worker": lambda: self._kill(self._pid("worker")),
            "web": lambda: self._kill(self._pid("web")),
            "broker": lambda: self._kill(self._pid("valkey")),
            "mail server": self._kill_mail_server,
        }
        if self.postgresql:
            found["PostgreSQL"] = self._kill_postgresql
        return found

    def _kill_sender(self) -> bool:
        children = sorted(family(self._pid("mail"))) if self._pid("mail") else []
        return self._kill(self.dice.choice(children)) if children else False

    def _kill_mail_server(self) -> bool:
        process = self._processes["smtp"]
        process.kill()
        process.wait()
        time.sleep(self.dice.uniform(0, 0.5))
        self._start_mail_server()
        return True

    def _kill_postgresql(self) -> bool:
        if self.postgresql is None:
            return False
        self.postgresql.kill()
        time.sleep(self.dice.uniform(0, 0.5))
        self.postgresql.start()
        return True

    def _kill(self, pid: int) -> bool:
        if not pid:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def _pid(self, name: str) -> int:
        file = self.machine.data_dir / "run" / f"{name}.pid"
        try:
            return int(file.read_text(encoding="ascii").split()[0])
        except (FileNotFoundError, IndexError):
            return 0

    def _start_mail_server(self) -> None:
        command = [sys.executable, "-m", "tests.smtp_server", str(self.port), str(self.mails)]
        self._start("smtp", [*command, str(self.thinking)])

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=dict(self.machine.env), stdout=log, stderr=log
            )

    def _time_passes(self) -> bool:
        """Whether all has ended. What is to be tried again is due now, as if time had passed."""
        self.machine.python(_HURRY)
        states = self.states()
        return bool(states) and not states.keys() & {"queued", "sending", "uncertain"}

    def states(self) -> dict[str, int]:
        found = self.machine.python(_STATES).splitlines()
        return {line.split()[0]: int(line.split()[1]) for line in found}

    def _outcome(self, seconds: float) -> Outcome:
        names: dict[str, list[str]] = {}
        unanswered = 0
        for mail in smtp_server.taken(self.mails):
            names.setdefault(mail.recipient, []).append(mail.message_id)
            unanswered += not mail.answered
        wanted = {
            address for number in range(1, self.subscribers + 1)
            if not (address := smtp_server.address(number, awkward=self.awkward)).startswith("gone")
        }  # fmt: skip
        return Outcome(
            readers=len(wanted),
            states=self.states(),
            suppressed=self.machine.python(_SUPPRESSED).splitlines(),
            kills=self.kills,
            lost=len(wanted - names.keys()),
            duplicates=sum(len(found) - 1 for found in names.values()) - unanswered,
            other_names=sum(len(set(found)) > 1 for found in names.values()),
            unanswered=unanswered,
            seconds=seconds,
        )
