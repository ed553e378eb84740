"""First pages for the papers that the house shows as cards, and what they add to Summaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from digest.fetching import first_pages
from digest.listings import listing_of
from digest.models import FirstPage, Paper, Summary
from digest.summaries import history
from digest.summaries.demand import in_cards
from digest.summaries.judging import institutions_of, page_of

_CHUNK = 100


def read_pages(date: dt.date, now: dt.datetime, limit: int, most_seconds: float = 120.0) -> int:
    """Fetch page one of a listing's cards, at most ``limit`` and what is left of the day's
    number; how many texts came. Raises ListingError."""
    begun = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    left = settings.FIRST_PAGES_PER_DAY - FirstPage.objects.filter(fetched_at__gte=begun).count()
    wanted = in_cards(listing_of(date))
    if left <= 0 or not wanted:
        return 0
    known = Paper.objects.in_bulk(wanted)
    papers = [known[pk] for pk in wanted if pk in known]
    found = first_pages.fetch_missing(papers, min(left, limit), most_seconds=most_seconds)
    add_institutions(wanted)
    return found


@transaction.atomic
def add_institutions(papers: Sequence[int]) -> int:
    """Name the institutions of page one in Summaries that have none and that only a writer has
    touched; how many."""
    added = 0
    for start in range(0, len(papers), _CHUNK):
        rows = (
            Summary.objects.select_for_update(of=("self",))
            .filter(paper__in=papers[start : start + _CHUNK], institutions=[])
            .filter(history.untouched())
            .exclude(paper__first_page__text="")
            .select_related("paper", "paper__first_page")
        )
        for summary in rows:
            summary.institutions = institutions_of(summary.paper, page_of(summary.paper))
            if summary.institutions:
                summary.revision += 1
                summary.skip_history_when_saving = True  # type: ignore[attr-defined]
                summary.save()
                added += 1
    return added
