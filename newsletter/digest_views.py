"""A delivered digest on the web: whole, where the mail was cut to its size."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest.archive.pages import ShownPaper, shown
from digest.models import Paper
from newsletter.compose import digests, notes, wording
from newsletter.compose.choosing import Digest, DigestSection
from newsletter.models import Delivery
from newsletter.signup import links
from newsletter.signup.links import Purpose


@dataclass(frozen=True, slots=True)
class PageSection:
    """One section with its papers; ``above`` counts those that stand in a section above."""

    anchor: str
    label: str
    total: int
    above: int
    cards: bool
    papers: tuple[ShownPaper, ...]


@dataclass(frozen=True, slots=True)
class PageDay:
    """Its heading is blank where the page's own says the date."""

    heading: str
    anchor: str
    sections: tuple[PageSection, ...]


@require_safe
@never_cache
def digest(request: HttpRequest, token: str) -> HttpResponse:
    try:
        delivery = Delivery.objects.select_related("issue", "subscriber").get(
            pk=links.read(Purpose.DIGEST, token)
        )
    except (links.InvalidToken, Delivery.DoesNotExist):
        response = render(request, "pages/link_unknown.html", status=404)
    else:
        response = render(request, "pages/digest.html", _page(delivery))
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(delivery: Delivery) -> dict[str, object]:
    found = digests.digest_for(delivery.subscriber, delivery.issue)
    return {
        "heading": wording.heading(found),
        "numbers": wording.numbers(found, [section.above for section in found.sections]),
        "left_out": wording.left_out(found.left_out).replace("this mail", "this digest"),
        "note": mark_safe(notes.web(found)),  # noqa: S308 - made safe by digest.markdown
        "gaps": found.gaps,
        "days": _days(found),
        "preferences_token": links.token(Purpose.PREFERENCES, delivery.subscriber_id),
    }


def _days(found: Digest) -> list[PageDay]:
    papers = Paper.objects.select_related("summary").in_bulk(found.paper_ids)
    number = 0
    days = []
    for index, day in enumerate(found.days, start=1):
        sections = []
        for section in day.sections:
            number += 1
            sections.append(_section(section, f"s{number}", papers))
        heading = wording.day_heading(day) if found.has_heading(day) else ""
        days.append(PageDay(heading, f"d{index}", tuple(sections)))
    return days


def _section(section: DigestSection, anchor: str, papers: dict[int, Paper]) -> PageSection:
    return PageSection(
        anchor=anchor,
        label=section.label,
        total=section.total,
        above=section.above,
        cards=section.cards,
        papers=tuple(
            shown(papers[pk], papers[pk].arxiv_id) for pk in section.shown if pk in papers
        ),
    )
