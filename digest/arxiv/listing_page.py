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

from digest.arxiv import page_entries, taxonomy
from digest.arxiv.listing import Entry, FeedError, Malformed, ParsedFeed

_NEW_DATE = re.compile(r"Showing new listings for \w+, (\d{1,2} \w+ \d{4})", re.ASCII)
_CATCHUP = re.compile(r"Catchup results for (.+) on \w{3}, (\d{1,2} \w{3} \d{4})", re.ASCII)
_HEADING = re.compile(
    r"(New|Cross|Replacement)\s+submissions\s*"
    r"\((?:continued,\s*)?showing\s+(?:first\s+|last\s+)?(\d+)\s+of\s+(\d+)\s+entries\s*\)"
)
_NONE = re.compile(r"No updates (?:today|for)\b")
_SECTIONS = {"New": "new", "Cross": "cross", "Replacement": "replace"}
_OWN_LINK = re.compile(r"/(?:list/([A-Za-z.-]+)/recent|catchup/([A-Za-z.-]+)/\d{4}-)")
_MOST_BYTES_OF_TITLE = 120


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One category's part of a listing; ``counts`` is what the page states of each section:
    "new", "cross" and "replace", whether or not all of them stand on it."""

    category: str
    date: dt.date
    entries: tuple[Entry, ...]
    malformed: tuple[Malformed, ...]
    counts: Mapping[str, int]

    @property
    def stated(self) -> int:
        return sum(self.counts.values())

    @property
    def is_whole(self) -> bool:
        """Whether all that it states stands on it."""
        return len(self.entries) + len(self.malformed) >= self.stated

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
            stated=self.stated if self.counts else None,
        )


def parse(data: bytes, category: str = "") -> ListingPage:
    """The page's date, counts and entries. Raises FeedError for any other page.

    ``category`` is the one asked for; without it the page's own links tell.
    """
    root = _root(data)
    date, category = _date(root), category or _category(root)
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
    if not counts and _says_that_there_are_none(root):
        counts["new"] = 0
    return ListingPage(
        category, date, tuple(entries.values()), tuple(malformed), MappingProxyType(counts)
    )


def merged(pages: Sequence[ListingPage]) -> ListingPage:
    """The pages of one catch-up as one; those after the first may repeat an entry."""
    first = pages[0]
    entries = {entry.arxiv_id: entry for page in reversed(pages) for entry in page.entries}
    ordered = dict.fromkeys(entry.arxiv_id for page in pages for entry in page.entries)
    counts = {name: count for page in reversed(pages) for name, count in page.counts.items()}
    return ListingPage(
        category=first.category,
        date=first.date,
        entries=tuple(entries[arxiv_id] for arxiv_id in ordered),
        malformed=tuple(odd for page in pages for odd in page.malformed),
        counts=MappingProxyType(counts),
    )


def _root(data: bytes) -> Any:
    if not data.strip():
        raise FeedError("the answer is blank")
    if data.strip()[:200].lower().startswith(b"rate exceeded"):
        raise FeedError("arXiv answered: Rate exceeded.")
    try:
        data.decode("utf-8")
        return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise FeedError(f"not UTF-8 at byte {error.start}") from error
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"not a page: {error}") from error


def _date(root: Any) -> dt.date:
    for heading in root.iter("h1", "h3"):
        text = page_entries.text_of(heading)
        try:
            if found := _NEW_DATE.search(text):
                return dt.datetime.strptime(found[1], "%d %B %Y").date()  # noqa: DTZ007 - a date
            if found := _CATCHUP.search(text):
                return dt.datetime.strptime(found[2], "%d %b %Y").date()  # noqa: DTZ007 - a date
        except ValueError as error:
            raise FeedError(f"a listing page with an impossible date: {text[:80]}") from error
    title = page_entries.text_of(root.find(".//title"))[:_MOST_BYTES_OF_TITLE] or "no title"
    raise FeedError(f"a web page, but not a listing with its date: {title}")


def _category(root: Any) -> str:
    """From the heading or the links that lead to the same category's other pages."""
    for heading in root.iter("h1"):
        found = _CATCHUP.search(page_entries.text_of(heading))
        if found and (code := page_entries.SUBJECT.search(found[1])):
            return _canonical(code[1])
    for link in root.iter("a"):
        if found := _OWN_LINK.search(str(link.get("href") or "")):
            return _canonical(found[1] or found[2])
    raise FeedError("does not say for which category it is")


def _canonical(code: str) -> str:
    try:
        return taxonomy.canonical(code)
    except taxonomy.UnknownCategory as error:
        raise FeedError(str(error)) from error


def _says_that_there_are_none(root: Any) -> bool:
    return any(_NONE.match(page_entries.text_of(line)) for line in root.iter("p"))


def _items(root: Any, counts: dict[str, int]) -> Iterator[tuple[str, Any, Any]]:
    """Each entry's section, term and details; ``counts`` is filled on the way."""
    section, term = "", None
    for element in root.iter("h3", "dt", "dd"):
        if element.tag == "h3":
            if found := _HEADING.search(page_entries.text_of(element)):
                section = _SECTIONS[found[1]]
                counts[section] = int(found[3][:9])
        elif element.tag == "dt":
            term = element
        elif section and term is not None:
            yield section, term, element
            term = None
