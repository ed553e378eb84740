"""What the guard speaks of: a paper's own words, and what was found wrong in a text about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeGuard

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """What a text may speak from, as it is stored: with its TeX."""

    title: str
    abstract: str
    first_page: str = ""


class Kind(StrEnum):
    NUMBER = "number"
    UNIT = "unit"
    NAME = "name"
    ACRONYM = "acronym"
    REPETITION = "repetition"
    COPIED_TITLE = "copied title"
    FIRST_PERSON = "first person"
    LENGTH = "length"
    LANGUAGE = "language"
    INSTRUCTION = "instruction"
    MARKUP = "markup"
    CUT_OFF = "cut off"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt: where in the text it lies (0 to 0 for all of it), and why, in a sentence.

    ``near`` are places of the abstract that are worth a look beside it.
    """

    kind: Kind
    start: int
    end: int
    quote: str
    message: str
    near: tuple[Span, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "kind": self.kind.value,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "message": self.message,
            "near": [list(span) for span in self.near],
        }

    @classmethod
    def from_data(cls, data: object) -> Finding:
        """Reads it again; ValueError says what makes no sense."""
        if not isinstance(data, dict):
            raise ValueError(f"a finding is an object, not {data!r:.80}")
        kind, near = data.get("kind"), data.get("near", [])
        if not isinstance(kind, str) or kind not in set(Kind):
            raise ValueError(f"no kind of finding: {kind!r:.80}")
        span = (data.get("start", 0), data.get("end", 0))
        if not _is_span(span) or not isinstance(near, list | tuple) or not all(map(_is_span, near)):
            raise ValueError(f"a span is two counts, the first no larger: {data!r:.200}")
        quote, message = data.get("quote", ""), data.get("message")
        if not isinstance(quote, str) or not isinstance(message, str):
            raise ValueError(f"quote and message are texts: {data!r:.200}")
        return cls(Kind(kind), *span, quote, message, tuple((one, two) for one, two in near))


def _is_span(value: object) -> TypeGuard[Span]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return False
    if not all(isinstance(count, int) and not isinstance(count, bool) for count in value):
        return False
    return bool(0 <= value[0] <= value[1])
