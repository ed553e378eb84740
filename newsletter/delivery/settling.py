"""Settling what an issue carries, once, so that all its readers get the same papers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from digest.models import Listing
from digest.sections.announced import has_news
from digest.sections.building import build_news
from newsletter.compose import carrying
from newsletter.models import Issue, IssueListing


@transaction.atomic
def settle(issue: Issue) -> None:
    """Write down what it carries, unless that is done. Nothing for an issue without a released
    listing, which is not sent.

    Whatever arrives meanwhile waits for the listing's row and is a batch that it does not carry.
    """
    Issue.objects.select_for_update(no_key=True).get(pk=issue.pk)
    if IssueListing.objects.filter(issue=issue).exists():
        return
    for date in _locked(issue):
        build_news(date)
    IssueListing.objects.bulk_create(carrying.would_carry(issue))


def _locked(issue: Issue) -> list[dt.date]:
    """The listings it may carry, locked in one order; those with papers not matched yet."""
    own = Q(date__range=(issue.first_date, issue.last_date))
    before = Q(pk__in=carrying.earlier(issue).values("pk"), batches__gt=0)
    listings = Listing.objects.filter(own | before, status=Listing.Status.RELEASED)
    locked = list(listings.order_by("date").select_for_update(no_key=True))
    return [listing.date for listing in locked if has_news(listing)]
