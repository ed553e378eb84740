"""arXiv's announcement feeds, Atom and RSS: bytes to entries.

The entries are read from the XML itself; feedparser reads what stands around them. It would
take "±" in a text for UTF-8 read wrongly, and "$2<N<3$" for a tag, and most of its time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import feedparser

from digest.arxiv import authors, calendar, identifiers, taxonomy
from digest.arxiv.listing import Entry, FeedError, Malformed, ParsedFeed, Source, categories_of
from digest.arxiv.markup import root_of, text_of
from digest.arxiv.tex import to_unicode

TYPES = frozenset({"new", "cross", "replace", "replace-cross"})

_SUMMARY = re.compile(
    r"^\s*arXiv:(?P<id>\S+?)v(?P<version>\d+) Announce Type: (?P<type>[a-z-]+)\s*\n"
    r"Abstract: ?(?P<abstract>.*)",
    re.S,
)
_ADDRESS = re.compile(r"/(?:rss|atom)/([A-Za-z.+-]+)/?$")
_TITLE = re.compile(r"^(?P<asked>.+?) updates on arXiv\.org$")
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
# What stands around the entries in each kind of feed, and what they and their parts are called.
_AROUND = {"rss": "channel", "atom": "."}
_ENTRY = {"rss": "item", "atom": f"{_ATOM}entry"}
_TEXTS = {"rss": ("title", "description"), "atom": (f"{_ATOM}title", f"{_ATOM}summary")}
_GUID = {"rss": "guid", "atom": f"{_ATOM}id"}
_LINK = {"rss": "link", "atom": f"{_ATOM}link"}
_CATEGORY = {"rss": "category", "atom": f"{_ATOM}category"}
_PUBLISHED = {"rss": "pubDate", "atom": f"{_ATOM}published"}
_SOURCES: dict[str, Source] = {"rss20": "rss", "atom10": "atom"}


def parse(data: bytes) -> ParsedFeed:
    """The feed's date, asked categories and entries. Raises FeedError where it is none.

    An entry that cannot be read is left out and named in ``malformed``. A feed without
    entries is valid: that is what a weekend looks like.
    """
    return read(root_of(data))


def read(root: Element) -> ParsedFeed:
    """The same from the XML, out of which it takes the entries."""
    source: Source = "atom" if root.tag == f"{_ATOM}feed" else "rss"
    elements = _taken(root, source)
    found = _without_entries(root)
    title = str(found.feed.get("title", ""))
    if title.startswith("Feed error"):
        reason = found.feed.get("subtitle") or found.feed.get("description") or "no reason given"
        raise FeedError(f"arXiv answered with an error: {to_unicode(str(reason))} ({title})")
    if found.bozo or _SOURCES.get(found.get("version", "")) != source:
        raise FeedError(f"not a feed: {found.get('bozo_exception', 'neither Atom nor RSS 2.0')}")
    if found.entries or any(_holds_another(element, source) for element in elements):
        raise FeedError("has entries where none belong")
    entries, malformed = _entries(elements, source)
    return ParsedFeed(
        source=source,
        entries=tuple(entries),
        malformed=tuple(malformed),
        date=_date(found.feed, entries),
        asked=_asked(found.feed, title),
        total=len(elements),
    )


def _taken(root: Element, source: Source) -> list[Element]:
    """The elements of the entries, which stand in the tree no longer."""
    elements: list[Element] = []
    for around in root.findall(_AROUND[source]):
        elements += around.findall(_ENTRY[source])
        around[:] = [child for child in around if child.tag != _ENTRY[source]]
    return elements


def _holds_another(element: Element, source: Source) -> bool:
    return sum(1 for _ in element.iter(_ENTRY[source])) > 1


def _without_entries(root: Element) -> Any:
    try:
        data = ElementTree.tostring(root, encoding="utf-8")
    except RecursionError:
        raise FeedError("not a feed: elements within elements without end") from None
    try:
        return feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    except KeyError as error:  # its own, where a category stands in an odd place
        raise FeedError(f"not a feed: {error} where none belongs") from error


def _entries(elements: list[Element], source: Source) -> tuple[list[Entry], list[Malformed]]:
    entries: dict[str, Entry] = {}
    malformed = []
    for place, element in enumerate(elements, start=1):
        guid, link = _said(element, _GUID[source]), _link(element, source)
        name = guid or link or f"entry {place}"
        try:
            entry = _entry(element, source, guid, link)
        except ValueError as error:
            malformed.append(Malformed(name, str(error)))
            continue
        if entry.arxiv_id in entries:
            malformed.append(Malformed(name, "stands in the file twice; the first was kept"))
        else:
            entries[entry.arxiv_id] = entry
    return list(entries.values()), malformed


def _entry(element: Element, source: Source, guid: str, link: str) -> Entry:
    """Raises ValueError with the reason where identifier or title is missing."""
    raw_title, summary = (_said(element, name) for name in _TEXTS[source])
    creators = ", ".join(text_of(creator).strip() for creator in element.findall(f"{_DC}creator"))
    announced = _SUMMARY.match(summary)
    arxiv_id, version = _identity(guid, announced, link)
    title = to_unicode(raw_title)
    if not title:
        raise ValueError("no title")
    codes = _codes(element, source)
    abstract = announced["abstract"] if announced else summary
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        title=title,
        abstract=to_unicode(abstract),
        authors=authors.split(creators),
        categories=categories_of(codes),
        source=source,
        announce_type=_announce_type(element, announced),
        listing_date=_new_york_date(_said(element, _PUBLISHED[source])),
        license=to_unicode(_said(element, f"{_DC}rights"))[:255],
        doi=to_unicode(_said(element, f"{_ARXIV}DOI"))[:255],
        journal_reference=to_unicode(_said(element, f"{_ARXIV}journal_reference")),
        raw={
            "source": source,
            "version": version,
            "title": raw_title,
            "abstract": abstract,
            "authors": creators,
            "categories": codes,
        },
    )


def _said(element: Element, name: str) -> str:
    return text_of(element.find(name)).strip()


def _link(element: Element, source: Source) -> str:
    """The address of the paper's own page: Atom has it in an attribute, among others."""
    if source == "rss":
        return _said(element, _LINK[source])
    links = element.findall(_LINK[source])
    return next((link.get("href", "") for link in links if _leads_to_the_page(link)), "")


def _leads_to_the_page(link: Element) -> bool:
    return link.get("rel", "alternate") == "alternate"


def _codes(element: Element, source: Source) -> list[str]:
    """The categories as they are written, each once."""
    found = element.findall(_CATEGORY[source])
    codes = [category.get("term") or text_of(category).strip() for category in found]
    return [code for code in dict.fromkeys(codes) if code]


def _identity(guid: str, announced: re.Match[str] | None, link: str) -> tuple[str, int | None]:
    """From the guid, which has the version; else from the summary; else from the link."""
    candidates = [guid]
    if announced:
        candidates.append(f"{announced['id']}v{announced['version']}")
    candidates.append(link)
    for candidate in candidates:
        try:
            return identifiers.parse(candidate)
        except ValueError:
            continue
    raise ValueError("no arXiv identifier")


def _announce_type(element: Element, announced: re.Match[str] | None) -> str | None:
    said = (_said(element, f"{_ARXIV}announce_type"), announced and announced["type"])
    return next((name for name in said if name in TYPES), None)


def _date(feed: Any, entries: list[Entry]) -> dt.date | None:
    """The listing date: RSS says it of the feed, Atom only of the entries.

    An empty Atom feed has nothing but the instant at which it was made.
    """
    if date := _new_york_date(str(feed.get("published", ""))):
        return date
    dates = Counter(entry.listing_date for entry in entries if entry.listing_date)
    if dates:
        return dates.most_common(1)[0][0]
    return _new_york_date(str(feed.get("updated", "")))


@lru_cache(maxsize=256)
def _new_york_date(text: str) -> dt.date | None:
    """Of RFC 822 or RFC 3339; None where there is none."""
    text = text.strip()
    try:
        instant = (
            dt.datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        )
        # Without an offset it is New York's own clock: that is where arXiv's day turns.
        return calendar.today(instant) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError, IndexError):
        return None


def _asked(feed: Any, title: str) -> tuple[str, ...]:
    """The categories asked for, from the feed's own address or title; archives expanded."""
    codes: list[str] = []
    for address in (feed.get("id"), feed.get("link")):
        if found := _ADDRESS.search(str(address or "")):
            codes = found[1].split("+")
            break
    else:
        if found := _TITLE.match(title):
            codes = re.split(r"[,+\s]+", found["asked"])
    asked: dict[str, None] = {}
    for code in filter(None, codes):
        try:
            asked.update(dict.fromkeys(taxonomy.expand([code])))
        except taxonomy.UnknownCategory:
            asked.update(dict.fromkeys(categories_of([code])))
    if not asked:
        raise FeedError("does not say for which categories it is")
    return tuple(asked)
