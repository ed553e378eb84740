"""export_subscribers: everybody, as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsletter.csv_subscribers import export_subscribers


class Command(BaseCommand):
    help = "Write all subscribers as CSV, which import_subscribers reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", metavar="FILE", help="instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["output"]:
            export_subscribers(cast(IO[str], self.stdout))
            return
        try:
            with Path(options["output"]).open("w", encoding="utf-8", newline="") as file:
                count = export_subscribers(file)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}") from error
        self.stdout.write(f"{count} subscribers written to {options['output']}")
