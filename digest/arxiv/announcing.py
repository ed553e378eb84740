"""A feed over one or many categories, as announcements in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.arxiv.listing import Entry, Malformed, ParsedFeed


@dataclass(frozen=True, slots=True)
class Row:
    """One announcement to be: a paper in one category's listing."""

    arxiv_id: str
    category: str
    announce_type: str
    version: int | None


def rows(feed: ParsedFeed) -> tuple[list[Row], tuple[Malformed, ...]]:
    """The announcements of a feed, and the entries that it is not clear about."""
    found: list[Row] = []
    flagged = []
    place = {code: number for number, code in enumerate(feed.asked)}
    for entry in feed.entries:
        categories = sorted(place.keys() & entry.categories, key=place.__getitem__)
        if not categories and len(feed.asked) == 1:
            categories = list(feed.asked)  # it stands in the category's own feed
        if not categories:
            flagged.append(_flag(entry, "in none of the asked categories, so not announced"))
        elif entry.announce_type is None:
            flagged.append(_flag(entry, f"no announce type, taken for {_said(entry)}"))
        for code in categories:
            made = _type_in(entry, code, feed.asked)
            found.append(Row(entry.arxiv_id, code, made, entry.version))
    return found, tuple(flagged)


def _flag(entry: Entry, reason: str) -> Malformed:
    return Malformed(entry.arxiv_id, reason)


def _said(entry: Entry) -> str:
    """The announce type; where the feed is silent, a first version is new."""
    if entry.announce_type:
        return entry.announce_type
    return "replace" if (entry.version or 1) > 1 else "new"


def _type_in(entry: Entry, category: str, asked: Sequence[str]) -> str:
    """The announce type as this category's own listing shows it.

    A feed's type is relative to all categories asked for: new where the primary is among
    them. In a listing of its own a paper is new, or replaced, only in its primary category.
    """
    said = _said(entry)
    if entry.announce_type and len(asked) == 1:
        return said
    primary = bool(entry.categories) and entry.categories[0] == category
    if said in {"replace", "replace-cross"}:
        return "replace" if primary and said == "replace" else "replace-cross"
    return "new" if primary and said == "new" else "cross"
