"""A machine of its own for live tests: a data folder, an environment, and commands run in it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from newsletter import processes

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
_ARXIV = ("ARXIV_CATEGORIES", "ARXIV_BASE_URL")
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """What a person's shell would hold, and these settings; nothing of the test run's own."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    names = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", *_ARXIV)
    empty = dict.fromkeys(names, "")
    own = {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "newsletter.settings"}
    return {**kept, **empty, **own, **settings}


@dataclass(frozen=True, slots=True)
class Machine:
    data_dir: Path
    env: Mapping[str, str]

    def run(self, *command: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; its output is in the error if it fails."""
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(self.env),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    def manage(self, *arguments: str) -> str:
        return self.run(*MANAGE, *arguments).stdout

    def python(self, code: str) -> str:
        """Run lines of Python with Django set up."""
        return self.run(
            sys.executable, "-c", f"import django; django.setup()\n{code}"
        ).stdout.strip()

    def outbox(self) -> list[Path]:
        return sorted(self.data_dir.glob("outbox/new/*")) + sorted(
            self.data_dir.glob("outbox/cur/*")
        )


def wait_until(true: Callable[[], bool], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)


def broker_answers(client: redis.Redis) -> bool:
    """Whether a Valkey or Redis is there; the client is closed."""
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
    finally:
        client.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status_of(url: str) -> int:
    """The HTTP status of a page; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def family(pid: int) -> set[int]:
    """All living processes below ``pid``, whatever session they are in (Linux only)."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        fields = processes.stat_of(int(entry.name))
        if fields and fields[0] not in "ZX":
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = set[int](), [pid]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that still run, zombies left out."""
    return {pid for pid in pids if (fields := processes.stat_of(pid)) and fields[0] not in "ZX"}
