"""Mutated feeds, answers of the API and pages: read, and stored whole or not at all."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from django.db import transaction

from digest.arxiv import reading
from digest.arxiv.listing import FeedError
from digest.ingesting import ingest
from digest.models import Announcement, Coverage, Listing, Paper
from tests.fuzz.alarm import alarm
from tests.fuzz.mutations import mutated

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
_TABLES = (Listing, Paper, Announcement, Coverage)


class _Undo(Exception):
    """The rows of one round are not wanted by the next."""


def seeds(shared: Path | None = None) -> list[bytes]:
    """The files that are mutated: our own, and real ones where they are."""
    files = [file for file in sorted(FIXTURES.glob("*/*")) if file.suffix in {".xml", ".html"}]
    if shared and shared.is_dir():
        files += [
            shared / "fixtures" / "feeds" / "atom_cs.AI_2025-08-20_excerpt.xml",
            shared / "fixtures" / "api" / "james-akl_xiv_arxiv_response.xml",
            *sorted((shared / "fixtures" / "listing_html").glob("*.html")),
        ]
    return [file.read_bytes() for file in files]


def run(number: int, first: int = 0, shared: Path | None = None) -> Counter[str]:
    """Rounds ``first`` to ``first + number``; how each ended. Raises AssertionError, naming the
    round, where one ends in anything but rows or an error of our own kind."""
    files = seeds(shared)
    ended: Counter[str] = Counter()
    for name in range(first, first + number):
        rng = random.Random(name)
        data = mutated(rng.choice(files), files, rng)
        try:
            with alarm():
                ended[_one(data)] += 1
        except Exception as error:
            raise AssertionError(f"round {name}: {type(error).__name__}: {error}") from error
    return ended


def _one(data: bytes) -> str:
    try:
        feed = reading.parse(data)
    except FeedError:
        return "refused when read"
    before = _rows()
    try:
        with transaction.atomic():
            ingest(feed)
            stored = _rows()
            ingest(feed)
            assert _rows() == stored, "the same again added rows"
            announced = {row.category for row in Announcement.objects.all()}
            covered = {row.category for row in Coverage.objects.all()}
            assert announced <= covered, "announced in a category whose coverage is not told"
            raise _Undo
    except _Undo:
        return "stored"
    except FeedError:
        assert _rows() == before, "refused, and yet rows were written"
        return "refused when stored"


def _rows() -> list[int]:
    return [table._default_manager.count() for table in _TABLES]
