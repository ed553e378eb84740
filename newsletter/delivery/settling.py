"""Settling what an issue carries, once, so that all its readers get the same papers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

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
    """The listings it may carry, locked in one order, whatever their state, so that none gets a
    paper or is released meanwhile; those with papers not matched yet."""
    first = issue.first_date - carrying.LATE_WITHIN
    listings = Listing.objects.filter(date__range=(first, issue.last_date)).order_by("date")
    return [
        listing.date
        for listing in listings.select_for_update(no_key=True)
        if listing.status == Listing.Status.RELEASED
        and (listing.batches or listing.date >= issue.first_date)
        and has_news(listing)
    ]
