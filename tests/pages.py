"""Listing pages for tests, as arXiv writes them, made to measure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

_SECTIONS = (("New", "new"), ("Cross", "cross"), ("Replacement", "replace"))


def page(
    *items: str,
    category: str = "cs.DC",
    date: dt.date = dt.date(2026, 2, 3),
    catchup: bool = False,
) -> bytes:
    """A page of items such as "2602.00001 new" or "2602.00002 cross cs.AI cs.DC"."""
    heading = f"<h3>Showing new listings for {date:%A}, {date.day} {date:%B} {date.year}</h3>"
    if catchup:
        heading = f"<h1>Catchup results for X ({category}) on {date:%a}, {date:%d %b %Y}</h1>"
    found = [item.split() for item in items]
    sections = "".join(
        _section(name, [words for words in found if words[1] == kind], category)
        for name, kind in _SECTIONS
        if any(words[1] == kind for words in found)
    )
    return f"<!DOCTYPE html><html><body>{heading}{sections}</body></html>".encode()


def _section(name: str, items: Sequence[list[str]], category: str) -> str:
    count = len(items)
    body = "".join(_item(words[0], words[2:] or [category]) for words in items)
    return f"<h3>{name} submissions (showing {count} of {count} entries)</h3><dl>{body}</dl>"


def _item(arxiv_id: str, categories: Sequence[str]) -> str:
    subjects = "; ".join(f"Name ({code})" for code in categories)
    return (
        f'<dt><a href="/abs/{arxiv_id}" title="Abstract">arXiv:{arxiv_id}</a></dt><dd>'
        f'<div class="list-title"><span class="descriptor">Title:</span>'
        f"{escape(f'Title of {arxiv_id}')}</div>"
        f'<div class="list-authors"><a>Ada One</a></div>'
        f'<div class="list-subjects"><span class="descriptor">Subjects:</span> {subjects}</div>'
        f'<p class="mathjax">Abstract of {arxiv_id}.</p></dd>'
    )
