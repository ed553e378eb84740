"""How things stand."""

from __future__ import annotations

import json
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from newsletter import probes
from newsletter.status import IssueState, ListingState, Status, status

_WHEN = "%a %d %b %Y %H:%M UTC"


class Command(BaseCommand):
    help = "How things stand: listings, subscribers, deliveries, the broker."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        trouble = probes.database()
        if trouble:
            raise CommandError(f"{trouble}. `doctor` says more.")
        standing = status(timezone.now())
        if options["format"] == "json":
            self.stdout.write(json.dumps(standing.as_json(), indent=2, default=_as_text))
        else:
            _print(standing, Console(file=cast(IO[str], self.stdout), highlight=False))


def _as_text(value: Any) -> str:
    return str(value.isoformat())


def _print(standing: Status, console: Console) -> None:
    console.print(f"[bold]Listings[/bold]  current by arXiv's calendar: {standing.current_listing}")
    if standing.why_none_today:
        console.print(f"None today: {standing.why_none_today}")
    announced = f"announced {standing.next_announcement:{_WHEN}}"
    console.print(f"Next listing {standing.next_listing}, {announced}")
    console.print(f"Next release by itself {standing.next_release:{_WHEN}}\n")
    console.print(_listing_table(standing.listings) if standing.listings else "No listing yet.")
    _print_gaps(standing.listings, console)
    console.print(f"\n[bold]Subscribers[/bold]  {_counted(standing.subscribers)}")
    console.print(f"Suppressed addresses: {standing.suppressed}\n")
    console.print("[bold]Deliveries[/bold] of the last issues\n")
    console.print(_issue_table(standing.issues) if standing.issues else "No issue yet.")
    for issue in standing.issues:
        if issue.paused_at:
            told = f"{issue.issue} is paused since {issue.paused_at:{_WHEN}}: "
            console.print(told + issue.paused_because, markup=False, soft_wrap=True)
    console.print(f"\n[bold]Notices[/bold]  {_counted(standing.notices)}")
    if standing.oldest_queued_notice:
        console.print(f"Oldest queued: {standing.oldest_queued_notice:{_WHEN}}")
    console.print(f"\n[bold]Broker[/bold]  {standing.broker or 'answers'}")


def _print_gaps(listings: tuple[ListingState, ...], console: Console) -> None:
    """Reasons may hold brackets, which are no markup here."""
    lines = [f"{listing.date}  {listing.gaps}" for listing in listings if listing.gaps]
    for line in ["", *lines] if lines else []:
        console.print(line, markup=False, soft_wrap=True)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"


def _listing_table(listings: tuple[ListingState, ...]) -> Table:
    table = _table("date", "state", "announcements", "sections", "coverage")
    for listing in listings:
        table.add_row(
            listing.date.isoformat(),
            listing.status,
            str(listing.announcements),
            str(listing.sections),
            _coverage(listing),
        )
    return table


def _coverage(listing: ListingState) -> str:
    if not listing.categories:
        return "not checked"
    if listing.empty:
        return listing.empty
    if not listing.not_whole:
        return f"all {listing.categories} whole"
    whole = listing.categories - len(listing.not_whole)
    return f"{whole} of {listing.categories} whole"


def _issue_table(issues: tuple[IssueState, ...]) -> Table:
    table = _table("issue", *issues[0].deliveries)
    for issue in issues:
        table.add_row(issue.issue, *(str(count) for count in issue.deliveries.values()))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column)
    return table
