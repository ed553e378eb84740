"""A text as HTML, with some of its words marked."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Span = tuple[int, int]


def marked(text: str, spans: Iterable[Span], kind: str = "") -> SafeString:
    """Escaped. Spans may overlap or reach beyond the text; each place is marked once."""
    opening = format_html('<mark class="{}">', kind) if kind else SafeString("<mark>")
    made: list[SafeString] = []
    end = 0
    for start, stop in sorted(spans):
        start = max(start, end)
        if start < min(stop, len(text)):
            made.append(conditional_escape(text[end:start]))
            made.append(format_html("{}{}</mark>", opening, text[start:stop]))
            end = stop
    made.append(conditional_escape(text[end:]))
    return mark_safe("".join(made))  # noqa: S308 - each piece is escaped
