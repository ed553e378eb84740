"""How whole our copy of each category's part of a listing is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest.admin.base import RecordAdmin, label, preformatted, short
from digest.covering import WHOLE
from digest.models import Coverage

COVERAGE_COLOURS = {
    Coverage.Status.COMPLETE.value: "success",
    Coverage.Status.EMPTY.value: "info",
    Coverage.Status.STALE.value: "warning",
    Coverage.Status.TRUNCATED.value: "warning",
    Coverage.Status.MISSING.value: "danger",
}


class WholeFilter(admin.SimpleListFilter):
    title = "whole"
    parameter_name = "whole"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Whole"), ("no", "Not whole")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Coverage]) -> QuerySet[Coverage]:
        if self.value() == "yes":
            return queryset.filter(status__in=WHOLE)
        return queryset.exclude(status__in=WHOLE) if self.value() == "no" else queryset


class DifferencesFilter(admin.SimpleListFilter):
    title = "differences"
    parameter_name = "differences"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("some", "The listing page says otherwise"),
            ("none", "The listing page says the same"),
            ("unknown", "Not held against it"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Coverage]) -> QuerySet[Coverage]:
        if self.value() == "some":
            return queryset.exclude(differences="")
        if self.value() == "none":
            return queryset.filter(differences="", reconciled_at__isnull=False)
        if self.value() == "unknown":
            return queryset.filter(reconciled_at__isnull=True)
        return queryset


@admin.register(Coverage)
class CoverageAdmin(RecordAdmin[Coverage]):
    """One category's part of one listing."""

    list_display = [
        "listing_date",
        "category",
        "status_label",
        "entries",
        "source",
        "short_reason",
        "short_differences",
        "checked_at",
    ]
    list_filter = [WholeFilter, "status", DifferencesFilter, "source", "category"]
    fields = [
        "listing",
        "category",
        "status",
        "entries",
        "source",
        "reason",
        "all_differences",
        "reconciled_at",
        "checked_at",
    ]
    date_hierarchy = "listing__date"
    search_fields = ["category", "reason", "listing__date"]
    ordering = ["-listing", "category"]

    @admin.display(description="listing", ordering="listing")
    def listing_date(self, coverage: Coverage) -> str:
        return str(coverage.listing_id)

    @label("status", COVERAGE_COLOURS, "status")
    def status_label(self, coverage: Coverage) -> str:
        return coverage.status

    @admin.display(description="reason", ordering="reason")
    def short_reason(self, coverage: Coverage) -> str:
        return short(coverage.reason)

    @admin.display(description="differences", ordering="differences")
    def short_differences(self, coverage: Coverage) -> str:
        return short(coverage.differences.replace("\n", "; "))

    @admin.display(description="where arXiv's listing page says otherwise")
    def all_differences(self, coverage: Coverage) -> SafeString | str:
        if coverage.differences:
            return preformatted(coverage.differences)
        return "nowhere" if coverage.reconciled_at else "not held against it"
