"""Match all sections against the papers of one listing date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.listings import ListingError
from digest.management.dates import listing_date
from digest.sections.building import build_listing


class Command(BaseCommand):
    help = "Match all sections against the papers announced on DATE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("date", metavar="DATE", help="the listing date, such as 2026-02-03")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = build_listing(listing_date(options["date"]))
        except ListingError as error:
            raise CommandError(str(error)) from error
        for rule in report.unreadable:
            self.stderr.write(f"left alone, its expression cannot be read: {rule}")
        self.stdout.write(
            f"{report.date}: {report.papers} papers, {report.sections} sections, "
            f"{report.found} found something ({report.written} written, {report.removed} removed)"
        )
