"""What became of an issue: counts by state, and who is where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from newsletter.models import Delivery, Issue, Subscriber

Status = Delivery.Status


@dataclass(frozen=True, slots=True)
class Report:
    """Deliveries of one issue: by state, the reasons of each, and the last one's next attempt."""

    counts: dict[str, int]
    reasons: dict[str, dict[str, int]]
    waiting_until: dt.datetime | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def report(issue: Issue, only: Subscriber | None = None) -> Report:
    counts = dict.fromkeys(Status.values, 0)
    reasons: dict[str, dict[str, int]] = {}
    deliveries = _deliveries(issue, only)
    by_reason = deliveries.order_by().values_list("status", "reason").annotate(Count("pk"))
    for status, reason, count in by_reason:
        counts[status] += count
        if reason:
            reasons.setdefault(status, {})[reason] = count
    queued = deliveries.filter(status=Status.QUEUED)
    return Report(counts, reasons, queued.aggregate(until=Max("next_attempt_at"))["until"])


def who(issue: Issue) -> Iterator[dict[str, Any]]:
    """Every reader's delivery, by address."""
    rows = _deliveries(issue).select_related("subscriber").order_by("subscriber__address")
    for row in rows.iterator(chunk_size=2000):
        yield {
            "address": row.subscriber.address,
            "status": row.status,
            "due_at": row.due_at,
            "next_attempt_at": row.next_attempt_at if row.status == Status.QUEUED else None,
            "sent_at": row.sent_at,
            "attempts": row.attempts,
            "papers_shown": row.papers_shown,
            "message_id": row.message_id,
            "reply": row.reply,
            "reason": row.reason,
        }


def _deliveries(issue: Issue, only: Subscriber | None = None) -> QuerySet[Delivery]:
    deliveries = Delivery.objects.filter(issue=issue)
    return deliveries if only is None else deliveries.filter(subscriber=only)
