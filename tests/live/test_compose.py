"""docker-compose.yml: each service's command runs natively with the compose file's environment."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import yaml

from newsletter.serving import broker_program
from tests.live.machine import ROOT, environment, free_port, wait_until

pytestmark = pytest.mark.live

APPLICATION = ("migrate", "web", "worker", "beat")


def _interpolated(text: str) -> str:
    """``${NAME:-default}`` replaced by its default, the innermost first, as without a .env."""
    while True:
        done = re.sub(r"\$\{\w+:-([^${}]*)\}", r"\1", text)
        if done == text:
            return text.replace("$$", "$")
        text = done


COMPOSE: dict[str, Any] = yaml.safe_load(
    _interpolated((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


class Natively:
    """Runs what the compose file says on this machine: paths, hosts and ports are replaced."""

    def __init__(self, folder: Path, postgresql: str, redis_port: int) -> None:
        self.folder = folder
        self.port = free_port()
        self._replaced = {
            "post:post@postgres:5432": f"post@{postgresql}",
            "redis:6379": f"127.0.0.1:{redis_port}",
            "0.0.0.0:8000": f"127.0.0.1:{self.port}",
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
            "/tmp/": f"{folder}/",  # noqa: S108 - the container's
            "/data": str(folder),
        }

    def here(self, text: str) -> str:
        for there, here in self._replaced.items():
            text = text.replace(there, here)
        return text

    def environment(self, service: str) -> dict[str, str]:
        given = {name: self.here(value) for name, value in SERVICES[service]["environment"].items()}
        programs = Path(sys.executable).parent
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "HOSTNAME": socket.gethostname()}
        return {**environment(self.folder), **own, **given}

    def command(self, service: str) -> list[str]:
        return [self.here(part) for part in SERVICES[service]["command"]]

    def is_healthy(self, service: str) -> bool:
        kind, *command = SERVICES[service]["healthcheck"]["test"]
        command = [self.here(part) for part in command]
        done = subprocess.run(
            ["sh", "-c", *command] if kind == "CMD-SHELL" else command,
            cwd=ROOT,
            env=self.environment(service),
            capture_output=True,
            timeout=30,
            check=False,
        )
        return done.returncode == 0

    @contextmanager
    def running(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(service),
                cwd=ROOT,
                env=self.environment(service),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)
        assert process.returncode == 0, (self.folder / f"{service}.log").read_text()


@pytest.fixture(scope="module")
def natively(
    tmp_path_factory: pytest.TempPathFactory, postgresql_url: str, redis_port: int
) -> Natively:
    """All servers the services need, and a migrated database made by the service `migrate`."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE post LOGIN")
        connection.execute("CREATE DATABASE post OWNER post")
        host = quote(connection.info.host, safe="")
    natively = Natively(tmp_path_factory.mktemp("compose"), host, redis_port)
    subprocess.run(
        natively.command("migrate"), cwd=ROOT, env=natively.environment("migrate"), check=True
    )
    return natively


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_the_service_runs_is_healthy_and_ends_when_told(natively: Natively, service: str) -> None:
    with natively.running(service) as process:
        wait_until(
            lambda: process.poll() is not None or natively.is_healthy(service),
            f"{service} is healthy",
        )


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_a_service_that_does_not_run_is_not_healthy(
    tmp_path: Path, redis_port: int, service: str
) -> None:
    assert not Natively(tmp_path, "nobody", redis_port).is_healthy(service)


def test_the_brokers_command_is_one_that_valkey_takes(tmp_path: Path) -> None:
    _, *options = SERVICES["redis"]["command"]
    port = str(free_port())
    command = [broker_program(), *options, "--port", port, "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        said = iter(server.stdout)
        assert any(b"Ready to accept connections" in line for line in said)
        server.terminate()


def test_application_services_share_one_image_and_wait_for_migrations() -> None:
    assert {SERVICES[name]["image"] for name in APPLICATION} == {"preprint-post"}
    waiting = {name: SERVICES[name]["depends_on"] for name in APPLICATION if name != "migrate"}
    for needed in waiting.values():
        assert needed["migrate"]["condition"] == "service_completed_successfully"


def test_every_lasting_service_has_a_health_check() -> None:
    assert {name for name in SERVICES if "healthcheck" not in SERVICES[name]} == {"migrate"}


def test_every_volume_is_declared() -> None:
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }
    assert used == set(COMPOSE["volumes"])


def test_no_secret_and_no_data_goes_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git", ".venv"} <= set(ignored)


def test_the_image_runs_as_an_unprivileged_user() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER post"]
