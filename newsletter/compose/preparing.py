"""Cards and lines made when an issue is planned, so that its first mails need not wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet

from digest.models import SectionListing, Style
from newsletter.compose import fragments
from newsletter.models import Issue, IssueListing, Subscriber, Subscription

_AT_ONCE = 200  # papers


def prepare(issue: Issue, readers: QuerySet[Subscriber]) -> int:
    """Make what these readers' sections show of the issue's listings; how many papers. What is
    there already, and what changes until it is sent, costs or gains nothing."""
    styles = _styles(readers)
    in_cards: set[int] = set()
    in_lines: set[int] = set()
    for section, papers in _held(issue):
        if section in styles:
            in_lines.update(papers)
            if Style.CARDS in styles[section]:
                in_cards.update(papers)
    papers = sorted(in_lines)
    for start in range(0, len(papers), _AT_ONCE):
        some = papers[start : start + _AT_ONCE]
        fragments.shelf_for(in_cards.intersection(some), some)
    return len(papers)


def _styles(readers: QuerySet[Subscriber]) -> dict[int, set[str]]:
    """How each section that somebody follows is shown."""
    followed = Subscription.objects.filter(subscriber__in=readers).order_by()
    styles: dict[int, set[str]] = defaultdict(set)
    for section, style in followed.values_list("section_id", "style").distinct():
        styles[section].add(style)
    return styles


def _held(issue: Issue) -> Iterator[tuple[int, list[int]]]:
    listings = IssueListing.objects.filter(issue=issue).values("listing")
    rows = SectionListing.objects.filter(listing__in=listings)
    return rows.values_list("section_id", "paper_ids").iterator(chunk_size=1000)
