"""Letting listings out, or holding them back. Nothing is sent from one that is not released."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from digest.arxiv.calendar import NEW_YORK, scheduled_release
from digest.listings import FIRST_SHOWN, ListingError, listing_of
from digest.models import Announcement, Listing, SectionListing

#: Older listings, such as a month fetched again, go out only by hand.
OLDEST = dt.timedelta(days=7)

_Status = Listing.Status


def release(date: dt.date, now: dt.datetime | None = None) -> bool:
    """Let a listing out, also one that was held; False if it was out already.

    Raises ListingError for an unknown date, and for one whose sections are not yet built.
    """
    listing = listing_of(date)
    if listing.status == _Status.OPEN and not listing.sections.exists():
        raise ListingError(f"the listing of {date} is not built yet: build_listing {date} first")
    return bool(_let_out(Listing.objects.exclude(status=_Status.RELEASED), date, now))


def hold(date: dt.date) -> bool:
    """Keep a listing back, also beyond the deadline; False if it was held already.

    Raises ListingError for an unknown date and for a listing that is already out.
    """
    waiting = Listing.objects.filter(pk=date, status__in=(_Status.OPEN, _Status.READY))
    if waiting.update(status=_Status.HELD):
        return True
    if listing_of(date).status == _Status.RELEASED:
        raise ListingError(f"the listing of {date} is released already and cannot be held")
    return False


def release_due(now: dt.datetime) -> list[dt.date]:
    """Let out what is built and past its deadline; the dates that went out by this call."""
    built = _built()
    dates = built.filter(date__gte=now.astimezone(NEW_YORK).date() - OLDEST)
    return [
        date
        for date in dates.order_by("date").values_list("date", flat=True)
        if scheduled_release(date, settings.RELEASE_DEADLINE) <= now and _let_out(built, date, now)
    ]


def _built() -> QuerySet[Listing]:
    """Listings with something in them that are ready, or that only a document filled."""
    announced = Exists(
        Announcement.objects.filter(listing=OuterRef("pk"), announce_type__in=FIRST_SHOWN)
    )
    filled = Exists(SectionListing.objects.filter(listing=OuterRef("pk")))
    ready = Q(status=_Status.READY) & (Q(announced) | Q(filled))
    return Listing.objects.filter(ready | Q(status=_Status.OPEN) & Q(filled) & ~Q(announced))


def _let_out(listings: QuerySet[Listing], date: dt.date, now: dt.datetime | None) -> int:
    """One UPDATE, so that of two who release at once only one did it."""
    return listings.filter(pk=date).update(
        status=_Status.RELEASED, released_at=now or timezone.now()
    )
