"""Bytes made wrong in the ways that networks, servers and people make them wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

_STRANGE = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"&", b"&amp;", b"&nbsp;", b"&#0;", b"&#xD800;",
    b"&#8217;", b"<", b">", b"</", b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE x>", b"<!ENTITY a>",
    b"\r", b"\n", b" ", b"\t", b"\x1b", "\u202e".encode(), "\u0130\u0131".encode(), b"$", b"\\",
    b"{", b"}", b"(", b")", b"v", b"v0", b"v99999", b"-1", b"9" * 40, b"0000-00-00", b"2026-02-30",
    b"9999-12-31T23:59:59+00:00", b"0001-01-01T00:00:00+14:00", b"cs.ZZ", b"arXiv:", b"new",
    b"replace-cross", b"/", b"+", b"e" * 5000, b"(" * 3000, b"<a>" * 500,
]  # fmt: skip

_Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """One to five things done to the bytes; ``others`` are files to take pieces from.

    Half of the files stay well-formed, so that what is wrong is what they say.
    """
    ways = _GENTLE if rng.random() < 0.5 else _ROUGH
    for _ in range(rng.randint(1, 5)):
        data = rng.choice(ways)(rng, data, others)
    return data


def _place(rng: random.Random, data: bytes) -> int:
    return rng.randint(0, len(data))


def _span(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = _place(rng, data)
    return start, min(len(data), start + rng.choice([1, 3, 20, 200, 2000]))


def _delete(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _double(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:end] + data[start:end] + data[end:]


def _insert(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    at = _place(rng, data)
    return data[:at] + rng.choice(_STRANGE) + data[at:]


def _overwrite(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + rng.choice(_STRANGE) + data[end:]


def _cut(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return data[: _place(rng, data)]


def _flip(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _splice(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    start, end = _span(rng, other)
    at = _place(rng, data)
    return data[:at] + other[start:end] + data[at:]


def _move_tag(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """An element's tag torn out, or standing somewhere else."""
    start = data.find(b"<", _place(rng, data))
    end = data.find(b">", start)
    if start < 0 or end < 0:
        return data
    tag, rest = data[start : end + 1], data[:start] + data[end + 1 :]
    if rng.random() < 0.5:
        return rest
    at = _place(rng, rest)
    return rest[:at] + tag + rest[at:]


def _change_number(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    places = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    if not places:
        return data
    at = rng.choice(places)
    return data[:at] + str(rng.randrange(10)).encode() + data[at + 1 :]


def _change_text(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """What stands between two tags becomes something else, or nothing, or much longer."""
    found = list(_TEXT.finditer(data))
    if not found:
        return data
    place = rng.choice(found)
    said = rng.choice([_quoted(rng.choice(_STRANGE)), b"", place[1] * rng.choice([0, 2, 50])])
    if rng.random() < 0.5:
        at = rng.randint(0, len(place[1]))
        said = place[1][:at] + said + place[1][at:]
    return data[: place.start(1)] + said + data[place.end(1) :]


def _swap_texts(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_TEXT.finditer(data))
    if len(found) < 2:
        return data
    one, two = sorted(rng.sample(found, 2), key=lambda place: place.start())
    return (
        data[: one.start(1)]
        + two[1]
        + data[one.end(1) : two.start(1)]
        + one[1]
        + data[two.end(1) :]
    )


def _lose_element(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_LEAF.finditer(data))
    if not found:
        return data
    place = rng.choice(found)
    again = place[0] * rng.choice([0, 0, 2])
    return data[: place.start()] + again + data[place.end() :]


def _quoted(text: bytes) -> bytes:
    """Fit to stand between two tags."""
    clean = text.decode("utf-8", "ignore")
    clean = "".join(sign for sign in clean if sign.isprintable() or sign in "\r\n\t")
    return escape(clean).encode()


_TEXT = re.compile(rb">([^<>]*)<")
_LEAF = re.compile(rb"<(\w[\w:.-]*)(?:\s[^<>]*)?(?:/>|>[^<>]*</\1>)")
_ROUGH: Sequence[_Mutation] = (
    *(_delete, _double, _insert, _overwrite, _cut, _flip, _splice, _move_tag, _change_number),
)
_GENTLE: Sequence[_Mutation] = (_change_text, _change_number, _swap_texts, _lose_element)
