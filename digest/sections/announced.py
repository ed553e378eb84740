"""What one listing announced, as sections look at it: who is in which category, new or cross."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Max

from digest.listings import FIRST_SHOWN
from digest.models import Announcement, Listing, Paper
from digest.sections.matching import PaperText

_CHUNK = 1000


@dataclass(slots=True)
class Announced:
    """The papers of one date as each category announced them, by primary key."""

    ids: dict[int, str]
    by_category: dict[str, set[int]] = field(default_factory=dict)
    new_in: dict[str, set[int]] = field(default_factory=dict)
    late: dict[str, dict[int, int]] = field(default_factory=dict)  # batches after the release
    last: int = 0  # the highest key of all announcements that were read
    news: set[int] = field(default_factory=set)  # papers of announcements not matched before

    def holding(self, categories: Collection[str]) -> set[int]:
        if not categories:
            return set(self.ids)
        return set().union(*(self.by_category.get(category, ()) for category in categories))

    def ordered(self, held: Iterable[int], categories: Collection[str]) -> list[int]:
        """New before cross, as these categories announced them, then by ascending id."""
        new = set().union(*(self.new_in.get(name, ()) for name in categories or self.new_in))
        return sorted(held, key=lambda paper: (paper not in new, self.ids[paper]))

    def batches(self, held: Iterable[int], categories: Collection[str]) -> dict[str, list[int]]:
        """Of these papers the late ones, by batch: those that no category had at the release."""
        if not self.late:
            return {}
        found: dict[str, list[int]] = {}
        for paper in held:
            if batch := self._batch(paper, categories or self.by_category):
                found.setdefault(str(batch), []).append(paper)
        return found

    def _batch(self, paper: int, categories: Iterable[str]) -> int:
        return min(
            self.late.get(category, {}).get(paper, 0)
            for category in categories
            if paper in self.by_category.get(category, ())
        )


def announced(listing: Listing) -> Announced:
    """All that is announced as new or cross; ``news`` is what was not matched before."""
    rows = Announcement.objects.filter(listing=listing, announce_type__in=FIRST_SHOWN).order_by()
    # From the announcements to the papers: asked the other way round, a PostgreSQL that has not
    # counted its rows yet looked through all papers once for each announcement.
    names = rows.order_by("paper__arxiv_id").values_list("paper_id", "paper__arxiv_id")
    found = Announced(dict(names))
    values = rows.values_list("pk", "paper_id", "category", "announce_type", "batch")
    for pk, paper, category, kind, batch in values.iterator():
        found.by_category.setdefault(category, set()).add(paper)
        if kind == Announcement.Type.NEW:
            found.new_in.setdefault(category, set()).add(paper)
        if batch:
            found.late.setdefault(category, {})[paper] = batch
        if pk > listing.matched_to:
            found.news.add(paper)
        found.last = max(found.last, pk)
    return found


def texts(papers: Collection[int]) -> list[PaperText]:
    """What keywords are looked for in."""
    keys = sorted(papers)
    found: list[PaperText] = []
    for start in range(0, len(keys), _CHUNK):
        rows = Paper.objects.filter(pk__in=keys[start : start + _CHUNK]).order_by("arxiv_id")
        for pk, title, abstract, authors, comments in rows.values_list(
            "pk", "title", "abstract", "authors", "comments"
        ):
            names = tuple(str(author["name"]) for author in authors)
            found.append(PaperText(pk, title, abstract, names, comments))
    return found


def has_news(listing: Listing) -> bool:
    """Whether something was announced that sections have not been matched against."""
    rows = Announcement.objects.filter(listing=listing, announce_type__in=FIRST_SHOWN)
    return (rows.aggregate(last=Max("pk"))["last"] or 0) > listing.matched_to
