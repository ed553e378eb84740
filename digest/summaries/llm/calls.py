"""One request for a completion, as a value; what became of it is told in plain words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from digest.summaries.llm.cleaning import one_line
from digest.summaries.llm.envelope import explanation_in

#: For longer than this no endpoint is left alone, whatever it says.
LONGEST_REST = 86_400.0
_MEANINGS = {
    400: "bad request", 401: "the key is not accepted", 402: "the account has no money left",
    403: "forbidden", 404: "no such address or model", 408: "the endpoint waited too long",
    413: "the question is too long", 429: "rate limit", 500: "error of the endpoint",
    502: "the endpoint is unwell", 503: "the endpoint is busy", 504: "the endpoint took too long",
    529: "the endpoint is busy",
}  # fmt: skip
# What another day or a moment later may go well.
_PASSING = {402, 408, 409, 425, 429}


class Unanswered(Exception):
    """No answer came; the message says why."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came, whole; ``headers`` by their names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether asking the same again is no use."""
        return 400 <= self.status < 500 and self.status not in _PASSING

    def explanation(self) -> str:
        return explanation_in(self.body)

    def why(self) -> str:
        """What a status that is no good one means."""
        if 300 <= self.status < 400:
            onward = one_line(self.headers.get("location", "nowhere"), 100)
            return f"HTTP {self.status}: refused to follow a redirect to {onward}"
        meaning = _MEANINGS.get(self.status, "")
        parts = [f"HTTP {self.status}", meaning, self.explanation()]
        return ": ".join(part for part in parts if part)

    def retry_after(self, now: dt.datetime) -> float | None:
        """Seconds for which the endpoint wants to be left alone: a number or a date."""
        said = self.headers.get("retry-after", "").strip()
        if milliseconds := _number(self.headers.get("retry-after-ms", "")):
            return min(milliseconds / 1000, LONGEST_REST)
        seconds = _number(said)
        if seconds is None:
            seconds = _until(said, now)
        return None if seconds is None else min(max(seconds, 0.0), LONGEST_REST)


class Line(Protocol):
    """What carries a request to an endpoint, and closes."""

    def post(self, body: Mapping[str, Any]) -> Answered: ...

    def close(self) -> None: ...


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _until(text: str, now: dt.datetime) -> float | None:
    try:
        instant = parsedate_to_datetime(text)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=dt.UTC)
        return (instant - now).total_seconds()
    except (ValueError, IndexError, OverflowError):
        return None
