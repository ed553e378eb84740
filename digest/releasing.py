"""Letting listings out, or holding them back. Nothing is sent from one that is not released.

At its deadline a listing goes out as it is: what is missing is said, and comes late.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from digest import covering
from digest.arxiv.calendar import NEW_YORK, scheduled_release
from digest.listings import FIRST_SHOWN, ListingError, listing_of
from digest.models import Announcement, Listing, SectionListing
from digest.sections.building import build_listing

#: Older listings, such as a month fetched again, go out only by hand.
OLDEST = dt.timedelta(days=7)
#: How long past its deadline, or its beginning, a listing waits for what is being fetched.
PATIENCE = dt.timedelta(hours=1)

_Status = Listing.Status


def release(date: dt.date, now: dt.datetime | None = None) -> bool:
    """Let a listing out, also one that was held; False if it was out already.

    Raises ListingError for an unknown date, and for one whose sections are not yet built.
    """
    listing = listing_of(date)
    if listing.status == _Status.OPEN and not (listing.matched_to or listing.sections.exists()):
        raise ListingError(f"the listing of {date} is not built yet: build_listing {date} first")
    return _let_out(Listing.objects.exclude(status=_Status.RELEASED), date, now)


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
    recent = built.filter(date__gte=now.astimezone(NEW_YORK).date() - OLDEST).order_by("date")
    return [
        listing.date
        for listing in recent
        if _is_due(listing, now) and _let_out(built, listing.date, now)
    ]


def _is_due(listing: Listing, now: dt.datetime) -> bool:
    """Whether its deadline has passed, and not while it is still coming in."""
    deadline = scheduled_release(listing.date, settings.RELEASE_DEADLINE)
    if now < deadline:
        return False
    is_patient = now < max(deadline, listing.created_at) + PATIENCE
    return not (is_patient and covering.is_being_fetched(listing.date))


def _built() -> QuerySet[Listing]:
    """Listings with something in them that were matched, or that only a document filled."""
    filled = Exists(SectionListing.objects.filter(listing=OuterRef("pk")))
    matched = Q(matched_to__gt=0) & (Q(_announced()) | Q(filled))
    imported = Q(filled) & ~Q(_announced())
    waiting = Listing.objects.filter(status__in=(_Status.OPEN, _Status.READY))
    return waiting.filter(matched | imported)


def _announced() -> Exists:
    return Exists(
        Announcement.objects.filter(listing=OuterRef("pk"), announce_type__in=FIRST_SHOWN)
    )


@transaction.atomic
def _let_out(listings: QuerySet[Listing], date: dt.date, now: dt.datetime | None) -> bool:
    """Matched anew, so that nothing that has arrived is left behind; of two who release at once
    only one did it."""
    listing = listings.select_for_update(no_key=True).filter(pk=date).first()
    if listing is None:
        return False
    if Listing.objects.filter(_announced(), pk=date).exists():
        build_listing(date)
    listings.filter(pk=date).update(status=_Status.RELEASED, released_at=now or timezone.now())
    return True
