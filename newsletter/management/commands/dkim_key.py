"""dkim_key: a new key for signing mails, and the record to publish."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsletter.delivery import dkim, signing

_SELECTOR = "newsletter"


class Command(BaseCommand):
    help = (
        "Make an RSA-2048 key for signing mails (DKIM) in DATA_DIR, and print the record to "
        "publish in the DNS and the settings. An existing key is never overwritten."
    )
    # The settings may be those of the key that is still to be made.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--selector",
            default=settings.DKIM_SELECTOR or _SELECTOR,
            help="the key's name in the DNS; a new key wants a new one (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not dkim.is_domain(signing.domain()):
            raise CommandError(f"{signing.domain()!r} signs no mail; set FROM_EMAIL or DKIM_DOMAIN")
        try:
            signer = dkim.Signer(signing.domain(), options["selector"], key := dkim.new_key())
        except dkim.SigningError as error:
            raise CommandError(str(error)) from error
        file = settings.DATA_DIR / f"dkim-{signer.selector}.pem"
        _keep(dkim.as_pem(key), file)
        strings = "\n".join(f'    "{text}"' for text in dkim.zone_strings(signer.record))
        self.stdout.write(
            f"The key is in {file}. Publish, and give it the time of the zone's TTL:\n\n"
            f"{signer.record_name}. IN TXT (\n{strings} )\n\n"
            "Then set these, and start anew:\n\n"
            f"DKIM_KEY_FILE={file}\nDKIM_SELECTOR={signer.selector}\n\n"
            "`doctor` says whether the record is there."
        )


def _keep(pem: str, file: Path) -> None:
    """For its owner alone, and only where there is none."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CommandError(
            f"{file} is there already and stays; name the new key with --selector"
        ) from error
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(pem)
