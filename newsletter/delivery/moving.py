"""Moving: a mail that waits for its hour follows its reader's new wishes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, DateTimeField, Value, When

from newsletter.delivery import issues, states
from newsletter.delivery.schedule import Rhythm, due_at
from newsletter.models import Cadence, Delivery, Issue, Subscriber


@dataclass(frozen=True, slots=True)
class Wishes:
    """What of a subscriber's preferences says when their mails are due."""

    cadence: str
    weekday: int
    zone: str
    hour: int
    as_released: bool

    def due(self, issue: Issue) -> dt.datetime:
        """Of a reader whose cadence is another by now, the first wished hour of any day."""
        is_weekly = self.cadence == issue.cadence == Cadence.WEEKLY
        rhythm = Rhythm(self.zone, self.hour, self.weekday if is_weekly else None, self.as_released)
        return due_at(rhythm, issues.scheduled_release(issue.last_date))


def wishes_of(subscriber: Subscriber) -> Wishes:
    return Wishes(
        cadence=subscriber.cadence,
        weekday=subscriber.weekday,
        zone=subscriber.timezone,
        hour=subscriber.send_hour,
        as_released=subscriber.send_when == Subscriber.SendWhen.RELEASE,
    )


def move_waiting(subscriber: Subscriber, before: Wishes, now: dt.datetime) -> int:
    """Set their waiting mails to the due instants of their present wishes; how many moved.

    Where that instant has passed, the mail is due at once. Only what was planned by the wishes
    ``before`` is moved: not a first digest, which is due at once, nor what a worker has claimed
    before, whose Date is settled.
    """
    after = wishes_of(subscriber)
    if after == before:
        return 0
    waiting = Delivery.objects.filter(
        subscriber=subscriber, status=states.QUEUED, attempts=0, message_id=""
    )
    moved = {
        row.pk: max(after.due(row.issue), now)
        for row in waiting.select_related("issue")
        if row.due_at == before.due(row.issue) != after.due(row.issue)
    }
    if not moved:
        return 0
    instants = [When(pk=pk, then=Value(instant)) for pk, instant in moved.items()]
    due = Case(*instants, output_field=DateTimeField())
    # What a worker has claimed since is no longer among them.
    return waiting.filter(pk__in=moved).update(due_at=due, next_attempt_at=due)
