"""From an empty folder to a newsletter that can be looked at. Doing it again changes nothing."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from digest import releasing
from digest.archive.documents import import_week
from digest.arxiv import reading
from digest.arxiv.listing import FeedError, ParsedFeed
from digest.ingesting import Ingested, ingest
from digest.models import Listing, Paper
from digest.sections.building import build_listing
from digest.summaries.writing import summarize
from newsletter import demo, first_admin
from newsletter.models import Subscriber

SAMPLE = Path(__file__).resolve().parent / "sample" / "20260202-20260208.md"
_FEEDS = (".atom", ".rss", ".xml")


class CannotPrepareError(Exception):
    """Why not, in one line."""


def prepare(*, sample: bool, feeds: Path | None) -> Iterator[str]:
    """Each step as it is done, in a line that says what came of it. Raises CannotPrepareError."""
    files = _feed_files(feeds) if feeds else []
    yield from _timed("Database", _migrate)
    yield from _timed("Admin", _make_admin)
    days: set[dt.date] = set()
    if sample and not Paper.objects.exists():
        yield from _timed("Sample", lambda: _import_sample(days))
    if files:
        yield from _timed("Feeds", lambda: _read_feeds(files, days))
    if days and demo.is_possible():
        yield from _timed("Demo", lambda: _demonstrate(days))


def _timed(name: str, step: Callable[[], str]) -> Iterator[str]:
    begun = time.monotonic()
    if said := step():
        yield f"{name + ':':10}{said} ({time.monotonic() - begun:.1f} s)"


def _migrate() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return ""
    call_command("migrate", verbosity=0, interactive=False)
    return f"{len(waiting)} migrations applied"


def _make_admin() -> str:
    made = first_admin.make(settings.DATA_DIR)
    return f"user {first_admin.NAME} made" if made else ""


def _import_sample(days: set[dt.date]) -> str:
    """All or nothing, so that a run that was broken off leaves an empty database."""
    with transaction.atomic():
        imported = import_week(SAMPLE.read_text(encoding="utf-8"))
        days.update(day.date for day in imported.days)
        for date in days:
            releasing.release(date)
        if demo.is_possible():
            demo.add_subscribers()
            demo.plan(days)
    return f"{Paper.objects.count()} papers of {_told(days)}, released"


def _read_feeds(files: list[Path], days: set[dt.date]) -> str:
    feeds, refused = _parsed(files)
    stored: list[Ingested] = []
    # The oldest first: whether a listing is stale shows against the one before it.
    for feed in sorted(feeds, key=lambda feed: feed.date or dt.date.min):
        try:
            stored.append(ingest(feed))
        except FeedError as error:
            refused.append(str(error))
    found = {done.date for done in stored if done.date is not None}
    papers = sum(_let_out(date) for date in found)
    days.update(
        Listing.objects.filter(date__in=found, status=Listing.Status.RELEASED).values_list(
            "date", flat=True
        )
    )
    left_out = f"; refused: {'; '.join(refused)}" if refused else ""
    files_read = f"{len(stored)} file{'' if len(stored) == 1 else 's'}"
    return f"{files_read}, {papers} papers of {_told(found)}{left_out}"


def _parsed(files: list[Path]) -> tuple[list[ParsedFeed], list[str]]:
    feeds, refused = [], []
    for file in files:
        try:
            feeds.append(reading.parse(file.read_bytes()))
        except (FeedError, OSError) as error:
            refused.append(f"{file.name}: {error}")
    return feeds, refused


def _let_out(date: dt.date) -> int:
    """Match, summarise and release one listing, unless it is held; its papers."""
    report = build_listing(date)
    summarize(date)
    if report.papers and Listing.objects.exclude(status=Listing.Status.HELD).filter(pk=date):
        releasing.release(date)
    return report.papers


def _demonstrate(days: set[dt.date]) -> str:
    demo.add_subscribers()
    tally = demo.send(demo.plan(days))
    if not tally.taken:
        return ""
    return f"{Subscriber.objects.count()} subscribers, {tally.sent} mails in the outbox"


def _feed_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CannotPrepareError(f"no such folder of feeds: {folder}")
    files = sorted(file for file in folder.iterdir() if file.suffix in _FEEDS and file.is_file())
    if not files:
        raise CannotPrepareError(f"no feeds ({', '.join(_FEEDS)}) in {folder}")
    return files


def _told(days: set[dt.date]) -> str:
    return ", ".join(map(str, sorted(days))) or "no date"
