"""A text as it is compared: readable, folded to plain signs, every sign knowing its place."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from digest.arxiv.tex import readable
from digest.summaries.grounding.findings import Span

_SIGNS = str.maketrans(
    {"−": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": " - ", "―": " - ", "⁃": "-"}
    | {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "✕": "×", "⨯": "×", "✖": "×"}
    | {"∼": "~", "≈": "~", "⁄": "/", "∕": "/", "µ": "μ", "⋅": "·", "∙": "·"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", "")
)
_HIGH = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_TRAILING = re.compile(r"(?:(?<!\\)\$)?\s*$")
_WORD = re.compile(r"[^\W_]+")
#: How far behind its place a word of the readable form may stand in what was typed.
_WINDOW = 160
#: No text or page that makes sense is longer; what is, is read so far.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Shown:
    """The folded text, and for each of its signs the place in the text it was made from."""

    text: str
    _starts: tuple[int, ...]
    _ends: tuple[int, ...]

    def typed(self, start: int, end: int) -> Span:
        """The place, in what was typed, of a place in the folded text."""
        if not self._starts or start >= end:
            return (0, 0)
        first = self._starts[min(start, len(self._starts) - 1)]
        last = self._ends[min(end, len(self._ends)) - 1]
        return (first, max(first, last))


def shown(typed: str) -> Shown:
    """The text without TeX, with one sign for each dash, quote and digit, and no unseen ones."""
    typed = typed[:LONGEST]
    read = readable(typed)
    if read == typed:
        places = [(place, place + 1) for place in range(len(typed))]
    else:
        places = _aligned(read, typed)
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    is_high = False
    for sign, (start, end) in zip(read, places, strict=True):
        plain = _HIGH.get(sign) or _plain(sign)
        if sign in _HIGH and not is_high:
            plain = "^" + plain  # ten to the fifth is not a hundred and five
        is_high = sign in _HIGH
        signs.append(plain)
        starts.extend([start] * len(plain))
        ends.extend([end] * len(plain))
    return Shown("".join(signs), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    made = unicodedata.normalize("NFKC", sign.translate(_SIGNS)).translate(_SIGNS)
    if made.isdecimal() and not made.isascii():
        return "".join(str(unicodedata.decimal(digit)) for digit in made)
    return " " if made.isspace() else made


def _aligned(read: str, typed: str) -> list[Span]:
    """For each sign of the readable text its place in the typed one, word by word."""
    places: list[Span] = []
    here = 0
    for word in _WORD.finditer(read):
        found = _find(word[0], typed, here)
        if found < 0:
            continue
        places += [_between(typed, here, found)] * (word.start() - len(places))
        places += [(found + at, found + at + 1) for at in range(len(word[0]))]
        here = found + len(word[0])
    return places + [_between(typed, here, len(typed))] * (len(read) - len(places))


def _between(typed: str, start: int, end: int) -> Span:
    """What stands between two words, less white space."""
    gap = typed[start:end]
    last = _TRAILING.sub("", gap)
    return (start + len(gap) - len(gap.lstrip()), start + len(last))


def _find(word: str, typed: str, start: int) -> int:
    """Where the word stands by itself, soon after the start; -1 where it does not."""
    end = start + _WINDOW + len(word)
    place = typed.find(word, start, end)
    while place >= 0:
        before, after = typed[place - 1 : place], typed[place + len(word) :][:1]
        if not before.isalnum() and not after.isalnum():
            return place
        place = typed.find(word, place + 1, end)
    return -1
