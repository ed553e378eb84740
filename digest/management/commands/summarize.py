"""Fill the Summaries of one listing date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.listings import ListingError
from digest.management.dates import listing_date
from digest.summaries.writing import summarize


class Command(BaseCommand):
    help = "Fill the Summaries of the papers of DATE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("date", metavar="DATE", help="the listing date, such as 2026-02-03")
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--missing",
            action="store_true",
            help="only papers without a Summary, or with a pending one (the default)",
        )
        which.add_argument(
            "--all",
            action="store_true",
            help="also those written from another version of the paper or of the writer",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = summarize(listing_date(options["date"]), only_missing=not options["all"])
        except ListingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{report.date}: {report.papers} papers, {report.written} summaries written, "
            f"{report.kept} kept, {report.pending} pending"
        )
        if report.asked is not None:
            asked = report.asked
            self.stdout.write(
                f"{asked.asked} asked of the language model, {asked.known} known from before, "
                f"{asked.written} written, {asked.doubted} of them drafts, {asked.failed} failed, "
                f"{asked.left} left" + (f": {asked.stopped}" if asked.stopped else "")
            )
