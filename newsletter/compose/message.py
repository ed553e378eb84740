"""Headers and MIME, byte by byte: strict, 7-bit, and the same bytes whenever they are made again.

The standard library's writers encode or fold long addresses in List-Unsubscribe, so headers are
built here (RFC 5322, 2045, 2047).
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Sequence
from email.utils import format_datetime

# "=_" cannot stand in quoted-printable, so no body can hold the boundary.
BOUNDARY = "=_newsletter_part_="

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LINE = 78
_LONGEST_LINE = 998
# RFC 2047: a line with an encoded word has at most 76 characters.
_ENCODED_LINE = 76
_ENCODED_WORD = "=?utf-8?b?{}?="

Header = tuple[str, str]


class HeaderError(ValueError):
    """A header that would break or forge a mail."""


def header(name: str, value: str) -> bytes:
    """One header as its line; ``value`` is ASCII and may be folded with CRLF and a space."""
    if not _NAME.fullmatch(name):
        raise HeaderError(f"not a header's name: {name!r}")
    unfolded = value.replace("\r\n ", " ")
    if not unfolded.isascii() or _CONTROLS.search(unfolded):
        raise HeaderError(f"{name}: control or non-ASCII characters in {value!r}")
    line = f"{name}: {value}\r\n".encode("ascii")
    if max(len(part) for part in line.split(b"\r\n")) > _LONGEST_LINE:
        raise HeaderError(f"{name}: longer than {_LONGEST_LINE} characters")
    return line


def words(text: str, *, used: int) -> str:
    """Unstructured text for a header: folded at spaces, or as encoded words if not ASCII.

    ``used`` is the length of what stands before it on the first line.
    """
    _refuse_controls(text)
    if not text.isascii() or "=?" in text:
        return encoded_words(text, used=used)
    return _folded(text, used)


def encoded_words(text: str, *, used: int) -> str:
    """RFC 2047, in base64, never splitting a character; ``used`` as in ``words``."""
    _refuse_controls(text)
    chunks: list[bytes] = [b""]
    room = _encoded_bytes(used)
    for character in text:
        encoded = character.encode("utf-8")
        if len(chunks[-1]) + len(encoded) > room:
            chunks.append(b"")
            room = _encoded_bytes(1)
        chunks[-1] += encoded
    return "\r\n ".join(_ENCODED_WORD.format(base64.b64encode(chunk).decode()) for chunk in chunks)


def _encoded_bytes(used: int) -> int:
    """How many bytes an encoded word on the rest of a line can hold."""
    return (_ENCODED_LINE - used - len(_ENCODED_WORD.format(""))) // 4 * 3


def mailbox(address: str, name: str = "") -> str:
    """``Name <address>``: only the name is ever encoded. For From, To and headers as short."""
    if not _MAILBOX.fullmatch(address):
        raise HeaderError(f"not an address that can be written in a header: {address!r}")
    return named(name, address, used=len("From: ")) if name else address


def named(name: str, bracketed: str, *, used: int) -> str:
    """A display name before something in angle brackets, which is left as it is."""
    _refuse_controls(name)
    if not name.isascii() or "=?" in name:
        return f"{encoded_words(name, used=used)}\r\n <{bracketed}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + name.replace("\\", r"\\").replace('"', r"\"") + '"'
    return f"{name} <{bracketed}>"


def date(moment: dt.datetime) -> str:
    return format_datetime(moment.astimezone(dt.UTC))


def message_id(stored: str) -> str:
    return stored if stored.startswith("<") else f"<{stored}>"


def assemble(headers: Sequence[Header], text: bytes, html: bytes | None = None) -> bytes:
    """The whole message from its headers and its quoted-printable parts; see ``assembled``."""
    return assembled(b"".join(header(name, value) for name, value in headers), text, html)


def assembled(head: bytes, text: bytes, html: bytes | None = None) -> bytes:
    """The whole message from its headers' lines and its quoted-printable parts.

    With HTML it is multipart/alternative, the plain part first; without, one text/plain.
    """
    head += b"MIME-Version: 1.0\r\n"
    if html is None:
        return head + _part_headers("plain") + text
    start, end = f"--{BOUNDARY}\r\n".encode(), f"\r\n--{BOUNDARY}--\r\n".encode()
    return b"".join(
        (
            head,
            f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n\r\n'.encode(),
            start,
            _part_headers("plain"),
            text,
            b"\r\n",
            start,
            _part_headers("html"),
            html,
            end,
        )
    )


def _part_headers(subtype: str) -> bytes:
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode()


def _folded(text: str, used: int) -> str:
    lines = [""]
    room = _LINE - used
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = _LINE - 1
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _refuse_controls(text: str) -> None:
    if _CONTROLS.search(text):
        raise HeaderError(f"control characters in {text!r}")
