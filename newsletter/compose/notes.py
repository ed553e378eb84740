"""The editor's notes at the head of a digest: on soft ground, in both parts of the mail."""

from __future__ import annotations

import datetime as dt
from html import escape

from digest import markdown
from newsletter.compose import plain, wording
from newsletter.compose.choosing import Digest

_LINK = "color:#0f5c6e"
_BOX = '<div class="note n" style="margin:18px 0 0;padding:12px 16px;background:#e6f0f1">{}</div>'
#: Mail programs give paragraphs margins of their own.
_TIGHT = (
    ("<p>", '<p style="margin:0 0 8px">'),
    ("<ul>", '<ul style="margin:0 0 8px;padding-left:20px">'),
    ("<ol>", '<ol style="margin:0 0 8px;padding-left:20px">'),
)


def html(digest: Digest) -> str:
    """Blank where no listing of the digest has a note."""
    notes = [_with_date(digest, date) + _styled(text) for date, text in digest.notes]
    return _BOX.format("".join(notes)) if notes else ""


def web(digest: Digest) -> str:
    """The same for a page with a stylesheet: safe HTML without a box."""
    return "".join(_with_date(digest, date) + markdown.as_html(text) for date, text in digest.notes)


def text(digest: Digest) -> str:
    """The same in plain words, 72 columns."""
    blocks: list[str] = []
    for date, note in digest.notes:
        if digest.is_weekly:
            blocks.append(f"{wording.day(date)}:")
        blocks += [_wrapped(block) for block in markdown.as_text(note).split("\n\n")]
    return "\n\n".join(blocks)


def _styled(text: str) -> str:
    html = markdown.as_html(text, _LINK)
    for tag, styled in _TIGHT:
        html = html.replace(tag, styled)
    return html


def _with_date(digest: Digest, date: dt.date) -> str:
    return f"<p><b>{escape(wording.day(date))}</b></p>" if digest.is_weekly else ""


def _wrapped(block: str) -> str:
    """A list's item keeps its indent in the lines that follow."""
    stripped = block.lstrip(" ")
    mark = stripped.split(" ", 1)[0] if stripped[:2] == "- " or stripped[:1].isdecimal() else ""
    if not (mark == "-" or mark.rstrip(".").isdecimal()):
        return "\n".join(plain.wrap(line) for line in block.split("\n"))
    lead = " " * (len(block) - len(stripped))
    hanging = lead + " " * (len(mark) + 1)
    return lead + mark + plain.wrap(stripped[len(mark) :], indent=hanging)[len(lead + mark) :]
