"""A listing as it lies on the desk: its papers in reading order, and how far one has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from digest.archive.days import days_of
from digest.arxiv.tex import readable
from digest.listings import FIRST_SHOWN
from digest.models import Announcement, Listing, Paper, Placement, Summary

#: What the list may be narrowed to.
STATES = ("all", "open", "doubts", "done", "hidden")
#: Cards of the house alone, or also its lines and what waits in readers' own sections.
SCOPES = ("cards", "all")
ELSEWHERE = "Drafts in readers' own sections"

_Status = Summary.Status
_Kind = Placement.Kind


@dataclass(frozen=True, slots=True)
class Row:
    """One paper in the list."""

    paper: Paper
    kind: Placement.Kind = _Kind.PLAIN
    placed: int = 0  # the placement's revision, 0 where nothing was decided

    @property
    def summary(self) -> Summary | None:
        found: Summary | None = getattr(self.paper, "summary", None)
        return found

    @property
    def title(self) -> str:
        return readable(self.paper.title)

    @property
    def status(self) -> Summary.Status:
        return Summary.Status(self.summary.status) if self.summary else _Status.PENDING

    @property
    def is_hidden(self) -> bool:
        return self.kind == _Kind.HIDDEN

    @property
    def is_pinned(self) -> bool:
        return self.kind == _Kind.PINNED

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to decide."""
        return not self.is_hidden and self.status in {_Status.PENDING, _Status.DRAFT}

    @property
    def doubts(self) -> int:
        """What the guard found in a text that nobody has approved or rejected."""
        summary = self.summary
        return len(summary.findings) if summary and self.is_open and summary.text else 0

    @property
    def has_passed(self) -> bool:
        """A draft without doubts, about its text or its tags."""
        summary = self.summary
        is_draft = self.is_open and self.status == _Status.DRAFT
        return bool(is_draft and summary and not (summary.findings or summary.reason))

    def is_in(self, state: str) -> bool:
        return {
            "open": self.is_open,
            "doubts": self.doubts > 0,
            "done": not self.is_open and not self.is_hidden,
            "hidden": self.is_hidden,
        }.get(state, True)


@dataclass(frozen=True, slots=True)
class Group:
    """One section; ``rows`` are those the list shows."""

    label: str
    total: int
    hidden: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The desk of one listing. ``rows`` are all papers of its scope, each once."""

    listing: Listing
    scope: str
    state: str
    groups: tuple[Group, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def done(self) -> int:
        return sum(not row.is_open for row in self.rows)

    @property
    def open(self) -> int:
        return self.total - self.done

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 100

    @property
    def hidden(self) -> int:
        return sum(row.is_hidden for row in self.rows)

    @property
    def passed(self) -> list[Row]:
        return [row for row in self.rows if row.has_passed]

    @property
    def shown(self) -> list[Row]:
        """The rows of the list as it is narrowed."""
        return [row for group in self.groups for row in group.rows]

    def row(self, paper_id: int | None) -> Row | None:
        """The paper asked for; else the first that is open; else the first."""
        wanted = (row for row in self.rows if row.paper.pk == paper_id)
        shown = self.shown
        still_open = (row for row in shown if row.is_open)
        return next(wanted, None) or next(still_open, None) or next(iter(shown), None)

    def beside(self, paper_id: int, step: int) -> int | None:
        """The paper before (-1) or after (1) one in the list; None at its ends."""
        ids = [row.paper.pk for row in self.shown]
        if paper_id not in ids:
            return None
        place = ids.index(paper_id) + step
        return ids[place] if 0 <= place < len(ids) else None

    def next_open(self, paper_id: int) -> int:
        """The next paper that is open, from the top again after the last; else the same."""
        rows = list(self.rows)
        ids = [row.paper.pk for row in rows]
        start = ids.index(paper_id) + 1 if paper_id in ids else 0
        ahead = [*rows[start:], *rows[:start]]
        return next((row.paper.pk for row in ahead if row.is_open), paper_id)


def day_of(listing: Listing, *, scope: str = "cards", state: str = "all") -> Day:
    """Everything of a listing that a curator reads, in the order of the house's sections."""
    date = listing.date
    sections = [
        (section.label, section.paper_ids)
        for section in days_of([date], with_hidden=True)[0].sections
        if section.is_cards or scope == "all"
    ]
    if scope == "all":
        known = {paper for _, papers in sections for paper in papers}
        sections.append((ELSEWHERE, tuple(_drafts(date, known))))
    wanted = {paper for _, ids in sections for paper in ids}
    papers = Paper.objects.select_related("summary").defer("raw").in_bulk(wanted)
    placements = {row.paper_id: row for row in Placement.objects.filter(listing=date)}
    taken: set[int] = set()
    groups, rows = [], []
    for label, ids in sections:
        own = [
            _row(papers[pk], placements.get(pk)) for pk in ids if pk in papers and pk not in taken
        ]
        taken.update(ids)
        rows += own
        groups.append(_group(label, ids, own, placements, state))
    return Day(listing, scope, state, tuple(group for group in groups if group), tuple(rows))


def _group(
    label: str,
    ids: Sequence[int],
    rows: Sequence[Row],
    placements: Mapping[int, Placement],
    state: str,
) -> Group:
    hidden = sum(pk in placements and placements[pk].kind == _Kind.HIDDEN for pk in ids)
    return Group(label, len(ids) - hidden, hidden, tuple(row for row in rows if row.is_in(state)))


def _row(paper: Paper, placement: Placement | None) -> Row:
    if placement is None:
        return Row(paper)
    return Row(paper, _Kind(placement.kind), placement.revision)


def _drafts(date: dt.date, known: Collection[int]) -> list[int]:
    """Papers of the listing whose text waits for a person, and that the house does not show."""
    drafts = Announcement.objects.filter(
        listing=date, announce_type__in=FIRST_SHOWN, paper__summary__status=_Status.DRAFT
    )
    named = drafts.order_by("paper__arxiv_id").values_list("paper_id", flat=True)
    return [paper for paper in dict.fromkeys(named) if paper not in known]
