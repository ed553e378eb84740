"""What arXiv announced and what we say about it."""

from digest.models.curation import EditorNote, Placement
from digest.models.fetching import Answer, FetchSlot
from digest.models.listings import Announcement, Coverage, Holiday, Listing
from digest.models.papers import Paper
from digest.models.sections import (
    DocumentEntry,
    HouseSection,
    ListingIndex,
    Section,
    SectionListing,
    Style,
    VariantGroup,
)
from digest.models.summaries import FirstPage, Summary, WriterCall
from digest.models.taxonomy import Domain, Topic

__all__ = [
    "Announcement",
    "Answer",
    "Coverage",
    "DocumentEntry",
    "Domain",
    "EditorNote",
    "FetchSlot",
    "FirstPage",
    "Holiday",
    "HouseSection",
    "Listing",
    "ListingIndex",
    "Paper",
    "Placement",
    "Section",
    "SectionListing",
    "Style",
    "Summary",
    "Topic",
    "VariantGroup",
    "WriterCall",
]
