"""The words of a digest's frame: dates, numbers, and why a reader gets it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsletter.compose.budget import Layout
from newsletter.compose.choosing import Digest, DigestDay, LeftOut
from newsletter.compose.plain import one_line
from newsletter.models import Cadence, Subscriber, Weekday

SECTIONS_NAMED = 8
PREHEADER_LENGTH = 140
_CONTAINS = re.compile(r'contains "(.+)"$')


class Words(NamedTuple):
    """A run of words; with an anchor, a link to that place in the mail."""

    text: str
    anchor: str = ""


def day(date: dt.date) -> str:
    return f"{date:%A}, {date.day} {date:%B %Y}"


def day_heading(listed: DigestDay) -> str:
    """A day's date, and whether its papers came after its own issue had been made."""
    return f"Announced on {day(listed.date)}, late" if listed.is_late else day(listed.date)


@lru_cache(maxsize=1024)
def span(first: dt.date, last: dt.date) -> str:
    """Such as "2 to 8 February 2026"; a month or year is said twice only where it changes."""
    end = f"{last.day} {last:%B %Y}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {end}"
    return f"{first.day} {first:%B %Y} to {end}"


def heading(digest: Digest) -> str:
    if not digest.is_weekly:
        return day(digest.last_date)
    return span(digest.first_date, digest.last_date)


def papers(number: int) -> str:
    return f"{number:,} paper{'' if number == 1 else 's'}"


def subject(site_name: str, first: dt.date, last: dt.date, total: int) -> str:
    return f"{site_name}, {span(first, last)}: {papers(total)}"


def more(number: int) -> str:
    return f"{number:,} more on the web"


def dropped(number_of_papers: int, number_of_sections: int) -> str:
    sections = f"{number_of_sections:,} more section{'' if number_of_sections == 1 else 's'}"
    if number_of_papers == 0:
        return f"{sections} on the web"
    return f"{sections} on the web with {papers(number_of_papers)} not above"


def numbers(digest: Digest, above: Sequence[int]) -> list[Words]:
    """One sentence of true numbers; ``above`` as each section's heading says it."""
    # Late papers are not of those that were announced on its dates.
    is_known = digest.announced is not None and not any(day.is_late for day in digest.days)
    announced = f" of {digest.announced:,} announced" if is_known else ""
    start = Words(f"{papers(digest.total)} for you{announced}: ")
    items = _by_day(digest) if digest.is_weekly else _by_section(digest, above)
    items += _late(digest)
    sentence = [start]
    for index, item in enumerate(items):
        sentence += [Words(", ")] * (index > 0) + item
    return [*sentence, Words(".")]


def _by_section(digest: Digest, above: Sequence[int]) -> list[list[Words]]:
    items = []
    own = [section for day in digest.days if not day.is_late for section in day.sections]
    for index, section in enumerate(own[:SECTIONS_NAMED]):
        lead, name = _named(section.label)
        item = [Words(f"{section.total:,} {lead} "), Words(name, f"s{index + 1}")]
        if index < len(above) and above[index]:
            item.append(Words(f" ({stand_above(above[index])})"))
        items.append(item)
    rest = len(own) - SECTIONS_NAMED
    if rest > 0:
        items.append([Words(f"and {rest:,} more section{'' if rest == 1 else 's'}")])
    return items


@lru_cache(maxsize=20_000)
def _named(label: str) -> tuple[str, str]:
    """How a section is spoken of: what it is in or on, and its name."""
    line = one_line(label)
    word = _CONTAINS.search(line)
    return ("on", word[1]) if word else ("in", line)


def _by_day(digest: Digest) -> list[list[Words]]:
    return [
        [
            Words(f"{listed.total:,} on "),
            Words(f"{listed.date:%A}, {listed.date.day} {listed.date:%B}", f"d{index + 1}"),
        ]
        for index, listed in enumerate(digest.days)
        if not listed.is_late
    ]


def _late(digest: Digest) -> list[list[Words]]:
    return [
        [
            Words(f"{listed.total:,} late "),
            Words(f"from {listed.date:%A}, {listed.date.day} {listed.date:%B}", f"d{index + 1}"),
        ]
        for index, listed in enumerate(digest.days)
        if listed.is_late
    ]


def stand_above(number: int) -> str:
    return f"{number:,} stand{'s' if number == 1 else ''} above"


def plain_words(words: Sequence[Words]) -> str:
    return "".join(word.text for word in words)


def left_out(listings: Sequence[LeftOut]) -> str:
    """Which listings are missing, in a sentence each; blank if none is."""
    return " ".join(
        f"The listing of {day(listing.date)} "
        + ("is held back" if listing.held else "is not released yet")
        + " and is not in this mail."
        for listing in listings
    )


def preheader(digest: Digest, layout: Layout, titles: Sequence[str]) -> str:
    """What a mailbox shows beside the subject: the first section's number and titles."""
    first = layout.sections[0].section if layout.sections else digest.sections[0]
    text = f"{first.total:,} in {one_line(first.label)}"
    if titles:
        text += ": " + "; ".join(titles)
    if len(text) <= PREHEADER_LENGTH:
        return text
    return text[:PREHEADER_LENGTH].rsplit(" ", 1)[0].rstrip(" ;,:") + " …"


def reason(subscriber: Subscriber, cadence: str, year: int) -> str:
    """Why this reader gets this mail; ``year`` is left unsaid in a date of the same year."""
    asked = ""
    if subscriber.activated_at is not None:
        date = subscriber.activated_at.astimezone(_zone(subscriber.timezone)).date()
        asked = _asked(date, year)
    return f"You get this {_rhythm(subscriber, cadence)} because you asked for it{asked}."


@lru_cache(maxsize=4096)
def _asked(date: dt.date, year: int) -> str:
    return f" on {date.day} {date:%B}" + (f" {date.year}" if date.year != year else "")


@lru_cache(maxsize=1024)
def _zone(name: str) -> dt.tzinfo:
    """UTC for a name that does not exist (any more), as when the mail's hour is reckoned."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC


def _rhythm(subscriber: Subscriber, cadence: str) -> str:
    if subscriber.cadence != cadence:  # changed since the issue was planned
        return f"{cadence} digest"
    return rhythm(
        cadence=subscriber.cadence,
        weekday=subscriber.weekday,
        send_when=subscriber.send_when,
        send_hour=subscriber.send_hour,
        timezone=subscriber.timezone,
    )


def rhythm(*, cadence: str, weekday: int, send_when: str, send_hour: int, timezone: str) -> str:
    """How often and when, such as "daily at 07:00 (Europe/Berlin)"."""
    often = "daily"
    if cadence == Cadence.WEEKLY:
        often = f"every {Weekday(weekday).label}"
    if send_when == Subscriber.SendWhen.RELEASE:
        return f"{often} as soon as the listing is released"
    return f"{often} at {send_hour:02}:00 ({timezone})"
