"""The first digest: the latest issue there is, with the reader's own sections matched for it.

A section that nobody followed before was not matched when those listings were built; beat would
come by only after the mail has left.
"""

from __future__ import annotations

import datetime as dt

from digest.models import Listing, SectionListing
from digest.sections.building import build_listing
from newsletter.delivery import planning
from newsletter.models import Delivery, Issue, Subscriber


def plan_first(subscriber: Subscriber, now: dt.datetime) -> Delivery | None:
    """Due at once; None where there is no issue yet, or the subscriber has had it."""
    delivery = planning.plan_latest(subscriber, now)
    if delivery is not None:
        _match(subscriber, delivery.issue)
    return delivery


def _match(subscriber: Subscriber, issue: Issue) -> None:
    followed = set(subscriber.subscriptions.values_list("section", flat=True))
    released = Listing.objects.filter(
        status=Listing.Status.RELEASED, date__range=(issue.first_date, issue.last_date)
    )
    for date in released.values_list("date", flat=True):
        known = SectionListing.objects.filter(listing=date, section__in=followed)
        missing = followed.difference(known.values_list("section", flat=True))
        if missing:
            build_listing(date, only=missing)
