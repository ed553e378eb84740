"""One entry of a listing page: its term and details to an Entry."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from digest.arxiv import authors, identifiers
from digest.arxiv.listing import Entry, categories_of
from digest.arxiv.tex import to_unicode

SUBJECT = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)\s*(?:;|$)")
_HTML_LINK = re.compile(r"/html/(\S+)$")
# What arXiv shows for an address in a text.
_HIDDEN = re.compile(r"this (?:\w+ )?URL", re.ASCII)
_LONGEST_HEADING = 1000
_MORE_AUTHORS = re.compile(r"[,;]?\s*et al\.?\s*\(\d+ (?:additional|other) authors? not shown\)")


def read(term: Any, details: Any, section: str, category: str) -> Entry:
    """Raises ValueError with the reason where identifier or title is missing, or where it
    cannot be told what belongs to this entry."""
    arxiv_id, version = _identity(term)
    lines = _lines(details)
    raw_title = _described(lines.get("list-title"))
    title = to_unicode(raw_title)
    if not title:
        raise ValueError("no title")
    codes = SUBJECT.findall(_described(lines.get("list-subjects")))
    categories = categories_of(codes)
    creators = _MORE_AUTHORS.sub("", _described(lines.get("list-authors")))
    abstracts = [one for one in details.iter("p") if "mathjax" in _classes(one)]
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
        comments=to_unicode(_described(lines.get("list-comments"))),
        journal_reference=to_unicode(_described(lines.get("list-journal-ref"))),
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
    if section == "replace" and categories and categories[0] != category:
        return "replace-cross"
    return section


def _identity(term: Any) -> tuple[str, int | None]:
    """From the link to the abstract; the version from the one to the HTML, where there is one."""
    links = [str(link.get("href") or "") for link in term.iter("a")]
    arxiv_id = ""
    for link in term.iter("a"):
        if link.get("title") == "Abstract":
            arxiv_id, _ = identifiers.parse(text_of(link))
            break
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


def _lines(details: Any) -> dict[str, Any]:
    """The lines of an entry by their classes. Raises ValueError where one is not closed, so that
    it would take in what comes after it."""
    found: dict[str, Any] = {}
    for element in details.iter("div", "dt"):
        if element.tag == "dt":
            raise ValueError("runs into the next entry")
        for name in _classes(element):
            found.setdefault(name, element)
    for name, element in found.items():
        if name.startswith("list-") and next(element.iterdescendants("div", "p"), None) is not None:
            raise ValueError(f"its {name.removeprefix('list-')} runs into the next line")
    return found


def _classes(element: Any) -> list[str]:
    return str(element.get("class") or "").split()


def _described(line: Any) -> str:
    """The text of a line without its "Title:" and the like."""
    text = text_of(line)
    if line is None or (descriptor := line.find("span[@class='descriptor']")) is None:
        return text
    return text.removeprefix(text_of(descriptor)).strip()


def reveal(root: Any) -> None:
    """Puts the address itself where arXiv shows "this https URL", and a space at a line break."""
    for link in root.iter("a"):
        if _HIDDEN.fullmatch((link.text or "").strip()) and link.get("href"):
            with suppress(ValueError):  # holds characters that no text may
                link.text = str(link.get("href"))
    for line_break in root.iter("br"):
        line_break.text = " "


def text_of(element: Any) -> str:
    """All text below an element, white space collapsed."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def heading_of(element: Any) -> str:
    """The beginning of its text: a heading that is not closed holds the whole page."""
    pieces, length = [], 0
    for piece in element.itertext():
        pieces.append(piece[:_LONGEST_HEADING])
        length += len(piece)
        if length > _LONGEST_HEADING:
            break
    return " ".join("".join(pieces).split())
