"""Plan and send the issues that end on a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from newsletter.delivery import by_hand, issues, missed, reporting, transports
from newsletter.delivery.tally import Tally
from newsletter.models import Cadence, Delivery, Issue, Subscriber


class Command(BaseCommand):
    help = "Plans and sends the issues that end on a listing date. What was sent is not repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", required=True, metavar="D", help="last listing date covered")
        parser.add_argument("--cadence", default="", choices=Cadence.values)
        parser.add_argument(
            "--to", default="", metavar="ADDRESS", help="one subscriber only, of any cadence"
        )
        parser.add_argument("--now", action="store_true", help="ignore due instants")
        parser.add_argument(
            "--missed",
            nargs="*",
            choices=missed.CHOICES,
            metavar="STATE",
            help="send again, at once, to those whose delivery is in one of these states "
            f"({', '.join(missed.CHOICES)}); without a state to all but those queued",
        )
        parser.add_argument("--dry-run", action="store_true", help="count, and send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            date = dt.date.fromisoformat(options["date"])
        except ValueError as error:
            raise CommandError(f"not a date such as 2026-02-03: {options['date']}") from error
        try:
            only = by_hand.subscriber_of(options["to"]) if options["to"] else None
            found = by_hand.issues_of(date, options["cadence"], only)
        except by_hand.NotPossible as error:
            raise CommandError(str(error)) from error
        again = options["missed"]
        chosen = missed.MISSED if again == [] else tuple(again or ())
        for issue in found:
            if options["dry_run"]:
                self._count(issue, only, chosen)
            else:
                self._send(issue, only, chosen, ignore_due=options["now"])

    def _count(self, issue: Issue, only: Subscriber | None, chosen: Sequence[str]) -> None:
        planned = issues.unplanned(issue, only).count()
        told = f"{issue}: {planned} would be planned"
        if chosen:
            rows = by_hand.of_issue(issue, only) if issue.pk else Delivery.objects.none()
            told += f", {rows.filter(status__in=chosen).count()} sent again"
        self.stdout.write(told)
        if issue.pk:
            self._tell(issue, only)

    def _send(
        self, issue: Issue, only: Subscriber | None, chosen: Sequence[str], *, ignore_due: bool
    ) -> None:
        try:
            transport = transports.default()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        issue, planned = by_hand.plan(issue, timezone.now(), only)
        again = by_hand.put_back(issue, only, timezone.now(), chosen) if chosen else 0
        total = Tally()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            waiting = reporting.report(issue, only).counts[Delivery.Status.QUEUED]
            bar = progress.add_task("sending", total=waiting)
            for tally in by_hand.send(issue, only, transport, ignore_due=ignore_due):
                total += tally
                progress.advance(bar, tally.taken)
        told = f"{planned} planned" if planned or total.taken or again else "nothing left to send"
        if again:
            told += f", {again} back in the queue"
        self.stdout.write(f"{issue}: {told}")
        issue.refresh_from_db()  # what was sent may have paused it
        self._tell(issue, only)
        if total.unreachable:
            raise CommandError(f"mail cannot be handed over: {total.unreachable}")

    def _tell(self, issue: Issue, only: Subscriber | None) -> None:
        if issue.paused_at:
            since = f"{issue.paused_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(f"  paused since {since}: {issue.paused_because}")
        report = reporting.report(issue, only)
        for status, count in report.counts.items():
            if not count:
                continue
            until = report.waiting_until if status == Delivery.Status.QUEUED else None
            waiting = f", the last of them due {until:%Y-%m-%d %H:%M} UTC" if until else ""
            self.stdout.write(f"  {status}: {count}{waiting}")
            for reason, times in sorted(report.reasons.get(status, {}).items()):
                self.stdout.write(f"    {times} x {reason}")
        if not report.total:
            self.stdout.write("  nobody to send it to")
