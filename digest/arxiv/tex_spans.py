"""Where mathematics stands in a text, and which dollars are money."""

# ruff: noqa: RUF001 - a dash is not a hyphen
from __future__ import annotations

import re
from bisect import bisect

# A pair of backslashes is a line break: the dollar or bracket after it is not escaped.
_MARK = re.compile(r"\\[\\$()\[\]]|\$")
_CLOSING = {r"\(": r"\)", r"\[": r"\]"}
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z}])")
_LONG_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{4,}(?![A-Za-z}])")
_WORDS_IN_A_ROW = re.compile(r"(?<![\\\w{])[A-Za-z]{2,}[,;:]?\s+[A-Za-z]{3,}[,;:.]?(?:\s|$)")
_ESCAPED = re.compile(r"\\[%&#$ ]")
_OPENS_NUMBER = (" ", "\n", "\t", "(", "[", "~", "≈", "-", "–", "/")


def split(text: str) -> list[str]:
    """Text and mathematics in turn, beginning with text; joined they are the whole again."""
    if "$" not in text and r"\(" not in text and r"\[" not in text:
        return [text]
    pieces, start = [], 0
    for opened, closed in _Marks(text).spans():
        pieces += [text[start:opened], text[opened:closed]]
        start = closed
    return [*pieces, text[start:]]


def inner(span: str) -> str:
    """What stands between the signs of a piece of mathematics."""
    if span[0] == "\\" or span.startswith("$$"):
        return span[2:-2].strip()
    return span[1:-1].strip()


class _Marks:
    """The signs of a text, each looked at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [mark for mark in _MARK.finditer(text) if mark[0] not in {r"\\", r"\$"}]
        self.places = [mark.start() for mark in found]
        self.signs = [mark[0] for mark in found]
        for at in range(len(found) - 1):
            if self.signs[at] == self.signs[at + 1] == "$" and (
                self.places[at] + 1 == self.places[at + 1]
            ):
                self.signs[at] = "$$"  # so that the first of a pair is known
        self.of_sign: dict[str, list[int]] = {}
        for at, sign in enumerate(self.signs):
            self.of_sign.setdefault(sign, []).append(at)

    def next(self, sign: str, after: int) -> int | None:
        """The next mark of a kind behind one."""
        marks = self.of_sign.get(sign, [])
        place = bisect(marks, after)
        return marks[place] if place < len(marks) else None

    def spans(self) -> list[tuple[int, int]]:
        found, at = [], 0
        while at < len(self.signs):
            closing = self._closing(at)
            if closing is None:
                at += 1
                continue
            last, length = closing
            found.append((self.places[at], self.places[last] + length))
            at = last + (2 if length == 2 and self.signs[last][0] == "$" else 1)
        return found

    def _closing(self, at: int) -> tuple[int, int] | None:
        """The mark that closes what this one opens, and how long it is."""
        sign = self.signs[at]
        if sign == "$":
            return self._closing_dollar(at)
        if sign == "$$":
            last = self.next("$$", at + 1)
        else:
            last = self.next(_CLOSING[sign], at) if sign in _CLOSING else None
        return None if last is None or self._is_blank(at, last, 2) else (last, 2)

    def _closing_dollar(self, at: int) -> tuple[int, int] | None:
        dollars = [self.next(sign, at) for sign in ("$", "$$")]
        last = min((mark for mark in dollars if mark is not None), default=None)
        if last is None or self._is_blank(at, last, 1):
            return None
        between = self.text[self.places[at] + 1 : self.places[last]]
        following = self.text[self.places[last] + 1 : self.places[last] + 2]
        return None if _is_money(between, following) else (last, 1)

    def _is_blank(self, at: int, last: int, length: int) -> bool:
        return not self.text[self.places[at] + length : self.places[last]].strip()


def _is_money(between: str, following: str) -> bool:
    """Whether what stands between two dollars is text: "$5 and $10" are two prices."""
    between = _ESCAPED.sub(" ", between)
    spaced = between[0].isspace()
    # "$5 for each $x$": the second dollar opens what follows it.
    opens = between.endswith(_OPENS_NUMBER) and not spaced
    if set(between) & set("\\^_{"):
        return opens and bool(_LONG_WORD.search(between))
    if between[0].isdigit() and following.isdigit():
        return True
    if opens or (spaced and not between[-1].isspace()):
        return bool(_WORD.search(between))
    return bool(_WORDS_IN_A_ROW.search(between))
