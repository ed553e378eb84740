"""The admin of papers, listings, sections and summaries."""

from digest.admin.listings import CoverageAdmin, ListingAdmin
from digest.admin.papers import AnnouncementAdmin, PaperAdmin
from digest.admin.sections import DocumentEntryAdmin, HouseSectionAdmin, SectionListingAdmin
from digest.admin.summaries import SummaryAdmin

__all__ = [
    "AnnouncementAdmin",
    "CoverageAdmin",
    "DocumentEntryAdmin",
    "HouseSectionAdmin",
    "ListingAdmin",
    "PaperAdmin",
    "SectionListingAdmin",
    "SummaryAdmin",
]
