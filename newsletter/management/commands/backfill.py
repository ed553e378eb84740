"""Fetches lost days again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from digest import almanac, fetching
from digest.arxiv import calendar
from digest.arxiv.taxonomy import UnknownCategory
from digest.fetching import Fetched
from digest.management.dates import listing_date
from digest.sections.building import build_news
from newsletter import collecting

LONGEST = dt.timedelta(days=366)
_NAMED = 5


class Command(BaseCommand):
    help = (
        "Fetches what is not whole of past listings: from arXiv's catch-up pages for 90 days, "
        "by submission date before that. Papers found keep their listing date; what has been "
        "released already is sent with the next issue, as late."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("first", metavar="FROM", help="listing date, such as 2026-02-03")
        parser.add_argument("last", metavar="TO", nargs="?", help="default: FROM alone")

    def handle(self, *args: Any, **options: Any) -> None:
        first = listing_date(options["first"])
        last = listing_date(options["last"]) if options["last"] else first
        dates = self._dates(first, last)
        try:
            parts = [(date, code) for date in dates for code in collecting.categories()]
        except UnknownCategory as error:
            raise CommandError(f"ARXIV_CATEGORIES or a house section: {error}") from error
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Fetching", total=len(parts))
            report = fetching.fetch_parts(parts, on_done=lambda fetched: bar.advance(task))
        for date in dates:
            self._tell(date, [one for one in report.parts if one.date == date])
        for date in report.brought:
            build_news(date)
        if report.failed:
            named = ", ".join(f"{one.date} {one.category}" for one in report.failed[:_NAMED])
            more = f" and {len(report.failed) - _NAMED} more" * (len(report.failed) > _NAMED)
            raise CommandError(f"{len(report.failed)} parts are still not whole: {named}{more}")

    def _dates(self, first: dt.date, last: dt.date) -> list[dt.date]:
        today = calendar.today(timezone.now())
        if last < first:
            raise CommandError(f"{last} lies before {first}")
        if last > today:
            raise CommandError(f"the listing of {last} is still to come")
        if last - first > LONGEST:
            raise CommandError(f"from {first} to {last} is more than a year: ask for less")
        dates = almanac.current().listing_dates(first, last)
        if not dates:
            why = almanac.current().why_no_listing(first)
            raise CommandError(f"there is no listing from {first} to {last}: {why}")
        return dates

    def _tell(self, date: dt.date, parts: list[Fetched]) -> None:
        got = sum(one.ingested.announcements for one in parts if one.ingested)
        whole = sum(not one.error for one in parts)
        self.stdout.write(f"{date}: {whole} of {len(parts)} categories whole, {got} announcements")
        why: dict[str, list[str]] = {}
        for one in parts:
            if one.error:
                why.setdefault(one.error, []).append(one.category)
        for error, codes in why.items():
            self.stdout.write(f"  {', '.join(codes)}: {error}")
