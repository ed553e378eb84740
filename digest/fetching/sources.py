"""arXiv's sources of one category's part of a listing: each asks, and reads what comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from digest.arxiv import feed, listing_page, queries
from digest.arxiv.listing import FeedError, ParsedFeed
from digest.arxiv.listing_page import ListingPage
from digest.fetching.client import Hosts

_MOST_PAGES = 5


class OtherDay(FeedError):
    """A good answer, but of another listing: of ``date``."""

    def __init__(self, reason: str, date: dt.date) -> None:
        super().__init__(reason)
        self.date = date


@dataclass(frozen=True, slots=True)
class Sources:
    """``ask`` gives an address's bytes, from arXiv or from what is kept.

    All methods raise FetchError for what cannot be had, FeedError for what cannot be read.
    """

    hosts: Hosts
    ask: Callable[[str], bytes]

    def atom(self, category: str, date: dt.date) -> ParsedFeed:
        return self._feed(queries.atom_url(self.hosts.feeds, category), category, date)

    def rss(self, category: str, date: dt.date) -> ParsedFeed:
        return self._feed(queries.rss_url(self.hosts.feeds, category), category, date)

    def page(self, category: str, date: dt.date) -> ParsedFeed:
        return self.listing_page(category, date).feed

    def catchup(self, category: str, date: dt.date) -> ParsedFeed:
        return self.catchup_page(category, date).feed

    def listing_page(self, category: str, date: dt.date) -> ListingPage:
        """The page of the listing that is current, whole."""
        page = self._page(queries.list_url(self.hosts.site, category), category)
        if page.date != date:
            raise OtherDay(f"is of {page.date}, not of {date}", page.date)
        return _whole(page)

    def catchup_page(self, category: str, date: dt.date) -> ListingPage:
        """The page of a listing that is over, put together from all its parts."""
        pages: list[ListingPage] = []
        while not pages or not listing_page.merged(pages).is_whole:
            if len(pages) == _MOST_PAGES:
                break
            url = queries.catchup_url(self.hosts.site, category, date, len(pages) + 1)
            page = self._page(url, category)
            if page.date != date:
                raise OtherDay(f"is of {page.date}, not of {date}", page.date)
            if pages and not page.entries:
                break
            pages.append(page)
        return _whole(listing_page.merged(pages))

    def _feed(self, url: str, category: str, date: dt.date) -> ParsedFeed:
        parsed = feed.parse(self.ask(url))
        if parsed.asked != (category,):
            raise FeedError(f"the feed is for {', '.join(parsed.asked)}")
        if parsed.date and parsed.date != date:
            raise OtherDay(f"is of {parsed.date}, not of {date}", parsed.date)
        return parsed

    def _page(self, url: str, category: str) -> ListingPage:
        return listing_page.parse(self.ask(url), category)


def _whole(page: ListingPage) -> ListingPage:
    if not page.is_whole:
        shown = len(page.entries) + len(page.malformed)
        raise FeedError(f"shows {shown} of {page.stated} entries")
    return page
