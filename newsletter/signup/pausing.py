"""Pausing, until a date or without end, and the latest issue for whoever comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsletter.delivery import issues, planning, schedule, states
from newsletter.models import Delivery, Subscriber

_Status = Subscriber.Status
_CHUNK = 500
_DAY = dt.timedelta(days=1)
# So that an issue due at the very hour at which somebody comes back is planned before.
_SETTLED = dt.timedelta(minutes=5)
_WISHES = ("timezone", "send_hour", "send_when", "paused_until")


@transaction.atomic
def pause(subscriber: Subscriber, until: dt.date | None = None) -> bool:
    """No digests before that day in the subscriber's zone, or before they resume; whether it is so.

    Only an active subscriber can pause; of one who is paused it changes the date. A mail that
    waits for its hour is taken back: if its issue is still the latest when they come back, they
    get it then.
    """
    able = Subscriber.objects.filter(pk=subscriber.pk, status__in=[_Status.ACTIVE, _Status.PAUSED])
    if not able.update(status=_Status.PAUSED, paused_until=until, updated_at=timezone.now()):
        return False
    waiting = Delivery.objects.filter(
        subscriber=subscriber, status=states.QUEUED, attempts=0, message_id=""
    )
    # Locked first, so that none is taken back that a worker has claimed meanwhile.
    unclaimed = list(waiting.select_for_update().values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=unclaimed).delete()
    return True


def resume(subscriber: Subscriber, now: dt.datetime) -> bool:
    """Digests from now on, the latest issue at once, as for everybody who becomes active.

    Nobody gets an issue again that they have had; whatever else was missed is not sent after.
    """
    return bool(_wake(Subscriber.objects.filter(pk=subscriber.pk), now))


def resume_due(now: dt.datetime) -> int:
    """Resume those whose date has come, at their own hour; how many. Twice changes nothing."""
    resumed = 0
    for wish in list(_come(now)):
        people = Subscriber.objects.filter(**wish)
        while woken := _wake(people, now):
            resumed += woken
    return resumed


@transaction.atomic
def _wake(people: QuerySet[Subscriber], now: dt.datetime) -> int:
    """A chunk of them: active again, and the latest issue planned, both or neither."""
    paused = people.filter(status=_Status.PAUSED).order_by("pk").select_for_update()
    chosen = list(paused.values_list("pk", flat=True)[:_CHUNK])
    if not chosen:
        return 0
    Subscriber.objects.filter(pk__in=chosen).update(
        status=_Status.ACTIVE, paused_until=None, updated_at=timezone.now()
    )
    planning.plan_latest_for(chosen, now)
    # An issue that was being planned meanwhile could not be seen.
    transaction.on_commit(partial(planning.plan_latest_for, chosen, now))
    return len(chosen)


def _come(now: dt.datetime) -> Iterator[dict[str, Any]]:
    """The distinct wishes of paused subscribers whose date has come."""
    # In no zone is it later than a day ahead of UTC.
    paused = Subscriber.objects.filter(
        status=_Status.PAUSED, paused_until__lte=now.date() + _DAY
    ).order_by()
    for values in paused.values(*_WISHES).distinct():
        if _comes_back(values) <= now - _SETTLED:
            yield values


def _comes_back(wish: dict[str, Any]) -> dt.datetime:
    """When mails would go to this subscriber on the day: at their hour, or with its release."""
    day, zone = max(wish["paused_until"], dt.date(2000, 1, 1)), schedule.zone_of(wish["timezone"])
    if wish["send_when"] != Subscriber.SendWhen.RELEASE:
        return schedule.local_hour(day, wish["send_hour"], zone)
    midnight, release = schedule.local_hour(day, 0, zone), issues.scheduled_release(day)
    return release if release >= midnight else issues.scheduled_release(day + _DAY)
