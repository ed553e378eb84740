"""A week as values: its days, their sections, and the entries with every part as it stands.

A section is one of cards or of lines, which is seen from its entries; an empty one is of lines
if its label is a keyword's, else of cards. No Django, no rows.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from digest.arxiv import identifiers

TBD = "TBD"
LINK = "https://arxiv.org/pdf/"
LLM_LABEL = "Simple LLM Summary"
EXTRACTIVE_LABEL = "From the abstract"
CURATOR_LABEL = "Summary"
TEXT_LABELS = (LLM_LABEL, EXTRACTIVE_LABEL, CURATOR_LABEL)

_KEYWORD_LABEL = re.compile(r'contains ".+"')
_ESCAPES = {"<": "&lt;", ">": "&gt;", "{": r"\{", "}": r"\}"}
_ESCAPED = {escaped: sign for sign, escaped in _ESCAPES.items()}


class WeekError(ValueError):
    """A document that does not fit the grammar: where, by line from 1, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    domain: str
    topic: str
    keywords: str

    def __str__(self) -> str:
        return f"[{self.domain}], [{self.topic}], [{self.keywords}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paper of a section of lines."""

    title: str
    link: str
    number: int = field(default=0, compare=False, repr=False)

    @property
    def arxiv_id(self) -> str:
        return identifiers.parse(self.link.removeprefix(LINK))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Line):
    """A paper of a section of cards; no tags where they read TBD, no label without a text."""

    tags: Tags | None
    authors: str
    institutions: str
    text_label: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSection:
    label: str
    entries: tuple[Line, ...]
    number: int = field(default=0, compare=False, repr=False)

    @property
    def total(self) -> int:
        return len(self.entries)

    @property
    def is_cards(self) -> bool:
        if self.entries:
            return isinstance(self.entries[0], Card)
        return empty_is_cards(self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    date: dt.date
    sections: tuple[WeekSection, ...]
    number: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDocument:
    """One week, Monday to Sunday; ``number`` is everywhere the line it was read from."""

    monday: dt.date
    days: tuple[Day, ...]

    @property
    def name(self) -> str:
        return week_name(self.monday)


def week_name(monday: dt.date) -> str:
    """Such as 20260202-20260208."""
    return f"{monday:%Y%m%d}-{monday + dt.timedelta(days=6):%Y%m%d}"


def week_span(monday: dt.date) -> str:
    """Such as "2 to 8 February 2026"; a month or year is said twice only where it changes."""
    sunday = monday + dt.timedelta(days=6)
    first = str(monday.day)
    if monday.year != sunday.year:
        first = f"{monday.day} {monday:%B %Y}"
    elif monday.month != sunday.month:
        first = f"{monday.day} {monday:%B}"
    return f"{first} to {sunday.day} {sunday:%B %Y}"


def monday_of(date: dt.date) -> dt.date:
    return date - dt.timedelta(days=date.weekday())


def empty_is_cards(label: str) -> bool:
    """Whether a section without entries stands as one of cards: only a blank line's difference."""
    return _KEYWORD_LABEL.search(label) is None


def escape(text: str) -> str:
    """As a text must stand in a document that is also MDX."""
    return re.sub(r"[<>{}]", lambda found: _ESCAPES[found[0]], text)


def unescape(text: str) -> str:
    """The text itself; unlike TeX's, a backslash before a brace is the document's own."""
    return re.sub(r"&[lg]t;|\\[{}]", lambda found: _ESCAPED[found[0]], text)
