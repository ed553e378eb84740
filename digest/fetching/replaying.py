"""What arXiv answered of one date, read once more from what is kept, without the network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from digest import almanac
from digest.arxiv import calendar, feed, listing_page
from digest.arxiv.listing import FeedError, ParsedFeed
from digest.fetching import answers, by_submission
from digest.fetching.client import configured_hosts
from digest.fetching.errors import FetchError
from digest.fetching.sources import Sources
from digest.ingesting import Ingested, ingest
from digest.models import Answer

# A page may still show its date on the Tuesday after a long weekend.
_SHOWN_FOR = dt.timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One kept answer: what was stored of it, or why it was refused."""

    name: str
    ingested: Ingested | None = None
    error: str = ""


def replay(date: dt.date) -> Iterator[Replayed]:
    """Reads every answer that may be of the date; those of another are passed over."""
    announced = calendar.announced_at(date)
    caught_up: dict[str, None] = {}
    for answer in answers.since(announced):
        kind, _, rest = urlsplit(answer.url).path.strip("/").partition("/")
        category = rest.partition("/")[0]
        if kind == "catchup" and rest == f"{category}/{date.isoformat()}":
            caught_up[category] = None
        elif kind in {"atom", "rss", "list"} and answer.fetched_at < announced + _SHOWN_FOR:
            yield from _read(answer, kind, category, date)
    sources = Sources(configured_hosts(), _kept)
    for category in caught_up:
        name = f"catchup {category}"
        try:
            done = ingest(sources.catchup(category, date), date=date)
            yield Replayed(name, done)
        except (FeedError, FetchError) as error:
            yield Replayed(name, error=str(error))
    yield from _by_submission(sources, date)


def _by_submission(sources: Sources, date: dt.date) -> Iterator[Replayed]:
    arxiv = almanac.current()
    for category in by_submission.categories_of(date):
        try:
            done = by_submission.fetch(sources, arxiv, date, category)
            yield Replayed(f"api {category}", done)
        except (FeedError, FetchError) as error:
            yield Replayed(f"api {category}", error=str(error))


def _read(answer: Answer, kind: str, category: str, date: dt.date) -> Iterator[Replayed]:
    name = f"{kind} {category} of {answer.fetched_at:%Y-%m-%d %H:%M} UTC"
    try:
        parsed = _parsed(answers.body_of(answer), kind, category)
        if parsed.date == date:
            yield Replayed(name, ingest(parsed, date=date))
    except FeedError as error:
        yield Replayed(name, error=str(error))


def _parsed(body: bytes, kind: str, category: str) -> ParsedFeed:
    return listing_page.parse(body, category).feed if kind == "list" else feed.parse(body)


def _kept(url: str) -> bytes:
    answer = answers.latest(url)
    if answer is None:
        raise FetchError(f"no answer from {url} is kept")
    return answers.body_of(answer)
