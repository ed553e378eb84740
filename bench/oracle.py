"""The house's sections against the documents of the digest they come from.

Real records are announced, matched and put into sections by the code that does so every day; the
documents say where the origin has put the same papers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from digest.archive import weekly
from digest.archive.days import days_of
from digest.models import Announcement, Listing, Paper
from digest.sections.building import build_listing
from tests.corpus import Record, records

_CHUNK = 500
# What the origin looks for, in the abstract, whatever the case (a category section: nothing).
SUBSTRINGS = {
    "cs.DC": "",
    'cs.AI/cs.LG contains "reinforcement learning"': "reinforcement learning",
    'cs.AI/cs.LG contains "accelerate"': "accelerat",
}

Placed = dict[dt.date, set[str]]


@dataclass(slots=True)
class Score:
    """One section over all days: papers in both worlds that the document has in it, those of
    them that we have too, and those that we have in it alone; each difference explained."""

    expected: int = 0
    found: int = 0
    misses: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        ours = self.found + len(self.surplus)
        return self.found / ours if ours else 1.0


def compare(shared: Path) -> dict[str, Score]:
    """The score of each house section, over every day that has records and a document.

    Papers in both worlds are those that a document and the records name on the same day.
    """
    documents = _documents(shared)
    by_date: defaultdict[dt.date, dict[str, Record]] = defaultdict(dict)
    for record in records(shared):
        by_date[record.date][record.arxiv_id] = record
    dates = sorted(documents.keys() & by_date.keys())
    _announce({date: by_date[date].values() for date in dates})
    scores = {label: Score() for label in SUBSTRINGS}
    for date in dates:
        build_listing(date)
        ours = _ours(date)
        known = by_date[date]
        for label, score in scores.items():
            _score(score, label, documents[date].get(label, set()), ours[label], known, documents)
    return scores


def _documents(shared: Path) -> dict[dt.date, dict[str, set[str]]]:
    """What each day's sections hold, by label; of two runs over a day the papers of either."""
    found: defaultdict[dt.date, dict[str, set[str]]] = defaultdict(dict)
    for file in sorted((shared / "fixtures" / "seed_weeks").glob("*/*.md")):
        for day in weekly.parse(file.read_text(encoding="utf-8")).days:
            for section in day.sections:
                held = found[day.date].setdefault(section.label, set())
                held.update(entry.arxiv_id for entry in section.entries)
    return dict(found)


def _announce(by_date: Mapping[dt.date, Iterable[Record]]) -> None:
    for date, found in by_date.items():
        listing = Listing.objects.create(date=date)
        papers = [_paper(record) for record in found]
        Paper.objects.bulk_create(papers, batch_size=_CHUNK, ignore_conflicts=True)
        keys = dict(
            Paper.objects.filter(arxiv_id__in=[paper.arxiv_id for paper in papers]).values_list(
                "arxiv_id", "pk"
            )
        )
        Announcement.objects.bulk_create(
            (
                Announcement(
                    paper_id=keys[paper.arxiv_id],
                    listing=listing,
                    category=category,
                    announce_type="cross" if place else "new",
                    version=1,
                )
                for paper in papers
                for place, category in enumerate(paper.categories)
            ),
            batch_size=_CHUNK,
        )


def _paper(record: Record) -> Paper:
    return Paper(
        arxiv_id=record.arxiv_id,
        version=1,
        title=record.title,
        abstract=record.abstract,
        authors=[{"name": name, "affiliations": []} for name in record.authors],
        comments=record.comments,
        categories=list(record.categories),
        source=Paper.Source.API,
    )


def _ours(date: dt.date) -> dict[str, set[str]]:
    (day,) = days_of([date])
    ids = dict(Paper.objects.filter(pk__in=day.paper_ids).values_list("pk", "arxiv_id"))
    return {section.label: {ids[pk] for pk in section.paper_ids} for section in day.sections}


def _score(
    score: Score,
    label: str,
    theirs: set[str],
    ours: set[str],
    known: Mapping[str, Record],
    documents: Mapping[dt.date, Mapping[str, set[str]]],
) -> None:
    both = theirs & known.keys()
    score.expected += len(both)
    score.found += len(both & ours)
    for arxiv_id in sorted(both - ours):
        score.misses.append(f"{known[arxiv_id].date} {arxiv_id}: {_told(known[arxiv_id], label)}")
    for arxiv_id in sorted(ours - theirs):
        record = known[arxiv_id]
        elsewhere = [date for date, held in documents.items() if arxiv_id in held.get(label, ())]
        why = f"the document of {elsewhere[0]} has it" if elsewhere else _told(record, label)
        score.surplus.append(f"{record.date} {arxiv_id}: {why}")


def _told(record: Record, label: str) -> str:
    """Why the two may differ."""
    substring = SUBSTRINGS[label]
    if substring and substring not in record.abstract.lower():
        return f"{substring!r} is not in its abstract to the letter"
    if substring and not {"cs.AI", "cs.LG"} & set(record.categories):
        return f"its categories are {', '.join(record.categories)}"
    if not substring and "cs.DC" not in record.categories:
        return f"its categories are {', '.join(record.categories)}"
    if record.arxiv_id[:4] < f"{record.date:%y%m}":
        return "an older paper, which that day's document does not list"
    return "no document has it, though its abstract and categories as recorded fit"


def table(scores: Mapping[str, Score]) -> Iterable[str]:
    """The figures a line each, and below them every difference."""
    for label, score in scores.items():
        yield (
            f"{label}: {score.found} of {score.expected} found, recall {score.recall:.2%}, "
            f"{len(score.surplus)} more, precision {score.precision:.2%}"
        )
    for label, score in scores.items():
        for word, lines in (("not found", score.misses), ("more", score.surplus)):
            for line in lines:
                yield f"  {label} {word}: {line}"
