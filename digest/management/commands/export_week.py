"""Write the weekly document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.archive import weekly
from digest.archive.exporting import NoWeek, week_document
from digest.archive.week_json import as_json
from digest.management.dates import listing_date


class Command(BaseCommand):
    help = "Write the weekly document of the week from MONDAY."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("monday", metavar="MONDAY", help="the week's first day: 2026-02-02")
        parser.add_argument("--output", metavar="FILE", type=Path, help="default: standard output")
        parser.add_argument("--format", choices=["md", "json"], default="md")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = week_document(listing_date(options["monday"]))
        except NoWeek as error:
            raise CommandError(str(error)) from error
        text = weekly.format(document) if options["format"] == "md" else as_json(document)
        if path := options["output"]:
            _write(path, text)
        else:
            self._print(text)

    def _print(self, text: str) -> None:
        """Bytes as they are, whatever the terminal's encoding."""
        binary = getattr(self.stdout, "buffer", None)
        if binary is None:
            self.stdout.write(text, ending="")
        else:
            self.stdout.flush()
            binary.write(text.encode())
            binary.flush()


def _write(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
