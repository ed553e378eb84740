"""What beat asks for: the recent listings that have something new, matched and summarised."""

from __future__ import annotations

import datetime as dt
import time

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from digest.arxiv import calendar
from digest.listings import FIRST_SHOWN
from digest.models import Announcement, Coverage, Listing, Section, Summary
from digest.sections.building import BuildReport, build_listing, build_news
from digest.sections.indexing import index_new
from digest.summaries.card_pages import read_pages
from digest.summaries.writing import SummariesReport, summarize

#: Older listings are matched and summarised only by hand.
OLDEST = dt.timedelta(days=7)
#: Well within a task's time limit.
MOST_SECONDS = 480.0
# Each takes three seconds of everybody's turn at arXiv.
_PAGES_AT_ONCE = 40
_PAGES_SECONDS = 120.0


def build_new(now: dt.datetime) -> list[BuildReport]:
    """Match what came to recent listings since they were last matched: papers, or Sections.

    Afterwards the words of what was matched are kept, for rules that nobody follows yet.
    """
    reports = [build_news(date) for date in _dates(_to_build(now))]
    index_new(calendar.today(now))
    return reports


def match_variants(now: dt.datetime) -> list[BuildReport]:
    """Match the rules with ``~`` anew, after their groups were edited; what is released stays."""
    only = list(Section.objects.filter(expression__startswith="~").values_list("pk", flat=True))
    waiting = _recent(now).exclude(status=Listing.Status.RELEASED).filter(Exists(_announced()))
    return [build_listing(date, only=only) for date in _dates(waiting)] if only else []


def summarize_new(now: dt.datetime, most_seconds: float = MOST_SECONDS) -> list[SummariesReport]:
    """Fill the Summaries of recent listings that lack some, the newest first; a language model
    is asked for no longer than that."""
    ends = time.monotonic() + most_seconds
    dates = reversed(_dates(_to_summarize(now)))
    return [summarize(date, most_seconds=ends - time.monotonic()) for date in dates]


def read_new_pages(now: dt.datetime) -> int:
    """Page one of the cards of recent listings, the newest first; how many texts came."""
    if not settings.FIRST_PAGES_PER_DAY:
        return 0
    recent = reversed(_dates(_recent(now).filter(Exists(_announced()))))
    found, ends = 0, time.monotonic() + _PAGES_SECONDS
    for date in recent:
        left = ends - time.monotonic()
        if found >= _PAGES_AT_ONCE or left <= 0:
            break
        found += read_pages(date, now, _PAGES_AT_ONCE - found, left)
    return found


def _to_build(now: dt.datetime) -> QuerySet[Listing]:
    announced = _announced()
    news = Exists(announced.filter(pk__gt=OuterRef("matched_to")))
    last = Section.objects.aggregate(last=Max("pk"))["last"] or 0
    new_sections = Q(matched_sections_to__lt=last) & Exists(announced)
    whole_now = Q(status=Listing.Status.OPEN, matched_to__gt=0) & ~Exists(_lacking())
    return _recent(now).filter(Q(news) | new_sections | whole_now)


def _to_summarize(now: dt.datetime) -> QuerySet[Listing]:
    lacking = Q(paper__summary__isnull=True)
    due = Q(paper__summary__next_try_at__isnull=True) | Q(paper__summary__next_try_at__lte=now)
    fillable = Q(paper__summary__status=Summary.Status.PENDING, paper__summary__text="")
    fillable &= due & ~Q(paper__abstract="")
    return _recent(now).filter(Exists(_announced().filter(lacking | fillable)))


def _recent(now: dt.datetime) -> QuerySet[Listing]:
    return Listing.objects.filter(date__gte=calendar.today(now) - OLDEST)


def _lacking() -> QuerySet[Coverage]:
    done = [Coverage.Status.COMPLETE, Coverage.Status.EMPTY]
    return Coverage.objects.filter(listing=OuterRef("pk")).exclude(status__in=done)


def _announced() -> QuerySet[Announcement]:
    return Announcement.objects.filter(listing=OuterRef("pk"), announce_type__in=FIRST_SHOWN)


def _dates(listings: QuerySet[Listing]) -> list[dt.date]:
    return list(listings.order_by("date").values_list("date", flat=True))
