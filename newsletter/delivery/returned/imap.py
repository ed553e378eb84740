"""A mailbox of returned mails over IMAP (RFC 9051): what is filed is marked as seen."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from newsletter.delivery.returned.mime import MOST_BYTES
from newsletter.delivery.returned.sources import ImapUrl, NotReadable

_TIMEOUT = 30  # seconds, for each answer


@dataclass(frozen=True, slots=True)
class Imap:
    url: ImapUrl

    @contextmanager
    def waiting(self, most: int) -> Iterator[Iterator[ImapMail]]:
        try:
            with _connected(self.url) as server:
                yield _mails(server, most)
        except (OSError, imaplib.IMAP4.error) as error:
            raise NotReadable(f"{self.url.host}: {_said(error)}") from error


@dataclass(frozen=True, slots=True)
class ImapMail:
    server: imaplib.IMAP4
    uid: str
    raw: bytes

    @property
    def name(self) -> str:
        return f"UID {self.uid}"

    def done(self) -> None:
        _checked(self.server.uid("STORE", self.uid, "+FLAGS.SILENT", r"(\Seen)"))

    def put_aside(self) -> None:
        _checked(self.server.uid("STORE", self.uid, "+FLAGS.SILENT", r"(\Seen \Flagged)"))


@contextmanager
def _connected(url: ImapUrl) -> Iterator[imaplib.IMAP4]:
    """Logged in, with the folder open; the certificate is checked wherever there is TLS."""
    context = ssl.create_default_context()
    server: imaplib.IMAP4
    if url.implicit_tls:
        server = imaplib.IMAP4_SSL(url.host, url.port, ssl_context=context, timeout=_TIMEOUT)
    else:
        server = imaplib.IMAP4(url.host, url.port, timeout=_TIMEOUT)
    try:
        if url.starttls:
            server.starttls(context)
        server.login(url.user, url.password)
        quoted = url.folder.replace("\\", "\\\\").replace('"', '\\"')
        _checked(server.select(f'"{quoted}"'))
        yield server
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()
        with suppress(OSError):
            server.shutdown()  # which a logout that fails does not do


def _mails(server: imaplib.IMAP4, most: int) -> Iterator[ImapMail]:
    found = _checked(server.uid("SEARCH", "UNSEEN", "UNDELETED"))
    for uid in (found[0] or b"").decode("ascii").split()[:most]:
        # PEEK leaves it unseen; that it is seen is our word that it was filed.
        answer = _checked(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
        literals = [item[1] for item in answer if isinstance(item, tuple)]
        if literals:
            yield ImapMail(server, uid, literals[0])


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(_text(data))
    return data


def _text(data: object) -> str:
    first = data[0] if isinstance(data, list) and data else data
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def _said(error: Exception) -> str:
    return _text(error.args[0]) if len(error.args) == 1 else str(error)
