"""Beat's tasks on mail, and the fetch: each one call of a service, harmless when run twice.

Messages are only hints: what is to do stands in rows, and the next tick asks for it again.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from digest import tasks as digest_tasks
from newsletter import collecting
from newsletter.compose import preparing
from newsletter.delivery import claiming, forgetting, issues, planning, sending, sweeping
from newsletter.delivery.returned import fetching
from newsletter.signup import pausing

#: How many workers one tick asks to send; each goes on for as long as there is work.
MOST_CHAINS = 32
HINT_SECONDS = 55


@shared_task
def fetch() -> None:
    """Fetch some of what today's listing still lacks, and ask for the rest."""
    report = collecting.fetch_today(timezone.now())
    if report.brought:
        digest_tasks.build.delay()
    if report.left:
        fetch.delay()


@shared_task
def back_fill() -> None:
    """Fetch again some of what is not whole of the last days."""
    if collecting.back_fill(timezone.now()).brought:
        digest_tasks.build.delay()


@shared_task
def reconcile() -> None:
    """Hold what we have against arXiv's own pages, unless feeds are still lacking."""
    if collecting.reconcile(timezone.now()).stored:
        digest_tasks.build.delay()


@shared_task
def complete() -> None:
    """Ask for the abstracts that are missing, and let go of answers kept long enough."""
    if collecting.complete(timezone.now()).completed:
        digest_tasks.build.delay()


@shared_task
def plan() -> None:
    """Plan the issues of what has been released, and make what their mails are joined from."""
    for issue in planning.plan_released(timezone.now()):
        preparing.prepare(issue, issues.readers(issue))


@shared_task
def send_notices() -> None:
    """Send notices that are due; somebody may be waiting for theirs."""
    if sending.send_notices(timezone.now()).full:
        send_notices.delay()


@shared_task
def dispatch() -> None:
    """Ask as many workers to send as there are chunks due, within reason."""
    for _ in range(claiming.chunks_due(timezone.now(), sending.CHUNK, MOST_CHAINS)):
        send_due.apply_async(expires=HINT_SECONDS)


@shared_task
def send_due() -> None:
    """Send a bounded chunk of deliveries, and ask for another while there is more."""
    if sending.send_next(timezone.now()).full:
        send_due.delay()


@shared_task
def sweep() -> None:
    """Take back the claims of workers that died."""
    sweeping.sweep(timezone.now())


@shared_task
def fetch_bounces() -> None:
    """Read a bounded chunk of returned mail, and ask for another while there is more."""
    if fetching.run(timezone.now()):
        fetch_bounces.delay()


@shared_task
def resume() -> None:
    """Write again to those whose pause ends."""
    pausing.resume_due(timezone.now())


@shared_task
def forget() -> None:
    """Let go of deliveries and fragments that have been kept long enough, some at a time."""
    if forgetting.forget(timezone.now()):
        forget.delay()
