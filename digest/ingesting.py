"""What arXiv announced, into rows. Running it twice changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from digest import almanac, covering
from digest.arxiv import announcing
from digest.arxiv.announcing import Row
from digest.arxiv.listing import FEED_LIMIT, FeedError, Malformed, ParsedFeed
from digest.models import Announcement, Coverage, Listing
from digest.storing import StoredPapers, store_papers

_STATUS = Coverage.Status
_CHUNK = 1000


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
    """Stores a feed of one listing date, or the papers of an API answer.

    ``date`` is the date asked for: a feed of another one is refused, and one that does not
    say its own is taken for it. Raises FeedError; then nothing has changed.
    """
    if feed.source == "api":
        return _ingest_answer(feed)
    listing_date = _date(feed, date)
    rows, flagged = announcing.rows(feed)
    listing, _ = Listing.objects.get_or_create(date=listing_date)
    # Two writers of one listing come one after the other (SQLite does so by itself).
    listing = Listing.objects.select_for_update().get(date=listing_date)
    status, reason = _judge(feed, listing_date, rows)
    if status == _STATUS.STALE:
        stored, arrived = StoredPapers({}, frozenset(), frozenset()), set[str]()
        announced = 0
    else:
        stored = store_papers(feed.entries)
        arrived, announced = _announce(listing, rows, stored)
    covering.cover(listing, feed.asked, rows, status, reason)
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
        reason = almanac.current().why_no_listing(date)
        if reason:
            return _STATUS.EMPTY, reason
        return _STATUS.MISSING, "the feed is empty on a day that has a listing"
    if not feed.entries:
        return _STATUS.MISSING, f"none of the {feed.total} entries could be read"
    if before := _same_before(date, feed.asked, rows):
        return _STATUS.STALE, f"the same papers as on {before}: arXiv has not renewed the feed"
    if feed.truncated:
        return _STATUS.TRUNCATED, f"{FEED_LIMIT} entries, where arXiv cuts: new papers are lost"
    return _STATUS.COMPLETE, ""


def _same_before(date: dt.date, asked: Sequence[str], rows: Sequence[Row]) -> dt.date | None:
    """The listing before, where it held exactly the same papers in the same versions."""
    earlier = Announcement.objects.filter(category__in=asked, listing__lt=date)
    before = earlier.order_by("-listing").values_list("listing", flat=True).first()
    if before is None:
        return None
    known = {
        (category, arxiv_id): version
        for category, arxiv_id, version in earlier.filter(listing=before).values_list(
            "category", "paper__arxiv_id", "version"
        )
    }
    found = {(row.category, row.arxiv_id): row.version for row in rows}
    same = known.keys() == found.keys()
    if same and all(known[key] in (None, found[key]) for key in found):
        return before
    return None


def _announce(listing: Listing, rows: Sequence[Row], stored: StoredPapers) -> tuple[set[str], int]:
    """Adds what is not there yet; returns the papers it was of, and how many rows.

    What is added after the release is the listing's next batch.
    """
    batch = listing.batches + 1 if listing.status == Listing.Status.RELEASED else 0
    known = {
        (announcement.paper_id, announcement.category): announcement
        for announcement in Announcement.objects.filter(
            listing=listing, category__in={row.category for row in rows}
        )
    }
    added, completed, arrived = [], [], set[str]()
    for row in rows:
        key = (stored.keys[row.arxiv_id], row.category)
        announcement = known.get(key)
        if announcement is None:
            added.append(
                Announcement(
                    paper_id=key[0],
                    listing=listing,
                    category=row.category,
                    announce_type=row.announce_type,
                    version=row.version,
                    batch=batch,
                )
            )
        elif _completes(listing, announcement, row):
            announcement.version, announcement.announce_type = row.version, row.announce_type
            completed.append(announcement)
        else:
            continue
        arrived.add(row.arxiv_id)
    Announcement.objects.bulk_create(added, ignore_conflicts=True, batch_size=_CHUNK)
    Announcement.objects.bulk_update(completed, ["version", "announce_type"], batch_size=200)
    changed: dict[str, int] = {}
    if completed:
        changed["matched_to"] = 0  # what is announced otherwise than it was is matched anew
    if added and batch:
        changed["batches"] = batch
    if changed:
        Listing.objects.filter(pk=listing.pk).update(**changed)
    return arrived, len(added)


def _completes(listing: Listing, announcement: Announcement, row: Row) -> bool:
    """Whether it is known from a document only, which names no version."""
    released = listing.status == Listing.Status.RELEASED
    return not released and announcement.version is None and row.version is not None
