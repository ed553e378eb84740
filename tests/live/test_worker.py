"""A real Celery worker over a real Valkey sends a digest."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.live.machine import ROOT, Machine, wait_until

pytestmark = pytest.mark.live

DOCUMENT = ROOT / "tests" / "fixtures" / "operations" / "20260202-20260208.md"
_PLAN = f"""
import datetime as dt
from django.core.management import call_command
from django.utils import timezone
from newsletter.delivery import planning
call_command("import_week", {str(DOCUMENT)!r}, verbosity=0)
call_command("release", "2026-02-03")
call_command("add_subscriber", "reader@example.org", house=True, active=True)
planning.plan(planning.issue_for("daily", dt.date(2026, 2, 3)), timezone.now())
"""
_QUEUE = """
from newsletter.celery import app
from newsletter.tasks import send_due
send_due.delay()
"""


@pytest.fixture(scope="module")
def worker(machine: Machine) -> Iterator[Machine]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "newsletter",
        "worker",
        "--queues=default,mail",
        "--concurrency=2",
    ]
    log = machine.data_dir / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--loglevel=INFO"],
            cwd=ROOT,
            env=dict(machine.env),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    wait_until(lambda: b" ready." in log.read_bytes(), "the worker is ready")
    yield machine
    process.terminate()
    assert process.wait(20) == 0, log.read_text()


def test_a_queued_digest_is_sent_once_however_often_the_task_runs(worker: Machine) -> None:
    worker.python(_PLAN)
    worker.python(_QUEUE)
    wait_until(lambda: len(worker.outbox()) == 1, "the digest is in the outbox")
    wait_until(lambda: _deliveries(worker) == [("sent", 1)], "the row says so")
    worker.python(_QUEUE + "send_due.delay()")
    wait_until(lambda: _tasks_done(worker) >= 3, "the other tasks are done")
    assert len(worker.outbox()) == 1
    assert _deliveries(worker) == [("sent", 1)]
    assert b"cs.DC total: 2" in worker.outbox()[0].read_bytes()


def _deliveries(machine: Machine) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(machine.data_dir / "newsletter.sqlite3")) as database:
        return database.execute("SELECT status, attempts FROM newsletter_delivery").fetchall()


def _tasks_done(machine: Machine) -> int:
    return (machine.data_dir / "worker.log").read_bytes().count(b" succeeded in ")
