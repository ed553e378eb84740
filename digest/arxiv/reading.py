"""Whatever arXiv answered, recognised by its content."""

from __future__ import annotations

from digest.arxiv import api, feed
from digest.arxiv.listing import ParsedFeed
from digest.arxiv.markup import root_of


def parse(data: bytes) -> ParsedFeed:
    """An Atom or RSS feed, or an answer of the API. Raises FeedError for anything else."""
    root = root_of(data)
    return api.parse(data) if api.is_answer(root) else feed.read(root)
