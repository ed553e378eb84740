"""The real records of the shared corpus, as values; for tests and benchmarks that find it."""

from __future__ import annotations

import ast
import datetime as dt
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.archive import weekly
from digest.archive.week import Card, unescape

# The second file was crawled a day after its listing.
_FILES = {"arxiv_metadata_2026": 0, "arxiv_cs.LG_CR_SE_2026": 1}


@dataclass(frozen=True, slots=True)
class Record:
    """One paper and the date of its listing."""

    arxiv_id: str
    date: dt.date
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    comments: str


def records(shared: Path) -> Iterator[Record]:
    """All of them, each identifier once, in the order of the files."""
    seen: set[str] = set()
    for name, days in _FILES.items():
        with gzip.open(shared / "fixtures" / "corpus" / f"{name}.jsonl.gz", "rt") as lines:
            for line in lines:
                record = _record(json.loads(line), dt.timedelta(days))
                if record.arxiv_id not in seen:
                    seen.add(record.arxiv_id)
                    yield record


def summaries(shared: Path) -> Iterator[tuple[str, str, str, str]]:
    """Identifier, title, abstract and text of each summary whose paper is among the records."""
    papers = {record.arxiv_id: record for record in records(shared)}
    seen: set[tuple[str, str]] = set()
    for file in sorted((shared / "fixtures" / "seed_weeks").glob("*/*.md")):
        document = weekly.parse(file.read_text(encoding="utf-8"))
        for entry in (e for day in document.days for part in day.sections for e in part.entries):
            paper = papers.get(entry.arxiv_id)
            if paper is None or not isinstance(entry, Card) or not entry.text_label:
                continue
            text = unescape(entry.text)
            if (paper.arxiv_id, text) not in seen:
                seen.add((paper.arxiv_id, text))
                yield paper.arxiv_id, paper.title, paper.abstract, text


def _record(row: dict[str, Any], behind: dt.timedelta) -> Record:
    authors = row["authors"]
    if isinstance(authors, str):  # a list as Python prints it
        authors = ast.literal_eval(authors)
    return Record(
        arxiv_id=row["id"],
        date=dt.date.fromisoformat(row["crawl_day"]) - behind,
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(authors),
        categories=tuple(row["categories"]),
        comments=row["comment"] or "",
    )
