"""Child processes of `serve`: each leads a session of its own and ends with all it has started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_LONGEST_DELAY = 30.0
_CALM_AFTER = 60.0
_LOG_LIMIT = 5_000_000


class Child:
    """One program that is kept running; a dead one is started again, ever less eagerly."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name = name
        self.command = list(command)
        self.log = folder / "logs" / f"{name}.log"
        self.pid_file = folder / "run" / f"{name}.pid"
        self.process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._delay = 0.0
        self._start_at = 0.0

    def start(self, *, cwd: Path, env: Mapping[str, str]) -> None:
        self._cut_log()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self._started = time.monotonic()
        self.pid_file.write_text(_record(self.process.pid), encoding="ascii")

    def tend(self, *, cwd: Path, env: Mapping[str, str]) -> str:
        """Look after it once; what happened, if anything did."""
        now = time.monotonic()
        if self.process is None:
            return self._start_again(now, cwd, env) if now >= self._start_at else ""
        self._cut_log()
        status = self.process.poll()
        if status is None:
            return ""
        self.clear()
        if now - self._started > _CALM_AFTER:
            self._delay = 0.0
        self._put_off(now)
        return f"{self.name} ended ({_meaning(status)}); starting it again. Its log: {self.log}"

    def _start_again(self, now: float, cwd: Path, env: Mapping[str, str]) -> str:
        try:
            self.start(cwd=cwd, env=env)
        except OSError as error:  # no memory, no disk: both may come back
            self._put_off(now)
            return f"{self.name} cannot be started ({error}); trying again"
        return ""

    def _put_off(self, now: float) -> None:
        self._delay = min(2 * self._delay, _LONGEST_DELAY) if self._delay else 0.5
        self._start_at = now + self._delay

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def clear(self) -> None:
        """Kill what is left of it: a killed Celery leaves its workers behind as orphans."""
        if self.process is None:
            return
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        self.pid_file.unlink(missing_ok=True)

    def _cut_log(self) -> None:
        """Keep the log and one older one; the child goes on writing into the same open file."""
        if not self.log.exists() or self.log.stat().st_size < _LOG_LIMIT:
            return
        with contextlib.suppress(OSError):  # on a full disk the older one is given up
            self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
        os.truncate(self.log, 0)


def end(children: Sequence[Child], seconds: float) -> None:
    """Ask all to end, and kill those that have not after ``seconds``."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(_running(child) for child in children):
        time.sleep(0.05)
    for child in children:
        child.clear()


def end_leftovers(folder: Path, seconds: float = 5.0) -> list[str]:
    """End what a killed `serve` left behind; the names of those children."""
    found = {}
    for file in sorted((folder / "run").glob("*.pid")):
        leader = _leftover(file.read_text(encoding="ascii", errors="replace"))
        if leader:
            found[file.stem] = leader
            _signal_group(leader, signal.SIGTERM)
        file.unlink(missing_ok=True)
    _wait_for(found.values(), seconds)
    for leader in found.values():
        _signal_group(leader, signal.SIGKILL)
    # Only then are its port and its files free.
    _wait_for(found.values(), seconds)
    return list(found)


def end_with_parent() -> None:
    """Run in a new child: have the kernel end it when its parent dies (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def members(group: int) -> list[int]:
    """The processes of a process group that are still alive, zombies left out (Linux only)."""
    alive = []
    for entry in Path("/proc").glob("[0-9]*"):
        fields = stat_of(int(entry.name))
        if fields and int(fields[2]) == group and fields[0] not in "ZX":
            alive.append(int(entry.name))
    return alive


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name (see proc(5)): state, parent, group, ..."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def tail(log: IO[bytes], lines: int = 15) -> str:
    """The last lines of a child's log, to say why it does not start."""
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - 8_000))
    return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])


def _wait_for(groups: Collection[int], seconds: float) -> None:
    """Until all of these process groups have ended, but no longer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(map(members, groups)):
        time.sleep(0.05)


def _running(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def _record(pid: int) -> str:
    return f"{pid} {_started_at(pid)} {_boot()}"


def _leftover(record: str) -> int:
    """The process group that a pid file speaks of, if it is still ours; else 0.

    A number is not given out anew while a group of that number lives, so a group whose leader
    is gone is ours too; a leader must have the start time that was noted.
    """
    parts = record.split()
    if len(parts) != 3 or not parts[0].isdecimal() or parts[2] != _boot():
        return 0
    pid = int(parts[0])
    if not members(pid):
        return 0
    return pid if _started_at(pid) in {parts[1], "0"} else 0


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "-"


def _started_at(pid: int) -> str:
    """When a process started, in the kernel's ticks; "0" where there is no such process."""
    fields = stat_of(pid)
    return fields[19] if fields else "0"


def _meaning(status: int) -> str:
    return f"status {status}" if status >= 0 else f"signal {-status}"
