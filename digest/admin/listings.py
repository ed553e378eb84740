"""Listings, to release or to hold, and how whole our copy of each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest import releasing
from digest.admin.base import RecordAdmin, RecordInline, label, list_link
from digest.models import Announcement, Coverage, Listing, SectionListing

LISTING_COLOURS = {
    Listing.Status.OPEN.value: "info",
    Listing.Status.READY.value: "primary",
    Listing.Status.RELEASED.value: "success",
    Listing.Status.HELD.value: "warning",
}
COVERAGE_COLOURS = {
    Coverage.Status.COMPLETE.value: "success",
    Coverage.Status.EMPTY.value: "info",
    Coverage.Status.STALE.value: "warning",
    Coverage.Status.TRUNCATED.value: "warning",
    Coverage.Status.MISSING.value: "danger",
}
WHOLE = (Coverage.Status.COMPLETE, Coverage.Status.EMPTY)


class CoverageInline(RecordInline[Coverage, Listing]):
    model = Coverage
    fields = ["category", "status", "entries", "reason", "checked_at"]
    readonly_fields = ["checked_at"]


@admin.register(Listing)
class ListingAdmin(RecordAdmin[Listing]):
    """One listing date as a whole; its state changes by the two actions alone."""

    list_display = ["date", "status_label", "announced", "found", "coverage", "released_at"]
    list_filter = ["status"]
    search_fields = ["date"]
    search_help_text = "Date, such as 2026-02"
    inlines = [CoverageInline]
    actions = ["release", "hold"]
    fields = ["date", "status", "announced", "found", "coverage", "released_at", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Listing]:
        followed = Coverage.objects.filter(listing=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                announcement_count=_count(Announcement.objects.filter(listing=OuterRef("pk"))),
                section_count=_count(SectionListing.objects.filter(listing=OuterRef("pk"))),
                category_count=_count(followed),
                whole_count=_count(followed.filter(status__in=WHOLE)),
            )
        )

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("digest.change_listing")

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
        return list_link(Coverage, text, listing__date=listing.date)


@admin.register(Coverage)
class CoverageAdmin(RecordAdmin[Coverage]):
    """One category's part of one listing."""

    list_display = ["listing_date", "category", "status_label", "entries", "reason", "checked_at"]
    list_filter = ["status", "category"]
    date_hierarchy = "listing__date"
    search_fields = ["category", "reason", "listing__date"]
    ordering = ["-listing", "category"]

    @admin.display(description="listing", ordering="listing")
    def listing_date(self, coverage: Coverage) -> str:
        return str(coverage.listing_id)

    @label("status", COVERAGE_COLOURS, "status")
    def status_label(self, coverage: Coverage) -> str:
        return coverage.status


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, by a subquery of its own: joins would multiply each other."""
    counted = rows.order_by().values("listing").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
