"""Feeds for tests: the small files of tests/fixtures/feeds, and feeds made to measure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent / "fixtures" / "feeds"
ATOM = FOLDER / "atom_cs.DC_2026-02-03.xml"
RSS = FOLDER / "rss_cs.AI+cs.CL_2026-02-03.xml"
API = FOLDER / "api_two_papers.xml"

_NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns="http://www.w3.org/2005/Atom"'
)


def atom(*entries: str, asked: str = "cs.DC", date: dt.date = dt.date(2026, 2, 3)) -> bytes:
    """An Atom feed as arXiv writes it, of entries made by ``entry``."""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {_NAMESPACES}>"
        f"<id>http://rss.arxiv.org/atom/{asked}</id><title>{asked} updates on arXiv.org</title>"
        f"<updated>{date}T12:00:00+00:00</updated>{''.join(entries).replace('@DATE@', str(date))}"
        "</feed>"
    ).encode()


def entry(
    name: str,
    *,
    announce_type: str = "new",
    categories: str = "cs.DC",
    title: str = "A title",
    abstract: str = "An abstract.",
    authors: str = "Ada One",
) -> str:
    """One entry; ``name`` is an identifier with its version. No announce type: none is said."""
    arxiv_id = name.partition("v")[0]
    said = f"<arxiv:announce_type>{announce_type}</arxiv:announce_type>" if announce_type else ""
    head = f"arXiv:{name} Announce Type: {announce_type} \nAbstract: " if announce_type else ""
    terms = "".join(f'<category term="{code}"/>' for code in categories.split())
    return (
        f"<entry><id>oai:arXiv.org:{name}</id><title>{escape(title)}</title>"
        f'<link href="https://arxiv.org/abs/{arxiv_id}"/>'
        f"<summary>{escape(head + abstract)}</summary>{terms}"
        f"<published>@DATE@T00:00:00-05:00</published>{said}"
        f"<dc:creator>{escape(authors)}</dc:creator></entry>"
    )
