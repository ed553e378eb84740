"""Hints from the web to the workers: somebody is waiting for a mail that has just been queued."""

from __future__ import annotations

from digest import hints


def send_soon() -> None:
    """Ask a worker to send what is due; without a broker the next minute's tick does it."""
    for task in ("send_notices", "send_due"):
        hints.soon(f"newsletter.tasks.{task}", expires=55)
