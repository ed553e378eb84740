"""Listings, to release or to hold, and how whole our copy of each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest import releasing
from digest.admin.base import RecordAdmin, RecordInline, label, list_link
from digest.covering import WHOLE
from digest.gaps import gap, told
from digest.models import Announcement, Coverage, Listing, SectionListing

LISTING_COLOURS = {
    Listing.Status.OPEN.value: "info",
    Listing.Status.READY.value: "primary",
    Listing.Status.RELEASED.value: "success",
    Listing.Status.HELD.value: "warning",
}


class CoverageInline(RecordInline[Coverage, Listing]):
    model = Coverage
    fields = ["category", "status", "entries", "source", "reason", "differences", "checked_at"]
    readonly_fields = ["checked_at"]


@admin.register(Listing)
class ListingAdmin(RecordAdmin[Listing]):
    """One listing date as a whole; its state changes by the two actions alone."""

    list_display = [
        "date",
        "status_label",
        "announced",
        "found",
        "coverage",
        "gaps",
        "released_at",
    ]
    list_filter = ["status"]
    search_fields = ["date"]
    search_help_text = "Date, such as 2026-02"
    inlines = [CoverageInline]
    actions = ["release", "hold"]
    fields = [
        "date",
        "status",
        "announced",
        "found",
        "coverage",
        "gaps_in_full",
        "batches",
        "released_at",
        "created_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Listing]:
        followed = Coverage.objects.filter(listing=OuterRef("pk"))
        gaps = Coverage.objects.exclude(status__in=WHOLE).order_by("category")
        return (
            super()
            .get_queryset(request)
            .annotate(
                announcement_count=_count(Announcement.objects.filter(listing=OuterRef("pk"))),
                section_count=_count(SectionListing.objects.filter(listing=OuterRef("pk"))),
                category_count=_count(followed),
                whole_count=_count(followed.filter(status__in=WHOLE)),
                empty_count=_count(followed.filter(status=Coverage.Status.EMPTY)),
            )
            .prefetch_related(Prefetch("coverage", gaps, to_attr="gap_rows"))
        )

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("digest.release_listing")

    @admin.action(description="Release", permissions=["release"])
    def release(self, request: HttpRequest, chosen: QuerySet[Listing]) -> None:
        self._each(request, chosen, releasing.release, "released")

    @admin.action(description="Hold", permissions=["release"])
    def hold(self, request: HttpRequest, chosen: QuerySet[Listing]) -> None:
        self._each(request, chosen, releasing.hold, "held")

    def _each(
        self,
        request: HttpRequest,
        chosen: QuerySet[Listing],
        act: Callable[[dt.date], bool],
        done: str,
    ) -> None:
        for listing in chosen.order_by("date"):
            try:
                changed = act(listing.date)
            except ValueError as error:
                self.message_user(request, f"Not {done}: {error}.", messages.ERROR)
            else:
                self.message_user(
                    request, f"{listing.date} is {'' if changed else 'already '}{done}."
                )

    @label("status", LISTING_COLOURS, "status")
    def status_label(self, listing: Listing) -> str:
        return listing.status

    @admin.display(description="announcements", ordering="announcement_count")
    def announced(self, listing: Any) -> SafeString:
        return list_link(Announcement, listing.announcement_count, listing__date=listing.date)

    @admin.display(description="sections that found something", ordering="section_count")
    def found(self, listing: Any) -> SafeString:
        return list_link(SectionListing, listing.section_count, listing__date=listing.date)

    @admin.display(description="coverage", ordering="whole_count")
    def coverage(self, listing: Any) -> SafeString | str:
        if not listing.category_count:
            return "not checked"
        text = f"{listing.whole_count} of {listing.category_count} whole"
        if listing.empty_count == listing.category_count:
            text = Coverage.Status.EMPTY.label
        return list_link(Coverage, text, listing__date=listing.date)

    @admin.display(description="gaps")
    def gaps(self, listing: Any) -> SafeString | str:
        return _gaps_link(listing, told(map(gap, listing.gap_rows)))

    @admin.display(description="gaps")
    def gaps_in_full(self, listing: Any) -> SafeString | str:
        return _gaps_link(listing, told(map(gap, listing.gap_rows), full=True))


def _gaps_link(listing: Listing, line: str) -> SafeString | str:
    """The line, leading to the rows it tells of."""
    return list_link(Coverage, line, listing__date=listing.date, whole="no") if line else ""


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, by a subquery of its own: joins would multiply each other."""
    counted = rows.order_by().values("listing").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
