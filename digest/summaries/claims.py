"""Who asks of which paper: one UPDATE that names what it expects, and a lease."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from digest.models import Summary
from digest.summaries import history
from digest.summaries.judging import page_of
from digest.summaries.key import Key

_LEASE = dt.timedelta(minutes=10)
_CHUNK = 200

_Status = Summary.Status


@dataclass(frozen=True, slots=True)
class Claimed:
    """A Summary that this worker alone may fill now, with its paper and page one's text."""

    summary: Summary
    key: Key
    page: str


def waiting() -> Q:
    """Pending without a text, of a paper with an abstract."""
    return Q(status=_Status.PENDING, text="") & ~Q(paper__abstract="")


def lease() -> dt.timedelta:
    """Longer than two calls take; it is renewed after each, so a claim outlives only the dead."""
    return _LEASE + 2 * dt.timedelta(seconds=settings.LLM_TIMEOUT)


def renew(claimed: Iterable[Claimed], now: dt.datetime) -> None:
    for one in claimed:
        _as_claimed(one).update(next_try_at=now + lease())


def claim(papers: Sequence[int], now: dt.datetime, *, rewrite: bool) -> list[Claimed]:
    """Those of the papers that may be asked about now, in their order."""
    places = {paper: place for place, paper in enumerate(papers)}
    claimed: list[Claimed] = []
    for start in range(0, len(papers), _CHUNK):
        chunk = papers[start : start + _CHUNK]
        claimed += [one for row in _open(chunk, rewrite) if (one := _claimed(row, now, rewrite))]
    return sorted(claimed, key=lambda one: places[one.summary.paper_id])


def give_back(
    claimed: Iterable[Claimed], at: dt.datetime | None, reason: str, *, attempts: int | None = None
) -> None:
    """Let go of claims; not asked again before ``at``. What a reader sees stays as it is, and so
    does what a person has said of a paper meanwhile."""
    counted = {} if attempts is None else {"attempts": attempts}
    for one in claimed:
        rows = _as_claimed(one)
        rows.update(next_try_at=at, **counted)
        rows.filter(status=_Status.PENDING, text="").update(reason=reason)


def _as_claimed(one: Claimed) -> QuerySet[Summary]:
    """The row, unless somebody has changed it since."""
    return Summary.objects.filter(pk=one.summary.pk, revision=one.summary.revision)


def _open(papers: Sequence[int], rewrite: bool) -> QuerySet[Summary]:
    wanted = waiting()
    if rewrite:
        wanted |= _own()
    return Summary.objects.filter(wanted, paper__in=papers).select_related(
        "paper", "paper__first_page"
    )


def _own() -> Q:
    """What a writer wrote and no person has touched."""
    stands = Q(status__in=(_Status.APPROVED, _Status.DRAFT)) & ~Q(paper__abstract="")
    return history.untouched() & stands


def _claimed(row: Summary, now: dt.datetime, rewrite: bool) -> Claimed | None:
    key = Key.of(row)
    if row.text and not (rewrite and key != Key.written(row)):
        return None
    free = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    same = Summary.objects.filter(free, pk=row.pk, revision=row.revision, status=row.status)
    if not same.update(next_try_at=now + lease()):
        return None
    return Claimed(row, key, page_of(row.paper))
