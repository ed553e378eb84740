"""One subscriber as a row of CSV, both ways; nothing here touches the database.

From the column ``sections`` on, every further cell is one section:
``categories|expression|label|style|limit``, of which everything after the categories may be left
out. A bar or a backslash inside a part stands behind a backslash.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any
from zoneinfo import available_timezones

from digest.models import Style
from digest.sections import rules
from newsletter.models import Cadence, Subscriber, Weekday
from newsletter.signup import addresses, choices
from newsletter.signup.choices import Choices, SectionChoice

COLUMNS = [
    "address", "status", "cadence", "weekday", "send_hour", "timezone", "format", "paused_until",
    "sections",
]  # fmt: skip
RELEASE = "release"  # instead of an hour: as soon as the listing is released
_PARTS = 5
_BARS: dict[str, Any] = {
    "delimiter": "|",
    "escapechar": "\\",
    "quoting": csv.QUOTE_NONE,
    "strict": True,
}
_SendWhen = Subscriber.SendWhen


class BadRow(ValueError):
    """What cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class Row:
    """``limits`` belong to the sections in their order."""

    line: int
    address: str
    identity: str
    status: str
    paused_until: dt.date | None
    preferences: Mapping[str, Any]
    sections: tuple[SectionChoice, ...]
    limits: tuple[int | None, ...]


def read(file: IO[str]) -> list[Row]:
    """All rows of a file; raises BadRow at the first that is none."""
    lines = csv.reader(file, strict=True)
    try:
        header = _header(next(lines, []))
        rows = [_row(lines.line_num, header, cells) for cells in lines if any(cells)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadRow(f"line {lines.line_num + 1}: {error}") from error
    first: dict[str, int] = {}
    for row in rows:
        if first.setdefault(row.identity, row.line) != row.line:
            there = first[row.identity]
            raise BadRow(f"line {row.line}: {row.address} stands on line {there} already")
    return rows


def cells(subscriber: Subscriber, chosen: Choices, limits: Mapping[Any, int | None]) -> list[str]:
    """The row of a subscriber; ``limits`` by the section's rule."""
    hour = RELEASE if chosen.send_when == _SendWhen.RELEASE else str(chosen.send_hour)
    weekday = Weekday(chosen.weekday).name.lower()
    sections = [_section_cell(section, limits.get(section.rule)) for section in chosen.sections]
    return [
        subscriber.address,
        subscriber.status,
        chosen.cadence,
        weekday,
        hour,
        chosen.timezone,
        chosen.format,
        subscriber.paused_until.isoformat() if subscriber.paused_until else "",
        *sections,
    ]


def _section_cell(section: SectionChoice, limit: int | None) -> str:
    parts = [section.categories, section.expression, section.label, section.style]
    if limit is not None:
        parts.append(str(limit))
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def _header(cells: list[str]) -> list[str]:
    header = [cell.strip().lower().removeprefix("\ufeff") for cell in cells]
    while header and not header[-1]:
        header.pop()
    known = ",".join(COLUMNS)
    for name in header:
        if name not in COLUMNS:
            raise BadRow(f"line 1: unknown column {name!r}; the columns are {known}")
    if "address" not in header:
        raise BadRow(f"line 1: no column 'address'; the columns are {known}")
    if len(set(header)) < len(header) or "sections" in header[:-1]:
        raise BadRow("line 1: every column once, and sections last")
    return header


def _row(line: int, header: list[str], cells: list[str]) -> Row:
    start = header.index("sections") if "sections" in header else len(header)
    values = dict(zip(header[:start], (cell.strip() for cell in cells), strict=False))
    try:
        if "sections" not in header and any(cells[start:]):
            raise ValueError("there are more cells than columns")
        address = addresses.valid(values.get("address", ""))
        sections = [_section(cell) for cell in cells[start:] if cell.strip()]
        status = _status(values.get("status") or "active")
        return Row(
            line=line,
            address=address,
            identity=addresses.identity(address),
            status=status,
            paused_until=_paused_until(values.get("paused_until", ""), status),
            preferences=_preferences(values),
            sections=tuple(section for section, _ in sections),
            limits=tuple(limit for _, limit in sections),
        )
    except (ValueError, csv.Error) as error:
        raise BadRow(f"line {line}: {error}") from error


def _section(cell: str) -> tuple[SectionChoice, int | None]:
    parts = [part.strip() for part in next(csv.reader([cell], **_BARS))]
    if len(parts) > _PARTS:
        raise ValueError(f"a section has at most {_PARTS} parts: {cell!r}")
    categories, expression, label, style, limit = parts + [""] * (_PARTS - len(parts))
    codes = [code for code in categories.split("/") if code]
    if expression:
        choice = choices.keyword_section(expression, codes)
    elif codes:
        canonical = rules.canonical_categories(codes)
        choice = SectionChoice(canonical, label=canonical)
    else:
        raise ValueError(f"a section needs a category or a keyword: {cell!r}")
    style = _one_of("style", style or Style.CARDS, Style.values)
    return dataclasses.replace(choice, label=label or choice.label, style=style), _limit(limit)


def _limit(text: str) -> int | None:
    if text and not (text.isdecimal() and int(text) > 0):
        raise ValueError(f"a limit is a number from 1 on, not {text!r}")
    return int(text) if text else None


def _preferences(values: Mapping[str, str]) -> dict[str, Any]:
    """What is given, by field name; a blank cell says nothing."""
    found: dict[str, Any] = {}
    for column, reader in _READERS.items():
        if values.get(column):
            found |= reader(values[column])
    return found


def _one_of(column: str, text: str, known: list[str]) -> str:
    if text not in known:
        raise ValueError(f"{column} is one of {', '.join(known)}, not {text!r}")
    return text


def _status(text: str) -> str:
    return _one_of("status", text, Subscriber.Status.values)


def _paused_until(text: str, status: str) -> dt.date | None:
    if not text:
        return None
    if status != Subscriber.Status.PAUSED:
        raise ValueError(f"paused_until is for who is paused, not {status}")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"paused_until is a date such as 2026-09-01, not {text!r}") from error


def _weekday(text: str) -> dict[str, Any]:
    names = [day.name.lower() for day in Weekday]
    return {"weekday": names.index(_one_of("weekday", text.lower(), names))}


def _send_hour(text: str) -> dict[str, Any]:
    if text == RELEASE:
        return {"send_when": _SendWhen.RELEASE.value}
    if not text.isdecimal() or int(text) > 23:
        raise ValueError(f"send_hour is 0 to 23 or {RELEASE}, not {text!r}")
    return {"send_when": _SendWhen.HOUR.value, "send_hour": int(text)}


def _timezone(text: str) -> dict[str, Any]:
    if text not in available_timezones():
        raise ValueError(f"no time zone is called {text!r}")
    return {"timezone": text}


_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "cadence": lambda text: {"cadence": _one_of("cadence", text, Cadence.values)},
    "weekday": _weekday,
    "send_hour": _send_hour,
    "timezone": _timezone,
    "format": lambda text: {"format": _one_of("format", text, Subscriber.Format.values)},
}
