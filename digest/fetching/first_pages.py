"""Page one of papers' PDFs: fetched with the same manners as feeds, read apart, and let go."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import httpx
from django.conf import settings
from django.utils import timezone

from digest.fetching import asking, bodies
from digest.fetching.client import Arxiv, connect
from digest.fetching.errors import FetchError, NotAsked
from digest.models import FirstPage, Paper
from digest.summaries.pages.reading import PageError, first_page

MOST_BYTES = 30_000_000
MOST_ATTEMPTS = 4
_FIRST_PAUSE = dt.timedelta(hours=1)
# pdfium looks for the mark in the first kilobyte as well.
_HEAD, _MARK = 1024, b"%PDF-"


def fetch(arxiv: Arxiv, paper: Paper) -> str:
    """The text of page one. Raises FetchError with the reason, NotAsked where arXiv is left
    alone. The file is gone afterwards, whatever happened."""
    version = f"v{paper.version}" if paper.version else ""
    url = f"{arxiv.hosts.site}/pdf/{paper.arxiv_id}{version}"
    with tempfile.TemporaryDirectory(prefix="first-page-") as folder:
        file = Path(folder) / "paper.pdf"
        asking.get_apart(arxiv, url, partial(_write, file))
        with file.open("rb") as handle:
            is_pdf = _MARK in handle.read(_HEAD)
        if not is_pdf:
            raise FetchError("the answer is no PDF", final=True)
        try:
            return first_page(file)
        except PageError as error:
            raise FetchError(str(error), final=True) from error


def fetch_missing(
    papers: Iterable[Paper], limit: int, arxiv: Arxiv | None = None, most_seconds: float = 120.0
) -> int:
    """Fetch page one of those papers of which there is none yet of this version, at most
    ``limit``, and begin none after ``most_seconds``; how many texts came. Where arXiv is left
    alone it ends quietly."""
    wanted = [paper for paper in papers if _is_due(paper, timezone.now())][:limit]
    if not wanted:
        return 0
    if arxiv is not None:
        return _fetch_all(arxiv, wanted, most_seconds)
    with connect() as opened:
        return _fetch_all(opened, wanted, most_seconds)


def prune(now: dt.datetime) -> int:
    """Let go of texts older than raw answers are kept; how many."""
    oldest = now - dt.timedelta(days=settings.ANSWERS_KEPT_DAYS)
    return FirstPage.objects.filter(fetched_at__lt=oldest).delete()[0]


def _fetch_all(arxiv: Arxiv, papers: Iterable[Paper], most_seconds: float) -> int:
    found, ends = 0, time.monotonic() + most_seconds
    for paper in papers:
        if time.monotonic() >= ends:
            break
        try:
            found += _store(paper, fetch(arxiv, paper), None)
        except NotAsked:
            break
        except FetchError as error:
            _store(paper, "", error)
    return found


def _is_due(paper: Paper, now: dt.datetime) -> bool:
    page = FirstPage.objects.filter(paper=paper).first()
    if page is None or page.version != paper.version:
        return True
    return not page.text and page.next_try_at is not None and page.next_try_at <= now


def _store(paper: Paper, text: str, error: FetchError | None) -> bool:
    now = timezone.now()
    before = FirstPage.objects.filter(paper=paper, version=paper.version).first()
    attempts = (before.attempts if before else 0) + 1
    again = error is not None and not error.final and attempts < MOST_ATTEMPTS
    values = {
        "version": paper.version,
        "text": text,
        "reason": str(error) if error else "",
        "attempts": attempts,
        "next_try_at": now + _FIRST_PAUSE * 2 ** (attempts - 1) if again else None,
        "fetched_at": now,
    }
    FirstPage.objects.update_or_create(paper=paper, defaults=values)
    return bool(text)


def _write(file: Path, response: httpx.Response) -> bytes:
    """To the file, never whole in memory; what says that it is too large is believed."""
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise FetchError(f"the file says that it has {int(length):,} bytes", final=True)
    head = b""
    with file.open("wb") as handle:
        for part in bodies.unpacked(response, MOST_BYTES):
            handle.write(part)
            head = head if len(head) >= _HEAD else (head + part)[:_HEAD]
    return head
