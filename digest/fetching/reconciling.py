"""What we have of a listing, held against arXiv's own page of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.utils import timezone

from digest import almanac
from digest.arxiv import calendar
from digest.arxiv.listing import FeedError
from digest.arxiv.listing_page import ListingPage
from digest.fetching import asking, client
from digest.fetching.client import Hosts
from digest.fetching.errors import FetchError
from digest.fetching.listings import Part
from digest.fetching.sources import OtherDay, Sources
from digest.ingesting import ingest
from digest.models import Announcement, Coverage

#: Older listings are not held against their page any more.
OLDEST = dt.timedelta(days=7)
_FIRST_SHOWN = ("new", "cross")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """``parts`` were held against their page, and ``stored`` papers were found on it alone;
    ``error`` says why it ended early."""

    parts: tuple[Part, ...] = ()
    stored: int = 0
    error: str = ""


def due(now: dt.datetime) -> list[Part]:
    """Complete categories of recent listings that were not held against their page yet."""
    rows = Coverage.objects.filter(
        status=Coverage.Status.COMPLETE,
        reconciled_at=None,
        listing__gte=calendar.today(now) - OLDEST,
    )
    # What came from the page itself needs no second look.
    rows.filter(source="page").update(reconciled_at=now)
    parts = rows.exclude(source="page").order_by("-listing", "category")
    return list(parts.values_list("listing", "category"))


def reconcile(
    parts: Sequence[Part],
    *,
    hosts: Hosts | None = None,
    interval: dt.timedelta | None = None,
    seconds: float = 240.0,
) -> Reconciled:
    """Names every difference in the coverage, and stores the papers that only the page has."""
    end = time.monotonic() + seconds
    done: list[Part] = []
    stored = 0
    with client.connect(hosts, interval) as arxiv:
        sources = Sources(arxiv.hosts, partial(asking.get, arxiv))
        for date, category in parts:
            if time.monotonic() > end:
                break
            try:
                page = _page(sources, date, category)
                stored += _compare(page)
            except FeedError as error:
                _write(date, category, [f"the page cannot be read: {error}"])
            except FetchError as error:
                if not error.final:
                    return Reconciled(tuple(done), stored, str(error))
                _write(date, category, [f"the page is not to be had: {error}"])
            done.append((date, category))
    return Reconciled(tuple(done), stored)


def _page(sources: Sources, date: dt.date, category: str) -> ListingPage:
    if date == almanac.current().listing_date_of(timezone.now()):
        try:
            return sources.listing_page(category, date)
        except OtherDay:
            pass  # it turns in the evening, hours before the feeds do
    return sources.catchup_page(category, date)


def _compare(page: ListingPage) -> int:
    """Returns how many papers were stored."""
    rows = Announcement.objects.filter(listing=page.date, category=page.category)
    ours = dict(rows.values_list("paper__arxiv_id", "announce_type"))
    theirs = {entry.arxiv_id: entry.announce_type or "" for entry in page.entries}
    lacking = tuple(
        entry
        for entry in page.entries
        if entry.announce_type in _FIRST_SHOWN and entry.arxiv_id not in ours
    )
    if lacking:
        ingest(replace(page.feed, entries=lacking, malformed=(), total=len(lacking)))
    _write(page.date, page.category, list(_differences(page, ours, theirs)))
    return len(lacking)


def _differences(
    page: ListingPage, ours: Mapping[str, str], theirs: Mapping[str, str]
) -> Iterator[str]:
    """New papers and cross-lists exactly; of replacements only what the page does not have, as
    the feeds leave out versions from the sixth on."""
    for arxiv_id, said in theirs.items():
        known = ours.get(arxiv_id)
        if known is None and said in _FIRST_SHOWN:
            yield f"{arxiv_id}: {said} on the page, not in the feed; now stored from the page"
        elif known is not None and known != said and {known, said} & set(_FIRST_SHOWN):
            yield f"{arxiv_id}: {said} on the page, {known} in the feed"
    for odd in page.malformed:
        yield f"{odd.entry}: on the page, but not to be read: {odd.reason}"
    for arxiv_id in sorted(ours.keys() - theirs.keys()):
        yield f"{arxiv_id}: {ours[arxiv_id]} in the feed, not on the page"
    for name, stated in page.counts.items():
        found = sum(said.removesuffix("-cross") == name for said in theirs.values())
        if stated != found and not page.malformed:
            yield f"the page states {stated} entries as {name}, and has {found}"


def _write(date: dt.date, category: str, differences: Sequence[str]) -> None:
    Coverage.objects.filter(listing=date, category=category).update(
        differences="\n".join(differences), reconciled_at=timezone.now()
    )
