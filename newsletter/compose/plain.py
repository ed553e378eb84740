"""Plain text as it is set: 72 columns, wide characters counted as two, addresses never broken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

COLUMNS = 72

_URL = re.compile(r"https?://")
# Controls, the marks that would turn the direction of what follows a title, and halves of
# characters, which JSON can hold and no mail.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_WIDE = r"\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60"
# What closes a clause in those scripts stays on the line of what it closes.
_CLOSING = (
    r"\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u30fb"
    r"\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d"
)
_RUN = re.compile(rf"\s+|[{_WIDE}][{_CLOSING}]*|[^\s{_WIDE}]+")


def one_line(text: str) -> str:
    """White space collapsed, controls and directional overrides taken out."""
    return " ".join(_UNWANTED.sub(" ", text).split())


def width(text: str) -> int:
    """Columns that the text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def wrap(text: str, *, indent: str = "", columns: int = COLUMNS) -> str:
    """The text as lines of at most ``columns``; only an address may be longer."""
    room = columns - len(indent)
    if text.isascii() and text.isprintable():
        words = text.split()
        if max(map(len, words), default=0) <= room:
            return indent + f"\n{indent}".join(_greedy(words, room)) if words else ""
    lines: list[str] = []
    line, space = "", ""
    for run in _runs(text, room):
        if run.isspace():
            space = run
            continue
        if line and width(line) + len(space) + width(run) > room:
            lines.append(line)
            line = run
        else:
            line += (space if line else "") + run
        space = ""
    if line:
        lines.append(line)
    return "\n".join(indent + one for one in lines)


def _greedy(words: Sequence[str], room: int) -> Iterator[str]:
    """The same for words of plain letters, quickly: most of what a mail says."""
    line, length = [words[0]], len(words[0])
    for word in words[1:]:
        length += 1 + len(word)
        if length > room:
            yield " ".join(line)
            line, length = [word], len(word)
        else:
            line.append(word)
    yield " ".join(line)


def _runs(text: str, room: int) -> list[str]:
    """Words, single spaces, and single wide characters, between which a line may break."""
    runs: list[str] = []
    for run in _RUN.findall(one_line(text)):
        if width(run) <= room or _URL.match(run):
            runs.append(run)
        else:
            runs += _pieces(run, room)
    return runs


def _pieces(word: str, room: int) -> list[str]:
    pieces, piece = [], ""
    for character in word:
        if width(piece) + _columns(character) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
