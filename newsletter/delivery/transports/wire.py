"""Bytes to an SMTP server, and its replies from it."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator

from newsletter.compose.mail import Mail

_LONGEST_REPLY = 65_536
_READ = 65_536
_LINE_START = re.compile(rb"(?m)^\.")


class Broken(Exception):
    """The conversation is over; what stood in it is told by ``Lane.close``."""


class Wire:
    """``touched`` is when something last went over it, in the seconds of ``time.monotonic``."""

    def __init__(self, connected: socket.socket) -> None:
        self.touched = time.monotonic()
        self._socket = connected
        self._buffer = b""
        self._reply: list[bytes] = []

    def write(self, data: bytes, tail: bytes = b"") -> None:
        """All of both. Raises Broken."""
        if not data:
            return
        self.touched = time.monotonic()
        try:
            if not tail or isinstance(self._socket, ssl.SSLSocket):
                self._socket.sendall(data + tail)
                return
            # In one go without copying the mail, lest the tail waits for an answer of TCP.
            sent = self._socket.sendmsg((data, tail))
            if sent < len(data) + len(tail):
                self._socket.sendall((data + tail)[sent:])
        except OSError as error:
            raise Broken(said(error)) from error

    def replies(self) -> Iterator[tuple[int, str]]:
        """The whole replies that have arrived (RFC 5321, 4.2.1). Raises Broken."""
        data = self._read()
        self.touched = time.monotonic()
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        if len(self._buffer) + sum(map(len, self._reply)) > _LONGEST_REPLY:
            raise Broken("an answer without end")
        for line in lines:
            self._reply.append(line[4:])
            if line[3:4] == b"-":
                continue
            text, self._reply = b" ".join(self._reply), []
            if not line[:3].isdigit():
                raise Broken(f"no SMTP answer: {readable(line)}")
            yield int(line[:3]), readable(text)

    def _read(self) -> bytes:
        try:
            data = self._socket.recv(_READ)
            # What TLS has decrypted already is not seen by select.
            while isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
                data += self._socket.recv(_READ)
        except OSError as error:
            raise Broken(said(error)) from error
        if not data:
            raise Broken("the server hung up")
        return data


def as_data(mail: Mail) -> bytes:
    """RFC 5321 4.5.2: dots at line beginnings doubled; ends with a line's end."""
    raw = mail.raw
    if not mail.dotless and (raw.startswith(b".") or b"\n." in raw):
        raw = _LINE_START.sub(b"..", raw)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {readable(text) if isinstance(text, bytes) else text}"
    return str(error) or type(error).__name__


def readable(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())
