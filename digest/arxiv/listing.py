"""What a feed, a page or an API answer says, as values; no wire format is known above them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from digest.arxiv import taxonomy

Source = Literal["api", "page", "rss", "atom"]

#: arXiv cuts its feeds here, and the new papers are what it drops.
FEED_LIMIT = 2000

# What may become a category tomorrow; a class of the MSC or the ACM looks otherwise.
_CODE_SHAPE = re.compile(
    r"[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.(?:[A-Z]{2}|[a-z]{2,5}(?:-[a-z]{2,5})?))?"
)


class FeedError(ValueError):
    """A file or answer that cannot be read as a whole; nothing of it counts."""


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Malformed:
    """An entry that could not be read, or only in part, and why."""

    entry: str
    reason: str

    def __str__(self) -> str:
        return f"{self.entry}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as one source says it; ``raw`` holds what it said, to the letter."""

    arxiv_id: str
    version: int | None
    title: str
    abstract: str
    authors: tuple[Author, ...]
    categories: tuple[str, ...]
    source: Source
    announce_type: str | None = None
    listing_date: dt.date | None = None
    license: str = ""
    doi: str = ""
    journal_reference: str = ""
    comments: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A whole file: a feed or a page of one listing date over the asked categories, or an API
    answer.

    An API answer has neither date nor asked categories. ``total`` counts the entries of the
    file, those that could not be read included; ``stated`` is how many a page says there are.
    """

    source: Source
    entries: tuple[Entry, ...]
    malformed: tuple[Malformed, ...] = ()
    date: dt.date | None = None
    asked: tuple[str, ...] = ()
    total: int = 0
    stated: int | None = None

    @property
    def truncated(self) -> bool:
        if self.stated is not None:
            return self.total < self.stated
        return self.source in {"rss", "atom"} and self.total >= FEED_LIMIT


def categories_of(codes: list[str]) -> tuple[str, ...]:
    """Canonical codes, each once, in the given order; classes of other systems left out."""
    found: dict[str, None] = {}
    for code in codes:
        try:
            found[taxonomy.canonical(code)] = None
        except taxonomy.UnknownCategory:
            # The archive itself, as papers of the nineties carry it, or a category to come.
            if _CODE_SHAPE.fullmatch(code.strip()):
                found[code.strip()] = None
    return tuple(found)
