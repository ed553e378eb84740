"""The admin of papers, listings, sections and summaries."""

from digest.admin.calendar import HolidayAdmin
from digest.admin.coverage import CoverageAdmin
from digest.admin.listings import ListingAdmin
from digest.admin.papers import AnnouncementAdmin, PaperAdmin
from digest.admin.sections import DocumentEntryAdmin, HouseSectionAdmin, SectionListingAdmin
from digest.admin.summaries import SummaryAdmin
from digest.admin.taxonomy import DomainAdmin, TopicAdmin
from digest.admin.variants import VariantGroupAdmin
from digest.admin.writers import (
    EditorNoteAdmin,
    FirstPageAdmin,
    PlacementAdmin,
    WriterCallAdmin,
)

__all__ = [
    "AnnouncementAdmin",
    "CoverageAdmin",
    "DocumentEntryAdmin",
    "DomainAdmin",
    "EditorNoteAdmin",
    "FirstPageAdmin",
    "HolidayAdmin",
    "HouseSectionAdmin",
    "ListingAdmin",
    "PaperAdmin",
    "PlacementAdmin",
    "SectionListingAdmin",
    "SummaryAdmin",
    "TopicAdmin",
    "VariantGroupAdmin",
    "WriterCallAdmin",
]
