"""What curators decided on the papers of listings: hidden ones are left out, pinned ones lead.

Section listings hold what was matched; these decisions are laid over them whenever they are
read, so that taking one back needs no matching.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from digest.models import Placement


@dataclass(frozen=True, slots=True)
class Placed:
    """The papers of one listing that were decided on, by primary key."""

    pinned: frozenset[int] = field(default_factory=frozenset)
    hidden: frozenset[int] = field(default_factory=frozenset)

    def arranged(self, paper_ids: Iterable[int]) -> list[int]:
        """A section's papers as they are shown: the pinned first, the others in their order."""
        shown = [paper for paper in paper_ids if paper not in self.hidden]
        if not self.pinned:
            return shown
        return sorted(shown, key=lambda paper: paper not in self.pinned)


def placed_on(dates: Collection[dt.date]) -> dict[dt.date, Placed]:
    """By listing date, for every date asked for."""
    pinned: dict[dt.date, set[int]] = {date: set() for date in dates}
    hidden: dict[dt.date, set[int]] = {date: set() for date in dates}
    rows = Placement.objects.filter(listing__in=dates).exclude(kind=Placement.Kind.PLAIN)
    for date, paper, kind in rows.values_list("listing_id", "paper_id", "kind"):
        (pinned if kind == Placement.Kind.PINNED else hidden)[date].add(paper)
    return {date: Placed(frozenset(pinned[date]), frozenset(hidden[date])) for date in dates}
