"""Forgetting: of an issue that is old enough only counts are kept, not who got what.

In small steps, each one transaction that moves some deliveries into the issue's counts. So a
step that is cut off counts nothing twice, and the next run goes on where the last one ended.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from digest.models import Announcement
from newsletter.compose.parts import PARTS_USED
from newsletter.delivery import states
from newsletter.models import Delivery, Fragment, Frame, Issue, IssueListing, Part

STEP = 1000  # rows
# Well within the time that a task has; what is left waits for the next call.
LONGEST = dt.timedelta(minutes=5)
# An issue of the last kept day may have been sent some days late.
_MARGIN = dt.timedelta(days=14)


def forget(now: dt.datetime, longest: dt.timedelta = LONGEST, step: int = STEP) -> bool:
    """Let go of deliveries and fragments kept for DELIVERIES_KEPT_DAYS; whether there is more."""
    kept_from = now - dt.timedelta(days=settings.DELIVERIES_KEPT_DAYS)
    end = time.monotonic() + longest.total_seconds()
    for issue in list(_old_issues(kept_from)):
        if not _until(end, lambda issue=issue: _count_some(issue, step)):  # type: ignore[misc]
            return True
    if not _until(end, lambda: _drop_fragments(kept_from, step)):
        return True
    return not _until(end, lambda: _drop_made(kept_from, step))


def _until(end: float, do_some: Callable[[], bool]) -> bool:
    """Do some until nothing is left; False when time was up before."""
    while do_some():
        if time.monotonic() >= end:
            return False
    return True


def _old_issues(kept_from: dt.datetime) -> QuerySet[Issue]:
    deliveries = _forgettable().filter(issue=OuterRef("pk"))
    old = Issue.objects.filter(last_date__lt=kept_from.date())
    return old.filter(Exists(deliveries)).order_by("last_date", "pk")


def _forgettable() -> QuerySet[Delivery]:
    """All but those in somebody's hands, which come back when the lease is over."""
    return Delivery.objects.exclude(status=states.SENDING)


@transaction.atomic
def _count_some(issue: Issue, step: int) -> bool:
    """One step; whether it found any."""
    locked = Issue.objects.select_for_update(no_key=True).get(pk=issue.pk)
    rows = _forgettable().filter(issue=issue).order_by("pk").select_for_update(of=("self",))
    found = dict(rows.values_list("pk", "status")[:step])
    if not found:
        return False
    counts = Counter(locked.counts) + Counter(found.values())
    Issue.objects.filter(pk=issue.pk).update(counts=dict(counts))
    # Their keys alone: half the time, since what each was joined from is most of a row.
    Delivery.objects.filter(pk__in=list(found)).only("pk").delete()
    return True


@transaction.atomic
def _drop_made(kept_from: dt.datetime, step: int) -> bool:
    """Frames and parts that no kept delivery is made of: a frame is of one issue, and parts are
    made anew each month (see newsletter.compose.parts). One step; whether it found any."""
    found = 0
    for model, before in ((Frame, kept_from), (Part, kept_from - PARTS_USED)):
        old = model._default_manager.filter(created_at__lt=before - _MARGIN).order_by("pk")
        pks = list(old.values_list("pk", flat=True)[:step])
        found += model._default_manager.filter(pk__in=pks).delete()[0] if pks else 0
    return bool(found)


@transaction.atomic
def _drop_fragments(kept_from: dt.datetime, step: int) -> bool:
    """Fragments of papers that no kept delivery can show: none of their announcements is on a
    listing from the oldest that a kept issue carries onwards. One step; whether it found any."""
    carried = IssueListing.objects.filter(
        Exists(Delivery.objects.filter(issue=OuterRef("issue")))
    ).aggregate(oldest=Min("listing"))["oldest"]
    oldest = min(carried or kept_from.date(), kept_from.date())
    shown = Announcement.objects.filter(paper=OuterRef("paper"), listing__gte=oldest)
    old = Fragment.objects.filter(~Exists(shown), created_at__lt=kept_from).order_by("pk")
    found = list(old.values_list("pk", flat=True)[:step])
    return bool(found and Fragment.objects.filter(pk__in=found).delete()[0])
