"""Whatever arXiv answered, recognised by its content."""

from __future__ import annotations

from digest.arxiv import api, feed, listing_page
from digest.arxiv.listing import ParsedFeed
from digest.arxiv.markup import is_page, root_of


def parse(data: bytes) -> ParsedFeed:
    """An Atom or RSS feed, a listing page, or an answer of the API. Raises FeedError for anything
    else."""
    if is_page(data):
        return listing_page.parse(data).feed
    root = root_of(data)
    return api.parse(data) if api.is_answer(root) else feed.read(root)
