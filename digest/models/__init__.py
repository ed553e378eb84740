"""What arXiv announced and what we say about it."""

from digest.models.fetching import FetchSlot
from digest.models.listings import Announcement, Coverage, Listing
from digest.models.papers import Paper
from digest.models.sections import (
    DocumentEntry,
    HouseSection,
    Section,
    SectionListing,
    Style,
)
from digest.models.summaries import Summary

__all__ = [
    "Announcement",
    "Coverage",
    "DocumentEntry",
    "FetchSlot",
    "HouseSection",
    "Listing",
    "Paper",
    "Section",
    "SectionListing",
    "Style",
    "Summary",
]
