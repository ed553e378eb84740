"""Hints to the workers: somebody waits for what beat would do in a while anyway."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# A visitor waits for the answer meanwhile; without a broker the next tick does it as well.
_IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
}


def soon(task: str, *, expires: int) -> None:
    """Ask a worker to run a task within ``expires`` seconds. Only a hint: without a broker it is
    not even an error."""
    try:
        with current_app.connection_for_write() as connection:
            connection.transport_options = {**(connection.transport_options or {}), **_IMPATIENT}
            # Celery would try again three times, and the visitor wait for it.
            current_app.send_task(task, connection=connection, expires=expires, retry=False)
    except OperationalError as error:
        logger.info("no worker could be asked for %s at once: %s", task, error)
