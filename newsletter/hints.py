"""Hints from the web to the workers: somebody is waiting for a mail that has just been queued."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError

from newsletter.celery import app

logger = logging.getLogger(__name__)

# A visitor waits for the answer meanwhile; without a broker the next minute's tick sends as well.
_IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
}


def send_soon() -> None:
    """Ask a worker to send what is due. Only a hint: without a broker it is not even an error."""
    try:
        with app.connection_for_write() as connection:
            connection.transport_options = {**(connection.transport_options or {}), **_IMPATIENT}
            app.send_task("newsletter.tasks.send_due", connection=connection, expires=55)
    except OperationalError as error:
        logger.info("no worker could be asked to send at once: %s", error)
