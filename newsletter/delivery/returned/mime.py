"""A mail taken apart, however broken it is: nothing is refused, nothing raises.

The standard library's parser takes quadratic time on parts nested without end and may raise on
what it has not been made for. Returned mails are written by programs of every age and by
whoever wants to harm, so here depth, parts and size are bounded and reading is linear.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# A returned digest is under 300 KB; what explains the return stands at the beginning.
MOST_BYTES = 1_000_000
_DEEPEST = 8
_MOST_PARTS = 60
_LONGEST_TEXT = 200_000

_BLANK_LINE = re.compile(rb"\n[ \t]*\n")
_FOLD = re.compile(r"\n[ \t]+")
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([\w.:-]{1,40})', re.IGNORECASE)
# A line that stands before a part's headers, whatever boundary was announced.
_LIKE_A_BOUNDARY = re.compile(rb"^--([^\s-][^\n]{0,100})\n(?=content-)", re.IGNORECASE | re.M)
_NOT_TEXT = re.compile(r"<(?:style|script)\b[^<>]{0,500}>[^<]{0,20000}", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|div|tr|li|h\d)\b[^<>]{0,1000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,1000}>")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
# Others (punycode, say) take more than linear time or are no text at all.
_CHARSETS = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|"
    r"shift_jis|iso-2022-jp|euc-jp|euc-kr|ks_c_5601-1987",
    re.IGNORECASE,
)
_MESSAGES = frozenset({"message/rfc822", "message/global", "text/rfc822-headers"})

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part; ``parts`` are those in it: of a multipart its parts, of a message the message."""

    headers: Headers
    content_type: str
    body: bytes
    depth: int
    parts: tuple[Part, ...] = ()

    def header(self, name: str) -> str:
        return header(self.headers, name)

    def walk(self) -> Iterator[Part]:
        """This part, then what is in it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def text(self) -> str:
        """The body as words, decoded, without HTML's tags."""
        match = _CHARSET.search(self.header("Content-Type")[:2000])
        charset = match[1] if match and _CHARSETS.fullmatch(match[1]) else "utf-8"
        text = _decoded(self.body, self.header("Content-Transfer-Encoding"))
        words = text[:_LONGEST_TEXT].decode(charset, "replace")
        return _without_tags(words) if self.content_type == "text/html" else words


def parse(raw: bytes) -> Part:
    """The whole mail; of a longer one the first MOST_BYTES."""
    cut = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _part(cut.lstrip(b"\n"), 0, "text/plain")


def parse_headers(text: str) -> Headers:
    """Names and values, unfolded; lines that are no header are left out."""
    pairs = (line.partition(":") for line in _FOLD.sub(" ", text).split("\n"))
    return tuple(
        (name.strip().lower(), value.strip())
        for name, colon, value in pairs
        if colon and name.strip() and " " not in name.strip()
    )


def header(headers: Headers, name: str) -> str:
    """The first value of this name, or blank."""
    return next((value for key, value in headers if key == name.lower()), "")


def _part(raw: bytes, depth: int, default: str) -> Part:
    head, body = _split(raw)
    headers = parse_headers(head.decode("utf-8", "replace"))
    given = header(headers, "Content-Type")[:2000]
    content_type = given.partition(";")[0].strip().lower() or default
    if depth >= _DEEPEST:
        return Part(headers, content_type, body, depth)
    if content_type.startswith("multipart/"):
        pieces = _pieces(body, given)
        if not pieces:  # its parts cannot be told apart: what there is, is read as one text
            return Part(headers, "text/plain", body, depth)
        inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        parts = tuple(_part(piece, depth + 1, inner) for piece in pieces)
        return Part(headers, content_type, b"", depth, parts)
    if content_type in _MESSAGES:
        enclosed = _decoded(body, header(headers, "Content-Transfer-Encoding"))
        parts = (_part(enclosed.lstrip(b"\n"), depth + 1, "text/plain"),)
        return Part(headers, content_type, body, depth, parts)
    return Part(headers, content_type, body, depth)


def _split(raw: bytes) -> tuple[bytes, bytes]:
    if raw.startswith(b"\n"):
        return b"", raw[1:]
    match = _BLANK_LINE.search(raw)
    return (raw[: match.start()], raw[match.end() :]) if match else (raw, b"")


def _pieces(body: bytes, content_type: str) -> list[bytes]:
    match = _BOUNDARY.search(content_type)
    boundary = (match[1] or match[2]).rstrip().encode("utf-8", "replace") if match else b""
    found = _between(body, boundary) if boundary else []
    if found:
        return found
    unannounced = _LIKE_A_BOUNDARY.search(body)
    return _between(body, unannounced[1].rstrip()) if unannounced else []


def _between(body: bytes, boundary: bytes) -> list[bytes]:
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(?:--)?[ \t]*$", re.MULTILINE)
    pieces = line.split(body, maxsplit=_MOST_PARTS)[1:]
    return [piece.removeprefix(b"\n") for piece in pieces if piece.strip()]


def _decoded(body: bytes, encoding: str) -> bytes:
    encoding = encoding.strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "base64":
        letters = _NOT_BASE64.sub(b"", body)
        whole = letters[: len(letters) - (len(letters) % 4 == 1)]
        return base64.b64decode(whole + b"===").replace(b"\r\n", b"\n")
    return body


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub(" ", _BREAK.sub("\n", _NOT_TEXT.sub(" ", text))))
