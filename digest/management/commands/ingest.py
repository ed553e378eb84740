"""Fetches arXiv's listing, or reads saved feeds and answers."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from digest import fetching
from digest.arxiv import calendar, reading
from digest.arxiv.listing import FeedError, ParsedFeed
from digest.arxiv.taxonomy import UnknownCategory
from digest.fetching import replaying
from digest.ingesting import Ingested, ingest
from digest.management.dates import listing_date

_NAMED = 20


class Command(BaseCommand):
    help = (
        "Fetches the current listing of every followed category from arXiv, or reads saved "
        "feeds, pages or API files. Doing it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", metavar="D", help="listing date, 2026-02-03 (default: today in New York)"
        )
        parser.add_argument(
            "--feed", nargs="+", action="extend", default=[], metavar="FILE", type=Path,
            help="saved Atom or RSS feeds, listing pages, or answers of the API",
        )  # fmt: skip
        parser.add_argument(
            "--replay", action="store_true",
            help="read again what arXiv answered of --date, from what is kept of it",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        date = listing_date(options["date"]) if options["date"] else None
        if options["replay"]:
            if date is None or options["feed"]:
                raise CommandError("--replay goes with --date, and not with --feed")
            self._replay(date)
        elif options["feed"]:
            self._read(options["feed"], date)
        else:
            self._fetch(date or calendar.today(timezone.now()))

    def _replay(self, date: dt.date) -> None:
        replayed = list(replaying.replay(date))
        for one in replayed:
            if one.ingested:
                self._report(one.name, one.ingested)
            else:
                self.stdout.write(f"{one.name}: refused: {one.error}")
        if not any(one.ingested for one in replayed):
            raise CommandError(f"no answer that is kept is of {date}")

    def _read(self, files: list[Path], date: dt.date | None) -> None:
        feeds: list[tuple[Path, ParsedFeed]] = []
        refused: dict[Path, str] = {}
        done: list[tuple[Path, Ingested]] = []
        with _bar() as bar:
            for file in bar.track(files, description="Reading"):
                try:
                    feeds.append((file, reading.parse(file.read_bytes())))
                except (FeedError, OSError) as error:
                    refused[file] = _reason(error)
            # The oldest first: whether a listing is stale shows against the one before it.
            feeds.sort(key=lambda pair: pair[1].date or dt.date.min)
            for file, feed in bar.track(feeds, description="Storing"):
                try:
                    done.append((file, ingest(feed, date=date)))
                except FeedError as error:
                    refused[file] = _reason(error)
        for file, ingested in done:
            self._report(file.name, ingested)
        for file, reason in refused.items():
            self.stdout.write(f"{file.name}: refused: {reason}")
        if refused:
            named = ", ".join(file.name for file in refused)
            raise CommandError(f"{len(refused)} of {len(files)} files refused: {named}")

    def _fetch(self, date: dt.date) -> None:
        try:
            categories = fetching.followed_categories()
        except UnknownCategory as error:
            raise CommandError(f"ARXIV_CATEGORIES or a house section: {error}") from error
        with _bar() as bar:
            task = bar.add_task(f"Listing of {date}", total=len(categories))
            try:
                report = fetching.fetch_listing(
                    date, categories, on_done=lambda fetched: bar.advance(task)
                )
            except fetching.FetchError as error:
                raise CommandError(str(error)) from error
        for fetched in report.parts:
            if fetched.ingested and not fetched.error:
                self._report(fetched.category, fetched.ingested)
            else:
                said = fetched.error or "already whole"
                self.stdout.write(f"{fetched.category}: {date}: {said}")
        if report.failed:
            named = ", ".join(fetched.category for fetched in report.failed)
            raise CommandError(
                f"{len(report.failed)} of {len(categories)} categories are not whole: {named}"
            )

    def _report(self, name: str, done: Ingested) -> None:
        parts = [done.source, str(done.date or "no date"), f"{done.entries} entries"]
        parts += [f"{done.stored} stored", f"{done.unchanged} unchanged"]
        parts += [f"{len(done.refused)} refused"]
        if done.coverage:
            parts.append(f"coverage {done.coverage}" + (f" ({done.reason})" if done.reason else ""))
        self.stdout.write(f"{name}: {', '.join(parts)}")
        for word, odd in (("refused", done.refused), ("flagged", done.flagged)):
            for malformed in odd[:_NAMED]:
                self.stdout.write(f"  {word} {malformed}")
            if len(odd) > _NAMED:
                self.stdout.write(f"  and {len(odd) - _NAMED} more {word}")


def _reason(error: FeedError | OSError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)
