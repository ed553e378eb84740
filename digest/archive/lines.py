"""A text read line by line, with the number of each line at hand."""

from __future__ import annotations

import re

from digest.archive.week import WeekError


class Lines:
    """The lines still to read."""

    def __init__(self, text: str) -> None:
        self._lines = text.removesuffix("\n").split("\n")
        self._read = 0

    @property
    def at_end(self) -> bool:
        return self._read == len(self._lines)

    @property
    def number(self) -> int:
        """Of the line that is read next, from 1."""
        return self._read + 1

    def next(self, ahead: int = 0) -> str | None:
        place = self._read + ahead
        return self._lines[place] if place < len(self._lines) else None

    def next_starts(self, beginning: str, ahead: int = 0) -> bool:
        return (self.next(ahead) or "").startswith(beginning)

    def take(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        """The next line, which must be what the pattern says as a whole."""
        line = self.next()
        if line is None:
            raise WeekError(self.number, f"the document ends where {expected} should stand")
        found = pattern.fullmatch(line)
        if found is None:
            raise WeekError(self.number, f"{expected} expected, found {line[:60]!r}")
        self._read += 1
        return found

    def blank(self, where: str) -> None:
        self.take(re.compile(""), f"a blank line {where}")
