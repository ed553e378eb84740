"""The editor's note on each listing; it stands above every digest that carries the listing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from digest.models import EditorNote

#: In characters; a note is read before the papers, not instead of them.
LONGEST = 2_000


def notes_on(dates: Collection[dt.date]) -> dict[dt.date, str]:
    """The notes there are, in Markdown."""
    rows = EditorNote.objects.filter(listing__in=dates).exclude(text="")
    return dict(rows.values_list("listing_id", "text"))
