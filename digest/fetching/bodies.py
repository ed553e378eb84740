"""The bytes of an answer: bounded, and whether they are an answer at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx

from digest.arxiv import markup
from digest.fetching.errors import FetchError

# No feed that arXiv cuts at 2,000 entries comes near this.
MOST_BYTES = 20_000_000


# What stands on each of arXiv's listing pages.
_LISTINGS = (b"Showing new listings", b"Catchup results")


class Garbled(Exception):
    """An answer that did not come through whole."""


def read(response: httpx.Response) -> bytes:
    """All of it, unpacked, and never more than MOST_BYTES of it in memory. Raises FetchError
    for more, Garbled for less than was packed."""
    return b"".join(unpacked(response, MOST_BYTES))


def unpacked(response: httpx.Response, most: int) -> Iterator[bytes]:
    """The same part by part, no more than ``most`` bytes in all."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", ""}:
        raise FetchError(f"the answer came in the encoding {encoding[:40]!r}, unasked")
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    length = 0
    try:
        for packed in response.iter_raw():
            # One byte more than allowed is enough to know.
            part = unpack.decompress(packed, most + 1 - length) if unpack else packed
            length += len(part)
            if length > most:
                raise FetchError(f"the answer is larger than {most:,} bytes")
            yield part
    except zlib.error as error:
        raise Garbled(f"the answer is not gzip: {error}") from error
    if unpack and length and not unpack.eof:
        raise Garbled("the answer broke off")


def why_no_answer(body: bytes, *, page: bool) -> str:
    """What a server sends with status 200 when it is unwell or wants to be left alone; empty
    for a feed, or for a ``page`` where one was asked for."""
    if not body.strip():
        return "the answer is blank"
    if body[:200].strip().lower().startswith(b"rate exceeded"):
        return "arXiv answered: Rate exceeded."
    if not markup.is_page(body) or (page and any(words in body for words in _LISTINGS)):
        return ""
    return f"arXiv answered with another web page: {markup.title_of(body)}"
