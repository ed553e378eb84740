"""What is wrong with a typed rule: the reason, the place, and what may have been meant."""

from __future__ import annotations

import unicodedata

_WIDTH = 72


class ExpressionError(ValueError):
    """What was typed is no rule; ``position`` is the place in ``text``, counted from 0.

    ``suggestion`` is a whole rule that would be read, or empty. ``text`` is what was typed,
    in NFC.
    """

    def __init__(self, reason: str, position: int, suggestion: str = "", text: str = "") -> None:
        super().__init__(f"{reason} (at character {position + 1})")
        self.reason = reason
        self.position = position
        self.suggestion = suggestion
        self.text = text

    def explained(self, width: int = _WIDTH) -> str:
        """The reason, the text with a caret under the place, and the suggestion if any."""
        lines = [self.reason, *(f"  {line}" for line in self.pointed(width - 2))]
        if self.suggestion:
            lines.append(f"Did you mean: {self.suggestion}")
        return "\n".join(lines)

    def pointed(self, width: int = _WIDTH) -> list[str]:
        """The text around the place, and below it a line with a caret; nothing for no text."""
        if not self.text.strip():
            return []
        shown, column = _window(self.text, self.position, width)
        return [shown, f"{' ' * column}^"]


def _window(text: str, position: int, width: int) -> tuple[str, int]:
    """As much of the text around a place as fits, on one line, and the place's column."""
    cells = [(_seen(char), _columns(char)) for char in text]
    position = min(position, len(cells))
    start = end = position
    used = 1  # the caret itself may stand behind the text
    room = width - 2  # an ellipsis at either side
    while start > 0 or end < len(cells):
        before = start > 0 and used + cells[start - 1][1] <= room
        if before and (position - start <= end - position or end == len(cells)):
            start -= 1
            used += cells[start][1]
        elif end < len(cells) and used + cells[end][1] <= room:
            used += cells[end][1]
            end += 1
        elif before:
            start -= 1
            used += cells[start][1]
        else:
            break
    left, right = "…" * (start > 0), "…" * (end < len(cells))
    shown = left + "".join(char for char, _ in cells[start:end]) + right
    return shown, len(left) + sum(columns for _, columns in cells[start:position])


def _seen(char: str) -> str:
    """Line breaks and what cannot be seen must not shift or break the line."""
    category = unicodedata.category(char)
    return " " if category[0] in "CZ" else char


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
