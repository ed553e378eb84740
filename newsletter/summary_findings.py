"""What `doctor` finds of summaries: a language model that does not answer, drafts that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count

from digest.arxiv import calendar
from digest.models import Announcement, Listing, Summary
from digest.summaries import asking
from digest.summaries.budget import Budget
from newsletter.findings import LOOKED_BACK, Finding, sentence

#: So many failed calls for one paper want a look.
MOST_ATTEMPTS = 3


def examine(now: dt.datetime) -> Iterator[Finding]:
    if asking.is_configured():
        yield from _writer(now)
    yield from _drafts(now)


def _writer(now: dt.datetime) -> Iterator[Finding]:
    waiting = Summary.objects.filter(
        status=Summary.Status.PENDING, text="", attempts__gte=MOST_ATTEMPTS
    )
    for row in waiting.values("reason").annotate(n=Count("pk")).order_by("-n")[:3]:
        yield Finding(
            f"{row['n']:,} papers wait for the language model: {row['reason'].rstrip('.')}.",
            "See LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, and Writer calls in the admin.",
        )
    if spent := Budget.today(now).why_spent():
        yield Finding(sentence(spent), "The rest waits for midnight UTC.", note=True)


def _drafts(now: dt.datetime) -> Iterator[Finding]:
    recent = Listing.objects.filter(date__gte=calendar.today(now) - LOOKED_BACK)
    open_ones = Announcement.objects.filter(
        listing__in=recent.exclude(status=Listing.Status.RELEASED),
        paper__summary__status=Summary.Status.DRAFT,
    )
    counted = open_ones.order_by().values("listing").annotate(n=Count("paper", distinct=True))
    for row in counted.order_by("listing"):
        yield Finding(
            f"{row['n']:,} drafts of {row['listing']} wait for a curator.",
            f"Look at /curation/{row['listing']}/.",
            note=True,
        )
