"""Entries to Paper rows: new ones written, known ones completed, nothing ever made poorer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from digest import json_table
from digest.arxiv.listing import Entry
from digest.models import Paper

_RANK = {source: rank for rank, source in enumerate(Paper.Source.values)}
_FILLED = ("comments", "journal_reference", "doi", "license")
_WRITTEN = (
    *("version", "title", "abstract", "authors", "categories", "source", "raw"),
    *_FILLED,
    "updated_at",
)
# What tells whether an entry makes a paper better; texts and what they came from are long.
_COMPARED = ("arxiv_id", "version", "abstract", "categories", "source", *_FILLED)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class StoredPapers:
    """Primary keys by identifier, and which of them are new or changed."""

    keys: dict[str, int]
    new: frozenset[str]
    changed: frozenset[str]


def store_papers(entries: Sequence[Entry]) -> StoredPapers:
    """Writes the papers of the entries, in a handful of statements. Call it in a transaction.

    Text is replaced by a newer version or a better source, never the other way round.
    """
    # Always in the same order, so that two writers on PostgreSQL never wait for each other.
    ordered = sorted(entries, key=lambda entry: entry.arxiv_id)
    known = _known([entry.arxiv_id for entry in ordered])
    new = [entry for entry in ordered if entry.arxiv_id not in known]
    json_table.insert(Paper, [{"arxiv_id": entry.arxiv_id, **_values(entry)} for entry in new])
    changed = _improve(known, [entry for entry in ordered if entry.arxiv_id in known])
    keys = {arxiv_id: paper.pk for arxiv_id, paper in known.items()}
    return StoredPapers(
        keys=keys | _keys([entry.arxiv_id for entry in new]),
        new=frozenset(entry.arxiv_id for entry in new),
        changed=frozenset(changed),
    )


def _known(arxiv_ids: Sequence[str]) -> dict[str, Paper]:
    """Locked, and without what takes long to read."""
    found: dict[str, Paper] = {}
    for chunk in _chunks(arxiv_ids):
        found.update((paper.arxiv_id, paper) for paper in _locked(chunk).only(*_COMPARED))
    return found


def _locked(arxiv_ids: Sequence[str]) -> QuerySet[Paper]:
    papers = Paper.objects.filter(arxiv_id__in=arxiv_ids)
    return papers.order_by("arxiv_id").select_for_update(no_key=True)


def _improve(known: dict[str, Paper], entries: Sequence[Entry]) -> list[str]:
    """Writes what the entries make better; the identifiers of the papers that changed."""
    better = {
        entry.arxiv_id: entry
        for entry in entries
        if _replaces(known[entry.arxiv_id], entry) or _improved(known[entry.arxiv_id], entry)
    }
    changed = []
    for chunk in _chunks(list(better)):
        for paper in _locked(chunk):
            if values := _improved(paper, better[paper.arxiv_id]):
                changed.append(_with(paper, values))
    Paper.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["arxiv_id"],
        update_fields=_WRITTEN,
        batch_size=_CHUNK,
    )
    return [paper.arxiv_id for paper in changed]


def _keys(arxiv_ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in _chunks(arxiv_ids):
        found.update(Paper.objects.filter(arxiv_id__in=chunk).values_list("arxiv_id", "pk"))
    return found


def _chunks(values: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "version": entry.version,
        "title": entry.title,
        "abstract": entry.abstract,
        "authors": [
            {"name": author.name, "affiliations": list(author.affiliations)}
            for author in entry.authors
        ],
        "categories": list(entry.categories),
        "source": entry.source,
        "raw": dict(entry.raw),
        "comments": entry.comments,
        "journal_reference": entry.journal_reference,
        "doi": entry.doi,
        "license": entry.license,
    }


def _with(paper: Paper, values: dict[str, Any]) -> Paper:
    """A row to write over the known one; without its key, as the conflict is on arxiv_id."""
    kept = {name: getattr(paper, name) for name in _WRITTEN if name != "updated_at"}
    return Paper(arxiv_id=paper.arxiv_id, **(kept | values))


def _replaces(paper: Paper, entry: Entry) -> bool:
    """Whether the entry's text takes the place of the paper's: newer, or better told."""
    if paper.source == Paper.Source.DOCUMENT or (entry.version or 0) > (paper.version or 0):
        return True
    return entry.version == paper.version and _RANK[entry.source] > _RANK[paper.source]


def _improved(paper: Paper, entry: Entry) -> dict[str, Any]:
    """What the entry makes better in the paper; empty where nothing is."""
    from_document = paper.source == Paper.Source.DOCUMENT
    # A listing page names no version: it may be of this one.
    other = None not in (paper.version, entry.version) and paper.version != entry.version
    if _replaces(paper, entry):
        better = {name: value for name, value in _values(entry).items() if value}
    elif other:
        return {}
    else:
        better = _filled(paper, entry)
    if from_document or not other:
        better["categories"] = _joined(better.get("categories", []), paper.categories, entry)
    if entry.source == "page" and len(entry.authors) < len(paper.authors):
        better.pop("authors", None)  # pages end long lists after a hundred, and do not say so
    if "raw" in better and from_document and paper.raw:
        better["raw"] = {**better["raw"], "document": paper.raw}
    return {name: value for name, value in better.items() if value != getattr(paper, name)}


def _filled(paper: Paper, entry: Entry) -> dict[str, Any]:
    """What the entry says where the paper is blank."""
    names = (*_FILLED, "abstract")
    return {name: getattr(entry, name) for name in names if not getattr(paper, name)}


def _joined(replaced: list[str], known: list[str], entry: Entry) -> list[str]:
    """A paper newly cross-listed has a category more, and the feed of its first day one less."""
    return list(dict.fromkeys([*replaced, *known, *entry.categories]))
