"""The public archive: what was released, in the reference document's own form."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from digest.archive import absent, marking, pages, weekly
from digest.archive.days import days_of
from digest.archive.exporting import NoWeek, filled_days, week_document
from digest.archive.week import WeekDocument, monday_of, week_span
from digest.archive.week_json import as_json
from digest.arxiv import identifiers
from digest.models import Announcement, DocumentEntry, Listing, Paper

WEEKS_PER_PAGE = 13


@require_safe
@conditional_page
def archive(request: HttpRequest) -> HttpResponse:
    dates = pages.released_dates()
    page = Paginator(pages.weeks_of(dates), WEEKS_PER_PAGE).get_page(request.GET.get("page"))
    columns = pages.fill_weeks(list(page), dates)
    return render(request, "pages/archive_index.html", {"page": page, "columns": columns})


@require_safe
@conditional_page
def archive_day(request: HttpRequest, date: dt.date) -> HttpResponse:
    released = Listing.objects.filter(status=Listing.Status.RELEASED)
    neighbours = {
        "previous": _first(released.filter(date__lt=date).order_by("-date")),
        "next": _first(released.filter(date__gt=date).order_by("date")),
    }
    if not released.filter(date=date).exists():
        return _no_day(request, date, neighbours)
    day = pages.shown_days(days_of([date]))[0]
    context = neighbours | {"day": day, "monday": monday_of(date)}
    return render(request, "pages/archive_day.html", context)


def _no_day(
    request: HttpRequest, date: dt.date, neighbours: dict[str, dt.date | None]
) -> HttpResponse:
    """Not found, with the reason."""
    now = timezone.now()
    if not absent.is_thinkable(date, now):
        raise Http404(f"{date} is no day of arXiv's")
    context = neighbours | {"date": date, "why": absent.why(date, now)}
    return render(request, "pages/archive_no_day.html", context, status=404)


@require_safe
@conditional_page
def archive_week(request: HttpRequest, monday: dt.date) -> HttpResponse:
    days = filled_days(monday, released_only=True)
    if not days:
        raise Http404("nothing is released of this week")
    sunday = monday + dt.timedelta(days=6)
    released = Listing.objects.filter(status=Listing.Status.RELEASED)
    before = _first(released.filter(date__lt=monday).order_by("-date"))
    after = _first(released.filter(date__gt=sunday).order_by("date"))
    context = {
        "days": pages.shown_days(days),
        "monday": monday,
        "span": week_span(monday),
        "previous": before and monday_of(before),
        "next": after and monday_of(after),
    }
    return render(request, "pages/archive_week.html", context)


@require_safe
@conditional_page
def archive_week_md(request: HttpRequest, monday: dt.date) -> HttpResponse:
    text = weekly.format(_released_week(monday))
    return HttpResponse(text.encode(), content_type="text/markdown; charset=utf-8")


@require_safe
@conditional_page
def archive_week_json(request: HttpRequest, monday: dt.date) -> HttpResponse:
    text = as_json(_released_week(monday))
    return HttpResponse(text.encode(), content_type="application/json")


@require_safe
@conditional_page
def paper(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    try:
        name, _ = identifiers.parse(arxiv_id)
    except ValueError as error:
        raise Http404(str(error)) from error
    found = get_object_or_404(_released_papers(), arxiv_id=name)
    if name != arxiv_id:
        return redirect("paper", name)
    context = {
        "shown": pages.shown(found),
        "marked": marking.marked(found),
        "paper": found,
        "dates": _dates_of(found),
    }
    return render(request, "pages/paper.html", context)


def _first(listings: QuerySet[Listing]) -> dt.date | None:
    return listings.values_list("date", flat=True).first()


def _released_week(monday: dt.date) -> WeekDocument:
    try:
        return week_document(monday, released_only=True)
    except NoWeek as error:
        raise Http404(str(error)) from error


def _released_papers() -> QuerySet[Paper]:
    """Papers that a released listing announced or a released document names."""
    released = Listing.Status.RELEASED
    announced = Announcement.objects.filter(paper=OuterRef("pk"), listing__status=released)
    named = DocumentEntry.objects.filter(
        paper=OuterRef("pk"), section_listing__listing__status=released
    )
    return Paper.objects.filter(Exists(announced) | Exists(named)).select_related("summary")


def _dates_of(paper: Paper) -> list[tuple[dt.date, str]]:
    """The released listings a paper is in, each with the categories that announced it."""
    released = Listing.Status.RELEASED
    named = DocumentEntry.objects.filter(paper=paper, section_listing__listing__status=released)
    found: dict[dt.date, list[str]] = {
        date: [] for date in named.values_list("section_listing__listing", flat=True)
    }
    announced = Announcement.objects.filter(paper=paper, listing__status=released)
    for date, category in announced.order_by("category").values_list("listing", "category"):
        found.setdefault(date, []).append(category)
    return [(date, ", ".join(found[date])) for date in sorted(found)]
