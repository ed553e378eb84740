"""The one service that fills Summaries: by a language model where there is one and somebody
reads the paper, else by rules alone, with quotes and tags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from digest.listings import FIRST_SHOWN, listing_of
from digest.models import Announcement, Listing, Paper, SectionListing, Summary
from digest.summaries import asking, offered
from digest.summaries.asking import AskReport
from digest.summaries.demand import demanded
from digest.summaries.extractive import carrying_sentences
from digest.summaries.judging import institutions_of, page_of
from digest.summaries.tagging import tags_for
from digest.summaries.taxonomy import Taxonomy

#: Goes up when the rules change what they say; then ``--all`` writes anew.
PROMPT_VERSION = "extractive-3"
NO_ABSTRACT = "No abstract is known of this paper."

_CHUNK = 200
_FIELDS = (
    "domain", "topic", "keywords", "institutions", "text", "status", "writer",
    "paper_version", "prompt_version", "model", "revision", "reason", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SummariesReport:
    """What became of the papers of one listing, each counted in one of the three numbers."""

    date: dt.date
    papers: int
    written: int
    kept: int
    pending: int
    asked: AskReport | None = None


def summarize(
    date: dt.date, only_missing: bool = True, most_seconds: float = 3_600
) -> SummariesReport:
    """Fill the Summaries of the papers that a listing announced or that its sections hold.

    Missing are those without a Summary, and those pending without a text. Otherwise what this
    writer wrote of another version of the paper, or by other rules, is written anew as well.
    What a curator or a document wrote stays as it is. A language model is asked for at most
    ``most_seconds``; what it has not answered by then is pending. Raises ListingError.
    """
    listing = listing_of(date)
    papers = _paper_ids(listing)
    demand = demanded(listing) if asking.is_configured() else []
    by_rules = papers - set(demand)
    written = pending = 0
    lists = offered.taxonomy()
    for chunk in _chunks(sorted(by_rules - _settled(by_rules, only_missing=only_missing))):
        chosen = Paper.objects.filter(pk__in=chunk).select_related("first_page")
        drafts = [_drafted(paper, page_of(paper), lists) for paper in chosen]
        written += _store(drafts, only_missing=only_missing)
        pending += sum(not draft.text for draft in drafts)
    asked = None
    if demand:
        asked = _ask(demand, rewrite=not only_missing, most_seconds=most_seconds)
        written += asked.written + asked.known
        waiting = Summary.objects.filter(status=Summary.Status.PENDING, text="")
        pending += sum(waiting.filter(paper__in=chunk).count() for chunk in _chunks(demand))
    kept = len(papers) - written - pending
    return SummariesReport(date, len(papers), written, kept, pending, asked)


def _ask(demand: Sequence[int], *, rewrite: bool, most_seconds: float) -> AskReport:
    """A row for each paper, so that nothing is lost whatever becomes of the asking."""
    for chunk in _chunks(demand):
        papers = Paper.objects.filter(pk__in=chunk, summary__isnull=True)
        rows = [
            Summary(paper=paper, reason=asking.WAITS if paper.abstract else NO_ABSTRACT)
            for paper in papers.only("pk", "abstract")
        ]
        Summary.objects.bulk_create(rows, ignore_conflicts=True)
    return asking.ask(demand, rewrite=rewrite, most_seconds=most_seconds)


def _paper_ids(listing: Listing) -> set[int]:
    announced = Announcement.objects.filter(listing=listing, announce_type__in=FIRST_SHOWN)
    ids = set(announced.order_by().values_list("paper_id", flat=True))
    for held in SectionListing.objects.filter(listing=listing).values_list("paper_ids", flat=True):
        ids.update(held)
    return ids


def _settled(papers: set[int], *, only_missing: bool) -> set[int]:
    """Those of the papers whose Summary this writer has nothing to add to."""
    settled: set[int] = set()
    for chunk in _chunks(sorted(papers)):
        rows = Summary.objects.filter(paper_id__in=chunk).select_related("paper")
        rows = rows.only(
            "status", "writer", "text", "model", "prompt_version", "paper_version", "paper__version"
        )
        settled.update(
            row.paper_id
            for row in rows
            if not _may_fill(row, row.paper.version, only_missing=only_missing)
        )
    return settled


def _may_fill(summary: Summary, version: int | None, *, only_missing: bool) -> bool:
    if summary.status == Summary.Status.PENDING:
        return not summary.text
    own = (
        summary.status == Summary.Status.APPROVED
        and summary.writer == Summary.Writer.EXTRACTIVE
        and not summary.model
    )
    known = (summary.paper_version, summary.prompt_version) == (version, PROMPT_VERSION)
    return own and not known and not only_missing


def _drafted(paper: Paper, page: str, lists: Taxonomy) -> Summary:
    """What this writer says of a paper; without an abstract it is pending, with the reason."""
    text = carrying_sentences(paper.abstract, title=paper.title)
    draft = Summary(
        paper=paper, paper_version=paper.version, institutions=institutions_of(paper, page)
    )
    if not text:
        draft.reason = NO_ABSTRACT
        return draft
    tags = tags_for(paper.title, paper.abstract, paper.categories, lists)
    draft.domain, draft.topic, draft.keywords = tags.domain, tags.topic, list(tags.keywords)
    draft.text = text
    draft.status = Summary.Status.APPROVED
    draft.writer = Summary.Writer.EXTRACTIVE
    draft.prompt_version = PROMPT_VERSION
    return draft


@transaction.atomic
def _store(drafts: list[Summary], *, only_missing: bool) -> int:
    """Write what may be written now, whatever happened since; how many texts it were."""
    papers = [draft.paper_id for draft in drafts]
    present = {
        row.paper_id: row for row in Summary.objects.select_for_update().filter(paper_id__in=papers)
    }
    rows = []
    for draft in drafts:
        summary = present.get(draft.paper_id)
        if summary is None:
            rows.append(draft)
        elif draft.text and _may_fill(summary, draft.paper_version, only_missing=only_missing):
            rows.append(_merged(draft, summary))
    Summary.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["paper"], update_fields=_FIELDS
    )
    return sum(bool(row.text) for row in rows)


def _merged(draft: Summary, present: Summary) -> Summary:
    """The draft with the next revision, and with what a person said of a pending paper."""
    draft.revision = present.revision + 1
    if present.status == Summary.Status.PENDING:
        if present.domain:
            draft.domain, draft.topic = present.domain, present.topic
        draft.keywords = present.keywords or draft.keywords
        draft.institutions = present.institutions or draft.institutions
    return draft


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
