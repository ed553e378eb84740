"""Fetches lost days again."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from digest import almanac, fetching
from digest.arxiv import calendar
from digest.arxiv.taxonomy import UnknownCategory
from digest.management.dates import listing_date
from digest.sections.building import build_news

_LONGEST = 366  # days
_MOST_NAMED = 8


class Command(BaseCommand):
    help = (
        "Fetches what is missing of the listings from FROM to TO: from arXiv's catch-up pages, "
        "and where they are gone by submission date. Doing it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first", metavar="FROM", help="listing date, 2026-02-03")
        parser.add_argument("last", metavar="TO", nargs="?", help="the last one (default: FROM)")

    def handle(self, *args: Any, **options: Any) -> None:
        first = listing_date(options["first"])
        last = listing_date(options["last"]) if options["last"] else first
        _refuse_nonsense(first, last)
        try:
            categories = fetching.followed_categories()
        except UnknownCategory as error:
            raise CommandError(f"ARXIV_CATEGORIES or a house section: {error}") from error
        parts = _parts(first, last, categories)
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Fetching", total=len(parts))
            report = fetching.fetch_parts(parts, on_done=lambda fetched: bar.advance(task))
        for date in report.brought:
            build_news(date)
        for date in sorted({date for date, _ in parts}):
            self._tell(date, [part for part in report.parts if part.date == date])
        if report.failed:
            dates = {fetched.date for fetched in report.failed}
            over = f"{len(dates)} listings" if len(dates) > 1 else f"the listing of {min(dates)}"
            closed = f"; {report.failed[-1].error}" if report.until else ""
            raise CommandError(
                f"still not whole: {len(report.failed)} categories of {over}{closed}"
            )

    def _tell(self, date: dt.date, parts: list[fetching.Fetched]) -> None:
        if reason := almanac.current().why_no_listing(date):
            self.stdout.write(f"{date}: {reason}")
            return
        whole = sum(not part.error for part in parts)
        stored = sum(part.ingested.stored for part in parts if part.ingested)
        self.stdout.write(f"{date}: {whole} of {len(parts)} categories whole, {stored} stored")
        failed = [part for part in parts if part.error]
        for part in failed[:_MOST_NAMED]:
            self.stdout.write(f"  {part.category}: {part.error}")
        if len(failed) > _MOST_NAMED:
            named = ", ".join(part.category for part in failed[_MOST_NAMED:])
            self.stdout.write(f"  also not whole: {named}")


def _refuse_nonsense(first: dt.date, last: dt.date) -> None:
    today = calendar.today(timezone.now())
    if last < first:
        raise CommandError(f"{last} is before {first}")
    if last > today:
        raise CommandError(f"the listing of {last} is still to come: today is {today} in New York")
    if (last - first).days >= _LONGEST:
        raise CommandError(f"{first} to {last} is more than a year: take it in pieces")


def _parts(first: dt.date, last: dt.date, categories: list[str]) -> list[fetching.Part]:
    """The oldest first, as whether a listing is stale shows against the one before it."""
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return [(date, category) for date in days for category in categories]
