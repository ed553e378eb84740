"""What the archive's pages show, as values: nothing is left for a template to choose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString, mark_safe

from digest import markdown
from digest.archive.days import ArchiveDay, ArchiveSection, days_of, papers_of
from digest.archive.exporting import approved
from digest.archive.week import monday_of, week_span
from digest.arxiv.tex import readable
from digest.editor_notes import notes_on
from digest.gaps import gaps_of, told
from digest.models import HouseSection, Listing, Paper, Summary
from digest.summaries.extractive import carrying_sentences

AUTHORS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """``anchor`` is blank where the paper stands on the page already."""

    paper: Paper
    anchor: str = ""
    summary: Summary | None = None
    text: str = ""
    is_quoted: bool = False

    @property
    def authors(self) -> str:
        return authors_line(self.paper.author_names, AUTHORS_SHOWN)

    @property
    def tags(self) -> str:
        parts = (self.summary.domain, self.summary.topic) if self.summary else ()
        return " · ".join(part for part in parts if part)

    @property
    def keywords(self) -> str:
        """With dots that never begin a line."""
        words = self.summary.keywords if self.summary else ()
        return "\u00a0· ".join(readable(word) for word in words)

    @property
    def institutions(self) -> str:
        return ", ".join(self.summary.institutions) if self.summary else ""


@dataclass(frozen=True, slots=True)
class ShownSection:
    label: str
    total: int
    anchor: str
    is_cards: bool
    papers: tuple[ShownPaper, ...]


@dataclass(frozen=True, slots=True)
class ShownDay:
    """``gaps`` says what of the listing is not complete, in one line; ``note`` is the editor's, in
    Markdown; both may be blank."""

    date: dt.date
    sections: tuple[ShownSection, ...]
    total: int
    gaps: str = ""
    note: str = ""

    @property
    def anchor(self) -> str:
        return self.date.isoformat()

    @property
    def note_html(self) -> SafeString:
        return mark_safe(markdown.as_html(self.note))  # noqa: S308 - made safe there


def authors_line(names: Sequence[str], most: int) -> str:
    """The first so many, and how many more there are; for mail see newsletter.compose.cards."""
    more = len(names) - most
    # One more takes no more room than saying so.
    if more <= 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {more:,} more"


def shown(paper: Paper, anchor: str = "") -> ShownPaper:
    """A paper as a card has it: approved words, or else what its abstract says."""
    summary = approved(paper)
    if summary:
        quoted = summary.writer == Summary.Writer.EXTRACTIVE
        return ShownPaper(paper, anchor, summary, summary.text, quoted)
    text = carrying_sentences(paper.abstract, paper.title) if paper.abstract else ""
    return ShownPaper(paper, anchor, None, text, bool(text))


def shown_days(days: Sequence[ArchiveDay]) -> list[ShownDay]:
    """The days of one page; no anchor stands on it twice."""
    papers = papers_of(days)
    gaps = gaps_of(day.date for day in days)
    notes = notes_on([day.date for day in days])
    taken: set[int] = set()
    alone = len(days) == 1
    return [
        replace(
            _shown_day(day, papers, taken, told(gaps[day.date]), alone=alone),
            note=notes.get(day.date, ""),
        )
        for day in days
    ]


def _shown_day(
    day: ArchiveDay, papers: Mapping[int, Paper], taken: set[int], gaps: str, *, alone: bool
) -> ShownDay:
    prefix = "" if alone else f"{day.date}-"
    sections = tuple(
        _shown_section(section, f"{prefix}section-{place}", papers, taken)
        for place, section in enumerate(day.sections, start=1)
    )
    return ShownDay(day.date, sections, len(day.paper_ids), gaps)


def _shown_section(
    section: ArchiveSection, anchor: str, papers: Mapping[int, Paper], taken: set[int]
) -> ShownSection:
    found = []
    for key in section.paper_ids:
        if paper := papers.get(key):
            own = "" if key in taken else paper.arxiv_id
            taken.add(key)
            found.append(shown(paper, own) if section.is_cards else ShownPaper(paper, own))
    return ShownSection(section.label, section.total, anchor, section.is_cards, tuple(found))


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    total: int


@dataclass(frozen=True, slots=True)
class IndexDay:
    """One day of the index; ``counts`` go with the columns, ``others`` have no column."""

    date: dt.date
    counts: tuple[int | None, ...]
    others: tuple[Count, ...]
    total: int
    gaps: str = ""


@dataclass(slots=True)
class IndexWeek:
    monday: dt.date
    days: list[IndexDay] = field(default_factory=list)

    @property
    def span(self) -> str:
        return week_span(self.monday)


def released_dates() -> list[dt.date]:
    """Every date the public may see, the newest first."""
    released = Listing.objects.filter(status=Listing.Status.RELEASED)
    return list(released.order_by("-date").values_list("date", flat=True))


def weeks_of(dates: Iterable[dt.date]) -> list[IndexWeek]:
    """The weeks of dates, in the order of the dates, without their days."""
    return [IndexWeek(monday) for monday in dict.fromkeys(monday_of(date) for date in dates)]


def fill_weeks(weeks: Sequence[IndexWeek], dates: Iterable[dt.date]) -> list[str]:
    """Add to each week the days of it among ``dates``; the labels of the columns."""
    columns = [shown.label for shown in HouseSection.objects.all()]
    by_monday = {week.monday: week for week in weeks}
    wanted = [date for date in dates if monday_of(date) in by_monday]
    gaps = gaps_of(wanted)
    for day in days_of(wanted):
        shown_day = _index_day(day, columns, told(gaps[day.date]))
        by_monday[monday_of(day.date)].days.append(shown_day)
    return columns


def _index_day(day: ArchiveDay, columns: Sequence[str], gaps: str) -> IndexDay:
    totals = {section.label: section.total for section in day.sections}
    return IndexDay(
        date=day.date,
        counts=tuple(totals.get(label) for label in columns),
        others=tuple(Count(label, n) for label, n in totals.items() if label not in columns),
        total=len(day.paper_ids),
        gaps=gaps,
    )
