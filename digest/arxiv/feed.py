"""arXiv's announcement feeds, Atom and RSS: bytes to entries."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import Any
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
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
# Where the entries stand in each kind of feed, and their texts in an entry.
_ENTRIES = {"rss": "channel/item", "atom": f"{_ATOM}entry"}
_TEXTS = {"rss": ("title", "description"), "atom": (f"{_ATOM}title", f"{_ATOM}summary")}
_SOURCES: dict[str, Source] = {"rss20": "rss", "atom10": "atom"}


def parse(data: bytes) -> ParsedFeed:
    """The feed's date, asked categories and entries. Raises FeedError where it is none.

    An entry that cannot be read is left out and named in ``malformed``. A feed without
    entries is valid: that is what a weekend looks like.
    """
    root = root_of(data)  # well-formed and harmless; feedparser would guess at the rest
    # The sanitiser would take "$2<N<3$" for a tag, and drop it.
    found = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    source = _SOURCES.get(found.get("version", ""))
    title = str(found.feed.get("title", ""))
    if title.startswith("Feed error"):
        reason = found.feed.get("subtitle") or found.feed.get("description") or "no reason given"
        raise FeedError(f"arXiv answered with an error: {to_unicode(str(reason))} ({title})")
    if source is None or found.bozo:
        raise FeedError(f"not a feed: {found.get('bozo_exception', 'neither Atom nor RSS 2.0')}")
    elements = root.findall(_ENTRIES[source])
    if len(elements) != len(found.entries):
        raise FeedError("has entries where none belong")
    entries, malformed = _entries(list(zip(found.entries, elements, strict=True)), source)
    return ParsedFeed(
        source=source,
        entries=tuple(entries),
        malformed=tuple(malformed),
        date=_date(found.feed, entries),
        asked=_asked(found.feed, title),
        total=len(found.entries),
    )


def _entries(
    items: list[tuple[Any, Element]], source: Source
) -> tuple[list[Entry], list[Malformed]]:
    entries: dict[str, Entry] = {}
    malformed = []
    for place, (item, element) in enumerate(items, start=1):
        name = str(item.get("id") or item.get("link") or f"entry {place}")
        try:
            entry = _entry(item, element, source)
        except ValueError as error:
            malformed.append(Malformed(name, str(error)))
            continue
        if entry.arxiv_id in entries:
            malformed.append(Malformed(name, "stands in the file twice; the first was kept"))
        else:
            entries[entry.arxiv_id] = entry
    return list(entries.values()), malformed


def _entry(item: Any, element: Element, source: Source) -> Entry:
    """Raises ValueError with the reason where identifier or title is missing.

    Texts are taken from the XML itself: feedparser takes such a text as "Â±" for UTF-8 read
    wrongly and mends it.
    """
    raw_title, summary = (text_of(element.find(name)).strip() for name in _TEXTS[source])
    creators = ", ".join(text_of(creator).strip() for creator in element.findall(_CREATOR))
    announced = _SUMMARY.match(summary)
    arxiv_id, version = _identity(item, announced)
    title = to_unicode(raw_title)
    if not title:
        raise ValueError("no title")
    codes = [str(tag.get("term") or "") for tag in item.get("tags", [])]
    abstract = announced["abstract"] if announced else summary
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        title=title,
        abstract=to_unicode(abstract),
        authors=authors.split(creators),
        categories=categories_of(codes),
        source=source,
        announce_type=_announce_type(item, announced),
        listing_date=_new_york_date(str(item.get("published", ""))),
        license=to_unicode(str(item.get("rights", "")))[:255],
        doi=to_unicode(str(item.get("arxiv_doi", "")))[:255],
        journal_reference=to_unicode(str(item.get("arxiv_journal_reference", ""))),
        raw={
            "source": source,
            "version": version,
            "title": raw_title,
            "abstract": abstract,
            "authors": creators,
            "categories": codes,
        },
    )


def _identity(item: Any, announced: re.Match[str] | None) -> tuple[str, int | None]:
    """From the guid, which has the version; else from the summary; else from the link."""
    candidates = [str(item.get("id", ""))]
    if announced:
        candidates.append(f"{announced['id']}v{announced['version']}")
    candidates.append(str(item.get("link", "")))
    for candidate in candidates:
        try:
            return identifiers.parse(candidate)
        except ValueError:
            continue
    raise ValueError("no arXiv identifier")


def _announce_type(item: Any, announced: re.Match[str] | None) -> str | None:
    said = (str(item.get("arxiv_announce_type", "")).strip(), announced and announced["type"])
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
