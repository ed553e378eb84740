"""One question to arXiv, with manners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import httpx
from django.utils import timezone

from digest import pacing
from digest.arxiv import feed
from digest.arxiv.listing import FeedError
from digest.fetching import answers, bodies
from digest.fetching.client import Arxiv
from digest.fetching.errors import FetchError, NotAsked
from digest.models import Answer
from digest.pacing import Turn

# Less than the lease of the slot, so that it never ends while somebody still asks.
MOST_SECONDS = 120.0
_MOST_REDIRECTS = 3
_FINAL = {httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND, httpx.codes.GONE}
_BUSY = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}

Read = Callable[[httpx.Response], bytes]


@dataclass(frozen=True, slots=True)
class _Answered:
    status: int
    headers: httpx.Headers
    body: bytes


def get(arxiv: Arxiv, url: str) -> bytes:
    """The body of a good answer, which is kept. Raises FetchError with the reason for any other,
    and NotAsked where arXiv is left alone for now.

    A redirect is followed on the same host only, each step as a request of its own.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        before = answers.latest(url)
        answered = _in_turn(arxiv, url, before, bodies.read)
        if answered.status == httpx.codes.NOT_MODIFIED and before:
            return answers.confirm(before)
        if answered.status == httpx.codes.OK:
            answers.keep(url, answered.headers, answered.body, before)
            return answered.body
        url = _onward(url, answered)
    raise FetchError(f"more than {_MOST_REDIRECTS} redirects")


def get_apart(arxiv: Arxiv, url: str, read: Read) -> None:
    """The same for what is never kept: ``read`` takes the good answer, and gives back enough of
    its beginning to tell what it is."""
    for _ in range(_MOST_REDIRECTS + 1):
        answered = _in_turn(arxiv, url, None, read)
        if answered.status == httpx.codes.OK:
            return
        url = _onward(url, answered)
    raise FetchError(f"more than {_MOST_REDIRECTS} redirects")


def _in_turn(arxiv: Arxiv, url: str, before: Answer | None, read: Read) -> _Answered:
    try:
        with pacing.turn(arxiv.interval) as turn:
            answered = _ask(arxiv, url, before, turn, read)
            _judge(answered, url, turn)
            return answered
    except pacing.Blocked as closed:
        raise NotAsked(str(closed), closed.until) from closed


def _ask(arxiv: Arxiv, url: str, before: Answer | None, turn: Turn, read: Read) -> _Answered:
    """What the server said. That it could not be reached counts against it, our caps do not."""
    headers, extensions = answers.conditions(before), {"trace": arxiv.watch.note}
    try:
        with (
            arxiv.watch.over(MOST_SECONDS),
            arxiv.client.stream("GET", url, headers=headers, extensions=extensions) as response,
        ):
            is_good = response.status_code == httpx.codes.OK
            body = read(response) if is_good else bodies.read(response)
            answered = _Answered(response.status_code, response.headers, body)
    except (httpx.HTTPError, httpx.InvalidURL, bodies.Garbled) as error:
        if arxiv.watch.late:
            raise FetchError(_too_long()) from error
        reason = str(error)
        if not isinstance(error, bodies.Garbled):
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
        turn.failed(reason)
        raise FetchError(reason) from error
    if arxiv.watch.late:  # without a length, an answer that we cut off looks like a whole one
        raise FetchError(_too_long())
    return answered


def _too_long() -> str:
    return f"the answer took longer than {MOST_SECONDS:.0f} seconds"


def _judge(answered: _Answered, url: str, turn: Turn) -> None:
    """Says how the server is. Raises FetchError where this is no answer to be had."""
    status, reason = answered.status, ""
    if status == httpx.codes.OK:
        page = urlsplit(url).path.startswith(("/list/", "/catchup/"))
        reason = bodies.why_no_answer(answered.body, page=page)
        if not reason:
            turn.went_well()
            return
        turn.failed(reason)
    elif status == httpx.codes.NOT_MODIFIED:
        turn.went_well()
        return
    elif httpx.codes.is_redirect(status):
        return
    elif status in _BUSY:
        reason = f"HTTP {status}"
        turn.failed(reason, busy=True, retry_after=_retry_after(answered.headers))
    else:
        reason = f"HTTP {status}{_said(answered)}"
        # Who is forbidden to ask has asked too much.
        if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.FORBIDDEN:
            turn.failed(reason)
    raise FetchError(reason, final=status in _FINAL)


def _said(answered: _Answered) -> str:
    """arXiv says why in a feed that looks valid."""
    if answered.status == httpx.codes.BAD_REQUEST:
        try:
            feed.parse(answered.body)
        except FeedError as error:
            return f": {error}"
    return ""


def _retry_after(headers: httpx.Headers) -> dt.timedelta | None:
    """Seconds, or a date; None for anything else."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return dt.timedelta(seconds=int(text[:9]))
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    return instant - timezone.now()


def _onward(url: str, answered: _Answered) -> str:
    if "location" not in answered.headers:
        raise FetchError(f"HTTP {answered.status}")
    onward = urljoin(url, answered.headers["location"])
    if urlsplit(onward)[:2] != urlsplit(url)[:2]:
        raise FetchError(f"refused to follow a redirect to {onward[:200]}")
    return onward
