"""Entries of documents as rows and back, and which of several entries of a paper counts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from digest.archive.week import Card, Line, Tags, WeekDocument
from digest.models import DocumentEntry, SectionListing


@dataclass(frozen=True, slots=True)
class Told:
    """What one document said of a paper on one listing date."""

    date: dt.date
    entry: Line


def best(told: Iterable[Told]) -> Line:
    """The entry a paper's title and authors come from: a card's before a line's, then the
    latest; so the order in which documents were imported does not matter."""
    return max(told, key=lambda one: (isinstance(one.entry, Card), one.date)).entry


def best_card(told: Iterable[Told]) -> Card | None:
    """The card its Summary comes from: one with a text before one without, then the latest."""
    cards = [(one.entry, one.date) for one in told if isinstance(one.entry, Card)]
    if not cards:
        return None
    return max(cards, key=lambda pair: (bool(pair[0].text), pair[1]))[0]


def told_in(document: WeekDocument) -> dict[str, list[Told]]:
    """Every paper of a document by identifier, in order."""
    found: defaultdict[str, list[Told]] = defaultdict(list)
    for day in document.days:
        for section in day.sections:
            for entry in section.entries:
                found[entry.arxiv_id].append(Told(day.date, entry))
    return dict(found)


def told_before(paper_ids: Iterable[int]) -> dict[int, list[Told]]:
    """What the stored documents say of papers, by primary key."""
    rows = DocumentEntry.objects.filter(paper__in=list(paper_ids)).select_related("section_listing")
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for row in rows.order_by("section_listing__listing", "section_listing__place", "place"):
        found[row.paper_id].append(Told(row.section_listing.listing_id, entry_of(row)))
    return dict(found)


def entry_of(row: DocumentEntry) -> Line:
    """The entry as its document had it. A card has authors, a line none."""
    if not row.authors:
        return Line(title=row.title, link=row.link)
    tags = Tags(domain=row.domain, topic=row.topic, keywords=row.keywords)
    return Card(
        title=row.title,
        tags=tags if any((row.domain, row.topic, row.keywords)) else None,
        authors=row.authors,
        institutions=row.institutions,
        link=row.link,
        text_label=row.text_label,
        text=row.text,
    )


def row_of(listing: SectionListing, place: int, paper_id: int, entry: Line) -> DocumentEntry:
    row = DocumentEntry(
        section_listing=listing,
        place=place,
        paper_id=paper_id,
        title=entry.title,
        link=entry.link,
    )
    if isinstance(entry, Card):
        row.authors, row.institutions = entry.authors, entry.institutions
        row.text_label, row.text = entry.text_label, entry.text
        if entry.tags:
            row.domain, row.topic = entry.tags.domain, entry.tags.topic
            row.keywords = entry.tags.keywords
    return row
