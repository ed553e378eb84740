"""Questions to what the newsletter stands on, each answered within seconds; "" means well."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import OperationalError

from newsletter.celery import app
from newsletter.delivery import transports

PATIENCE = 2  # seconds
# Beat writes its schedule down every three minutes.
BEAT_SILENCE = 600  # seconds


def database() -> str:
    """Does the database answer, and has it every migration?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = unmigrated()
    except Error as error:
        return f"the database does not answer: {_line(error)}"
    return f"migrations are missing: {', '.join(missing)}" if missing else ""


def unmigrated() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def broker() -> str:
    """Does the broker answer?"""
    options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as asked:
            asked.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    except (OperationalError, OSError) as error:
        return f"the broker does not answer: {_line(error)}"
    return ""


def workers() -> list[str]:
    """The names of the workers that answer a ping; ask only when the broker answers."""
    return sorted(app.control.inspect(timeout=PATIENCE).ping() or {})


def queues() -> set[str]:
    """The queues that some worker takes from; ask only when a worker answers."""
    active = app.control.inspect(timeout=PATIENCE).active_queues() or {}
    return {str(queue["name"]) for of_worker in active.values() for queue in of_worker}


def beat_silent_for() -> float | None:
    """Seconds since this machine's beat last wrote its schedule; None where it has none here."""
    schedule = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    written = [file.stat().st_mtime for file in schedule.parent.glob(f"{schedule.name}*")]
    return max(0.0, time.time() - max(written)) if written else None


def outbox() -> str:
    """Can mail be put into the local outbox, where mail goes there at all?"""
    folder = transports.outbox_path()
    if folder is None:
        return ""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return ""
    return f"the outbox {folder} cannot be written"


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
