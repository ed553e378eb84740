"""The weekly document: its grammar, read and written byte for byte; no Django, no rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

from digest.archive.lines import Lines
from digest.archive.week import (
    LINK,
    TBD,
    TEXT_LABELS,
    Card,
    Day,
    Line,
    Tags,
    WeekDocument,
    WeekError,
    WeekSection,
    empty_is_cards,
    monday_of,
    week_name,
)
from digest.arxiv import identifiers

_WEEK = re.compile(r"# (\d{8})-(\d{8})", re.ASCII)
_DAY = re.compile(r"## (\d{4}-\d{2}-\d{2})", re.ASCII)
_HEADING = re.compile(r"\*\*(\S|\S.*\S) total: (0|[1-9]\d{0,5})\*\*", re.ASCII)
_CARD = re.compile(r"- \*\*\[arXiv([^\]]*)\] (.*\S.*)\*\*")
_LINE = re.compile(r"- \[arXiv([^\]]*)\] (.*\S.*) \[link\]\((.*)\)")
_TAGS = re.compile(r"\[(.*?)\], \[(.*?)\], \[(.*)\]")
_FIELD = re.compile(r"  - \*\*(.*?):\*\* (.*)")
# Line ends of other systems, and signs that no row of PostgreSQL and no mail can hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def format(document: WeekDocument) -> str:
    """The document as text; ``parse`` reads the same values from it."""
    days = "\n".join(_format_day(day) for day in document.days)
    return f"# {document.name}\n\n{days}"


def parse(text: str) -> WeekDocument:
    """Reads a document; WeekError says where and why one does not fit."""
    _check_signs(text)
    lines = Lines(text)
    monday = _monday(lines)
    lines.blank("after the week's heading")
    days = [_day(lines, monday, None)]
    while not lines.at_end:
        lines.blank("before the next section or day")
        days.append(_day(lines, monday, days[-1].date))
    return WeekDocument(monday=monday, days=tuple(days))


def _format_day(day: Day) -> str:
    sections = "\n".join(_format_section(section, day.date) for section in day.sections)
    return f"## {day.date.isoformat()}\n\n{sections}"


def _format_section(section: WeekSection, date: dt.date) -> str:
    after_heading = "\n\n" if section.is_cards else "\n"
    entries = "".join(_format_entry(entry, _tag(date)) for entry in section.entries)
    return f"**{section.label} total: {section.total}**{after_heading}{entries}"


def _format_entry(entry: Line, tag: str) -> str:
    if not isinstance(entry, Card):
        return f"- [arXiv{tag}] {entry.title} [link]({entry.link})\n"
    card = (
        f"- **[arXiv{tag}] {entry.title}**\n"
        f"  - **tags:** {entry.tags or TBD}\n"
        f"  - **authors:** {entry.authors}\n"
        f"  - **institution:** {entry.institutions}\n"
        f"  - **link:** {entry.link}\n"
    )
    if entry.text_label:
        card += f"  - **{entry.text_label}:** {entry.text}\n"
    return card + "\n"


def _tag(date: dt.date) -> str:
    return f"{date:%y%m%d}"


def _check_signs(text: str) -> None:
    if not text.strip():
        raise WeekError(1, "the document is empty")
    if text.startswith("\ufeff"):
        raise WeekError(1, "the document begins with a byte order mark")
    if found := _CONTROL.search(text):
        reason = "a carriage return" if found[0] == "\r" else f"the sign {found[0]!r}"
        raise WeekError(text.count("\n", 0, found.start()) + 1, f"{reason} stands in the line")
    if not text.endswith("\n"):
        raise WeekError(text.count("\n") + 1, "the last line does not end")


def _check_date(date: dt.date, monday: dt.date, before: dt.date | None, number: int) -> None:
    if monday_of(date) != monday:
        raise WeekError(number, f"{date} is no day of the week {week_name(monday)}")
    if before is not None and date == before:
        raise WeekError(number, f"the day {date} stands twice")
    if before is not None and date < before:
        raise WeekError(number, f"{date} stands after {before}")


def _monday(lines: Lines) -> dt.date:
    number = lines.number
    found = lines.take(_WEEK, 'the week\'s heading, such as "# 20260202-20260208",')
    monday = _date(found[1], number)
    if monday.weekday() != 0:
        raise WeekError(number, f"the week begins on {monday:%A}, {monday}, not on a Monday")
    if found[0] != f"# {week_name(monday)}":
        raise WeekError(number, f"the week from {monday} is {week_name(monday)}, not {found[0]!r}")
    return monday


def _date(text: str, number: int) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise WeekError(number, f"{text!r} is no date") from None


def _day(lines: Lines, monday: dt.date, before: dt.date | None) -> Day:
    number = lines.number
    date = _date(lines.take(_DAY, 'a day, such as "## 2026-02-02",')[1], number)
    _check_date(date, monday, before, number)
    lines.blank("after the day")
    sections = [_section(lines, date)]
    while lines.next() == "" and not lines.next_starts("## ", ahead=1):
        lines.blank("before a section")
        sections.append(_section(lines, date))
    return Day(date=date, sections=tuple(sections), number=number)


def _section(lines: Lines, date: dt.date) -> WeekSection:
    number = lines.number
    found = lines.take(_HEADING, 'a section\'s heading, such as "**cs.DC total: 12**",')
    label, stated = found[1], int(found[2])
    is_cards = lines.next() == "" if stated else empty_is_cards(label)
    if is_cards:
        lines.blank("after the heading")
    entries = tuple(_entries(lines, _card if is_cards else _line, date))
    if len(entries) < stated:
        _check_no_entry_is_damaged(lines)
    if len(entries) != stated:
        raise WeekError(number, f"the total says {stated}, the section holds {len(entries)}")
    return WeekSection(label=label, entries=entries, number=number)


def _check_no_entry_is_damaged(lines: Lines) -> None:
    """Where entries are missing, the line that broke them off says more than the total."""
    if lines.next():
        raise WeekError(lines.number, f"a paper expected, found {(lines.next() or '')[:60]!r}")
    if lines.next() == "" and lines.next_starts("- ", ahead=1):
        raise WeekError(lines.number, "a blank line stands before a paper")


def _entries(lines: Lines, read: Callable[[Lines, dt.date], Line], date: dt.date) -> Iterator[Line]:
    seen: dict[str, int] = {}
    while lines.next_starts("- "):
        entry = read(lines, date)
        first = seen.setdefault(entry.arxiv_id, entry.number)
        if first != entry.number:
            reason = f"{entry.arxiv_id} stands twice in the section, first on line {first}"
            raise WeekError(entry.number, reason)
        yield entry


def _line(lines: Lines, date: dt.date) -> Line:
    number = lines.number
    tag, title, link = lines.take(_LINE, "a paper as a line").groups()
    _check_tag(tag, date, number)
    return Line(title=title, link=_link(link, number), number=number)


def _card(lines: Lines, date: dt.date) -> Card:
    number = lines.number
    tag, title = lines.take(_CARD, "a paper as a card").groups()
    _check_tag(tag, date, number)
    tags = _tags(_field(lines, "tags"), lines.number - 1)
    authors = _field(lines, "authors")
    if not authors.strip():
        raise WeekError(lines.number - 1, "the card has no authors")
    institutions = _field(lines, "institution")
    link = _link(_field(lines, "link"), lines.number - 1)
    label, text = _text(lines)
    lines.blank("after the card")
    return Card(
        title=title,
        tags=tags,
        authors=authors,
        institutions=institutions,
        link=link,
        text_label=label,
        text=text,
        number=number,
    )


def _field(lines: Lines, name: str) -> str:
    found = _FIELD.fullmatch(lines.next() or "")
    if found is None or found[1] != name:
        raise WeekError(lines.number, f"the card's part {name!r} should stand here")
    return lines.take(_FIELD, name)[2]


def _text(lines: Lines) -> tuple[str, str]:
    """The label and the text; both blank where the card ends without."""
    number = lines.number
    if lines.next() in ("", None):
        return "", ""
    label, text = lines.take(_FIELD, "the card's text or a blank line").groups()
    if label not in TEXT_LABELS:
        raise WeekError(number, f"unknown part of a card: {label[:60]!r}")
    if not text.strip():
        raise WeekError(number, f"{label!r} has no text")
    return label, text


def _tags(text: str, number: int) -> Tags | None:
    if text == TBD:
        return None
    found = _TAGS.fullmatch(text)
    if found is None or not any(found.groups()):
        raise WeekError(number, f"the tags are neither [domain], [topic], [keywords] nor {TBD}")
    return Tags(domain=found[1], topic=found[2], keywords=found[3])


def _check_tag(tag: str, date: dt.date, number: int) -> None:
    if tag != _tag(date):
        raise WeekError(number, f"the paper's date {tag[:20]!r} is not the day's, {_tag(date)!r}")


def _link(link: str, number: int) -> str:
    name = link.removeprefix(LINK)
    try:
        _, version = identifiers.parse(name)
    except ValueError:
        version = 1
    if name == link or version is not None or name != name.strip() or name.endswith(".pdf"):
        raise WeekError(number, f"not a paper's link without a version: {link[:80]!r}")
    return link
