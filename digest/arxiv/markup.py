"""Bytes to XML, safely, with a plain word for whatever else a server may answer."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from digest.arxiv.listing import FeedError

# Declarations of documents and entities are how XML attacks its reader; no feed has them.
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.I)


def is_page(data: bytes) -> bool:
    """Whether it is HTML rather than XML."""
    return bool(_HTML.match(data.removeprefix(b"\xef\xbb\xbf")))


def title_of(page: bytes) -> str:
    """A web page's title, to be named by."""
    title = re.search(rb"<title[^>]*>(.*?)</title>", page, re.I | re.S)
    return " ".join(title[1].decode("utf-8", "replace").split())[:120] if title else "no title"


def root_of(data: bytes) -> ElementTree.Element:
    """The document's root. Raises FeedError for what is not well-formed XML in UTF-8."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    _refuse_other_things(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FeedError(f"not UTF-8 at byte {error.start}") from error
    declared = _ENCODING.match(data)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        raise FeedError(f"declares the encoding {declared[1][:40]!r} instead of UTF-8")
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - declarations are refused above
    except (ElementTree.ParseError, ValueError) as error:
        raise FeedError(f"not well-formed XML: {error}") from error


def _refuse_other_things(data: bytes) -> None:
    start = data[:200].strip()
    if not start and not data.strip():
        raise FeedError("the answer is blank")
    if start.lower().startswith(b"rate exceeded"):
        raise FeedError("arXiv answered: Rate exceeded.")
    if _HTML.match(data):
        raise FeedError(f"a web page instead of a feed: {title_of(data)}")
    if not start.startswith(b"<"):
        raise FeedError("not XML")
    if _DECLARATION.search(data):
        raise FeedError("declares a document type or entities, which no feed of arXiv does")


def text_of(element: ElementTree.Element | None) -> str:
    """All text below the element."""
    return "" if element is None else "".join(element.itertext())
