"""The latest released day in small: what a digest looks like, beside the form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from digest.archive.days import ArchiveSection, days_of
from digest.archive.pages import ShownPaper, shown
from digest.models import Listing, Paper

PAPERS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Latest:
    """One section of that day with its first papers."""

    date: dt.date
    section: ArchiveSection
    papers: tuple[ShownPaper, ...]


def latest_day() -> Latest | None:
    """None before anything was released with papers in cards."""
    released = Listing.objects.filter(status=Listing.Status.RELEASED)
    date = released.order_by("-date").values_list("date", flat=True).first()
    if date is None:
        return None
    for section in days_of([date])[0].sections:
        if section.is_cards and section.paper_ids:
            first = section.paper_ids[:PAPERS_SHOWN]
            papers = Paper.objects.select_related("summary").in_bulk(first)
            return Latest(date, section, tuple(shown(papers[pk]) for pk in first if pk in papers))
    return None
