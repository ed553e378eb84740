"""The operator's "not older than N hours": what could not be sent in time is not sent at all."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from digest.models import Listing
from newsletter.delivery import ledger, states
from newsletter.models import Delivery, Issue


def too_old(now: dt.datetime) -> Q:
    """The waiting deliveries that have waited too long; none of them without such a rule.

    Hours are counted from the instant from which a delivery could be sent: its due instant, or
    the release of a listing of its issue (hence its planning), where that came later. So what a
    curator lets out late is not too old at once.
    """
    if not settings.DELIVERY_MAX_AGE_HOURS:
        return Q(pk__in=[])
    limit = now - dt.timedelta(hours=settings.DELIVERY_MAX_AGE_HOURS)
    released = Listing.objects.filter(
        status=Listing.Status.RELEASED,
        date__gte=OuterRef("first_date"),
        date__lte=OuterRef("last_date"),
    )
    # What is on hold, or has just been let go, could not be sent.
    free = Issue.objects.filter(Exists(released), ~Exists(released.filter(released_at__gt=limit)))
    waiting = Q(status=states.QUEUED, next_attempt_at__lte=now)
    return waiting & Q(due_at__lt=limit, created_at__lt=limit, issue__in=free)


def skip_too_old(now: dt.datetime) -> int:
    """Skip them, by one UPDATE; how many there were. Nothing is locked where there are none."""
    found = Delivery.objects.filter(too_old(now))
    if not settings.DELIVERY_MAX_AGE_HOURS or not found.exists():
        return 0
    return ledger.move(found, states.QUEUED, states.SKIPPED, reason=reason())


def reason() -> str:
    hours = settings.DELIVERY_MAX_AGE_HOURS
    return f"could not be sent within {hours} hour{'' if hours == 1 else 's'}"
