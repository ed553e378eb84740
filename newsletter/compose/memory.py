"""What composing has looked up and may use again, for a few seconds: one chunk follows another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from newsletter.compose.days import Day
from newsletter.compose.fragments import Shelf

#: A curator's word counts for mails composed so much later.
KEPT = dt.timedelta(seconds=2)


@dataclass(slots=True)
class Memory:
    """Of one process."""

    since: dt.datetime | None = None
    days: dict[dt.date, Day] = field(default_factory=dict)
    ranges: dict[Any, Any] = field(default_factory=dict)  # of ``digests``
    shelf: Shelf = field(default_factory=Shelf)

    def at(self, now: dt.datetime) -> Memory:
        """This memory, empty again if what it holds is too old."""
        if self.since is None or not self.since <= now < self.since + KEPT:
            self.days, self.ranges, self.shelf = {}, {}, Shelf()
            self.since = now
        return self

    def forget(self) -> None:
        self.since = None
