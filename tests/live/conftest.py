"""Servers that live tests share."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from newsletter import broker, serving
from tests import postgresql
from tests.live.machine import (
    Machine,
    broker_answers,
    environment,
    free_port,
    wait_until,
)


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """A real PostgreSQL server; it ends with the test run."""
    return postgresql.start()


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A real Valkey or Redis on a TCP port."""
    port = free_port()
    command = [serving.broker_program(), "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    with _running(command, tmp_path_factory.mktemp("redis")) as server:
        wait_until(lambda: broker_answers(redis.Redis(port=port)), "valkey answers")
        yield port
        server.terminate()


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A migrated SQLite database, and a Valkey on the socket where `serve` would have it."""
    data_dir = tmp_path_factory.mktemp("machine")
    (data_dir / "run").mkdir()
    machine = Machine(data_dir, environment(data_dir))
    machine.manage("migrate", "-v0")
    socket = str(broker.socket_path(data_dir))
    command = [serving.broker_program(), "--port", "0", "--unixsocket", socket, "--save", ""]
    with _running(command, data_dir / "run") as server:
        wait_until(lambda: broker_answers(redis.Redis(unix_socket_path=socket)), "valkey answers")
        yield machine
        server.terminate()


def _running(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
