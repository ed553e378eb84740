"""A released listing and its readers, to deliver to: 36 of 500 papers each, chosen differently."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from digest.models import Listing, Paper, Section, SectionListing, Style, Summary
from newsletter.compose import preparing
from newsletter.delivery import issues, planning
from newsletter.models import Issue, Subscriber, Subscription
from tests.smtp_server import address

DATE = dt.date(2026, 2, 3)
PAPERS, SECTIONS, EACH, FOLLOWED = 500, 300, 12, 3
_CHUNK = 2_000
_SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "ku",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "wo",
    "xu",
    "ya",
    "ze",
    "tra",
    "sti",
    "ple",
    "con",
    "ing",
    "tion",
    "al",
]
_Row = TypeVar("_Row", bound=models.Model)


def listing() -> None:
    """500 papers with summaries, and 300 sections that hold twelve of them each."""
    dice = random.Random(20260203)
    papers = Paper.objects.bulk_create(_paper(dice, number) for number in range(1, PAPERS + 1))
    Summary.objects.bulk_create(_summary(paper) for paper in papers)
    day = Listing.objects.create(
        date=DATE, status=Listing.Status.RELEASED, released_at=timezone.now()
    )
    sections = Section.objects.bulk_create(
        Section(expression=f'"section {number}"', categories="") for number in range(SECTIONS)
    )
    pks = [paper.pk for paper in papers]
    SectionListing.objects.bulk_create(
        SectionListing(section=section, listing=day, paper_ids=dice.sample(pks, EACH))
        for section in sections
    )


def _paper(dice: random.Random, number: int) -> Paper:
    authors = [_text(dice, 2).title() for _ in range(dice.randint(2, 8))]
    return Paper(
        arxiv_id=f"2602.{number:05}",
        version=1,
        title=_text(dice, 10).capitalize(),
        abstract=_text(dice, 170).capitalize(),
        authors=[{"name": name, "affiliations": []} for name in authors],
        categories=["cs.DC"],
        source=Paper.Source.ATOM,
    )


def _summary(paper: Paper) -> Summary:
    return Summary(
        paper=paper,
        domain="mlsys",
        topic="llm training",
        keywords=["pipeline parallelism", "fault tolerance"],
        institutions=["University of Testing"],
        text=paper.abstract[:400],
        status=Summary.Status.APPROVED,
        writer=Summary.Writer.LLM,
        paper_version=1,
    )


def subscribers(first: int, last: int, *, awkward: bool = False) -> None:
    """Readers number ``first`` to ``last``, each with three sections of their own choice."""
    sections = list(Section.objects.filter(expression__startswith='"section').order_by("pk"))
    now = timezone.now()
    numbers = range(first, last + 1)
    _in_chunks(
        Subscriber, (_subscriber(address(number, awkward=awkward), now) for number in numbers)
    )
    known = Subscriber.objects.order_by("pk")
    pks = known.values_list("pk", flat=True)[first - 1 : last]
    _in_chunks(Subscription, _subscriptions(pks.iterator(), sections))


def issue() -> Issue:
    """The planned issue, due since this morning."""
    made = planning.issue_for("daily", DATE)
    planning.plan(made, timezone.now())
    preparing.prepare(made, issues.readers(made))
    return made


def _text(dice: random.Random, words: int) -> str:
    """Made up, of words as long as English ones are."""
    return " ".join(
        "".join(dice.choices(_SYLLABLES, k=dice.choice((1, 2, 2, 2, 3, 4)))) for _ in range(words)
    )


def _subscriber(given: str, now: dt.datetime) -> Subscriber:
    return Subscriber(
        address=given,
        identity=given,
        fingerprint=hashlib.sha256(given.encode()).hexdigest(),
        status=Subscriber.Status.ACTIVE,
        activated_at=now,
    )


def _subscriptions(pks: Iterator[int], sections: Sequence[Section]) -> Iterator[Subscription]:
    for pk in pks:
        dice = random.Random(pk)
        for place, section in enumerate(dice.sample(sections, FOLLOWED), start=1):
            yield Subscription(
                subscriber_id=pk,
                section=section,
                label=f"section {section.pk}",
                place=place,
                style=Style.CARDS,
            )


def _in_chunks(model: type[Any], rows: Iterator[Any]) -> None:
    while chunk := list(islice(rows, _CHUNK)):
        model._default_manager.bulk_create(chunk)
