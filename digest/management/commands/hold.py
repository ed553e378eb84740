"""Hold one listing back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.listings import ListingError
from digest.management.dates import listing_date
from digest.releasing import hold


class Command(BaseCommand):
    help = "Hold the listing of DATE back, also beyond the deadline, until it is released."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("date", metavar="DATE", help="the listing date, such as 2026-02-03")

    def handle(self, *args: Any, **options: Any) -> None:
        date = listing_date(options["date"])
        try:
            held_now = hold(date)
        except ListingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{date}: {'held' if held_now else 'was held already'}")
