"""One entry of a listing page: its term and details to an Entry."""

from __future__ import annotations

import re
from typing import Any

from digest.arxiv import authors, identifiers
from digest.arxiv.listing import Entry, categories_of
from digest.arxiv.tex import to_unicode

SUBJECT = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)\s*(?:;|$)")
_HTML_LINK = re.compile(r"/html/(\S+)$")
_MORE_AUTHORS = re.compile(r"[,;]?\s*et al\.?\s*\(\d+ (?:additional|other) authors? not shown\)")


def read(term: Any, details: Any, section: str, category: str) -> Entry:
    """Raises ValueError with the reason where identifier or title is missing."""
    arxiv_id, version = _identity(term)
    raw_title = _described(details, "list-title")
    title = to_unicode(raw_title)
    if not title:
        raise ValueError("no title")
    codes = SUBJECT.findall(_described(details, "list-subjects"))
    categories = categories_of(codes)
    creators = _MORE_AUTHORS.sub("", _described(details, "list-authors"))
    abstracts = [one for one in details.iter("p") if "mathjax" in (one.get("class") or "").split()]
    abstract = text_of(abstracts[0]) if abstracts else ""
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        title=title,
        abstract=to_unicode(abstract),
        authors=authors.split("" if "list is unavailable" in creators else creators),
        categories=categories,
        source="page",
        announce_type=_announce_type(section, categories, category),
        comments=to_unicode(_described(details, "list-comments")),
        journal_reference=to_unicode(_described(details, "list-journal-ref")),
        raw={
            "source": "page",
            "version": version,
            "title": raw_title,
            "abstract": abstract,
            "authors": creators,
            "categories": codes,
        },
    )


def _announce_type(section: str, categories: tuple[str, ...], category: str) -> str:
    if section == "replace" and categories[:1] != (category,):
        return "replace-cross"
    return section


def _identity(term: Any) -> tuple[str, int | None]:
    """From the link to the abstract; the version from the one to the HTML, where there is one."""
    links = [str(link.get("href") or "") for link in term.iter("a")]
    arxiv_id = ""
    for link in term.iter("a"):
        if link.get("title") == "Abstract":
            arxiv_id, _ = identifiers.parse(text_of(link))
    if not arxiv_id:
        raise ValueError("no arXiv identifier")
    for found in filter(None, map(_HTML_LINK.search, links)):
        try:
            same, version = identifiers.parse(found[1])
        except ValueError:
            continue
        if same == arxiv_id:
            return arxiv_id, version
    return arxiv_id, None


def _described(details: Any, name: str) -> str:
    """The text of one line of the details, without its "Title:" and the like."""
    for element in details.iter("div"):
        if name in (element.get("class") or "").split():
            described = [one for one in element.iter("span") if one.get("class") == "descriptor"]
            text = text_of(element)
            return text.removeprefix(text_of(described[0])).strip() if described else text
    return ""


def text_of(element: Any) -> str:
    """All text below an element; where arXiv shows "this https URL", the address itself."""
    if element is None:
        return ""
    for link in element.iter("a"):
        if (link.text or "").startswith("this http") and link.get("href"):
            link.text = str(link.get("href"))
    return " ".join("".join(element.itertext()).split())
