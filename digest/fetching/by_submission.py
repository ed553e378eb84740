"""A lost day's papers by the date of their submission, where no page has the day any more.

The API knows no listings: what was submitted in a listing's window was most likely announced
in it. What moderators held back, and what was cross-listed later, it cannot tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from digest import covering
from digest.arxiv import queries, submissions
from digest.arxiv.calendar import Calendar
from digest.arxiv.listing import Entry, FeedError, ParsedFeed
from digest.arxiv.submissions import Submission
from digest.fetching.sources import Sources
from digest.ingesting import Ingested, ingest
from digest.models import Announcement, Coverage

#: Moderators may hold a paper back for days.
OVERLAP = dt.timedelta(days=10)
_MOST_PAGES = 40
_CHUNK = 500
_REASON = "known by submission date only: cross-lists and delayed papers may lack"


def fetch(sources: Sources, arxiv: Calendar, date: dt.date, category: str) -> Ingested:
    """Announces what was submitted in the listing's window and is announced nowhere else in
    the category. The coverage stays as it was, and says so."""
    first, last = arxiv.submission_window(date)
    found = _ask(sources, category, first - OVERLAP, last)
    known = _announced(category, [one.entry.arxiv_id for one in found])
    news = [one for one in found if one.entry.arxiv_id not in known]
    entries = [_announced_as(one.entry, category) for one in news if first <= one.at < last]
    delayed = [one for one in news if one.at < first and _was_whole(arxiv, one, date, category)]
    reason = _REASON
    if delayed:
        reason += f"; {len(delayed)} submitted before may belong here"
    return _store(date, category, entries, reason)


def had_before(date: dt.date, category: str) -> Ingested | None:
    """Whether that was done: then nothing more comes of doing it again."""
    rows = Coverage.objects.filter(listing=date, category=category, source="api")
    reason = rows.values_list("reason", flat=True).first()
    return None if reason is None else Ingested("api", date, (category,), 0, reason=reason)


def categories_of(date: dt.date) -> list[str]:
    """The categories of which a date's papers came so."""
    rows = Coverage.objects.filter(listing=date, source="api")
    return list(rows.order_by("category").values_list("category", flat=True))


def _ask(
    sources: Sources, category: str, first: dt.datetime, last: dt.datetime
) -> list[Submission]:
    found: dict[str, Submission] = {}
    start = 0
    for _ in range(_MOST_PAGES):
        url = queries.window_url(sources.hosts.api, category, first, last, start)
        page = submissions.parse(sources.ask(url))
        found.update((one.entry.arxiv_id, one) for one in page.submissions)
        start += page.count
        if start >= page.total:
            return list(found.values())
        if not page.count:
            raise FeedError(f"{page.total} results, but none from the {start}th on")
    raise FeedError(f"more than {start} results")


def _announced(category: str, arxiv_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    rows = Announcement.objects.filter(category=category)
    for place in range(0, len(arxiv_ids), _CHUNK):
        chunk = rows.filter(paper__arxiv_id__in=arxiv_ids[place : place + _CHUNK])
        found.update(chunk.values_list("paper__arxiv_id", flat=True))
    return found


def _announced_as(entry: Entry, category: str) -> Entry:
    primary = entry.categories[:1] == (category,)
    return replace(entry, announce_type="new" if primary else "cross")


def _was_whole(arxiv: Calendar, one: Submission, date: dt.date, category: str) -> bool:
    """Whether every listing that could have had it before is known whole, and has it not."""
    own = arxiv.listing_of_submission(one.at)
    before = arxiv.listing_dates(own, date - dt.timedelta(days=1))
    whole = Coverage.objects.filter(
        listing__in=before, category=category, status=Coverage.Status.COMPLETE
    )
    return whole.count() == len(before)


@transaction.atomic
def _store(date: dt.date, category: str, entries: Sequence[Entry], reason: str) -> Ingested:
    covering.expect(date, [category])
    rows = Coverage.objects.filter(listing=date, category=category)
    before = rows.values_list("status", flat=True).get()
    feed = ParsedFeed("page", tuple(entries), date=date, asked=(category,), total=len(entries))
    done = ingest(feed, date=date)
    # It was taken for a page that has everything, which it is not.
    rows.update(status=before, reason=reason, source="api")
    announced = Announcement.objects.filter(listing=date, category=category)
    for place in range(0, len(entries), _CHUNK):
        ids = [entry.arxiv_id for entry in entries[place : place + _CHUNK]]
        announced.filter(paper__arxiv_id__in=ids).update(version=1)
    return replace(done, source="api", coverage=before, reason=reason)
