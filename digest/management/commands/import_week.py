"""Read weekly documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digest.archive import weekly
from digest.archive.documents import ImportReport, import_document
from digest.archive.week import WeekDocument, WeekError


class Command(BaseCommand):
    help = (
        "Read weekly documents, replacing the days they carry. Every FILE is checked before the "
        "first is stored, and none is stored in part."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="replace summaries, too, that a curator has edited",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        documents = [(path, _read(path)) for path in options["files"]]
        for path, document in documents:
            try:
                report = import_document(document, overwrite=options["overwrite"])
            except WeekError as error:
                raise CommandError(f"{path}:{error.line}: {error.reason}") from error
            self.stdout.write(_words(report))


def _read(path: Path) -> WeekDocument:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    try:
        return weekly.parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{path}:{line}: the line is not UTF-8") from error
    except WeekError as error:
        raise CommandError(f"{path}:{error.line}: {error.reason}") from error


def _words(report: ImportReport) -> str:
    filled = report.filled
    days = sum(day.changed for day in report.days)
    entries = sum(day.entries for day in report.days)
    words = (
        f"{report.week}: {len(report.days)} days, {entries} entries;"
        f" {days} days changed, {filled.papers_new} papers new, {filled.papers_changed} changed,"
        f" {filled.summaries_written} summaries written"
    )
    if filled.summaries_kept:
        words += f", {filled.summaries_kept} kept as a curator edited them"
    return words
