"""Processes that have only the database in common: one is killed, two do the same."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests import pages
from tests.live.machine import MANAGE, ROOT, Machine, environment

pytestmark = pytest.mark.live

LEASE = 3.0
_ASK = """
import datetime as dt, sys, django
django.setup()
from digest import fetching, pacing
pacing.LEASE = dt.timedelta(seconds=float(sys.argv[2]))
with fetching.connect(fetching.Hosts.of(sys.argv[1])) as arxiv:
    fetching.get(arxiv, f"{sys.argv[1]}/atom/cs.DC")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    """A migrated database that several processes use."""
    settings = {"CONTACT": "me@example.org", "SITE_URL": "https://post.example.org"}
    if request.param == "postgresql":
        settings["DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    machine = Machine(tmp_path, environment(tmp_path, **settings))
    machine.manage("migrate", "-v0")
    machine.python(
        "from digest.models import Answer, FetchSlot\n"
        "FetchSlot.objects.all().delete()\nAnswer.objects.all().delete()"
    )
    return machine


def test_the_place_of_one_killed_while_it_asks_comes_free_when_its_lease_ends(
    shared_machine: Machine,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        dying = _asker(shared_machine.env, base)
        first, _ = listener.accept()  # and never an answer
        asked_at = time.monotonic()
        dying.kill()
        dying.wait()
        next_one = _asker(shared_machine.env, base)
        listener.settimeout(60)
        second, _ = listener.accept()
        waited = time.monotonic() - asked_at
        second.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<x/>")
        assert next_one.wait(60) == 0
        first.close()
        second.close()
    assert LEASE - 0.5 < waited < LEASE + 20


def test_two_back_fills_at_once_store_everything_once(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    date = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=20)
    while date.weekday() > 3 or date.weekday() == 0:
        date -= dt.timedelta(days=1)

    def answer(request: Request) -> Response:
        code = request.path.split("/")[2]
        items = [f"2501.{number:05d} cross cs.DC cs.AI cs.LG" for number in range(1, 40)]
        return Response(pages.page(*items, category=code, date=date, catchup=True))

    httpserver.expect_request(f"/catchup/cs.DC/{date}").respond_with_handler(answer)
    httpserver.expect_request(f"/catchup/cs.AI/{date}").respond_with_handler(answer)
    httpserver.expect_request(f"/catchup/cs.LG/{date}").respond_with_handler(answer)
    settings = {
        "ARXIV_CATEGORIES": "cs.DC",
        "ARXIV_BASE_URL": httpserver.url_for("").rstrip("/"),
    }
    machine = Machine(tmp_path, environment(tmp_path, **settings))
    machine.manage("migrate", "-v0")
    both = [_backfill(machine.env, date) for _ in range(2)]
    for one in both:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said
    counts = machine.python(
        "from digest.models import *; print(Paper.objects.count(), Announcement.objects.count(),"
        " set(Coverage.objects.values_list('status', flat=True)))"
    )
    assert counts == "39 117 {'complete'}"


def _backfill(env: Mapping[str, str], date: dt.date) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*MANAGE, "backfill", date.isoformat()],
        cwd=ROOT,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _asker(env: Mapping[str, str], base: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _ASK, base, str(LEASE)], cwd=ROOT, env=dict(env))
