"""Child processes: kept running, and ended with everything they started."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter import processes
from newsletter.processes import Child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

_FAMILY = "import subprocess as s, time; s.Popen(['sleep', '600']); time.sleep(600)"
_STUBBORN = (
    "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print(1, flush=True);time.sleep(600)"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    (tmp_path / "logs").mkdir()
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[str], Child]]:
    """Starts a child that runs a few lines of Python; all are gone afterwards."""
    started: list[Child] = []

    def _start(code: str) -> Child:
        child = Child(f"child{len(started)}", [sys.executable, "-c", code], folder)
        child.start(cwd=folder, env=os.environ)
        started.append(child)
        return child

    yield _start
    processes.end(started, 0)


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def group_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_orphans_of_a_killed_child_are_ended(start: Callable[[str], Child], folder: Path) -> None:
    child = start(_FAMILY)
    group = group_of(child)
    until(lambda: len(processes.members(group)) == 2)
    os.kill(group, signal.SIGKILL)
    until(lambda: len(processes.members(group)) == 1)
    news = ""
    while not news:
        news = child.tend(cwd=folder, env=os.environ)
    assert "signal 9" in news
    until(lambda: not processes.members(group))


def test_a_dead_child_is_started_again(start: Callable[[str], Child], folder: Path) -> None:
    child = start("pass")

    def again() -> bool:
        child.tend(cwd=folder, env=os.environ)
        return child.process is not None and child.process.pid != first

    first = group_of(child)
    until(again)


def test_who_does_not_listen_is_killed(start: Callable[[str], Child], folder: Path) -> None:
    child = start(_STUBBORN)
    group = group_of(child)
    until(lambda: child.log.stat().st_size > 0)
    processes.end([child], 0.2)
    assert processes.members(group) == []


def test_leftovers_of_a_killed_serve_are_ended(start: Callable[[str], Child], folder: Path) -> None:
    group = group_of(start(_FAMILY))
    until(lambda: len(processes.members(group)) == 2)
    assert processes.end_leftovers(folder) == ["child0"]
    until(lambda: not processes.members(group))
    assert list((folder / "run").iterdir()) == []


def test_a_stranger_with_a_known_number_is_left_alone(folder: Path) -> None:
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as stranger:
        noted = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        (folder / "run" / "web.pid").write_text(f"{stranger.pid} 12345 {noted}")
        assert processes.end_leftovers(folder) == []
        assert stranger.poll() is None
        stranger.kill()


def test_leftovers_that_do_not_listen_are_gone_when_it_returns(
    start: Callable[[str], Child], folder: Path
) -> None:
    child = start(_STUBBORN)
    group = group_of(child)
    until(lambda: child.log.stat().st_size > 0)
    processes.end_leftovers(folder, 0.2)
    assert processes.members(group) == []


@pytest.mark.parametrize("record", ["", "nonsense", "1 2", "-5 0 x", "99999999 0 x"])
def test_a_damaged_pid_file_ends_nothing(folder: Path, record: str) -> None:
    (folder / "run" / "web.pid").write_text(record)
    assert processes.end_leftovers(folder) == []


def test_a_child_ends_with_its_parent(folder: Path) -> None:
    code = (
        "import os, sys, pathlib; from newsletter.processes import Child;"
        f"c = Child('x', ['sleep', '600'], pathlib.Path({str(folder)!r}));"
        "c.start(cwd=pathlib.Path('/'), env=os.environ); print(c.process.pid, flush=True);"
        "sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    group = int(parent.stdout.readline())
    assert processes.members(group)
    parent.kill()
    parent.communicate()
    until(lambda: not processes.members(group))


def test_a_long_log_is_cut_and_the_child_goes_on_writing(
    start: Callable[[str], Child], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_LOG_LIMIT", 1000)
    child = start("import time\nwhile True: print('x' * 99, flush=True); time.sleep(0.001)")

    def cut() -> bool:
        child.tend(cwd=folder, env=os.environ)
        return child.log.with_suffix(".log.1").exists()

    until(cut)
    after = child.log.stat().st_size
    until(lambda: child.log.stat().st_size != after)


def test_a_log_is_cut_on_a_full_disk_too(
    start: Callable[[str], Child], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(processes, "_LOG_LIMIT", 1000)
    monkeypatch.setattr(Path, "write_bytes", full)
    child = start("import time; time.sleep(600)")
    child.log.write_text("x" * 2000)
    child.tend(cwd=folder, env=os.environ)
    assert child.log.stat().st_size == 0


def test_who_cannot_be_started_again_is_tried_later(
    start: Callable[[str], Child], folder: Path
) -> None:
    child = start("pass")
    until(lambda: bool(child.tend(cwd=folder, env=os.environ)))
    program, child.command[0] = child.command[0], "/nowhere/python"
    news = ""

    def told() -> bool:
        nonlocal news
        news = child.tend(cwd=folder, env=os.environ)
        return bool(news)

    until(told)
    assert "cannot be started" in news
    child.command[0] = program
    until(lambda: child.tend(cwd=folder, env=os.environ) == "" and child.process is not None)
