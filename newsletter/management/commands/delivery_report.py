"""What became of an issue: counts by state, how fast, what came back, and who is where."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from newsletter.delivery import by_hand, pace, reporting
from newsletter.models import Cadence, Issue, Subscriber

_REASONS_TOLD = 5


class Command(BaseCommand):
    help = (
        "Says how the issues that end on a listing date stand: counts by state, how fast and how "
        "late they went out, who is where. With --to also what one reader was sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", default="", metavar="D", help="last listing date covered")
        parser.add_argument("--cadence", default="", choices=Cadence.values)
        parser.add_argument(
            "--to", default="", metavar="ADDRESS", help="one subscriber; without --date, of all"
        )
        parser.add_argument("--format", default="text", choices=["text", "json"])

    def handle(self, *args: Any, **options: Any) -> None:
        is_json = options["format"] == "json"
        reader = _reader(options["to"])
        if options["date"]:
            issues = _issues(options["date"], options["cadence"])
            self._write(_as_json(issues, reader) if is_json else _as_text(issues, reader))
        elif reader is not None:
            self._write(_history_json(reader) if is_json else _history_text(reader))
        else:
            raise CommandError("give --date, or --to for what one subscriber was sent")

    def _write(self, pieces: Iterator[str]) -> None:
        for piece in pieces:
            self.stdout.write(piece)


def _reader(address: str) -> Subscriber | None:
    try:
        return by_hand.anybody(address) if address else None
    except by_hand.NotPossible as error:
        raise CommandError(str(error)) from error


def _issues(day: str, cadence: str) -> list[Issue]:
    try:
        date = dt.date.fromisoformat(day)
    except ValueError as error:
        raise CommandError(f"not a date such as 2026-02-03: {day}") from error
    issues = Issue.objects.filter(last_date=date).order_by("cadence")
    found = list(issues.filter(cadence=cadence) if cadence else issues)
    if not found:
        raise CommandError(f"no issue that ends on {date} has been planned")
    return found


# Text


def _as_text(issues: list[Issue], reader: Subscriber | None) -> Iterator[str]:
    for issue in issues:
        if reader is None:
            yield from _summary(issue)
        else:
            yield f"{issue}"
        for row in reporting.who(issue, reader):
            yield f"  {_line(row, row['address'])}"


def _summary(issue: Issue) -> Iterator[str]:
    report, speed = reporting.report(issue), pace.pace(issue)
    yield f"{issue}: {report.total} deliveries"
    for status, count in report.counts.items():
        yield f"  {status:<10}{count:>8}"
    if issue.paused_at:
        yield f"  paused since {issue.paused_at:%Y-%m-%d %H:%M} UTC: {issue.paused_because}"
    for status, reasons in report.reasons.items():
        for reason, times in list(reasons.items())[:_REASONS_TOLD]:
            yield f"  {status}, {times} x {reason}"
    if speed.sent:
        yield f"  mails per minute: {speed.peak} at most, {speed.mean:.0f} on average"
        yield f"  latency: p50 {speed.p50} s, p95 {speed.p95} s, max {speed.longest} s"
    if sum((returned := reporting.returned(issue)).values()):
        told = ", ".join(f"{count} {kind}" for kind, count in returned.items())
        yield f"  came back since: {told}"
    if issue.counts:
        yield f"  of {sum(issue.counts.values())} only the state is kept"


def _line(row: dict[str, Any], name: str) -> str:
    when = row["sent_at"] or row["next_attempt_at"]
    at = f"{when:%Y-%m-%d %H:%M}" if when else ""
    return f"{row['status']:<10} {at:<17} {name}  {row['reason'] or row['reply']}".rstrip()


def _history_text(reader: Subscriber) -> Iterator[str]:
    yield f"{reader.address}: {reader.status}"
    for row in reporting.history(reader):
        attempts = "" if row["attempts"] == 1 else f"  ({row['attempts']} attempts)"
        yield f"  {_line(row, f'{_name(row):<32}')}{attempts}"


def _name(row: dict[str, Any]) -> str:
    return str(
        Issue(cadence=row["cadence"], first_date=row["first_date"], last_date=row["last_date"])
    )


# JSON, row by row, so that an issue of any size fits into memory


def _as_json(issues: list[Issue], reader: Subscriber | None) -> Iterator[str]:
    yield "["
    for number, issue in enumerate(issues):
        yield from _object(_issue_fields(issue), reporting.who(issue, reader))
        if number < len(issues) - 1:
            yield ","
    yield "]"


def _history_json(reader: Subscriber) -> Iterator[str]:
    fields = {"address": reader.address, "status": reader.status}
    yield from _object(fields, reporting.history(reader))


def _object(fields: dict[str, Any], deliveries: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The fields, and the rows as its last one, ``deliveries``."""
    yield f'{_dumps(fields).removesuffix("}")}, "deliveries": ['
    before = next(deliveries, None)
    for row in deliveries:
        yield f"{_dumps(before)},"
        before = row
    yield f"{'' if before is None else _dumps(before)}]}}"


def _issue_fields(issue: Issue) -> dict[str, Any]:
    report, speed = reporting.report(issue), pace.pace(issue)
    returned = reporting.returned(issue)
    complaints = returned.pop("complaints")
    return {
        "cadence": issue.cadence,
        "first_date": issue.first_date,
        "last_date": issue.last_date,
        "total": report.total,
        "counts": report.counts,
        "not_kept": issue.counts,
        "reasons": report.reasons,
        "waiting_until": report.waiting_until,
        "paused_at": issue.paused_at,
        "paused_because": issue.paused_because,
        "mails_per_minute": {"peak": speed.peak, "mean": round(speed.mean, 1)},
        "latency_seconds": {"p50": speed.p50, "p95": speed.p95, "max": speed.longest},
        "minutes": [{"at": minute.at, "sent": minute.sent} for minute in speed.minutes],
        "bounces": returned,
        "complaints": complaints,
    }


def _dumps(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
