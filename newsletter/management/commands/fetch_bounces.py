"""fetch_bounces: returned mail into rows, from BOUNCES_URL, a pipe or files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from newsletter.delivery.returned import fetching
from newsletter.delivery.returned.filing import Filed, file_mail
from newsletter.delivery.returned.mime import MOST_BYTES
from newsletter.delivery.returned.sources import NotReadable

# sysexits.h: by it a mail server keeps the mail and tries again.
TRY_AGAIN = 75


class Command(BaseCommand):
    help = (
        "Read returned mails: those that wait where BOUNCES_URL says, one from standard input "
        "(--pipe, for a mail server's alias), or files, each one mail. Bounces and complaints are "
        "filed with the subscriber, and whoever is gone or has complained is not written to any "
        "more. What was read before changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", help="a mail as a file")
        parser.add_argument("--pipe", action="store_true", help="one mail from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["pipe"] and options["files"]:
            raise CommandError("either --pipe or files, not both")
        if options["pipe"]:
            filed = self._pipe()
        elif options["files"]:
            filed = self._files(options["files"])
        else:
            filed = self._source()
        self.stdout.write(told(filed))

    def _pipe(self) -> Filed:
        raw = sys.stdin.buffer.read(MOST_BYTES)
        while sys.stdin.buffer.read(MOST_BYTES):
            pass  # a server that cannot write all of it takes that for a failure
        if not raw.strip():
            raise CommandError("standard input is empty")
        try:
            return file_mail(raw, timezone.now())
        except DatabaseError as error:
            raise CommandError(f"not filed: {error}", returncode=TRY_AGAIN) from error

    def _files(self, names: list[str]) -> Filed:
        filed = Filed()
        for name in names:
            try:
                with Path(name).open("rb") as file:
                    raw = file.read(MOST_BYTES)
            except OSError as error:
                raise CommandError(f"{name}: {error.strerror}") from error
            if not raw.strip():
                raise CommandError(f"{name}: the file is empty")
            filed += file_mail(raw, timezone.now())
        return filed

    def _source(self) -> Filed:
        try:
            source = fetching.configured()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if source is None:
            raise CommandError("BOUNCES_URL is empty: name files, or use --pipe")
        filed = Filed()
        while True:
            try:
                some = fetching.fetch(source, timezone.now())
            except NotReadable as error:
                raise CommandError(str(error)) from error
            filed += some
            if some.mails < fetching.CHUNK:
                return filed


def told(filed: Filed) -> str:
    return (
        f"{filed.mails} mails read: {filed.bounces} bounces, {filed.complaints} complaints, "
        f"{filed.known} known before, {filed.unplaced} of nobody here, {filed.ignored} others"
    )
