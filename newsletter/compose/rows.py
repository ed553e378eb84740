"""Headings and the lines that say what is left for the web, rendered once for each wording."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template.loader import get_template

from newsletter.compose import plain, wording
from newsletter.compose.budget import Size
from newsletter.compose.skeleton import Encoded, Skeleton

_RULE = "-" * plain.COLUMNS
_MANY = 99_999


@lru_cache(maxsize=4096)
def heading_html(label: str, total: int, above: int, anchor: str) -> Encoded:
    context = {
        "label": plain.one_line(label),
        "total": total,
        "above": wording.stand_above(above) if above else "",
        "anchor": anchor,
    }
    return Encoded.of(_render("heading.html", context))


@lru_cache(maxsize=4096)
def heading_text(label: str, total: int, above: int) -> Encoded:
    words = f"{plain.one_line(label)} total: {total}"
    if above:
        words += f" · {wording.stand_above(above)}"
    return Encoded.of(f"\n{plain.wrap(words)}\n{_RULE}\n\n")


@lru_cache(maxsize=4096)
def heading_bound(label: str) -> Size:
    """The heading's size with the longest numbers."""
    return heading_html(label, _MANY, _MANY, f"s{_MANY}").size


@lru_cache(maxsize=256)
def day_html(words: str, anchor: str) -> Encoded:
    return Encoded.of(_render("day.html", {"day": words, "anchor": anchor}))


@lru_cache(maxsize=256)
def day_text(words: str) -> Encoded:
    return Encoded.of(f"\n\n{words}\n{'=' * plain.COLUMNS}\n")


@lru_cache(maxsize=1024)
def more_html(words: str) -> Skeleton:
    """With the slot WEB for the reader's own address of the whole digest."""
    return Skeleton.of(_render("more.html", {"words": words}))


@lru_cache(maxsize=1024)
def more_text(words: str) -> Skeleton:
    return Skeleton.of(f"{words}:\n%%WEB%%\n")


def _render(name: str, context: dict[str, Any]) -> str:
    return str(get_template(f"emails/{name}").render(context)).strip() + "\n"
