"""Beat's tasks on mail, and the fetch: each one call of a service, harmless when run twice.

Messages are only hints: what is to do stands in rows, and the next tick asks for it again.
"""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from digest import covering, fetching, pacing
from digest import tasks as digest_tasks
from digest.arxiv import calendar
from digest.fetching import answers, backfilling, completing, reconciling
from digest.sections import building
from newsletter import followed
from newsletter.delivery import planning, sending, sweeping

# As many categories, and seconds, as one task takes on before it hands on the rest.
CHUNK = 12
SECONDS = 240.0
# Two beats, or a chain that a tick overtakes, do not ask for the same thing twice.
A_MOMENT = dt.timedelta(minutes=5)
COMPLETED_AT_ONCE = 500


@shared_task
def fetch() -> None:
    """Begin to fetch what today's listing still lacks; nothing when it is whole."""
    now = timezone.now()
    today = calendar.today(now)
    categories = _categories()
    covering.expect(today, categories)
    whole = covering.whole(today)
    lacking = [category for category in categories if category not in whole]
    if lacking and not pacing.blocked(now):
        fetch_next.delay(today.isoformat(), lacking)


@shared_task
def fetch_next(date: str, categories: list[str]) -> None:
    """Fetch some of the categories and ask for the rest, so that no task runs for long.

    Where arXiv is left alone for a while the chain ends; the next tick begins another.
    """
    report = fetching.fetch_listing(
        dt.date.fromisoformat(date), categories[:CHUNK], again_after=A_MOMENT, seconds=SECONDS
    )
    rest = [category for _, category in report.left] + categories[CHUNK:]
    if rest and not report.until:
        fetch_next.delay(date, rest)
    else:
        digest_tasks.build.delay()


@shared_task
def backfill() -> None:
    """Fetch some of what past listings lack, and ask for another task while there is more."""
    now = timezone.now()
    parts = backfilling.due(now, _categories())
    if not parts or pacing.blocked(now):
        return
    report = fetching.fetch_parts(parts[:CHUNK], again_after=backfilling.AGAIN, seconds=SECONDS)
    for date in report.brought:
        building.build_news(date)  # beat's own building looks at recent ones only
    if report.brought:
        digest_tasks.build.delay()
    if len(parts) > len(report.parts) and not report.until:
        backfill.delay()


@shared_task
def reconcile() -> None:
    """Hold some complete categories against arXiv's own page, once nothing is lacking."""
    now = timezone.now()
    if covering.is_being_fetched(calendar.today(now)) or pacing.blocked(now):
        return
    parts = reconciling.due(now)
    if not parts:
        return
    done = reconciling.reconcile(parts[:CHUNK], seconds=SECONDS)
    if done.stored:
        digest_tasks.build.delay()
    if len(parts) > len(done.parts) and not done.error:
        reconcile.delay()


@shared_task
def complete_papers() -> None:
    """Ask for what papers of documents and poor pages lack."""
    if completing.complete_papers(COMPLETED_AT_ONCE).completed:
        digest_tasks.build.delay()


@shared_task
def prune_answers() -> None:
    """Let go of raw answers that have been kept for long enough."""
    answers.prune(timezone.now())


def _categories() -> list[str]:
    return fetching.followed_categories(followed.subscribed_categories())


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
