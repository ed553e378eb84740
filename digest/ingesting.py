"""What arXiv announced, into rows. Running it twice changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from digest import almanac, covering
from digest.announcements import announce, same_before
from digest.arxiv import announcing
from digest.arxiv.announcing import Row
from digest.arxiv.listing import FEED_LIMIT, FeedError, Malformed, ParsedFeed
from digest.models import Coverage, Listing
from digest.storing import StoredPapers, store_papers

_STATUS = Coverage.Status


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file.

    ``stored`` and ``unchanged`` count entries, ``announcements`` rows; ``refused`` names the
    entries left out, ``flagged`` those kept though something is odd about them.
    """

    source: str
    date: dt.date | None
    asked: tuple[str, ...]
    entries: int
    stored: int = 0
    unchanged: int = 0
    announcements: int = 0
    coverage: str = ""
    reason: str = ""
    refused: tuple[Malformed, ...] = ()
    flagged: tuple[Malformed, ...] = ()


@transaction.atomic
def ingest(feed: ParsedFeed, *, date: dt.date | None = None) -> Ingested:
    """Stores a feed or page of one listing date, or the papers of an API answer.

    ``date`` is the date asked for: a feed of another one is refused, and one that does not
    say its own is taken for it. Raises FeedError; then nothing has changed.
    """
    if feed.source == "api":
        return _ingest_answer(feed)
    listing_date = _date(feed, date)
    rows, flagged = announcing.rows(feed)
    listing, _ = Listing.objects.get_or_create(date=listing_date)
    # Two writers of one listing come one after the other (SQLite does so by itself).
    listing = Listing.objects.select_for_update(no_key=True).get(date=listing_date)
    status, reason = _judge(feed, listing_date, rows)
    if status == _STATUS.STALE:
        stored, arrived = StoredPapers({}, frozenset(), frozenset()), set[str]()
        announced = 0
    else:
        stored = store_papers(feed.entries)
        arrived, announced = announce(listing, rows, stored)
    covering.cover(listing, feed.asked, rows, status, reason, feed.source)
    changed = stored.new | stored.changed | arrived
    return Ingested(
        source=feed.source,
        date=listing_date,
        asked=feed.asked,
        entries=feed.total,
        stored=len(changed),
        unchanged=len(feed.entries) - len(changed),
        announcements=announced,
        coverage=status,
        reason=reason,
        refused=feed.malformed,
        flagged=flagged,
    )


def _ingest_answer(feed: ParsedFeed) -> Ingested:
    """An answer of the API completes papers; it knows of no listing, so it announces nothing."""
    stored = store_papers(feed.entries)
    changed = stored.new | stored.changed
    return Ingested(
        source=feed.source,
        date=None,
        asked=(),
        entries=feed.total,
        stored=len(changed),
        unchanged=len(feed.entries) - len(changed),
        refused=feed.malformed,
    )


def _date(feed: ParsedFeed, asked: dt.date | None) -> dt.date:
    date = feed.date or asked
    if date is None:
        raise FeedError("does not say its listing date")
    if asked and asked != date:
        raise FeedError(f"is of {date}, not of {asked}")
    return date


def _judge(feed: ParsedFeed, date: dt.date, rows: Sequence[Row]) -> tuple[str, str]:
    """How whole the feed is, with the reason where it is not."""
    if not feed.total:
        return _judge_empty(feed, date)
    if not feed.entries:
        return _STATUS.MISSING, f"none of the {feed.total} entries could be read"
    if before := same_before(date, feed.asked, rows):
        renewed = f"arXiv has not renewed the {_called(feed)}"
        return _STATUS.STALE, f"the same papers as on {before}: {renewed}"
    if feed.truncated:
        return _STATUS.TRUNCATED, _what_is_cut(feed)
    return _STATUS.COMPLETE, ""


def _judge_empty(feed: ParsedFeed, date: dt.date) -> tuple[str, str]:
    if feed.stated:
        return _STATUS.MISSING, f"none of the {feed.stated} entries that the page states is on it"
    if reason := almanac.current().why_no_listing(date):
        return _STATUS.EMPTY, reason
    if feed.stated == 0:
        return _STATUS.COMPLETE, ""  # a small category has such days
    return _STATUS.MISSING, f"the {_called(feed)} is empty on a day that has a listing"


def _called(feed: ParsedFeed) -> str:
    return "page" if feed.source == "page" else "feed"


def _what_is_cut(feed: ParsedFeed) -> str:
    if feed.stated is not None:
        return f"{feed.total} entries, where the page states {feed.stated}"
    return f"{FEED_LIMIT} entries, where arXiv cuts: new papers are lost"
