"""HTTP to arXiv, with manners, and a listing fetched category by category."""

from __future__ import annotations

import datetime as dt
import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings

from digest import covering, pacing
from digest.arxiv import calendar, feed, taxonomy
from digest.arxiv.listing import FeedError
from digest.ingesting import Ingested, ingest
from digest.models import HouseSection

FEEDS = "https://rss.arxiv.org"
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# No feed that arXiv cuts at 2,000 entries comes near this.
_MOST_BYTES = 20_000_000
_MOST_SECONDS = 120.0
_MOST_REDIRECTS = 3


class FetchError(Exception):
    """A request that brought nothing usable."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One category: what was stored, or why nothing was. ``skipped`` if it was whole already,
    ``gone`` if arXiv's feeds have gone on to a later listing."""

    category: str
    ingested: Ingested | None = None
    error: str = ""
    skipped: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class FetchReport:
    date: dt.date
    categories: tuple[Fetched, ...]

    @property
    def failed(self) -> tuple[Fetched, ...]:
        return tuple(fetched for fetched in self.categories if fetched.error)


def followed_categories(more: Sequence[str] = ()) -> list[str]:
    """What is fetched: ARXIV_CATEGORIES, what the house's sections name, and ``more``."""
    sections = HouseSection.objects.select_related("section").order_by("place", "pk")
    named = [code for house in sections for code in house.section.category_list]
    return taxonomy.expand([*settings.ARXIV_CATEGORIES, *named, *more])


def fetch_listing(
    date: dt.date,
    categories: Sequence[str],
    *,
    base_url: str = FEEDS,
    interval: dt.timedelta = pacing.INTERVAL,
    on_done: Callable[[Fetched], None] = lambda fetched: None,
) -> FetchReport:
    """Fetches each category's feed and stores it; one that fails never harms another.

    arXiv's feeds hold the current listing only, so any other date is left ``missing`` with
    that reason; of a past one no more is asked once a feed has shown it. Categories that are
    whole are not asked for again, and on a weekend none is. Raises UnknownCategory.
    """
    codes = taxonomy.expand(categories)
    done = covering.whole(date)
    if date.weekday() > calendar.FRIDAY:
        covering.mark_empty(date, [code for code in codes if code not in done])
        done |= set(codes)
    results = []
    gone = ""
    with client(base_url) as arxiv:
        for code in codes:
            if code in done:
                fetched = Fetched(code, skipped=True)
            elif gone:
                fetched = _missing(date, code, gone)
            else:
                fetched = _fetch_category(arxiv, base_url, date, code, interval)
                gone = fetched.error if fetched.gone else ""
            on_done(fetched)
            results.append(fetched)
    return FetchReport(date, tuple(results))


def _fetch_category(
    arxiv: httpx.Client, base_url: str, date: dt.date, category: str, interval: dt.timedelta
) -> Fetched:
    try:
        data = get(arxiv, f"{base_url}/atom/{category}", interval=interval)
        parsed = feed.parse(data)
        if parsed.asked != (category,):
            raise FeedError(f"the feed is for {', '.join(parsed.asked)}")
        if parsed.date and parsed.date > date:
            reason = f"arXiv's feeds are of {parsed.date} already, and hold no other day"
            return replace(_missing(date, category, reason), gone=True)
        ingested = ingest(parsed, date=date)
    except (FetchError, FeedError) as error:
        return _missing(date, category, str(error))
    lacking = ingested.reason if category not in covering.whole(date) else ""
    return Fetched(category, ingested, error=lacking)


def _missing(date: dt.date, category: str, reason: str) -> Fetched:
    covering.mark_missing(date, category, reason)
    return Fetched(category, error=reason)


def client(base_url: str = FEEDS) -> httpx.Client:
    """A client that says who it is, keeps one connection, and follows no redirect by itself.

    Raises ValueError for an address without TLS, other than one of this machine.
    """
    parts = urlsplit(base_url)
    local = _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise ValueError(f"arXiv is asked over https only, not {base_url!r}")
    return httpx.Client(
        headers={"User-Agent": user_agent(), "Accept": "application/atom+xml, */*;q=0.5"},
        timeout=_TIMEOUT,
        limits=httpx.Limits(max_connections=1),
        follow_redirects=False,
        trust_env=not local,
    )


def user_agent() -> str:
    """Who asks, and how to reach them: what arXiv wants of every client."""
    about = "; ".join(part for part in (f"+{settings.SITE_URL}", settings.CONTACT) if part)
    return f"preprint-post/0.1 ({about})".encode("ascii", "replace").decode("ascii")


def get(arxiv: httpx.Client, url: str, *, interval: dt.timedelta = pacing.INTERVAL) -> bytes:
    """The body of a good answer. Raises FetchError with the reason for any other.

    A redirect is followed on the same host only, each step as a request of its own.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            with pacing.turn(interval), arxiv.stream("GET", url) as response:
                body = _body(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(f"{type(error).__name__}: {error}".rstrip(": ")) from error
        if not response.is_redirect:
            return _good(response, body)
        onward = urljoin(url, response.headers.get("location", ""))
        if urlsplit(onward)[:2] != urlsplit(url)[:2]:
            raise FetchError(f"refused to follow a redirect to {onward[:200]}")
        url = onward
    raise FetchError(f"more than {_MOST_REDIRECTS} redirects")


def _body(response: httpx.Response) -> bytes:
    """All of it, unless it is too large or comes too slowly."""
    body, begun = bytearray(), time.monotonic()
    for part in response.iter_bytes():
        body += part
        if len(body) > _MOST_BYTES:
            raise FetchError(f"the answer is larger than {_MOST_BYTES:,} bytes")
        if time.monotonic() - begun > _MOST_SECONDS:
            raise FetchError(f"the answer took longer than {_MOST_SECONDS:.0f} seconds")
    return bytes(body)


def _good(response: httpx.Response, body: bytes) -> bytes:
    if response.status_code == httpx.codes.OK:
        return body
    # arXiv says why in a feed that looks valid.
    reason = ""
    if response.status_code == httpx.codes.BAD_REQUEST:
        try:
            feed.parse(body)
        except FeedError as error:
            reason = f": {error}"
    raise FetchError(f"HTTP {response.status_code}{reason}")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
