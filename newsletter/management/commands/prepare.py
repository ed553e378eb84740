"""What `make run` does before it serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsletter import preparing


class Command(BaseCommand):
    help = (
        "Migrate the database, make the admin, import the bundled sample into an empty database "
        "and send the demo's digests into the local outbox. Doing it again changes nothing."
    )
    # Checked by `make check` and `doctor`; here it would only cost time.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-sample", action="store_true", help="leave the sample out")
        parser.add_argument(
            "--feeds",
            metavar="DIR",
            type=Path,
            help="saved feeds to ingest, build, summarise, release and send",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        feeds = Path(options["feeds"]) if options["feeds"] else None
        try:
            for line in preparing.prepare(sample=not options["no_sample"], feeds=feeds):
                self.stdout.write(line)
                self.stdout.flush()
        except preparing.CannotPrepareError as error:
            raise CommandError(str(error)) from error
