"""Planning: an issue's deliveries, for all its readers or for one, and which issues there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from digest.arxiv import calendar
from digest.models import Listing
from newsletter.delivery import issues, planned_rows, settling
from newsletter.models import Cadence, Delivery, Issue, Subscriber

# Beat plans nothing older, so that a back-filled month is not mailed.
OLDEST = dt.timedelta(days=7)
# How long a weekly issue waits for a listing of its days that is about to be released.
_PATIENCE = dt.timedelta(hours=6)
# By how much the clocks of the machines that serve, plan and send may differ, and more.
_SLACK = dt.timedelta(minutes=5)


def issue_for(cadence: str, last_date: dt.date) -> Issue:
    """The issue that ends on this listing date; made when it is not there."""
    return _issue_for(cadence, last_date)[0]


def plan(issue: Issue, now: dt.datetime, only: Subscriber | None = None) -> int:
    """Write the missing deliveries of a released issue; how many there were.

    ``only`` names a single reader, whose cadence may be another. Of an issue whose deliveries
    are not kept any more it is not known who has had it, so nobody gets it.
    """
    if issue.counts or not issues.with_release(Issue.objects.filter(pk=issue.pk)).exists():
        return 0
    settling.settle(issue)
    began = timezone.now()
    planned = planned_rows.write(issue, issues.readers(issue, only), now)
    if only is None:
        # Whoever became active while that statement ran was not seen by it, nor saw the issue.
        came = issues.readers(issue).filter(updated_at__gte=began - _SLACK)
        transaction.on_commit(lambda: planned_rows.write(issue, came, now))
    return planned


def plan_released(now: dt.datetime) -> list[Issue]:
    """Make and plan every issue whose time has come and that is not there yet."""
    made = []
    for cadence, last_date in (*_released_days(now), *_ended_weeks(now)):
        with transaction.atomic():
            issue, is_new = _issue_for(cadence, last_date)
            if is_new:
                plan(issue, now)
                made.append(issue)
    return made


def plan_latest(subscriber: Subscriber, now: dt.datetime) -> Delivery | None:
    """The latest issue of their cadence, due at once, for somebody who has just become active.

    None when there is no such issue, when they had it already, or cannot be written to.
    """
    latest = _latest(subscriber.cadence, subscriber.weekday)
    if latest is None or latest.counts or not issues.unplanned(latest, subscriber).exists():
        return None
    settling.settle(latest)
    delivery, is_new = Delivery.objects.get_or_create(
        issue=latest, subscriber=subscriber, defaults={"due_at": now, "next_attempt_at": now}
    )
    return delivery if is_new else None


def plan_latest_for(chosen: Collection[int], now: dt.datetime) -> int:
    """The same for many, by primary key: one statement for each issue; how many were written."""
    people = Subscriber.objects.filter(pk__in=chosen)
    planned = 0
    for cadence, weekday in people.order_by().values_list("cadence", "weekday").distinct():
        latest = _latest(cadence, weekday)
        if latest is None:
            continue
        missing = issues.unplanned(latest).filter(pk__in=chosen, weekday=weekday)
        if missing.exists():
            settling.settle(latest)
            planned += planned_rows.write(latest, missing, now, at=now)
    return planned


def _latest(cadence: str, weekday: int) -> Issue | None:
    """The latest issue there is for readers of this cadence and, if weekly, this weekday."""
    of_cadence = Issue.objects.filter(cadence=cadence)
    if cadence == Cadence.WEEKLY:
        # Django counts Sunday as 1, we Monday as 0; an issue ends on the day before it is sent.
        of_cadence = of_cadence.filter(last_date__week_day=weekday + 1)
    return issues.with_release(of_cadence).order_by("-last_date").first()


def _issue_for(cadence: str, last_date: dt.date) -> tuple[Issue, bool]:
    return Issue.objects.get_or_create(
        cadence=cadence, first_date=issues.first_date(cadence, last_date), last_date=last_date
    )


def _released_days(now: dt.datetime) -> Iterator[tuple[str, dt.date]]:
    known = Issue.objects.filter(cadence=Cadence.DAILY, last_date=OuterRef("date"))
    listings = Listing.objects.filter(
        status=Listing.Status.RELEASED, date__gte=calendar.today(now) - OLDEST
    )
    for date in listings.filter(~Exists(known)).order_by("date").values_list("date", flat=True):
        yield Cadence.DAILY, date


def _ended_weeks(now: dt.datetime) -> Iterator[tuple[str, dt.date]]:
    weekly = Subscriber.objects.active().filter(cadence=Cadence.WEEKLY)
    for weekday in weekly.order_by("weekday").values_list("weekday", flat=True).distinct():
        last_date = _last_ended_week(weekday, now)
        known = Issue.objects.filter(cadence=Cadence.WEEKLY, last_date=last_date)
        if not known.exists() and _is_whole(last_date, now):
            yield Cadence.WEEKLY, last_date


def _last_ended_week(weekday: int, now: dt.datetime) -> dt.date:
    """The last date of the latest week for that weekday whose release was due by now."""
    today = calendar.today(now)
    last_date = today - dt.timedelta(days=(today.weekday() + 1 - weekday) % 7)
    is_ended = issues.scheduled_release(last_date) <= now
    return last_date if is_ended else last_date - issues.WEEK


def _is_whole(last_date: dt.date, now: dt.datetime) -> bool:
    """Whether the week holds a released listing, and none that is about to be released."""
    days = Listing.objects.filter(
        date__gte=issues.first_date(Cadence.WEEKLY, last_date), date__lte=last_date
    )
    if now < issues.scheduled_release(last_date) + _PATIENCE:
        coming = (Listing.Status.OPEN, Listing.Status.READY)
        if days.filter(status__in=coming).exists():
            return False
    return days.filter(status=Listing.Status.RELEASED).exists()
