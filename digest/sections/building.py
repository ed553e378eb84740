"""Sections against a listing: which papers each Section holds on one date.

A listing remembers up to which announcement and which Section it was matched, so that what
arrives later is matched by itself: new papers against all Sections, new Sections against all
papers. Everything is matched anew at the release, when texts may have changed since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from digest import covering
from digest.listings import listing_of
from digest.models import Listing, Section, SectionListing
from digest.sections.announced import Announced, announced, texts
from digest.sections.matching import Rule, match
from digest.sections.rows import SectionRow, StoredRow, section_rows, stored_rows
from digest.sections.rules import understood

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


@dataclass(frozen=True, slots=True)
class _Held:
    """What one section holds: its papers in order, and the late ones among them."""

    papers: list[int]
    late: dict[str, list[int]]


@transaction.atomic
def build_listing(date: dt.date, only: Collection[int] | None = None) -> BuildReport:
    """Match every Section against the papers announced on a date and store what was found.

    ``only`` names Sections by primary key; the others stay as they are, and so does the listing.
    Sections that an imported document filled for this date are left alone. Running it again
    writes only what changed. Raises ListingError where nothing is known of the date.
    """
    listing = listing_of(date, lock=True)
    asked = Q() if only is None else Q(pk__in=only)
    sections = section_rows(Section.objects.filter(asked))
    day = announced(listing)
    report = _build(listing, day, sections, set(day.ids), whole=True)
    if only is None:
        _mark(listing, day, sections)
    return report


@transaction.atomic
def build_news(date: dt.date) -> BuildReport:
    """Match only what came since the listing was last matched: papers, and Sections."""
    listing = listing_of(date, lock=True)
    day = announced(listing)
    newer = Section.objects.filter(pk__gt=listing.matched_sections_to)
    sections = section_rows(Section.objects.all() if day.news else newer)
    old = [section for section in sections if section.pk <= listing.matched_sections_to]
    new = [section for section in sections if section.pk > listing.matched_sections_to]
    done = _build(listing, day, old, day.news, whole=False)
    more = _build(listing, day, new, set(day.ids), whole=True)
    _mark(listing, day, sections)
    return BuildReport(
        date=date,
        papers=len(day.ids),
        sections=done.sections + more.sections,
        found=done.found + more.found,
        written=done.written + more.written,
        removed=done.removed + more.removed,
        unreadable=done.unreadable + more.unreadable,
    )


def _build(
    listing: Listing,
    day: Announced,
    sections: Sequence[SectionRow],
    papers: set[int],
    *,
    whole: bool,
) -> BuildReport:
    """Match sections against ``papers``. ``whole``: these are all there are, so that a section
    holds nothing else; otherwise they join what it holds already."""
    stored = stored_rows(listing, sections) if sections and (papers or whole) else {}
    fixed = {pk for pk, row in stored.items() if row.is_from_document}
    open_sections = [section for section in sections if section.pk not in fixed]
    rules, unreadable = _rules(open_sections)
    found: dict[int, _Held] = {}
    for section, held in _found(open_sections, rules, day, papers):
        if not whole and section.pk in stored:
            held |= set(stored[section.pk].paper_ids) & day.ids.keys()
        names = section.category_list
        found[section.pk] = _Held(day.ordered(held, names), day.batches(held, names))
    written = _write(listing, found, stored)
    untouchable = fixed | {section.pk for section in unreadable}
    stale = [row.pk for pk, row in stored.items() if pk not in found and pk not in untouchable]
    removed = _remove(stale) if whole else 0
    return BuildReport(
        date=listing.date,
        papers=len(day.ids),
        sections=len(open_sections),
        found=len(found),
        written=written,
        removed=removed,
        unreadable=tuple(str(section) for section in unreadable),
    )


def _rules(sections: Sequence[SectionRow]) -> tuple[list[Rule], list[SectionRow]]:
    """The keyword rules, and the sections whose expression this program cannot read."""
    keyword = [section for section in sections if section.expression]
    known = understood(section.expression for section in keyword)
    rules = [
        Rule(section.pk, known[section.expression])
        for section in keyword
        if section.expression in known
    ]
    return rules, [section for section in keyword if section.expression not in known]


def _found(
    sections: Sequence[SectionRow], rules: list[Rule], day: Announced, papers: set[int]
) -> Iterator[tuple[SectionRow, set[int]]]:
    matched = match(texts(papers), rules) if rules and papers else {}
    by_categories: dict[str, set[int]] = {}
    for section in sections:
        if section.categories not in by_categories:
            by_categories[section.categories] = day.holding(section.category_list) & papers
        held = by_categories[section.categories]
        if section.expression:
            held = held.intersection(matched.get(section.pk, ()))
        if held:
            yield section, set(held)


def _write(listing: Listing, found: dict[int, _Held], stored: dict[int, StoredRow]) -> int:
    """Write what changed; how many rows."""
    changed = [
        pk
        for pk, held in found.items()
        if pk not in stored or (stored[pk].paper_ids, stored[pk].late) != (held.papers, held.late)
    ]
    for start in range(0, len(changed), _BATCH):
        SectionListing.objects.bulk_create(
            [
                SectionListing(
                    section_id=pk, listing=listing, paper_ids=found[pk].papers, late=found[pk].late
                )
                for pk in changed[start : start + _BATCH]
            ],
            update_conflicts=True,
            unique_fields=["section", "listing"],
            update_fields=["paper_ids", "late", "built_at"],
        )
    return len(changed)


def _remove(rows: list[int]) -> int:
    for start in range(0, len(rows), _BATCH):
        SectionListing.objects.filter(pk__in=rows[start : start + _BATCH]).delete()
    return len(rows)


def _mark(listing: Listing, day: Announced, sections: Sequence[SectionRow]) -> None:
    """Remember how far it was matched; a whole listing with papers is ready."""
    to = max((section.pk for section in sections), default=listing.matched_sections_to)
    Listing.objects.filter(pk=listing.pk).update(matched_to=day.last, matched_sections_to=to)
    if day.ids and listing.status == Listing.Status.OPEN and not covering.lacks(listing.date):
        Listing.objects.filter(pk=listing.pk, status=Listing.Status.OPEN).update(
            status=Listing.Status.READY
        )
