"""Listings by their date, for those who change or build one."""

from __future__ import annotations

import datetime as dt

from digest.models import Announcement, Listing

#: The announcements that bring a paper into sections; replacements do not.
FIRST_SHOWN = (Announcement.Type.NEW, Announcement.Type.CROSS)


class ListingError(ValueError):
    """What was asked cannot be done with this listing."""


def listing_of(date: dt.date, *, lock: bool = False) -> Listing:
    """The listing of a date, raising ListingError where there is none.

    Locked rows (inside a transaction) let one writer after the other at a listing. Who only
    writes a row that names it need not wait: on PostgreSQL that was a deadlock.
    """
    listings = Listing.objects.select_for_update(no_key=True) if lock else Listing.objects
    try:
        return listings.get(date=date)
    except Listing.DoesNotExist:
        raise ListingError(f"there is no listing of {date}: nothing was ingested for it") from None
