"""Summaries, with the paper beside the text that speaks of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString

from digest.admin.base import ModelAdmin, label, link, one_per_line, row_link, short
from digest.admin.forms import SummaryForm
from digest.admin.papers import SUMMARY_COLOURS
from digest.models import Announcement, Listing, Summary
from digest.summaries import editing

_LISTINGS_OFFERED = 14


class ListingFilter(admin.SimpleListFilter):
    """Summaries of the papers of one of the last listings."""

    title = "listing"
    parameter_name = "listing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        dates = Listing.objects.values_list("date", flat=True)[:_LISTINGS_OFFERED]
        return [(date.isoformat(), date.isoformat()) for date in dates]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        date = parse_date(self.value() or "")
        if date is None:
            return queryset
        papers = Announcement.objects.filter(listing=date).values("paper")
        return queryset.filter(paper__in=papers)


@admin.register(Summary)
class SummaryAdmin(ModelAdmin[Summary]):
    """What we say of each paper; saved through digest.summaries.editing."""

    form = SummaryForm
    list_display = ["arxiv_id", "title", "tags", "status_label", "writer", "revision", "updated_at"]
    list_display_links = ["arxiv_id", "title"]
    list_filter = ["status", "writer", ListingFilter, "domain"]
    list_select_related = ["paper"]
    list_per_page = 50
    search_fields = ["paper__arxiv_id", "paper__title", "text", "domain", "topic", "keywords"]
    search_help_text = "Identifier, title, tags or text"
    ordering = ["-updated_at", "-pk"]
    actions = ["approve", "reject"]
    warn_unsaved_form = True
    compressed_fields = False
    readonly_fields = [
        "paper_title", "abstract", "links", "writer", "revision", "reason",
        "paper_version", "prompt_version", "model", "created_at", "updated_at",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": [("paper_title", "links"), ("text", "abstract"), ("status", "reason")]}),
        ("Tags", {"fields": [("domain", "topic"), ("keywords", "institutions"), "seen_revision"]}),
        (
            "Who wrote it",
            {
                "fields": [
                    ("writer", "revision"),
                    ("model", "prompt_version"),
                    ("paper_version", "updated_at"),
                ]
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Summary | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Summary]:
        return super().get_queryset(request).select_related("paper").defer("paper__raw")

    def save_model(self, request: HttpRequest, obj: Summary, form: Any, change: bool) -> None:
        editing.edit(obj.pk, form.wanted())

    @admin.action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Summary]) -> None:
        self._set_status(request, chosen, Summary.Status.APPROVED)

    @admin.action(description="Reject: show the abstract instead", permissions=["change"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Summary]) -> None:
        self._set_status(request, chosen, Summary.Status.REJECTED)

    def _set_status(
        self, request: HttpRequest, chosen: QuerySet[Summary], status: Summary.Status
    ) -> None:
        changed = 0
        for summary in chosen:
            try:
                changed += editing.set_status(summary.pk, status)
            except editing.EditRefused as error:
                self.message_user(request, f"{summary.paper.arxiv_id}: {error}", messages.ERROR)
        self.message_user(request, f"{changed} {status.label}.".lower())

    @admin.display(description="paper", ordering="paper__arxiv_id")
    def arxiv_id(self, summary: Summary) -> str:
        return summary.paper.arxiv_id

    @admin.display(description="title", ordering="paper__title")
    def title(self, summary: Summary) -> str:
        return short(summary.paper.title)

    @admin.display(description="tags", ordering="domain")
    def tags(self, summary: Summary) -> str:
        return short(" / ".join(tag for tag in (summary.domain, summary.topic) if tag))

    @label("status", SUMMARY_COLOURS, "status")
    def status_label(self, summary: Summary) -> str:
        return summary.status

    @admin.display(description="paper")
    def paper_title(self, summary: Summary) -> SafeString:
        return row_link(summary.paper, summary.paper.title)

    @admin.display(description="abstract")
    def abstract(self, summary: Summary) -> str:
        return summary.paper.abstract or "unknown: the paper is known from a document only"

    @admin.display(description="links")
    def links(self, summary: Summary) -> SafeString:
        paper = summary.paper
        return one_per_line(
            [link(paper.abs_url, paper.abs_url), link(paper.pdf_url, paper.pdf_url)]
        )
