"""What of a listing is not complete, and why: rows in, one line out, the same line everywhere."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from digest.arxiv.listing import FEED_LIMIT
from digest.covering import NOT_FETCHED, WHOLE
from digest.models import Coverage

# So many categories of one cause are all named; of more, only the first and their number.
_MOST_NAMED = 4
_MOST_CAUSES = 4
_LONGEST_PUBLIC = 60
_LONGEST = 300

# What a failed request says of itself, in the words of the house.
_IN_PLAIN_WORDS = (
    (re.compile(r"\bHTTP (?:status )?(\d{3})\b"), r"HTTP \1"),
    (re.compile(r"time[d ]*out|took longer", re.IGNORECASE), "arXiv did not answer in time"),
    (
        re.compile(
            r"\w*(connect|network|protocol|read|write)error\b|connection (refused|reset)"
            r"|name or service|name resolution|unreachable|disconnected|certificate|\bssl\b",
            re.IGNORECASE,
        ),
        "arXiv could not be reached",
    ),
    (re.compile(r"captcha", re.IGNORECASE), "arXiv asked for a CAPTCHA"),
    (re.compile(r"feeds are of \S+ already"), "the day was over before it was fetched"),
    (re.compile(r"feed is empty on a day"), "arXiv's feed was empty"),
)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_CLASS_NAME = re.compile(
    r"\b(?:\w+\.)*\w*[a-z](?:Error|Exception|Timeout|Warning)\b(?:\([^)]*\))?:?"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """One category of a listing that is not whole; ``reason`` as it was kept."""

    category: str
    status: str
    reason: str
    source: str = ""


def gaps_of(dates: Iterable[dt.date]) -> dict[dt.date, tuple[Gap, ...]]:
    """What is not whole of each date, categories sorted; one query. Whole dates have nothing."""
    wanted = list(dates)
    rows = Coverage.objects.filter(listing__in=wanted).exclude(status__in=WHOLE)
    found: dict[dt.date, list[Gap]] = {date: [] for date in wanted}
    for row in rows.order_by("listing", "category"):
        found[row.listing_id].append(gap(row))
    return {date: tuple(gaps) for date, gaps in found.items()}


def gap(row: Coverage) -> Gap:
    return Gap(row.category, row.status, row.reason, row.source)


def told(
    gaps: Iterable[Gap], categories: Collection[str] | None = None, *, full: bool = False
) -> str:
    """One line that says what is not complete and why; empty where nothing is amiss.

    ``categories`` keeps only what is of interest to somebody. ``full`` gives the reasons as
    they were kept, for operators; without it they are short and plain, for everybody.
    """
    parts = named(gaps, categories, full=full)
    return f"Not complete: {parts}" if parts else ""


def named(
    gaps: Iterable[Gap], categories: Collection[str] | None = None, *, full: bool = False
) -> str:
    """The same without its first words."""
    causes: defaultdict[str, list[str]] = defaultdict(list)
    for found in sorted(gaps, key=lambda found: found.category):
        if categories is None or found.category in categories:
            causes[_cause(found, full=full)].append(found.category)
    shown = list(causes.items())[:_MOST_CAUSES]
    parts = [f"{_some(codes)} ({cause})" for cause, codes in shown]
    if rest := sum(map(len, causes.values())) - sum(len(codes) for _, codes in shown):
        parts.append(f"{rest} more for other reasons")
    return ", ".join(parts)


def _some(codes: Sequence[str]) -> str:
    if len(codes) <= _MOST_NAMED:
        return ", ".join(codes)
    return f"{codes[0]} and {len(codes) - 1} more"


def _cause(found: Gap, *, full: bool) -> str:
    if found.status == Coverage.Status.TRUNCATED:
        return f"cut by arXiv at {FEED_LIMIT:,} entries"
    if found.status == Coverage.Status.STALE:
        short = "arXiv had not renewed its feed"
        return (_one_line(found.reason, _LONGEST) or short) if full else short
    reason = _one_line(found.reason, _LONGEST) if full else _in_plain_words(found.reason)
    if not reason or found.reason == NOT_FETCHED:
        return NOT_FETCHED
    return reason if found.source == "api" else f"not fetched: {reason}"


def _in_plain_words(reason: str) -> str:
    """As much of a reason as anybody may read: no addresses, no names from the code."""
    for pattern, words in _IN_PLAIN_WORDS:
        if match := pattern.search(reason):
            return match.expand(words)
    bare = _CLASS_NAME.sub(" ", _ADDRESS.sub("another address", reason))
    return _one_line(bare, _LONGEST_PUBLIC).strip(" :;,.-")


def _one_line(text: str, longest: int) -> str:
    """Printable characters only, cut between words."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rsplit(' ', 1)[0]}…"
