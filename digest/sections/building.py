"""Sections against a listing: which papers each Section holds on one date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from digest.listings import FIRST_SHOWN, listing_of
from digest.models import Announcement, Listing, Paper, Section, SectionListing
from digest.sections import expressions
from digest.sections.matching import PaperText, Rule, match

_BATCH = 500


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What building one listing did; ``unreadable`` names rules that were left alone."""

    date: dt.date
    papers: int
    sections: int
    found: int
    written: int
    removed: int
    unreadable: tuple[str, ...] = ()


@dataclass(slots=True)
class _Announced:
    """The papers of one date as each category announced them."""

    papers: dict[int, PaperText]
    ids: dict[int, str]
    by_category: dict[str, set[int]] = field(default_factory=dict)
    new_in: dict[str, set[int]] = field(default_factory=dict)

    def holding(self, categories: list[str]) -> set[int]:
        if not categories:
            return set(self.papers)
        return set().union(*(self.by_category.get(category, ()) for category in categories))

    def ordered(self, held: Iterable[int], categories: list[str]) -> list[int]:
        """New before cross, as these categories announced them, then by ascending id."""
        new = set().union(*(self.new_in.get(name, ()) for name in categories or self.new_in))
        return sorted(held, key=lambda paper: (paper not in new, self.ids[paper]))


@transaction.atomic
def build_listing(date: dt.date, only: Collection[int] | None = None) -> BuildReport:
    """Match every Section against the papers announced on a date and store what was found.

    ``only`` names Sections by primary key; the others stay as they are, and so does the listing.
    Sections that an imported document filled for this date are left alone. Running it again
    writes only what changed. Raises ListingError where nothing is known of the date.
    """
    listing = listing_of(date, lock=True)
    asked = Q() if only is None else Q(pk__in=only)
    sections = list(Section.objects.filter(asked))
    stored = {
        row.section_id: row
        for row in SectionListing.objects.filter(listing=listing)
        if only is None or row.section_id in only
    }
    fixed = {pk for pk, row in stored.items() if row.origin == SectionListing.Origin.DOCUMENT}
    sections = [section for section in sections if section.pk not in fixed]
    announced = _announced(listing)
    rules, unreadable = _rules(sections)
    found = dict(_found(sections, rules, announced))
    untouchable = fixed | {section.pk for section in unreadable}
    written, removed = _store(listing, found, stored, untouchable)
    if announced.papers and only is None:
        Listing.objects.filter(pk=date, status=Listing.Status.OPEN).update(
            status=Listing.Status.READY
        )
    return BuildReport(
        date=date,
        papers=len(announced.papers),
        sections=len(sections),
        found=len(found),
        written=written,
        removed=removed,
        unreadable=tuple(str(section) for section in unreadable),
    )


def _announced(listing: Listing) -> _Announced:
    rows = Announcement.objects.filter(listing=listing, announce_type__in=FIRST_SHOWN).order_by()
    papers = (
        Paper.objects.filter(pk__in=rows.values("paper"))
        .order_by("arxiv_id")
        .values_list("pk", "arxiv_id", "title", "abstract")
    )
    announced = _Announced({}, {})
    for pk, arxiv_id, title, abstract in papers:
        announced.papers[pk] = PaperText(pk, title, abstract)
        announced.ids[pk] = arxiv_id
    for paper, category, kind in rows.values_list("paper_id", "category", "announce_type"):
        announced.by_category.setdefault(category, set()).add(paper)
        if kind == Announcement.Type.NEW:
            announced.new_in.setdefault(category, set()).add(paper)
    return announced


def _rules(sections: list[Section]) -> tuple[list[Rule], list[Section]]:
    """The keyword rules, and the sections whose expression this program cannot read."""
    rules, unreadable = [], []
    for section in sections:
        if not section.is_keyword:
            continue
        try:
            rules.append(Rule(section.pk, expressions.parse(section.expression)))
        except expressions.ExpressionError:
            unreadable.append(section)
    return rules, unreadable


def _found(
    sections: list[Section], rules: list[Rule], announced: _Announced
) -> Iterator[tuple[int, list[int]]]:
    matched = match(announced.papers.values(), rules)
    for section in sections:
        held = announced.holding(section.category_list)
        if section.is_keyword:
            held &= set(matched.get(section.pk, ()))
        if held:
            yield section.pk, announced.ordered(held, section.category_list)


def _store(
    listing: Listing,
    found: dict[int, list[int]],
    stored: dict[int, SectionListing],
    untouchable: set[int],
) -> tuple[int, int]:
    """Write what changed and remove what finds nothing any more; how many of each."""
    changed = [
        SectionListing(section_id=section, listing=listing, paper_ids=papers)
        for section, papers in found.items()
        if section not in stored or stored[section].paper_ids != papers
    ]
    SectionListing.objects.bulk_create(
        changed,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["section", "listing"],
        update_fields=["paper_ids", "built_at"],
    )
    stale = [row.pk for pk, row in stored.items() if pk not in found and pk not in untouchable]
    for start in range(0, len(stale), _BATCH):
        SectionListing.objects.filter(pk__in=stale[start : start + _BATCH]).delete()
    return len(changed), len(stale)
