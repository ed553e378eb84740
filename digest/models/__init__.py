"""What arXiv announced and what we say about it."""

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
from digest.models.summaries import Summary

__all__ = [
    "Announcement",
    "Answer",
    "Coverage",
    "DocumentEntry",
    "FetchSlot",
    "Holiday",
    "HouseSection",
    "Listing",
    "ListingIndex",
    "Paper",
    "Section",
    "SectionListing",
    "Style",
    "Summary",
    "VariantGroup",
]
