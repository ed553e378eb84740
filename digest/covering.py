"""How whole our copy of a listing is, category by category.

Several workers write at once. Each row is only ever written by an UPDATE that says what it may
replace, so that whoever comes last with less takes nothing away.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from digest import almanac
from digest.arxiv.announcing import Row
from digest.arxiv.calendar import Calendar
from digest.models import Coverage, Listing

_Status = Coverage.Status

#: The states in which nothing is missing.
WHOLE = (_Status.COMPLETE, _Status.EMPTY)
#: The reason of a category that nobody has asked arXiv for yet.
NOT_FETCHED = "not fetched yet"

# A coverage is only ever replaced by a better one. What was seen of a listing counts for more
# than the calendar, which may lack a holiday or have one too many.
_RANK = {
    _Status.MISSING: 0,
    _Status.STALE: 1,
    _Status.EMPTY: 2,
    _Status.TRUNCATED: 3,
    _Status.COMPLETE: 4,
}


@dataclass(frozen=True, slots=True)
class _State:
    status: str
    reason: str
    entries: int
    source: str


def lacks(date: dt.date) -> bool:
    """Whether something is known to be missing of the listing of a date."""
    return Coverage.objects.filter(listing=date).exclude(status__in=WHOLE).exists()


def is_being_fetched(date: dt.date) -> bool:
    """Whether there are categories that arXiv has not been asked for yet."""
    waiting = Coverage.objects.filter(listing=date, status=_Status.MISSING)
    return waiting.filter(reason=NOT_FETCHED).exists()


def whole(date: dt.date) -> set[str]:
    """The categories of which nothing is missing on that date."""
    found = Coverage.objects.filter(listing=date, status__in=WHOLE)
    return set(found.values_list("category", flat=True))


def expect(date: dt.date, categories: Collection[str], *, calendar: Calendar | None = None) -> None:
    """Keeps that each category is to be had of a listing date, or that the calendar has none.

    What is known already is left as it is, but for rows of which nothing was had and that the
    calendar explains. ``calendar`` spares a query where many dates are expected.
    """
    known = dict(Coverage.objects.filter(listing=date).values_list("category", "status"))
    reason = (calendar or almanac.current()).why_no_listing(date)
    if new := sorted(set(categories) - known.keys()):
        status = _Status.EMPTY if reason else _Status.MISSING
        state = _State(status, reason or NOT_FETCHED, 0, "")
        Listing.objects.bulk_create([Listing(date=date)], ignore_conflicts=True)
        _insert(date, dict.fromkeys(new, state))
    if reason and {_Status.MISSING, _Status.STALE} & set(known.values()):
        _explain(date, reason)


def follow_calendar(date: dt.date) -> None:
    """Brings what is known of a date into line with a holiday that came or went.

    Only rows of which nothing was had change: those the calendar now explains, and those that
    it explained until now.
    """
    if reason := almanac.current().why_no_listing(date):
        _explain(date, reason)
    else:
        Coverage.objects.filter(listing=date, status=_Status.EMPTY, entries=0).update(
            status=_Status.MISSING, reason=NOT_FETCHED, source="", checked_at=timezone.now()
        )


@transaction.atomic
def mark_missing(date: dt.date, category: str, reason: str) -> None:
    """Keeps why a category's part of a listing could not be had, unless something of it is."""
    listing, _ = Listing.objects.get_or_create(date=date)
    cover(listing, (category,), [], _Status.MISSING, reason)


def cover(
    listing: Listing,
    asked: Iterable[str],
    rows: Sequence[Row],
    status: str,
    reason: str,
    source: str = "",
) -> None:
    """Writes how whole each asked category is, where that is better than what is known.

    ``source`` is what it was read from, kept with a state that is written.
    """
    counts = Counter(row.category for row in rows)
    states = {code: _State(status, reason, counts[code], source) for code in asked}
    known = _known(listing, states)
    if absent := {code: state for code, state in states.items() if code not in known}:
        _insert(listing.date, absent)
        # Somebody may have been quicker: then theirs is the row to better.
        known = _known(listing, states)
    better = defaultdict(list)
    for code, state in states.items():
        if (row := known.get(code)) and _is_better(state, row):
            better[state].append(code)
    for state, codes in better.items():
        _update(listing, codes, state)


def _known(listing: Listing, states: Iterable[str]) -> dict[str, Coverage]:
    rows = Coverage.objects.filter(listing=listing, category__in=list(states))
    return {row.category: row for row in rows}


def _insert(date: dt.date, states: dict[str, _State]) -> None:
    """Always in the same order, so that two writers never wait for each other."""
    rows = [
        Coverage(
            listing_id=date,
            category=code,
            status=state.status,
            reason=state.reason,
            entries=state.entries,
            source=state.source,
        )
        for code, state in sorted(states.items())
    ]
    Coverage.objects.bulk_create(rows, ignore_conflicts=True)


def _explain(date: dt.date, reason: str) -> None:
    nothing_had = Coverage.objects.filter(
        Q(status__in=(_Status.MISSING, _Status.STALE)) | Q(status=_Status.EMPTY, entries=0),
        listing=date,
    )
    nothing_had.exclude(status=_Status.EMPTY, reason=reason).update(
        status=_Status.EMPTY, reason=reason, entries=0, source="", checked_at=timezone.now()
    )


def _update(listing: Listing, codes: Sequence[str], state: _State) -> None:
    """Says once more, in the database, what may be replaced: the rows may have changed."""
    may_go: QuerySet[Coverage] = Coverage.objects.filter(
        Q(status__in=_worse(state.status)) | Q(status=state.status, entries__lte=state.entries),
        listing=listing,
        category__in=codes,
    )
    may_go.update(
        status=state.status,
        reason=state.reason,
        entries=state.entries,
        source=state.source,
        checked_at=timezone.now(),
    )


def _worse(status: str) -> list[str]:
    return [other for other, rank in _RANK.items() if rank < _RANK[_Status(status)]]


def _is_better(state: _State, row: Coverage) -> bool:
    if row.status != state.status:
        return row.status in _worse(state.status)
    more = state.entries - row.entries
    return more > 0 or (more == 0 and state.reason != row.reason)
