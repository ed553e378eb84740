"""Beat's tasks on mail, and the fetch: each one call of a service, harmless when run twice.

Messages are only hints: what is to do stands in rows, and the next tick asks for it again.
"""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from digest import covering, fetching
from digest import tasks as digest_tasks
from digest.arxiv import calendar
from newsletter import followed
from newsletter.delivery import planning, sending, sweeping


@shared_task
def fetch() -> None:
    """Begin to fetch what today's listing still lacks; nothing when it is whole."""
    today = calendar.today(timezone.now())
    categories = fetching.followed_categories(followed.subscribed_categories())
    whole = covering.whole(today)
    if lacking := [category for category in categories if category not in whole]:
        fetch_next.delay(today.isoformat(), lacking)


@shared_task
def fetch_next(date: str, categories: list[str]) -> None:
    """Fetch the first of the categories and ask for the rest, so that no task runs for long."""
    first, *rest = categories
    fetching.fetch_listing(dt.date.fromisoformat(date), [first])
    if rest:
        fetch_next.delay(date, rest)
    else:
        digest_tasks.build.delay()


@shared_task
def plan() -> None:
    """Plan the issues of what has been released."""
    planning.plan_released(timezone.now())


@shared_task
def send_due() -> None:
    """Send a bounded chunk, and ask for another while there is more."""
    if sending.send_due(timezone.now()).full:
        send_due.delay()


@shared_task
def sweep() -> None:
    """Take back the claims of workers that died."""
    sweeping.sweep(timezone.now())
