"""Let one listing out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.listings import ListingError
from digest.management.dates import listing_date
from digest.releasing import release


class Command(BaseCommand):
    help = "Let the listing of DATE out, so that its digests may be sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("date", metavar="DATE", help="the listing date, such as 2026-02-03")

    def handle(self, *args: Any, **options: Any) -> None:
        date = listing_date(options["date"])
        try:
            out_now = release(date)
        except ListingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{date}: {'released' if out_now else 'was released already'}")
