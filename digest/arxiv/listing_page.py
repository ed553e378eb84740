"""arXiv's listing pages, /list/<category>/new and /catchup/<category>/<date>: bytes to entries.

They name the listing date and count what was announced, so they tell whether a feed is whole;
and the catch-up page is the only source that gives back a day that is over, for 90 days.
https://info.arxiv.org/help/listings.html
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lxml import etree, html

from digest.arxiv import page_entries, page_heads
from digest.arxiv.listing import Entry, FeedError, Malformed, ParsedFeed

_HEADING = re.compile(
    r"(New|Cross|Replacement)\s+submissions\s*"
    r"\((?:continued,\s*)?showing\s+(?:first\s+|last\s+)?(\d+)\s+of\s+(\d+)\s+entries\s*\)"
)
_SECTIONS = {"New": "new", "Cross": "cross", "Replacement": "replace"}


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One category's part of a listing.

    ``counts`` is what the page states of each section, "new", "cross" and "replace", whether or
    not all of them stand on it; ``total`` is what it states of all sections, where it does.
    """

    category: str
    date: dt.date
    entries: tuple[Entry, ...]
    malformed: tuple[Malformed, ...]
    counts: Mapping[str, int]
    total: int | None = None

    @property
    def stated(self) -> int:
        return max(sum(self.counts.values()), self.total or 0)

    @property
    def is_whole(self) -> bool:
        """Whether it states how many there are, and all of them stand on it."""
        return self._counts_any and len(self.entries) + len(self.malformed) >= self.stated

    @property
    def _counts_any(self) -> bool:
        return bool(self.counts) or self.total is not None

    @property
    def feed(self) -> ParsedFeed:
        """As a feed of that one category."""
        return ParsedFeed(
            source="page",
            entries=self.entries,
            malformed=self.malformed,
            date=self.date,
            asked=(self.category,),
            total=len(self.entries) + len(self.malformed),
            # A page that counts nothing at all is one that we do not understand.
            stated=self.stated if self._counts_any else None,
        )


def parse(data: bytes, category: str = "") -> ListingPage:
    """The page's date, counts and entries. Raises FeedError for any other page.

    ``category`` is the one asked for: a page of another one is refused.
    """
    root = _root(data)
    date, category = page_heads.date(root), page_heads.category(root, category)
    entries: dict[str, Entry] = {}
    malformed: list[Malformed] = []
    counts: dict[str, int] = {}
    for section, term, details in _items(root, counts):
        try:
            entry = page_entries.read(term, details, section, category)
        except ValueError as error:
            malformed.append(Malformed(page_entries.text_of(term)[:80], str(error)))
            continue
        if entry.arxiv_id in entries:
            malformed.append(Malformed(entry.arxiv_id, "stands on the page twice"))
        else:
            entries[entry.arxiv_id] = entry
    if not counts and page_heads.says_that_there_are_none(root):
        counts["new"] = 0
    return ListingPage(
        category=category,
        date=date,
        entries=tuple(entries.values()),
        malformed=tuple(malformed),
        counts=MappingProxyType(counts),
        total=page_heads.total(root),
    )


def merged(pages: Sequence[ListingPage]) -> ListingPage:
    """The pages of one catch-up as one; those after the first may repeat an entry.

    Raises FeedError where they are not all of one day and category.
    """
    first = pages[0]
    for page in pages:
        if (page.date, page.category) != (first.date, first.category):
            said = f"{first.date} and {page.date}, {first.category} and {page.category}"
            raise FeedError(f"the pages are not of one listing: {said}")
    entries = {entry.arxiv_id: entry for page in reversed(pages) for entry in page.entries}
    ordered = dict.fromkeys(entry.arxiv_id for page in pages for entry in page.entries)
    counts = {name: count for page in reversed(pages) for name, count in page.counts.items()}
    return ListingPage(
        category=first.category,
        date=first.date,
        entries=tuple(entries[arxiv_id] for arxiv_id in ordered),
        malformed=tuple(dict.fromkeys(odd for page in pages for odd in page.malformed)),
        counts=MappingProxyType(counts),
        total=max((page.total for page in pages if page.total is not None), default=None),
    )


def _root(data: bytes) -> Any:
    if not data.strip():
        raise FeedError("the answer is blank")
    if data.strip()[:200].lower().startswith(b"rate exceeded"):
        raise FeedError("arXiv answered: Rate exceeded.")
    try:
        data.decode("utf-8")
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise FeedError(f"not UTF-8 at byte {error.start}") from error
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"not a page: {error}") from error
    page_entries.reveal(root)
    return root


def _items(root: Any, counts: dict[str, int]) -> Iterator[tuple[str, Any, Any]]:
    """Each entry's section, term and details; ``counts`` is filled on the way."""
    section, term = "", None
    for element in root.iter("h3", "dt", "dd"):
        if element.tag == "h3":
            if found := _HEADING.search(page_entries.heading_of(element)):
                section = _SECTIONS[found[1]]
                counts[section] = int(found[3][:9])
        elif element.tag == "dt":
            term = element
        elif section and term is not None:
            yield section, term, element
            term = None
