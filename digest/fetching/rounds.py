"""One category after the other of one date, each from the first source that has it whole.

Of the current listing the feeds are asked first, then the listing page; a day that is over
stands on the catch-up page alone, and without that its papers are found by submission date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from digest import covering
from digest.arxiv import calendar
from digest.arxiv.calendar import Calendar
from digest.arxiv.listing import FeedError, ParsedFeed
from digest.fetching import by_submission
from digest.fetching.errors import FetchError, NotAsked
from digest.fetching.sources import OtherDay, Sources
from digest.ingesting import Ingested, ingest

ATOM, RSS, PAGE, CATCHUP = "Atom", "RSS", "listing page", "catch-up page"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One category of one date: what was stored, or why it is not whole. ``skipped`` if nothing
    was to be asked, ``until`` if nothing may be asked before then."""

    date: dt.date
    category: str
    ingested: Ingested | None = None
    error: str = ""
    skipped: bool = False
    until: dt.datetime | None = None

    @property
    def brought(self) -> bool:
        """Whether something came that was not there."""
        return bool(self.ingested and self.ingested.stored)


@dataclass(slots=True)
class _Attempts:
    """What became of the sources that were asked for one category."""

    reasons: list[str] = field(default_factory=list)
    unread: bool = False
    kept: bool = False  # the coverage says already why it is not whole
    ingested: Ingested | None = None
    until: dt.datetime | None = None

    @property
    def said(self) -> str:
        return "; ".join(self.reasons)


@dataclass(slots=True)
class Round:
    """What is asked on one date, and what was learnt on the way: arXiv turns all its pages at
    once, so that they need not be asked again for each category."""

    sources: Sources
    arxiv: Calendar
    date: dt.date
    now: dt.datetime
    ahead: bool = False  # feeds and listing pages have gone on to a later date
    behind: bool = False  # the listing pages have not turned to this date yet

    def fetch(self, category: str) -> Fetched:
        """Asks source after source, and stores what each gives, until the category is whole."""
        done = _Attempts()
        for name in self._order():
            if not self._worth_asking(name, done):
                continue
            self._try(name, category, done)
            if not done.reasons or done.until:
                break
        else:
            if self.date < calendar.today(self.now):
                self._try_submissions(category, done)
        if not done.reasons:
            return Fetched(self.date, category, done.ingested)
        if not (done.kept or (done.until and len(done.reasons) == 1)):
            covering.mark_missing(self.date, category, done.said)
        return Fetched(self.date, category, done.ingested, done.said, until=done.until)

    def _order(self) -> tuple[str, ...]:
        if self.date == calendar.today(self.now):
            return ATOM, RSS, PAGE, CATCHUP
        # The feeds are empty on a weekend, but the page stays.
        if self.date == self.arxiv.listing_date_of(self.now):
            return PAGE, CATCHUP
        return (CATCHUP,)

    def _worth_asking(self, name: str, done: _Attempts) -> bool:
        if name == CATCHUP:
            return not self.behind
        if name == RSS and not done.unread:
            return False  # it is made of the same rows as the Atom feed
        return not (self.ahead or (name == PAGE and self.behind))

    def _try(self, name: str, category: str, done: _Attempts) -> None:
        """Clears the reasons where the category is whole now."""
        done.unread = False
        try:
            parsed = self._reader(name)(category, self.date)
            done.ingested = ingest(parsed, date=self.date)
        except NotAsked as closed:
            done.reasons.append(str(closed))
            done.until = closed.until
        except OtherDay as other:
            self.ahead |= other.date > self.date
            self.behind |= name == PAGE and other.date < self.date
            done.reasons.append(f"{name}: {other}")
        except (FetchError, FeedError) as error:
            done.unread = True
            done.reasons.append(f"{name}: {error}")
        else:
            whole = done.ingested.coverage in covering.WHOLE
            done.reasons = [] if whole else [*done.reasons, f"{name}: {done.ingested.reason}"]

    def _reader(self, name: str) -> Callable[[str, dt.date], ParsedFeed]:
        sources = self.sources
        readers = {
            ATOM: sources.atom, RSS: sources.rss, PAGE: sources.page, CATCHUP: sources.catchup
        }  # fmt: skip
        return readers[name]

    def _try_submissions(self, category: str, done: _Attempts) -> None:
        try:
            found = by_submission.had_before(self.date, category) or by_submission.fetch(
                self.sources, self.arxiv, self.date, category
            )
        except NotAsked as closed:
            done.reasons.append(str(closed))
            done.until = closed.until
        except (FetchError, FeedError) as error:
            done.reasons.append(f"API: {error}")
        else:
            done.ingested, done.kept = found, True
            done.reasons.insert(0, found.reason)
