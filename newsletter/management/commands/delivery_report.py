"""Counts of an issue's deliveries by state, and who is where."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from newsletter.delivery import reporting
from newsletter.models import Cadence, Issue


class Command(BaseCommand):
    help = "Says how the issues that end on a listing date stand: counts by state, who is where."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", required=True, metavar="D", help="last listing date covered")
        parser.add_argument("--cadence", default="", choices=Cadence.values)
        parser.add_argument("--format", default="text", choices=["text", "json"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            date = dt.date.fromisoformat(options["date"])
        except ValueError as error:
            raise CommandError(f"not a date such as 2026-02-03: {options['date']}") from error
        issues = Issue.objects.filter(last_date=date).order_by("cadence")
        if options["cadence"]:
            issues = issues.filter(cadence=options["cadence"])
        if not issues:
            raise CommandError(f"no issue that ends on {date} has been planned")
        if options["format"] == "json":
            self.stdout.write(
                json.dumps(
                    [_as_json(issue) for issue in issues],
                    indent=2,
                    cls=DjangoJSONEncoder,
                    ensure_ascii=False,
                )
            )
            return
        for issue in issues:
            self._tell(issue)

    def _tell(self, issue: Issue) -> None:
        report = reporting.report(issue)
        self.stdout.write(f"{issue}: {report.total} deliveries")
        for status, count in report.counts.items():
            self.stdout.write(f"  {status:<10}{count:>8}")
        for row in reporting.who(issue):
            when = row["sent_at"] or row["next_attempt_at"]
            at = f"{when:%Y-%m-%d %H:%M}" if when else ""
            why = row["reason"] or row["reply"]
            self.stdout.write(f"  {row['status']:<10} {at:<17} {row['address']}  {why}".rstrip())


def _as_json(issue: Issue) -> dict[str, Any]:
    report = reporting.report(issue)
    return {
        "cadence": issue.cadence,
        "first_date": issue.first_date,
        "last_date": issue.last_date,
        "counts": report.counts,
        "reasons": report.reasons,
        "deliveries": list(reporting.who(issue)),
    }
