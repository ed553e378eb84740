"""`manage.py serve`: everything on one machine, and nothing left of it afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.machine import (
    MANAGE,
    ROOT,
    Machine,
    alive,
    environment,
    family,
    free_port,
    status_of,
    wait_until,
)

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A data folder as the first `make run` leaves it."""
    data_dir = tmp_path_factory.mktemp("prepared")
    machine = Machine(data_dir, environment(data_dir))
    machine.manage("prepare")
    return machine


@contextmanager
def serving(
    data_dir: Path, *before: str, port: int = 0
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running serve and its address."""
    port = port or free_port()
    server = subprocess.Popen(
        [*before, *MANAGE, "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment(data_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    below = set[int]()
    try:
        site = f"http://127.0.0.1:{port}"
        wait_until(lambda: status_of(f"{site}/healthz") == 200, "the web server answers")
        below = family(server.pid)
        yield server, site
    finally:
        below |= family(server.pid)
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        finally:
            for pid in alive(below):
                os.kill(pid, signal.SIGKILL)
            server.kill()
            server.communicate()


@pytest.fixture(scope="module")
def served(prepared: Machine) -> Iterator[tuple[Machine, subprocess.Popen[str], str]]:
    with serving(prepared.data_dir) as (server, site):
        yield prepared, server, site


@pytest.fixture
def copy(prepared: Machine, tmp_path: Path) -> Machine:
    """The same machine once more, to be stopped and hurt."""
    data_dir = tmp_path / "var"
    ignored = shutil.ignore_patterns("run", "logs")
    shutil.copytree(prepared.data_dir, data_dir, ignore=ignored)
    return Machine(data_dir, environment(data_dir))


def _worker(server: subprocess.Popen[str]) -> int:
    """The worker's main process: the child of serve that runs celery; 0 while there is none."""
    for pid in family(server.pid):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
        if b"celery" in command and int(parent) == server.pid:
            return pid
    return 0


def _ping(machine: Machine) -> bool:
    ping = [sys.executable, "-m", "celery", "-A", "newsletter", "inspect", "ping", "--timeout=5"]
    done = subprocess.run(
        ping, cwd=ROOT, env=dict(machine.env), capture_output=True, text=True, check=False
    )
    return "pong" in done.stdout


@pytest.mark.parametrize("path", ["/", "/outbox/", "/archive/", "/admin/login/", "/healthz"])
def test_the_pages_answer(served: tuple[Machine, subprocess.Popen[str], str], path: str) -> None:
    assert status_of(served[2] + path) == 200


def test_the_worker_answers_a_ping(served: tuple[Machine, subprocess.Popen[str], str]) -> None:
    wait_until(lambda: _ping(served[0]), "the worker answers")


def test_a_second_serve_on_the_same_data_says_so_in_one_line(
    served: tuple[Machine, subprocess.Popen[str], str],
) -> None:
    second = subprocess.run(
        [*MANAGE, "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=dict(served[0].env),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 1
    assert len(second.stderr.strip().splitlines()) == 1
    assert "another serve is running" in second.stderr


def test_a_taken_port_is_named_in_one_line(
    served: tuple[Machine, subprocess.Popen[str], str], tmp_path: Path
) -> None:
    port = served[2].rpartition(":")[2]
    second = subprocess.run(
        [*MANAGE, "serve", "--port", port],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 1
    assert len(second.stderr.strip().splitlines()) == 1
    assert f"port {port}" in second.stderr


def test_an_unmigrated_database_is_refused_with_the_remedy(tmp_path: Path) -> None:
    refused = subprocess.run(
        [*MANAGE, "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert refused.returncode == 1
    assert "manage.py migrate" in refused.stderr


def test_a_killed_worker_is_replaced_and_leaves_no_orphan_and_ctrl_c_leaves_nothing(
    copy: Machine,
) -> None:
    with serving(copy.data_dir) as (server, _):
        wait_until(lambda: len(family(_worker(server) or server.pid)) >= 2, "the worker's pool")
        first = _worker(server)
        before = {first, *family(first)}
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: _worker(server) not in {0, first}, "another worker")
        wait_until(lambda: not alive(before), "the orphans are gone")
        below = family(server.pid)
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert alive(below) == set()


def test_a_killed_serve_takes_everything_with_it(copy: Machine) -> None:
    with serving(copy.data_dir) as (server, _):
        wait_until(lambda: len(family(_worker(server) or server.pid)) >= 2, "the worker's pool")
        below = family(server.pid)
        server.kill()
        server.wait()
        wait_until(lambda: not alive(below), "everything is gone")


def test_a_killed_serve_is_followed_at_once_though_a_browser_holds_its_connection(
    copy: Machine,
) -> None:
    with serving(copy.data_dir) as (server, site):
        port = int(site.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as browser:
            browser.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
            time.sleep(0.5)  # until one of its threads waits for the rest
            server.kill()
            server.wait()
            with serving(copy.data_dir, port=port) as (second, _):
                assert second.poll() is None


def test_a_serve_under_nohup_outlives_its_terminal(copy: Machine) -> None:
    with serving(copy.data_dir, "nohup") as (server, site):
        server.send_signal(signal.SIGHUP)
        time.sleep(1)  # longer than it takes to notice
        assert server.poll() is None
        assert status_of(f"{site}/healthz") == 200
