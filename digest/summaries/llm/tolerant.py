"""A JSON object somewhere in what a model wrote, as models write JSON.

Prose and code fences around it, trailing commas, single quotes, bare words, comments, line
breaks and quotation marks inside strings are put up with. What ends in the middle is not: half
an answer may say the opposite of the whole. Time is linear in the length of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

Object = dict[str, Any]

LONGEST = 100_000  # characters of what is looked at
_DEEPEST = 12
#: So many beginnings of an object are tried.
_MOST_STARTS = 12

_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_BLANK = re.compile(r"(?:\s++|//[^\n]*+)*")
_QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "`": "`"}
# What must follow for a quotation mark to be the string's end.
_AFTER_STRING = re.compile(r"\s*+(?:[,:}\]]|\Z)")
_BARE = re.compile(r"[^\s,:{}\[\]\"'`]++(?:[ \t]++[^\s,:{}\[\]\"'`]++)*")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_CONSTANTS = {"null": None, "none": None, "true": True, "false": False}


class NoObject(ValueError):
    """There is none to be read; the message says why."""


class _Broken(Exception):
    """What stands here is no JSON."""


class _CutOff(Exception):
    """The text ends in the middle of an object."""


def object_in(text: str, wanted: Callable[[Object], bool]) -> Object:
    """The first object that is ``wanted``, or else the first of all. Raises NoObject."""
    text = _THOUGHT.sub("", text).strip()
    if len(text) > LONGEST:
        raise NoObject(f"it is longer than {LONGEST:,} characters")
    try:
        found = json.loads(text, object_pairs_hook=_first_of_each)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and wanted(found):
        return found
    if isinstance(found, str):  # an object that was written twice
        text = found
    return _searched(text, wanted)


def _searched(text: str, wanted: Callable[[Object], bool]) -> Object:
    first: Object | None = None
    start, reason = text.find("{"), _why_none(text)
    for _ in range(_MOST_STARTS):
        if start < 0:
            break
        reader = _Reader(text, start)
        try:
            found = reader.read_object(0)
        except _CutOff:
            # What stands inside of half an object is no answer either.
            reason = "it ends in the middle"
            break
        except _Broken as broken:
            reason = str(broken)
            start = text.find("{", start + 1)
            continue
        if wanted(found):
            return found
        first = first or found
        start = text.find("{", reader.at)
    if first:
        return first
    raise NoObject(reason)


def _why_none(text: str) -> str:
    return f"it begins with {text[:60]!r}" if text else "it is empty"


def _first_of_each(pairs: list[tuple[str, Any]]) -> Object:
    """Of a key that stands twice the first: what comes later is where a model lost its way."""
    return dict(reversed(pairs))


class _Reader:
    """Reads one value after the other, and never goes back."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def read_object(self, depth: int) -> Object:
        pairs: list[tuple[str, Any]] = []
        self.at += 1
        while self._next() != "}":
            key = self._word()
            if self._next() != ":":
                raise _Broken(f"after {key[:40]!r} no colon stands")
            self.at += 1
            pairs.append((key, self._value(depth + 1)))
            self._comma("}")
        self.at += 1
        return _first_of_each(pairs)

    def _list(self, depth: int) -> list[Any]:
        values: list[Any] = []
        self.at += 1
        while self._next() != "]":
            values.append(self._value(depth + 1))
            self._comma("]")
        self.at += 1
        return values

    def _value(self, depth: int) -> Any:
        sign = self._next()
        if depth > _DEEPEST:
            raise _Broken("it is nested too deeply")
        if sign == "{":
            return self.read_object(depth)
        if sign == "[":
            return self._list(depth)
        if sign in _QUOTES:
            return self._string(_QUOTES[sign])
        word = self._word()
        return _CONSTANTS.get(word.lower(), word)

    def _word(self) -> str:
        """A string, or what stands without quotation marks."""
        sign = self._next()
        if sign in _QUOTES:
            return self._string(_QUOTES[sign])
        bare = _BARE.match(self.text, self.at)
        if bare is None:
            raise _Broken(f"{self.text[self.at : self.at + 20]!r} stands where a value should")
        self.at = bare.end()
        return bare[0]

    def _string(self, closing: str) -> str:
        begin = at = self.at + 1
        while True:
            end = self.text.find(closing, at)
            if end < 0:
                raise _CutOff
            at = end + 1
            if not self._is_escaped(begin, end) and _AFTER_STRING.match(self.text, at):
                self.at = at
                return _ESCAPE.sub(_unescaped, self.text[begin:end])

    def _is_escaped(self, begin: int, end: int) -> bool:
        start = end
        while start > begin and self.text[start - 1] == "\\":
            start -= 1
        return (end - start) % 2 == 1

    def _comma(self, closing: str) -> None:
        sign = self._next()
        if sign == ",":
            self.at += 1
        elif sign != closing:
            raise _Broken(f"{self.text[self.at : self.at + 20]!r} stands where a comma should")

    def _next(self) -> str:
        """The next sign that is not blank."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        if self.at >= len(self.text):
            raise _CutOff
        return self.text[self.at]


def _unescaped(found: re.Match[str]) -> str:
    sign = found[1]
    if len(sign) == 5:
        return chr(int(sign[1:], 16))
    if sign in _ESCAPED:
        return _ESCAPED[sign]
    # A command of TeX that nobody escaped.
    return found[0] if sign.isalpha() else sign
