"""Tags by rules against the reference's, over the papers whose abstracts are known; and how much
of the wild's free topics the closed lists take in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench.corpus import SHARED
from digest.archive import weekly
from digest.archive.canonical import said_by
from digest.archive.week import Card
from digest.summaries.starting_taxonomy import STARTING
from digest.summaries.tagging import tags_for
from tests.corpus import records


def main() -> None:
    if not (SHARED / "fixtures" / "seed_weeks").is_dir():
        print("no real documents (SHARED_DIR names the folder that has them)")
        return
    said = list(_tags())
    mapped(said)
    agreement(said)


def mapped(said: list[tuple[str, str, str]]) -> None:
    """How many of the topics that models gave freely are one of the lists."""
    by_domain: dict[str, Counter[str]] = {}
    for _, domain, topic in said:
        by_domain.setdefault(STARTING.domain(domain) or domain, Counter())[topic] += 1
    table = Table("domain", "different topics", "mapped", "given", "mapped")
    for domain, topics in by_domain.items():
        known = [topic for topic in topics if STARTING.topic(domain, topic)]
        given, taken = topics.total(), sum(topics[topic] for topic in known)
        table.add_row(domain, str(len(topics)), str(len(known)), str(given), f"{taken / given:.1%}")
    Console().print(table)


def agreement(said: list[tuple[str, str, str]]) -> None:
    """Domain and topic of the rules against those of the first document that has the paper."""
    papers = {record.arxiv_id: record for record in records(SHARED)}
    first = {arxiv_id: (domain, topic) for arxiv_id, domain, topic in reversed(said)}
    confusion: Counter[tuple[str, str]] = Counter()
    topics: Counter[bool] = Counter()
    begun = time.perf_counter()
    for arxiv_id in first.keys() & papers.keys():
        paper = papers[arxiv_id]
        tags = tags_for(paper.title, paper.abstract, paper.categories)
        domain = STARTING.domain(first[arxiv_id][0]) or "?"
        confusion[domain, tags.domain or "none"] += 1
        if domain == tags.domain:
            topics[STARTING.topic(domain, first[arxiv_id][1]) == tags.topic] += 1
    total = confusion.total()
    each = 1000 * (time.perf_counter() - begun) / max(total, 1)
    right = sum(count for (one, other), count in confusion.items() if one == other)
    print(
        f"{total} papers, {each:.1f} ms each: domain {right / total:.1%}, topic of those "
        f"{topics[True] / max(topics.total(), 1):.1%}"
    )
    columns = sorted({other for _, other in confusion})
    table = Table("reference \\ rules", *columns)
    for domain in sorted({one for one, _ in confusion}):
        table.add_row(domain, *(str(confusion[domain, other]) for other in columns))
    Console().print(table)


def _tags() -> Iterator[tuple[str, str, str]]:
    """Identifier, domain and topic of every card that has tags."""
    for file in sorted((SHARED / "fixtures" / "seed_weeks").glob("*/*.md")):
        document = weekly.parse(file.read_text(encoding="utf-8"))
        for entry in (e for day in document.days for part in day.sections for e in part.entries):
            if isinstance(entry, Card) and entry.tags is not None:
                told = said_by(entry)
                yield entry.arxiv_id, told.domain, told.topic
