"""Good answers, kept for a while: to be read again, and to ask only for what has changed."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator

import httpx
from django.conf import settings
from django.utils import timezone

from digest.models import Answer


def latest(url: str) -> Answer | None:
    """The last answer from an address; its body is read only when it is wanted."""
    return Answer.objects.filter(url=url).order_by("-fetched_at").defer("body").first()


def conditions(answer: Answer | None) -> dict[str, str]:
    """Headers that ask for an answer only if it differs from this one."""
    if answer is None:
        return {}
    asked = {"If-None-Match": answer.etag, "If-Modified-Since": answer.last_modified}
    return {name: value for name, value in asked.items() if value}


def body_of(answer: Answer) -> bytes:
    return gzip.decompress(bytes(answer.body))


def confirm(answer: Answer) -> bytes:
    """arXiv says that it still holds."""
    Answer.objects.filter(pk=answer.pk).update(confirmed_at=timezone.now())
    return body_of(answer)


def keep(url: str, headers: httpx.Headers, body: bytes, before: Answer | None) -> None:
    """Keeps the bytes; the same bytes as ``before`` are kept once."""
    now = timezone.now()
    validators = {
        "etag": _short(headers.get("etag", ""), 255),
        "last_modified": _short(headers.get("last-modified", ""), 64),
    }
    if before and before.length == len(body) and body_of(before) == body:
        Answer.objects.filter(pk=before.pk).update(confirmed_at=now, **validators)
        return
    packed = gzip.compress(body, mtime=0)
    Answer.objects.create(
        url=url, body=packed, length=len(body), fetched_at=now, confirmed_at=now, **validators
    )


def since(instant: dt.datetime) -> Iterator[Answer]:
    """Answers from an instant on, in the order in which they came."""
    return Answer.objects.filter(fetched_at__gte=instant).order_by("fetched_at", "pk").iterator(50)


def prune(now: dt.datetime) -> int:
    """Lets go of answers that are older than ANSWERS_KEPT_DAYS; how many."""
    oldest = now - dt.timedelta(days=settings.ANSWERS_KEPT_DAYS)
    return Answer.objects.filter(confirmed_at__lt=oldest).delete()[0]


def _short(text: str, longest: int) -> str:
    """A validator cut short would never match again."""
    return text if len(text) <= longest else ""
