"""What is misconfigured, missing or behind, each with its remedy."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from newsletter.doctor import examine


class Command(BaseCommand):
    help = (
        "What is misconfigured, missing or behind, each with its remedy. "
        "Ends with status 1 when something needs a hand."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        troubles = 0
        for finding in examine(timezone.now()):
            mark = "note" if finding.note else "trouble"
            self.stdout.write(f"{mark}: {finding.what}")
            self.stdout.write(f"  {finding.remedy}")
            troubles += not finding.note
        if troubles:
            self.stdout.write(f"{troubles} need a hand." if troubles > 1 else "1 needs a hand.")
            sys.exit(1)
        self.stdout.write("Nothing needs a hand.")
