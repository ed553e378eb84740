"""Issues: their dates, when they are due, and who their readers are."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from digest.arxiv import calendar
from digest.models import Listing
from newsletter.models import Cadence, Delivery, Issue, Subscriber, Subscription

WEEK = dt.timedelta(days=7)
_DAY = dt.timedelta(days=1)


def first_date(cadence: str, last_date: dt.date) -> dt.date:
    return last_date - WEEK + _DAY if cadence == Cadence.WEEKLY else last_date


def weekday_of(issue: Issue) -> int | None:
    """The weekday that a weekly issue is sent on, the day after its last; None for a daily one."""
    if issue.cadence != Cadence.WEEKLY:
        return None
    return (issue.last_date + _DAY).weekday()


def scheduled_release(last_date: dt.date) -> dt.datetime:
    """The instant from which an issue that ends on this listing date may go out."""
    return calendar.scheduled_release(last_date, settings.RELEASE_DEADLINE)


def with_release(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    """Those with a released listing among their dates; nothing is sent of any other."""
    listings = Listing.objects.filter(
        status=Listing.Status.RELEASED,
        date__gte=OuterRef("first_date"),
        date__lte=OuterRef("last_date"),
    )
    return issues.filter(Exists(listings))


def readers(issue: Issue, only: Subscriber | None = None) -> QuerySet[Subscriber]:
    """Who gets the issue: mailable subscribers of its cadence and weekday who follow something.

    ``only`` names a single one, whose cadence may then be another.
    """
    follows = Subscription.objects.filter(subscriber=OuterRef("pk"))
    chosen = Subscriber.objects.mailable().filter(Exists(follows))
    if only is not None:
        return chosen.filter(pk=only.pk)
    chosen = chosen.filter(cadence=issue.cadence)
    weekday = weekday_of(issue)
    return chosen if weekday is None else chosen.filter(weekday=weekday)


def unplanned(issue: Issue, only: Subscriber | None = None) -> QuerySet[Subscriber]:
    """Its readers who have no delivery of it."""
    planned = Delivery.objects.filter(issue=issue.pk, subscriber=OuterRef("pk"))
    return readers(issue, only).filter(~Exists(planned))
