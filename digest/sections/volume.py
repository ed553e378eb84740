"""How many papers a rule would have found on each of the last listings, whoever follows it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Min

from digest.arxiv import calendar
from digest.models import Coverage, ListingIndex
from digest.sections import indexing, wordstore
from digest.sections.compiled import Compiled, compiled
from digest.sections.expressions import Expression
from digest.sections.matching import holding
from digest.sections.wordindex import WordIndex


@dataclass(frozen=True, slots=True)
class DayVolume:
    """``found`` counts the papers of one listing; ``is_partial`` where the history of one of
    the rule's categories begins later."""

    date: dt.date
    found: int
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Volume:
    """The last listings, oldest first, and where each category's history begins that does not
    reach back to the first of them; None where it has none yet."""

    days: tuple[DayVolume, ...]
    begins: tuple[tuple[str, dt.date | None], ...] = ()

    @property
    def total(self) -> int:
        return sum(day.found for day in self.days)


_Kept = tuple[uuid.UUID, WordIndex]
_kept: dict[dt.date, _Kept] = {}


def forget() -> None:
    """Empty the cache of this process."""
    _kept.clear()


def volume_of(categories: Sequence[str], expression: Expression | None, now: dt.datetime) -> Volume:
    """For canonical categories (none means all) and an expression (None means every paper), its
    variants already expanded. Two queries where all listings are at hand."""
    indexes = _indexes(calendar.today(now))
    begun = _begun(categories)
    first = min(indexes, default=calendar.today(now))
    rule = compiled(expression.root) if expression else None
    late = {code: date for code, date in begun.items() if date is None or date > first}
    days = tuple(
        DayVolume(date, _count(index, categories, rule), _is_partial(date, late.values()))
        for date, index in sorted(indexes.items())
    )
    return Volume(days, tuple(sorted(late.items())))


def _count(index: WordIndex, categories: Sequence[str], rule: Compiled | None) -> int:
    held = _of_categories(index, categories)
    if rule is None or not held:
        return len(held)
    return len(holding(rule, index) & held)


def _of_categories(index: WordIndex, categories: Sequence[str]) -> frozenset[int]:
    if not categories:
        return frozenset(range(index.size))
    return frozenset().union(*(index.categories.get(code, frozenset()) for code in categories))


def _is_partial(date: dt.date, begins: Iterable[dt.date | None]) -> bool:
    return any(begin is None or date < begin for begin in begins)


def _begun(categories: Sequence[str]) -> dict[str, dt.date | None]:
    """The first date of which something was had of each category."""
    had = Coverage.objects.filter(category__in=categories, entries__gt=0).order_by()
    found = dict(had.values_list("category").annotate(first=Min("listing")))
    return {code: found.get(code) for code in categories}


def _indexes(today: dt.date) -> dict[dt.date, WordIndex]:
    """The kept words of the last listings, read where they have changed."""
    rows = ListingIndex.objects.filter(listing__lte=today, version=wordstore.version())
    wanted = dict(
        rows.order_by("-listing").values_list("listing_id", "revision")[: indexing.LISTINGS]
    )
    # Threads of one process share what is kept, and one may drop what another is about to read.
    known = {date: found for date in wanted if (found := _kept.get(date))}
    missing = [date for date, revision in wanted.items() if _revision(known, date) != revision]
    for row in ListingIndex.objects.filter(listing__in=missing) if missing else ():
        stored = wordstore.unpacked(bytes(row.body))
        known[row.listing_id] = _kept[row.listing_id] = (row.revision, WordIndex(stored))
    for date in set(_kept) - wanted.keys():
        _kept.pop(date, None)
    return {date: known[date][1] for date in wanted if date in known}


def _revision(known: dict[dt.date, _Kept], date: dt.date) -> uuid.UUID | None:
    return known[date][0] if date in known else None
