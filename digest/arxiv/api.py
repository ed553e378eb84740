"""Answers of arXiv's API (export.arxiv.org/api): bytes to entries.

Read with ElementTree, since feedparser ties an affiliation to no author.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from digest.arxiv import identifiers
from digest.arxiv.listing import Author, Entry, FeedError, Malformed, ParsedFeed, categories_of
from digest.arxiv.markup import root_of, text_of
from digest.arxiv.tex import to_unicode

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_FEED = f"{_ATOM}feed"


def is_answer(root: Element) -> bool:
    """Whether this is an answer of the API rather than an announcement feed."""
    return root.tag == _FEED and (
        root.find(_TOTAL) is not None or "/api/" in text_of(root.find(f"{_ATOM}id"))
    )


def parse(data: bytes) -> ParsedFeed:
    """The papers of an answer. Raises FeedError for an error, or where papers are missing.

    An answer without papers is valid: the identifiers were unknown, or nothing was found.
    """
    root = root_of(data)
    if not is_answer(root):
        raise FeedError("not an answer of arXiv's API")
    elements = root.findall(f"{_ATOM}entry")
    entries: dict[str, Entry] = {}
    malformed = []
    for place, element in enumerate(elements, start=1):
        name = text_of(element.find(f"{_ATOM}id")).strip()
        if "/api/errors" in name:
            reason = to_unicode(text_of(element.find(f"{_ATOM}summary")))
            raise FeedError(f"arXiv answered with an error: {reason or name}")
        try:
            entry = _entry(element, name)
        except ValueError as error:
            malformed.append(Malformed(name or f"entry {place}", str(error)))
            continue
        known = entries.get(entry.arxiv_id)
        if known is None or (entry.version or 0) > (known.version or 0):
            entries[entry.arxiv_id] = entry
    _refuse_lost_page(root, len(elements))
    return ParsedFeed("api", tuple(entries.values()), tuple(malformed), total=len(elements))


def _refuse_lost_page(root: Element, count: int) -> None:
    total = text_of(root.find(_TOTAL)).strip()
    start = text_of(root.find(_TOTAL.replace("totalResults", "startIndex"))).strip()
    first = int(start) if start.isdecimal() else 0
    if not count and total.isdecimal() and int(total) > first:
        raise FeedError(f"{total} results, but none on this page: ask again later")


def _entry(element: Element, name: str) -> Entry:
    """Raises ValueError with the reason where identifier or title is missing."""
    arxiv_id, version = identifiers.parse(name)
    raw_title = text_of(element.find(f"{_ATOM}title"))
    title = to_unicode(raw_title)
    if not title:
        raise ValueError("no title")
    abstract = text_of(element.find(f"{_ATOM}summary"))
    primary = element.find(f"{_ARXIV}primary_category")
    found = [primary] if primary is not None else []
    codes = [tag.get("term", "") for tag in (*found, *element.findall(f"{_ATOM}category"))]
    writers = element.findall(f"{_ATOM}author")
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        title=title,
        abstract=to_unicode(abstract),
        authors=tuple(author for author in map(_author, writers) if author.name),
        categories=categories_of(codes),
        source="api",
        doi=_said(element, "doi")[:255],
        journal_reference=_said(element, "journal_ref"),
        comments=_said(element, "comment"),
        raw={
            "source": "api",
            "version": version,
            "title": raw_title,
            "abstract": abstract,
            "authors": [text_of(writer.find(f"{_ATOM}name")) for writer in writers],
            "categories": list(dict.fromkeys(codes)),
        },
    )


def _said(element: Element, name: str) -> str:
    return to_unicode(text_of(element.find(f"{_ARXIV}{name}")))


def _author(element: Element) -> Author:
    places = (to_unicode(text_of(place)) for place in element.findall(f"{_ARXIV}affiliation"))
    return Author(to_unicode(text_of(element.find(f"{_ATOM}name"))), tuple(filter(None, places)))
