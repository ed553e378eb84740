"""An invented world: which papers arXiv announced when, in which category, as what."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.arxiv.calendar import Calendar

# As people are called, and as arXiv's feeds spell that.
_NAMES = [
    ("Ada Martínez", r"Ada Mart\'inez"), ("Bo Åkesson", r"Bo {\AA}kesson"),
    ("Cleo Müller", r'Cleo M\"uller'), ("Dan Four", "Dan Four"), ("Eve Łukasik", r"Eve {\L}ukasik"),
    ("Fay O'Hara", "Fay O'Hara"), ("Gus Seven Jr", "Gus Seven Jr"),
]  # fmt: skip
_TOPICS = [
    "reinforcement learning", "accelerated solvers", "graph colouring", "fault tolerance",
    "reinforcement-learning agents", "sparse matrices where $a<b$", "R&D on schedulers",
]  # fmt: skip
_ORDER = ["new", "cross", "replace", "replace-cross"]
_MOST_VERSIONS = 5  # arXiv lists no later replacements


@dataclass(frozen=True, slots=True)
class WorldPaper:
    """A paper as its first version had it; names as (Unicode, TeX)."""

    arxiv_id: str
    title: str
    abstract: str
    names: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    comments: str
    submitted: dt.datetime

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.names)


@dataclass(frozen=True, slots=True)
class Told:
    """One paper in one category's listing."""

    paper: WorldPaper
    announce_type: str
    version: int


class World:
    """``papers_per_day`` new ones on each listing, a few crosses and replacements beside them."""

    def __init__(
        self,
        calendar: Calendar,
        first: dt.date,
        last: dt.date,
        categories: Sequence[str] = ("cs.DC", "cs.LG", "cs.AI"),
        papers_per_day: int = 10,
        seed: int = 1,
        crowded: Mapping[dt.date, int] | None = None,
    ) -> None:
        """``crowded`` names days with another number of new papers."""
        self.calendar = calendar
        self.categories = tuple(categories)
        self.papers: dict[str, WorldPaper] = {}
        self.listings: dict[dt.date, dict[str, list[Told]]] = {}
        self._dice = random.Random(seed)
        self._versions: dict[str, int] = {}
        self._numbers: dict[str, int] = defaultdict(int)
        for date in calendar.listing_dates(first, last):
            self.listings[date] = self._day(date, (crowded or {}).get(date, papers_per_day))

    def told(self, date: dt.date, category: str) -> list[Told]:
        """In arXiv's order: new, cross, replace, replace-cross, each by ascending identifier."""
        return self.listings.get(date, {}).get(category, [])

    def first_shown(self, date: dt.date) -> set[str]:
        """Identifiers of what a listing announced as new or cross, in any category."""
        return {
            told.paper.arxiv_id
            for held in self.listings[date].values()
            for told in held
            if told.announce_type in {"new", "cross"}
        }

    def _day(self, date: dt.date, number: int) -> dict[str, list[Told]]:
        day: dict[str, list[Told]] = {category: [] for category in self.categories}
        old = list(self.papers.values())
        for place in range(number):
            paper = self._paper(date, place)
            for category in paper.categories:
                kind = "new" if category == paper.categories[0] else "cross"
                day[category].append(Told(paper, kind, 1))
        for paper in self._dice.sample(old, min(len(old), number // 3)):
            self._replace(paper, day)
        for held in day.values():
            held.sort(key=lambda told: (_ORDER.index(told.announce_type), told.paper.arxiv_id))
        return day

    def _paper(self, date: dt.date, place: int) -> WorldPaper:
        month = f"{date:%y%m}"
        self._numbers[month] += 1
        arxiv_id = f"{month}.{self._numbers[month]:05d}"
        first, last = self.calendar.submission_window(date)
        others = self._dice.sample(self.categories, self._dice.choice([1, 1, 2]))
        topic = self._dice.choice(_TOPICS)
        paper = WorldPaper(
            arxiv_id=arxiv_id,
            title=f"On {topic}, part {arxiv_id[-5:]}",
            abstract=f"We look at {topic}. We show with {place + 1} examples that it works.",
            names=tuple(self._dice.sample(_NAMES, self._dice.randint(1, 4))),
            categories=tuple(others),
            comments=f"{place + 3} pages",
            submitted=first + (last - first) * (place + 1) / 200,
        )
        self.papers[arxiv_id] = paper
        self._versions[arxiv_id] = 1
        return paper

    def _replace(self, paper: WorldPaper, day: dict[str, list[Told]]) -> None:
        if self._versions[paper.arxiv_id] >= _MOST_VERSIONS:
            return
        self._versions[paper.arxiv_id] += 1
        for category in paper.categories:
            kind = "replace" if category == paper.categories[0] else "replace-cross"
            day[category].append(Told(paper, kind, self._versions[paper.arxiv_id]))
