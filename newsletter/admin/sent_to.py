"""What one subscriber was sent, as it is shown beside them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from newsletter.delivery import reporting
from newsletter.models import Issue, Subscriber

SHOWN = 50
_COLUMNS = ("Issue", "State", "When, UTC", "Papers", "Attempts", "Reason, server's reply")


def sent_to(reader: Subscriber) -> dict[str, Any]:
    """The last ones; one query."""
    found = list(reporting.history(reader, SHOWN + 1))
    deliveries = reverse("admin:newsletter_delivery_changelist")
    return {
        "columns": _COLUMNS,
        "rows": [_row(row) for row in found[:SHOWN]],
        "has_more": len(found) > SHOWN,
        "all_url": f"{deliveries}?subscriber__id__exact={reader.pk}",
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    when = row["sent_at"] or row["next_attempt_at"] or row["due_at"]
    dates = {name: row[name] for name in ("cadence", "first_date", "last_date")}
    return {
        "url": reverse("admin:newsletter_delivery_change", args=[row["delivery"]]),
        "issue": str(Issue(**dates)),
        "status": row["status"],
        "when": f"{when:%Y-%m-%d %H:%M}",
        "papers": f"{row['papers_shown']} of {row['papers_seen']}" if row["papers_seen"] else "",
        "attempts": row["attempts"],
        "why": "; ".join(dict.fromkeys(filter(None, (row["reason"], row["reply"])))),
    }
