"""Beat's tasks on papers: each one call of a service, bounded, and harmless when run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from digest import catching_up, releasing
from digest.fetching import first_pages
from digest.summaries import asking


@shared_task
def build() -> None:
    """Match all sections against what is new, and have it summarised."""
    if catching_up.build_new(timezone.now()):
        summarize.delay()


@shared_task
def summarize() -> None:
    if asking.is_configured():
        # The guard and the model see more with page one at hand.
        catching_up.read_new_pages(timezone.now())
    reports = catching_up.summarize_new(timezone.now())
    if any(report.asked and report.asked.is_out_of_time for report in reports):
        summarize.delay()


@shared_task
def read_pages() -> None:
    """Read page one of the cards' PDFs, for institutions and for the guard."""
    first_pages.prune(timezone.now())
    catching_up.read_new_pages(timezone.now())


@shared_task
def release_due() -> None:
    """Let out the listings that are past their deadline."""
    releasing.release_due(timezone.now())
