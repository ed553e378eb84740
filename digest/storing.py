"""Entries to Paper rows: new ones written, known ones completed, nothing ever made poorer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from digest.arxiv.listing import Entry
from digest.models import Paper

_RANK = {source: rank for rank, source in enumerate(Paper.Source.values)}
_FILLED = ("comments", "journal_reference", "doi", "license")
_WRITTEN = (
    *("version", "title", "abstract", "authors", "categories", "source", "raw"),
    *_FILLED,
    "updated_at",
)
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
    known = _known(entries)
    # Always in the same order, so that two writers on PostgreSQL never wait for each other.
    ordered = sorted(entries, key=lambda entry: entry.arxiv_id)
    new = [_paper(entry) for entry in ordered if entry.arxiv_id not in known]
    changed = []
    for entry in ordered:
        if (paper := known.get(entry.arxiv_id)) and (values := _improved(paper, entry)):
            changed.append(_with(paper, values))
    Paper.objects.bulk_create(new, ignore_conflicts=True, batch_size=_CHUNK)
    Paper.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["arxiv_id"],
        update_fields=_WRITTEN,
        batch_size=_CHUNK,
    )
    keys = {arxiv_id: paper.pk for arxiv_id, paper in known.items()}
    return StoredPapers(
        keys=keys | _keys([paper.arxiv_id for paper in new]),
        new=frozenset(paper.arxiv_id for paper in new),
        changed=frozenset(paper.arxiv_id for paper in changed),
    )


def _known(entries: Sequence[Entry]) -> dict[str, Paper]:
    found: dict[str, Paper] = {}
    for chunk in _chunks(sorted(entry.arxiv_id for entry in entries)):
        papers = Paper.objects.filter(arxiv_id__in=chunk).order_by("arxiv_id").select_for_update()
        found.update((paper.arxiv_id, paper) for paper in papers)
    return found


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


def _paper(entry: Entry) -> Paper:
    return Paper(arxiv_id=entry.arxiv_id, **_values(entry))


def _with(paper: Paper, values: dict[str, Any]) -> Paper:
    """A row to write over the known one; without its key, as the conflict is on arxiv_id."""
    kept = {name: getattr(paper, name) for name in _WRITTEN if name != "updated_at"}
    return Paper(arxiv_id=paper.arxiv_id, **(kept | values))


def _improved(paper: Paper, entry: Entry) -> dict[str, Any]:
    """What the entry makes better in the paper; empty where nothing is."""
    said = {name: value for name, value in _values(entry).items() if value}
    from_document = paper.source == Paper.Source.DOCUMENT
    version, known_version = entry.version or 0, paper.version or 0
    if version > known_version or from_document:
        better = said
    elif version < known_version:
        return {}
    elif _RANK[entry.source] > _RANK[paper.source]:
        better = said
    else:
        better = {name: said[name] for name in _FILLED if name in said and not getattr(paper, name)}
        if not paper.abstract and entry.abstract:
            better["abstract"] = entry.abstract
    if version == known_version or from_document:
        better["categories"] = _joined(better.get("categories", []), paper.categories, entry)
    if "raw" in better and from_document and paper.raw:
        better["raw"] = {**better["raw"], "document": paper.raw}
    return {name: value for name, value in better.items() if value != getattr(paper, name)}


def _joined(replaced: list[str], known: list[str], entry: Entry) -> list[str]:
    """A paper newly cross-listed has a category more, and the feed of its first day one less."""
    return list(dict.fromkeys([*replaced, *known, *entry.categories]))
