"""Announcements of one listing: those that are new to us written, those known left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from digest import json_table
from digest.arxiv.announcing import Row
from digest.models import Announcement, Listing
from digest.storing import StoredPapers

_REPLACED = {Announcement.Type.REPLACE, Announcement.Type.REPLACE_CROSS}
_CHUNK = 200


def same_before(date: dt.date, asked: Sequence[str], rows: Sequence[Row]) -> dt.date | None:
    """The listing before, where it held exactly the same papers in the same versions."""
    earlier = Announcement.objects.filter(category__in=asked, listing__lt=date)
    before = earlier.order_by("-listing").values_list("listing", flat=True).first()
    if before is None:
        return None
    known = {
        (category, arxiv_id): (version, announce_type)
        for category, arxiv_id, version, announce_type in earlier.filter(listing=before)
        .order_by()
        .values_list("category", "paper__arxiv_id", "version", "announce_type")
    }
    found = {(row.category, row.arxiv_id): row for row in rows}
    if known.keys() == found.keys() and all(_same(known[key], found[key]) for key in found):
        return before
    return None


def _same(known: tuple[int | None, str], row: Row) -> bool:
    """Pages and documents name no version; then it is told from what kind of news it is."""
    version, announce_type = known
    if version is not None and row.version is not None:
        return version == row.version
    return (announce_type in _REPLACED) == (row.announce_type in _REPLACED)


def announce(listing: Listing, rows: Sequence[Row], stored: StoredPapers) -> tuple[set[str], int]:
    """Adds what is not there yet; returns the papers it was of, and how many rows.

    What is added after the release is the listing's next batch.
    """
    released = listing.status == Listing.Status.RELEASED
    known = _versions(listing, {row.category for row in rows})
    added: list[Row] = []
    completed: dict[tuple[int, str], Row] = {}
    for row in rows:
        key = (stored.keys[row.arxiv_id], row.category)
        if key not in known:
            added.append(row)
        elif not released and known[key] is None and row.version is not None:
            completed[key] = row
    batch = listing.batches + 1 if released else 0
    _add(listing, added, stored, batch)
    _complete(listing, completed)
    changed: dict[str, int] = {}
    if completed:
        changed["matched_to"] = 0  # what is announced otherwise than it was is matched anew
    if added and batch:
        changed["batches"] = batch
    if changed:
        Listing.objects.filter(pk=listing.pk).update(**changed)
    return {row.arxiv_id for row in (*added, *completed.values())}, len(added)


def _versions(listing: Listing, categories: set[str]) -> dict[tuple[int, str], int | None]:
    """Of the announcements that are known, by paper and category."""
    found = Announcement.objects.filter(listing=listing, category__in=categories).order_by()
    return {
        (paper, category): version
        for paper, category, version in found.values_list("paper", "category", "version")
    }


def _add(listing: Listing, rows: Sequence[Row], stored: StoredPapers, batch: int) -> None:
    announcements = [
        {
            "paper": stored.keys[row.arxiv_id],
            "listing": listing.pk,
            "category": row.category,
            "announce_type": row.announce_type,
            "version": row.version,
            "batch": batch,
        }
        for row in rows
    ]
    json_table.insert(Announcement, announcements)


def _complete(listing: Listing, rows: Mapping[tuple[int, str], Row]) -> None:
    """Writes version and type where only a document or a page was known: they name no version."""
    if not rows:
        return
    categories = {category for _, category in rows}
    announcements = []
    for known in listing.announcements.filter(category__in=categories, version=None).order_by("pk"):
        if row := rows.get((known.paper_id, known.category)):
            known.version, known.announce_type = row.version, row.announce_type
            announcements.append(known)
    Announcement.objects.bulk_update(announcements, ["version", "announce_type"], batch_size=_CHUNK)
