"""What a listing page says around its entries: the date, the category, and how many there are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from digest.arxiv import taxonomy
from digest.arxiv.listing import FeedError
from digest.arxiv.page_entries import SUBJECT, heading_of, text_of

_NEW_DATE = re.compile(r"Showing new listings for \w+, (\d{1,2} \w+ \d{4})", re.ASCII)
_CATCHUP = re.compile(r"Catchup results for (.+) on \w{3}, (\d{1,2} \w{3} \d{4})", re.ASCII)
_NONE = re.compile(r"No updates (?:today|for)\b")
_TOTAL = re.compile(r"\bTotal of (\d{1,9}) entries\b", re.ASCII)
_OWN_LINK = re.compile(r"/(?:list/([A-Za-z.-]+)/recent|catchup/([A-Za-z.-]+)/\d{4}-)")
_LONGEST_TITLE = 120


def date(root: Any) -> dt.date:
    """Raises FeedError where there is none: then it is some other page."""
    for heading in root.iter("h1", "h3"):
        text = heading_of(heading)
        try:
            if found := _NEW_DATE.search(text):
                return dt.datetime.strptime(found[1], "%d %B %Y").date()  # noqa: DTZ007 - a date
            if found := _CATCHUP.search(text):
                return dt.datetime.strptime(found[2], "%d %b %Y").date()  # noqa: DTZ007 - a date
        except ValueError as error:
            raise FeedError(f"a listing page with an impossible date: {text[:80]}") from error
    title = text_of(root.find(".//title"))[:_LONGEST_TITLE] or "no title"
    raise FeedError(f"a web page, but not a listing with its date: {title}")


def category(root: Any, asked: str = "") -> str:
    """The category of the page, or the one asked for where it does not say.

    Raises FeedError where it says another one, or nothing is known.
    """
    said = _linked(root) or _named(root)
    if asked and said and said != asked:
        raise FeedError(f"is of {said}, not of {asked}")
    if not (said or asked):
        raise FeedError("does not say for which category it is")
    return said or asked


def total(root: Any) -> int | None:
    """How many entries all pages of the day hold together, where it says so.

    A section that begins on a later page has no heading on this one.
    """
    for element in _before_the_entries(root, "div"):
        own = " ".join([element.text or "", *(child.tail or "" for child in element)])
        if found := _TOTAL.search(own):
            return int(found[1])
    return None


def says_that_there_are_none(root: Any) -> bool:
    return any(_NONE.match(heading_of(line)) for line in _before_the_entries(root, "p"))


def _before_the_entries(root: Any, tag: str) -> Iterator[Any]:
    """The elements that are the page's own: papers have addresses and numbers in their texts."""
    for element in root.iter(tag, "dt"):
        if element.tag == "dt":
            return
        yield element


def _linked(root: Any) -> str:
    """From the links that lead to the same category's other pages."""
    for link in _before_the_entries(root, "a"):
        if found := _OWN_LINK.search(str(link.get("href") or "")):
            return _canonical(found[1] or found[2])
    return ""


def _named(root: Any) -> str:
    """From a catch-up page's heading, which has the name without the code.

    A name that two categories share is told by the primary category of a new paper.
    """
    for heading in root.iter("h1"):
        if not (found := _CATCHUP.search(heading_of(heading))):
            continue
        if code := SUBJECT.search(found[1]):
            return _canonical(code[1])
        codes = [one.code for one in taxonomy.CATEGORIES.values() if one.name == found[1]]
        if len(codes) > 1:
            codes = [code for code in codes if code == _primary_of_new(root)]
        return codes[0] if codes else ""
    return ""


def _primary_of_new(root: Any) -> str:
    section = ""
    for element in root.iter("h3", "span"):
        if element.tag == "h3":
            section = heading_of(element)
        elif element.get("class") == "primary-subject":
            code = SUBJECT.search(heading_of(element))
            return code[1] if code and section.startswith("New submissions") else ""
    return ""


def _canonical(code: str) -> str:
    try:
        return taxonomy.canonical(code)
    except taxonomy.UnknownCategory as error:
        raise FeedError(str(error)) from error
