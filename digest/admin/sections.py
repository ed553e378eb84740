"""The house's sections in their order, and what every section found."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest.admin.base import ModelAdmin, RecordAdmin, list_link, one_per_line, row_link, short
from digest.admin.forms import HouseSectionForm
from digest.models import DocumentEntry, HouseSection, Paper, SectionListing


@admin.register(HouseSection)
class HouseSectionAdmin(ModelAdmin[HouseSection]):
    """The public digest: which sections, under what label, in what order."""

    form = HouseSectionForm
    list_display = ["label", "section", "style", "place"]
    list_display_links = ["label"]
    list_select_related = ["section"]
    list_filter = ["style"]
    search_fields = ["label", "section__categories", "section__expression"]
    ordering = ["place", "pk"]
    ordering_field = "place"
    fields = ["categories", "expression", "label", "style", "place"]


@admin.register(SectionListing)
class SectionListingAdmin(RecordAdmin[SectionListing]):
    """The papers that one section found in one listing."""

    list_display = ["listing_date", "section", "label", "total", "origin", "built_at"]
    list_filter = ["origin"]
    list_select_related = ["section"]
    date_hierarchy = "listing__date"
    search_fields = ["section__categories", "section__expression", "label", "listing__date"]
    ordering = ["-listing", "place", "section"]
    fields = [
        "listing",
        "section",
        "label",
        "place",
        "origin",
        "total",
        "built_at",
        "entries",
        "papers",
    ]

    @admin.display(description="listing", ordering="listing")
    def listing_date(self, section_listing: SectionListing) -> str:
        return str(section_listing.listing_id)

    @admin.display(description="total")
    def total(self, section_listing: SectionListing) -> int:
        return section_listing.total

    @admin.display(description="document entries")
    def entries(self, section_listing: SectionListing) -> SafeString:
        count = DocumentEntry.objects.filter(section_listing=section_listing).count()
        return list_link(DocumentEntry, count, section_listing__id__exact=section_listing.pk)

    @admin.display(description="papers, in order")
    def papers(self, section_listing: SectionListing) -> SafeString:
        papers = Paper.objects.only("arxiv_id", "title").in_bulk(section_listing.paper_ids)
        return one_per_line(
            row_link(papers[pk], short(str(papers[pk])))
            for pk in section_listing.paper_ids
            if pk in papers
        )


@admin.register(DocumentEntry)
class DocumentEntryAdmin(RecordAdmin[DocumentEntry]):
    """A paper as an imported weekly document had it, to the letter."""

    list_display = ["listing_date", "section", "place", "arxiv_id", "short_title"]
    list_select_related = ["section_listing__section", "paper"]
    list_filter = ["section_listing__origin", "text_label"]
    date_hierarchy = "section_listing__listing__date"
    search_fields = ["title", "paper__arxiv_id", "section_listing__label"]
    ordering = ["-section_listing__listing", "section_listing__place", "place"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentEntry]:
        return super().get_queryset(request).defer("paper__abstract", "paper__raw", "text")

    @admin.display(description="listing", ordering="section_listing__listing")
    def listing_date(self, entry: DocumentEntry) -> str:
        return str(entry.section_listing.listing_id)

    @admin.display(description="section", ordering="section_listing__section")
    def section(self, entry: DocumentEntry) -> str:
        return entry.section_listing.label or str(entry.section_listing.section)

    @admin.display(description="paper", ordering="paper__arxiv_id")
    def arxiv_id(self, entry: DocumentEntry) -> SafeString:
        return row_link(entry.paper, entry.paper.arxiv_id)

    @admin.display(description="title", ordering="title")
    def short_title(self, entry: DocumentEntry) -> str:
        return short(entry.title)
