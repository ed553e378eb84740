"""Papers and Summaries from what documents say of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from digest.archive.canonical import Said, authors_of, said_by, title_of
from digest.archive.entries import Told, best, best_card, told_before
from digest.archive.week import Card
from digest.models import Paper, Summary
from digest.summaries.editing import BY_HAND

NO_TEXT = "The document has no text for it."
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Filled:
    """Which papers are known now, and how many rows that took."""

    keys: dict[str, int]
    papers_new: int
    papers_changed: int
    summaries_written: int
    summaries_kept: int


def fill(told: Mapping[str, list[Told]], dates: Collection[dt.date], *, overwrite: bool) -> Filled:
    """Write the papers of a document and their Summaries; the same again writes nothing.

    Call it in a transaction, before the rows of ``dates`` are replaced: what they said tells
    a Summary edited since from one that is as its document had it.
    """
    known = _known(told)
    new = [
        _new_paper(arxiv_id, told[arxiv_id]) for arxiv_id in sorted(told) if arxiv_id not in known
    ]
    Paper.objects.bulk_create(new, batch_size=_CHUNK)
    before = told_before(paper.pk for paper in known.values())
    valid = {
        pk: [one for one in one_paper if one.date not in dates] for pk, one_paper in before.items()
    }
    all_told = {
        arxiv_id: valid.get(known[arxiv_id].pk, []) + now if arxiv_id in known else now
        for arxiv_id, now in told.items()
    }
    changed = sum(_improve(paper, all_told[arxiv_id]) for arxiv_id, paper in known.items())
    papers = known | {paper.arxiv_id: paper for paper in new}
    wanted = {
        papers[arxiv_id].pk: card for arxiv_id in told if (card := best_card(all_told[arxiv_id]))
    }
    written, kept = _summaries(wanted, before, overwrite=overwrite)
    return Filled(
        keys={arxiv_id: paper.pk for arxiv_id, paper in papers.items()},
        papers_new=len(new),
        papers_changed=changed,
        summaries_written=written,
        summaries_kept=kept,
    )


def _known(arxiv_ids: Iterable[str]) -> dict[str, Paper]:
    """Always locked in the same order, so that two writers never wait for each other."""
    names = sorted(arxiv_ids)
    found: dict[str, Paper] = {}
    for start in range(0, len(names), _CHUNK):
        chunk = names[start : start + _CHUNK]
        papers = (
            Paper.objects.filter(arxiv_id__in=chunk)
            .order_by("arxiv_id")
            .select_for_update(no_key=True)
        )
        found.update((paper.arxiv_id, paper) for paper in papers)
    return found


def _new_paper(arxiv_id: str, told: list[Told]) -> Paper:
    return Paper(arxiv_id=arxiv_id, source=Paper.Source.DOCUMENT, **_paper_values(told))


def _paper_values(told: list[Told]) -> dict[str, Any]:
    entry = best(told)
    raw = {"title": entry.title}
    if isinstance(entry, Card):
        raw["authors"] = entry.authors
    authors = [
        {"name": author.name, "affiliations": list(author.affiliations)}
        for author in authors_of(entry)
    ]
    return {"title": title_of(entry), "authors": authors, "raw": raw}


def _improve(paper: Paper, told: list[Told]) -> bool:
    """Whether the paper changed; one that a better source described keeps its words."""
    if paper.source != Paper.Source.DOCUMENT:
        return False
    values = _paper_values(told)
    if all(getattr(paper, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(paper, name, value)
    paper.save(update_fields=[*values, "updated_at"])
    return True


def _summaries(
    wanted: Mapping[int, Card], before: Mapping[int, list[Told]], *, overwrite: bool
) -> tuple[int, int]:
    """How many were written, and how many kept because a curator edited them."""
    known = {
        summary.paper_id: summary
        for summary in Summary.objects.filter(paper__in=list(wanted)).select_for_update(no_key=True)
    }
    new = [
        Summary(paper_id=paper, **_summary_values(said_by(card)))
        for paper, card in wanted.items()
        if paper not in known
    ]
    Summary.objects.bulk_create(new, batch_size=_CHUNK)
    written, kept = len(new), 0
    for paper, summary in known.items():
        said = said_by(wanted[paper])
        if edited_by_hand(summary, before.get(paper, [])):
            if not overwrite:
                kept += 1
                continue
        elif not said.text and summary.model != Summary.DOCUMENT:
            continue  # what another writer found is more than a document's TBD
        written += _write(summary, _summary_values(said))
    return written, kept


def _summary_values(said: Said) -> dict[str, Any]:
    approved = Summary.Status.APPROVED if said.text else Summary.Status.PENDING
    return {
        "domain": said.domain,
        "topic": said.topic,
        "keywords": list(said.keywords),
        "institutions": list(said.institutions),
        "text": said.text,
        "writer": said.writer,
        "status": approved,
        "reason": "" if said.text else NO_TEXT,
        "model": Summary.DOCUMENT,
        "paper_version": None,
        "prompt_version": "",
    }


def _write(summary: Summary, values: dict[str, Any]) -> bool:
    if all(getattr(summary, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(summary, name, value)
    summary.revision += 1
    summary.save()
    return True


def edited_by_hand(summary: Summary, told: Iterable[Told]) -> bool:
    """Whether a curator has changed the Summary since a document said it, if one did."""
    if summary.reason == BY_HAND:
        return True
    if summary.writer != Summary.Writer.CURATOR:
        return False
    now = said_now(summary)
    return not any(isinstance(one.entry, Card) and said_by(one.entry) == now for one in told)


def said_now(summary: Summary) -> Said:
    return Said(
        domain=summary.domain,
        topic=summary.topic,
        keywords=tuple(summary.keywords),
        institutions=tuple(summary.institutions),
        text=summary.text,
        writer=summary.writer,
    )
