"""The words of recent listings, kept so that a rule can be tried on them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from digest.listings import FIRST_SHOWN, listing_of
from digest.models import Announcement, Listing, ListingIndex
from digest.sections import wordstore
from digest.sections.announced import announced, texts

#: How many listings back a rule is tried.
LISTINGS = 30


def recent(today: dt.date) -> QuerySet[Listing]:
    """The last listings that announced something, the newest first."""
    papers = Announcement.objects.filter(listing=OuterRef("pk"), announce_type__in=FIRST_SHOWN)
    listings = Listing.objects.filter(Exists(papers), date__lte=today).order_by("-date")
    return listings.filter(pk__in=list(listings.values_list("pk", flat=True)[:LISTINGS]))


def index_new(today: dt.date) -> list[dt.date]:
    """Keep the words of recent listings that lack them or have changed; drop older ones."""
    listings = recent(today)
    dates = list(listings.values_list("date", flat=True))
    ListingIndex.objects.exclude(listing__in=dates).delete()
    fresh = ListingIndex.objects.filter(
        Q(matched_to=F("listing__matched_to")), version=wordstore.version()
    )
    behind = listings.filter(matched_to__gt=0).exclude(pk__in=fresh.values("listing"))
    done = list(behind.order_by("date").values_list("date", flat=True))
    for date in done:
        index_listing(date)
    return done


@transaction.atomic
def index_listing(date: dt.date) -> None:
    """Keep the words of all papers that a listing announced as new or cross."""
    listing = listing_of(date, lock=True)
    day = announced(listing)
    stored = wordstore.cut(texts(day.ids), day.by_category)
    ListingIndex.objects.update_or_create(
        listing=listing,
        defaults={
            "version": wordstore.version(),
            "revision": uuid.uuid4(),
            "matched_to": listing.matched_to,
            "papers": len(stored.papers),
            "body": wordstore.packed(stored),
        },
    )
