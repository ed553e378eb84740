"""Plain functions that make rows for tests; every field has a sensible default."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

from django.utils import timezone

from digest.models import Announcement, Listing, Paper, Section, SectionListing, Summary
from newsletter.models import Subscriber, Subscription

_numbers = itertools.count(1)
DAY = dt.date(2026, 2, 3)


def make_paper(**fields: Any) -> Paper:
    number = next(_numbers)
    values: dict[str, Any] = {
        "arxiv_id": f"2602.{number:05d}",
        "version": 1,
        "title": f"Paper number {number}",
        "abstract": f"We study problem {number}. We show that it is solved.",
        "authors": [{"name": "Ada Lovelace", "affiliations": []}],
        "categories": ["cs.DC"],
        "source": Paper.Source.ATOM,
    }
    return Paper.objects.create(**(values | fields))


def make_listing(date: dt.date = DAY, **fields: Any) -> Listing:
    if fields.get("status") == Listing.Status.RELEASED:
        fields.setdefault("released_at", timezone.now())
    return Listing.objects.update_or_create(date=date, defaults=fields)[0]


def announce(
    paper: Paper,
    date: dt.date = DAY,
    category: str = "",
    announce_type: str = "new",
    batch: int = 0,
) -> Announcement:
    return Announcement.objects.create(
        paper=paper,
        listing=make_listing(date),
        category=category or paper.primary_category,
        announce_type=announce_type,
        version=paper.version,
        batch=batch,
    )


def make_section(categories: str = "cs.DC", expression: str = "") -> Section:
    return Section.objects.get_or_create(categories=categories, expression=expression)[0]


def make_section_listing(
    section: Section, papers: list[Paper], date: dt.date = DAY, **fields: Any
) -> SectionListing:
    return SectionListing.objects.create(
        section=section,
        listing=make_listing(date),
        paper_ids=[paper.pk for paper in papers],
        **fields,
    )


def make_summary(paper: Paper, **fields: Any) -> Summary:
    values: dict[str, Any] = {
        "domain": "mlsys",
        "topic": "llm training",
        "keywords": ["pipeline parallelism"],
        "institutions": ["University of Testing"],
        "text": "The paper builds a thing. The thing is fast.",
        "status": Summary.Status.APPROVED,
        "writer": Summary.Writer.LLM,
        "paper_version": paper.version,
    }
    return Summary.objects.create(paper=paper, **(values | fields))


def make_subscriber(address: str = "", **fields: Any) -> Subscriber:
    address = address or f"reader{next(_numbers)}@example.org"
    values: dict[str, Any] = {
        "address": address,
        "identity": address.casefold(),
        "fingerprint": hashlib.sha256(address.casefold().encode()).hexdigest(),
        "status": Subscriber.Status.ACTIVE,
        "activated_at": timezone.now(),
    }
    return Subscriber.objects.create(**(values | fields))


def subscribe(subscriber: Subscriber, section: Section, **fields: Any) -> Subscription:
    values: dict[str, Any] = {
        "label": str(section),
        "place": subscriber.subscriptions.count() + 1,
    }
    return Subscription.objects.create(subscriber=subscriber, section=section, **(values | fields))
