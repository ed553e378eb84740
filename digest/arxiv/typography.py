"""Ties, dashes and quotes, as they are typed for TeX, as they are printed."""

# ruff: noqa: RUF001 - a dash is not a hyphen
from __future__ import annotations

import re

_TIE = re.compile(r"(?<=[A-Za-z.,])~(?=[\w(\[])")
_LONG_DASH = re.compile(r"(?<=[\w\s),.;])---(?=[\w\s(])")
_DASH = re.compile(r"(?<=[\w)×%])--(?=[\w(])|(?<=\s)--(?=\s)")
_QUOTE = re.compile(r"(?<!`)``(?!`)|(?<!')''(?!')|\"")


def ties(text: str) -> str:
    return _TIE.sub(" ", text) if "~" in text else text


def dashes(text: str, *, after_number: bool, before_number: bool) -> str:
    """What stands beside the text may be a number too."""
    before, after = "0" * after_number, "0" * before_number
    text = _DASH.sub("–", _LONG_DASH.sub("—", before + text + after))
    return text[len(before) : len(text) - len(after)]


class Quotes:
    """Quotes of one text: ``so'', ``so" and ''so''; whether one is open, it remembers."""

    def __init__(self) -> None:
        self.is_open = False
        self.before = ""

    def set(self, text: str, before: str) -> str:
        """The text with its quotes; ``before`` is the sign that it follows."""
        if "``" not in text and "''" not in text and not (self.is_open and '"' in text):
            return text
        self.before = before
        return _QUOTE.sub(self._quote, text)

    def _quote(self, found: re.Match[str]) -> str:
        sign, text, start = found[0], found.string, found.start()
        before, after = text[max(0, start - 2) : start], text[found.end() : found.end() + 1]
        before = before or self.before
        if sign == "``" and not self.is_open:
            self.is_open = True
            return "“"
        if self.is_open and not before[-1:].isspace():
            self.is_open = False
            return "”"
        prime = before[-1:].isalpha() and not before[:1].isalpha()  # f''(x)
        touches = before[-1:].isalnum() or before[-1:] in set(".,!?%)}") or after.isalnum()
        return '"' if sign == "''" and touches and not prime else sign
