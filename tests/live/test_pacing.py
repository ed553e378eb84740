"""The pace of the whole installation: processes that have only the database in common."""

from __future__ import annotations

import datetime as dt
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bench import pacing
from tests import pages
from tests.live.machine import MANAGE, ROOT, Machine, environment, wait_until

pytestmark = pytest.mark.live

INTERVAL = 0.3


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


def test_four_processes_together_keep_the_pace(shared_machine: Machine) -> None:
    log = pacing.measure(shared_machine.env, processes=4, requests=4, interval=INTERVAL)
    assert len(log.asked) == 16
    assert min(log.gaps) > INTERVAL - 0.05
    assert log.overlaps == 0
    agents = {one.agent for one in log.asked}
    assert agents == {"preprint-post/0.1 (+https://post.example.org; me@example.org)"}


def test_the_place_of_one_killed_while_it_asks_comes_free_when_its_lease_ends(
    shared_machine: Machine,
) -> None:
    lease = 3.0
    log = pacing.Log()
    with pacing.server(log) as base:
        dying = pacing.start(shared_machine.env, base, 1, INTERVAL, path="/hang", lease=lease)
        wait_until(lambda: log.begun == 1, "it asks")
        asked_at = time.monotonic()
        dying.kill()
        dying.wait()
        next_one = pacing.start(shared_machine.env, base, 1, INTERVAL, lease=lease)
        assert next_one.wait(60) == 0
    assert log.asked[0].begun - asked_at > lease - 0.5


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
