"""What beat asks for: the recent listings that have something new, matched and summarised."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from digest.arxiv import calendar
from digest.listings import FIRST_SHOWN
from digest.models import Announcement, Listing, Section, Summary
from digest.sections.building import BuildReport, build_listing
from digest.summaries.writing import SummariesReport, summarize

#: Older listings are matched and summarised only by hand.
OLDEST = dt.timedelta(days=7)
#: Building again does no harm, so what is new is taken to be new for longer than a tick.
NEWS = dt.timedelta(hours=1)


def build_new(now: dt.datetime) -> list[BuildReport]:
    """Build recent listings with papers, or all of them for a new Section, that are not built."""
    return [build_listing(date) for date in _dates(_to_build(now))]


def summarize_new(now: dt.datetime) -> list[SummariesReport]:
    """Fill the Summaries of recent listings that lack some."""
    return [summarize(date) for date in _dates(_to_summarize(now))]


def _to_build(now: dt.datetime) -> QuerySet[Listing]:
    announced = _announced()
    if Section.objects.filter(created_at__gt=now - NEWS).exists():
        return _recent(now).filter(Exists(announced))
    never = Q(status=Listing.Status.OPEN) & Exists(announced)
    return _recent(now).filter(never | Exists(announced.filter(arrived_at__gt=now - NEWS)))


def _to_summarize(now: dt.datetime) -> QuerySet[Listing]:
    lacking = Q(paper__summary__isnull=True)
    fillable = Q(paper__summary__status=Summary.Status.PENDING) & ~Q(paper__abstract="")
    return _recent(now).filter(Exists(_announced().filter(lacking | fillable)))


def _recent(now: dt.datetime) -> QuerySet[Listing]:
    return Listing.objects.filter(date__gte=calendar.today(now) - OLDEST)


def _announced() -> QuerySet[Announcement]:
    return Announcement.objects.filter(listing=OuterRef("pk"), announce_type__in=FIRST_SHOWN)


def _dates(listings: QuerySet[Listing]) -> list[dt.date]:
    return list(listings.order_by("date").values_list("date", flat=True))
