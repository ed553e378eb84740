"""import_subscribers: many at once, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsletter.csv_rows import COLUMNS
from newsletter.csv_subscribers import import_subscribers


class Command(BaseCommand):
    help = (
        "Add or update the subscribers of a CSV file with the columns "
        f"{', '.join(COLUMNS)}: from the last on, each cell is one section, as "
        "cs.DC or cs.AI/cs.LG|abs:accelerat*|label|lines. A bad row is named, and then nothing "
        "is imported. Pending ones get a mail to confirm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            with Path(name).open(encoding="utf-8-sig", newline="") as file:
                count = import_subscribers(file, timezone.now())
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"{name}: {error}; nothing was imported") from error
        self.stdout.write(f"{count} subscribers imported or updated")
