"""Text as the bytes that travel: quoted-printable (RFC 2045, 6.7), ready to be joined.

Whatever is encoded begins and ends on a line boundary: text that does not end in a newline ends
with a soft break. So encoded pieces joined decode to the joined texts, no line grows past 76
characters, and none starts with a dot (which SMTP would double) or with "From " (which mbox
files would escape).
"""

from __future__ import annotations

import binascii
import re

_LINE = 76
_NEWLINE = re.compile(r"\r\n?")
# Short lines that travel as they are, none ending in a blank or like what is guarded below.
_PLAIN = re.compile(r"(?:[A-EG-Za-z0-9](?:[ -<>-~]{0,73}[!-<>-~])?(?:\n(?!\Z)|\Z))+")
_LINE_START = re.compile(rb"^(?:\.|From )", re.MULTILINE)


def encode(text: str) -> bytes:
    if not text:
        return b""
    if _PLAIN.fullmatch(text):
        return text.replace("\n", "\r\n").encode("ascii") + b"=\r\n"
    lines = _NEWLINE.sub("\n", text).encode("utf-8")
    encoded = binascii.b2a_qp(lines, istext=True, quotetabs=False)
    if not encoded.endswith(b"\n"):
        encoded = _with_soft_break(encoded)
    guarded = 1
    while guarded:  # what follows a guarded dot stands at a line's start in its turn
        encoded, guarded = _LINE_START.subn(_guarded, encoded)
    return encoded.replace(b"\n", b"\r\n")


def _with_soft_break(encoded: bytes) -> bytes:
    """A last line that leaves no room for the sign is broken before its last character."""
    last = len(encoded) - (encoded.rfind(b"\n") + 1)
    if last >= _LINE:
        end = len(encoded) - 1
        while b"=" in encoded[end - 2 : end]:  # not amid an escape
            end -= 1
        encoded = encoded[:end] + b"=\n" + encoded[end:]
    return encoded + b"=\n"


def _guarded(start: re.Match[bytes]) -> bytes:
    """The first character encoded on a line of its own, so that the rest cannot grow too long."""
    found = start[0]
    return b"=%02X=\n" % found[0] + found[1:]
