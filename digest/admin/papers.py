"""Papers and their announcements. Nothing here is edited: the next fetch would overwrite it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest.admin.base import (
    RecordAdmin,
    RecordInline,
    as_json,
    label,
    link,
    one_per_line,
    row_link,
    short,
)
from digest.models import Announcement, Paper, Summary

SUMMARY_COLOURS = {
    Summary.Status.PENDING.value: "warning",
    Summary.Status.DRAFT.value: "info",
    Summary.Status.APPROVED.value: "success",
    Summary.Status.REJECTED.value: "danger",
}


class AnnouncementInline(RecordInline[Announcement, Paper]):
    model = Announcement
    fields = ["listing", "category", "announce_type", "version", "arrived_at"]
    readonly_fields = ["arrived_at"]


@admin.register(Paper)
class PaperAdmin(RecordAdmin[Paper]):
    """What arXiv says of each paper."""

    list_display = ["arxiv_id", "short_title", "category", "source", "summary_status", "updated_at"]
    list_filter = [
        "source",
        "summary__status",
        ("announcements__category", admin.AllValuesFieldListFilter),
    ]
    list_select_related = ["summary"]
    search_fields = ["arxiv_id", "title", "authors", "abstract"]
    search_help_text = "Identifier, title, abstract or author"
    inlines = [AnnouncementInline]
    fieldsets = [
        (None, {"fields": ["arxiv_id", "version", "title", "abstract", "links"]}),
        ("Who and where", {"fields": ["people", "category_names", "comments"]}),
        ("Publication", {"fields": ["journal_reference", "doi", "license"]}),
        ("Here", {"fields": ["summary_link", "source", "created_at", "updated_at"]}),
        ("As it came", {"classes": ["collapse"], "fields": ["raw_json"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Paper]:
        papers = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "digest_paper_changelist":
            return papers.defer("abstract", "raw", "authors")
        return papers

    @admin.display(description="title", ordering="title")
    def short_title(self, paper: Paper) -> str:
        return short(paper.title)

    @admin.display(description="primary")
    def category(self, paper: Paper) -> str:
        return paper.primary_category

    @label("summary", SUMMARY_COLOURS, "summary__status")
    def summary_status(self, paper: Paper) -> str:
        return paper.summary.status if hasattr(paper, "summary") else ""

    @admin.display(description="links")
    def links(self, paper: Paper) -> SafeString:
        return one_per_line(
            [link(paper.abs_url, paper.abs_url), link(paper.pdf_url, paper.pdf_url)]
        )

    @admin.display(description="authors")
    def people(self, paper: Paper) -> SafeString:
        return one_per_line(_with_affiliations(author) for author in paper.authors)

    @admin.display(description="categories")
    def category_names(self, paper: Paper) -> str:
        return ", ".join(paper.categories)

    @admin.display(description="summary")
    def summary_link(self, paper: Paper) -> SafeString | str:
        return (
            row_link(paper.summary, paper.summary.status)
            if hasattr(paper, "summary")
            else "none yet"
        )

    @admin.display(description="title, abstract and authors")
    def raw_json(self, paper: Paper) -> SafeString:
        return as_json(paper.raw)


@admin.register(Announcement)
class AnnouncementAdmin(RecordAdmin[Announcement]):
    """One paper in one category's listing of one date."""

    list_display = ["listing_date", "category", "announce_type", "arxiv_id", "title", "version"]
    list_filter = ["announce_type", "category"]
    list_select_related = ["paper"]
    date_hierarchy = "listing__date"
    search_fields = ["paper__arxiv_id", "paper__title", "category", "listing__date"]
    ordering = ["-listing", "category", "paper"]

    @admin.display(description="listing", ordering="listing")
    def listing_date(self, announcement: Announcement) -> str:
        return str(announcement.listing_id)

    @admin.display(description="paper", ordering="paper__arxiv_id")
    def arxiv_id(self, announcement: Announcement) -> SafeString:
        return row_link(announcement.paper, announcement.paper.arxiv_id)

    @admin.display(description="title")
    def title(self, announcement: Announcement) -> str:
        return short(announcement.paper.title)


def _with_affiliations(author: dict[str, Any]) -> str:
    affiliations = "; ".join(author.get("affiliations") or [])
    return f"{author['name']} ({affiliations})" if affiliations else str(author["name"])
