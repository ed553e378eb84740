"""The guard between a writer and the reader: what a text says must stand in its paper."""

from digest.summaries.grounding.checking import check
from digest.summaries.grounding.cleaning import cleaned
from digest.summaries.grounding.findings import Finding, Kind, Source

__all__ = ["Finding", "Kind", "Source", "check", "cleaned"]
