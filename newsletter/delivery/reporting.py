"""What became of an issue: counts by state, and who is where; and what one reader was sent."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, QuerySet

from newsletter.models import Bounce, Complaint, Delivery, Issue, Subscriber

Status = Delivery.Status

# A server may put the address into its reply, so that there are as many reasons as readers.
MOST_REASONS = 20
OTHER_REASONS = "(other reasons)"
_CHUNK = 2000
_TOLD = (
    "status", "due_at", "next_attempt_at", "sent_at", "attempts", "papers_seen", "papers_shown",
    "message_id", "reply", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """Deliveries of one issue: by state, the commonest reasons of each, and the last one's next
    attempt. ``counts`` holds those too that are not kept any more."""

    counts: dict[str, int]
    reasons: dict[str, dict[str, int]]
    waiting_until: dt.datetime | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def report(issue: Issue, only: Subscriber | None = None) -> Report:
    """Two queries."""
    counts = dict.fromkeys(Status.values, 0)
    if only is None:
        counts |= issue.counts
    reasons: dict[str, dict[str, int]] = {}
    deliveries = _deliveries(issue, only)
    by_reason = deliveries.order_by().values_list("status", "reason").annotate(times=Count("pk"))
    for status, reason, count in by_reason.order_by("-times", "reason").iterator():
        counts[status] += count
        if reason:
            _note(reasons.setdefault(status, {}), reason, count)
    queued = deliveries.filter(status=Status.QUEUED)
    return Report(counts, reasons, queued.aggregate(until=Max("next_attempt_at"))["until"])


def tally(issues: QuerySet[Issue] | list[Issue]) -> defaultdict[int, Counter[str]]:
    """By issue: how many deliveries are in each state, those that are not kept any more too."""
    found = defaultdict(Counter, {issue.pk: Counter(issue.counts) for issue in issues})
    rows = Delivery.objects.filter(issue__in=list(found)).order_by()
    for issue_id, status, count in rows.values_list("issue_id", "status").annotate(n=Count("pk")):
        found[issue_id][status] += count
    return found


def returned(issue: Issue) -> dict[str, int]:
    """How many of its mails came back, by kind, and how many readers complained."""
    kinds = Bounce.objects.filter(delivery__issue=issue).order_by().values_list("kind")
    bounces = dict(kinds.annotate(n=Count("pk")))
    complaints = Complaint.objects.filter(delivery__issue=issue).count()
    return dict.fromkeys(Bounce.Kind.values, 0) | bounces | {"complaints": complaints}


def who(issue: Issue, only: Subscriber | None = None) -> Iterator[dict[str, Any]]:
    """Every reader's delivery, by address, a chunk in memory at a time."""
    rows = _deliveries(issue, only).order_by("subscriber__address")
    return _told(rows, address=F("subscriber__address"))


def history(reader: Subscriber, most: int | None = None) -> Iterator[dict[str, Any]]:
    """What this reader was sent, the latest first."""
    return _told(
        reader.deliveries.order_by("-due_at", "-pk")[:most],
        delivery=F("pk"),
        cadence=F("issue__cadence"),
        first_date=F("issue__first_date"),
        last_date=F("issue__last_date"),
    )


def _told(deliveries: QuerySet[Delivery], **more: F) -> Iterator[dict[str, Any]]:
    rows: Any = deliveries.values(*_TOLD, **more)
    for row in rows.iterator(_CHUNK):
        # Only what is queued has a next attempt.
        yield row if row["status"] == Status.QUEUED else row | {"next_attempt_at": None}


def _note(reasons: dict[str, int], reason: str, count: int) -> None:
    name = reason if len(reasons) < MOST_REASONS else OTHER_REASONS
    reasons[name] = reasons.get(name, 0) + count


def _deliveries(issue: Issue, only: Subscriber | None = None) -> QuerySet[Delivery]:
    deliveries = Delivery.objects.filter(issue=issue)
    return deliveries if only is None else deliveries.filter(subscriber=only)
