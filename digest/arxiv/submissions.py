"""When the papers of an API answer were first submitted, and how many more there are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from digest.arxiv import api, identifiers
from digest.arxiv.listing import Entry
from digest.arxiv.markup import root_of, text_of

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"


@dataclass(frozen=True, slots=True)
class Submission:
    """A paper, and the instant at which its first version was submitted."""

    entry: Entry
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SubmissionsPage:
    """``count`` entries of ``total`` that were found; those without an instant are left out."""

    submissions: tuple[Submission, ...]
    count: int
    total: int


def parse(data: bytes) -> SubmissionsPage:
    """Raises FeedError as for any answer of the API."""
    parsed = api.parse(data)
    root = root_of(data)
    instants: dict[str, dt.datetime] = {}
    for element in root.findall(f"{_ATOM}entry"):
        try:
            arxiv_id, _ = identifiers.parse(text_of(element.find(f"{_ATOM}id")))
            at = dt.datetime.fromisoformat(text_of(element.find(f"{_ATOM}published")).strip())
        except ValueError:
            continue
        if at.tzinfo:
            instants[arxiv_id] = at
    known = [entry for entry in parsed.entries if entry.arxiv_id in instants]
    total = text_of(root.find(_TOTAL)).strip()
    return SubmissionsPage(
        tuple(Submission(entry, instants[entry.arxiv_id]) for entry in known),
        parsed.total,
        int(total[:9]) if total.isdecimal() else parsed.total,
    )
