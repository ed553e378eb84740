"""Show the digest that a subscriber would get, as files."""

from __future__ import annotations

from argparse import ArgumentParser
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digest.management.dates import listing_date
from newsletter.compose import previewing
from newsletter.models import Cadence, Subscriber
from newsletter.signup import addresses


class Command(BaseCommand):
    help = (
        "Write digest.html, digest.txt and digest.eml of one subscriber, with listings that are "
        "not released yet; nothing is planned or sent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")
        parser.add_argument("--date", required=True, metavar="D", help="last listing date covered")
        parser.add_argument("--cadence", choices=Cadence.values, help="default: the subscriber's")
        parser.add_argument("--output", required=True, type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        date = listing_date(options["date"])
        subscriber = _subscriber(options["address"])
        composed = previewing.preview(subscriber, date, options["cadence"] or "")
        if composed.mail is None:
            raise CommandError(composed.reason)
        written = _write(composed.mail.raw, options["output"])
        self.stdout.write(
            f"{composed.papers_shown} papers shown, {composed.papers_seen} looked at: "
            + ", ".join(str(path) for path in written)
        )


def _subscriber(address: str) -> Subscriber:
    try:
        return Subscriber.objects.get(identity=addresses.identity(address))
    except (addresses.InvalidAddress, Subscriber.DoesNotExist) as error:
        raise CommandError(f"no subscriber has the address {address}") from error


def _write(raw: bytes, folder: Path) -> list[Path]:
    parsed = message_from_bytes(raw, policy=policy.SMTP)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [folder / "digest.eml"]
        written[0].write_bytes(raw)
        for part in parsed.walk():
            if part.get_content_maintype() == "text":
                name = {"html": "digest.html"}.get(part.get_content_subtype(), "digest.txt")
                written.append(folder / name)
                content = part.get_content().replace("\r\n", "\n")
                written[-1].write_text(content, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write to {folder}: {error}") from error
    return written
