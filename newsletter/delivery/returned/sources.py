"""Where returned mails lie: what BOUNCES_URL names, and how one says that a mail has been filed.

A source hands out a mail and is told "done" only after the rows are committed. Whoever dies in
between leaves the mail where it was, and reading it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from digest.loopback import is_loopback

_FORMS = "maildir:///folder, imaps://user:password@host/FOLDER or imap://user:password@host/FOLDER"
_PORTS = {"imap": 143, "imaps": 993}


class NotReadable(Exception):
    """The source cannot be read now; says why."""


class Waiting(Protocol):
    """A mail that waits to be read."""

    @property
    def name(self) -> str: ...

    @property
    def raw(self) -> bytes: ...

    def done(self) -> None:
        """It has been filed; it is not handed out again."""

    def put_aside(self) -> None:
        """It cannot be filed; it is kept for a human, and not handed out again."""


class Source(Protocol):
    def waiting(self, most: int) -> AbstractContextManager[Iterator[Waiting]]:
        """The mails not filed yet, the oldest first. Raises NotReadable."""
        ...


@dataclass(frozen=True, slots=True)
class MaildirUrl:
    folder: Path


@dataclass(frozen=True, slots=True)
class ImapUrl:
    host: str
    port: int
    user: str
    password: str
    folder: str
    implicit_tls: bool
    starttls: bool


def parse(url: str) -> MaildirUrl | ImapUrl | None:
    """What BOUNCES_URL says; None where it is empty. Raises ImproperlyConfigured."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        folder = unquote(parts.netloc + parts.path)
        if not folder.startswith("/"):
            raise ImproperlyConfigured(
                "BOUNCES_URL: maildir:// needs a whole path: maildir:///path"
            )
        return MaildirUrl(Path(folder))
    if parts.scheme in _PORTS:
        return _imap(parts)
    # The value may hold a password, so of what is not understood only the beginning is repeated.
    raise ImproperlyConfigured(
        f"BOUNCES_URL begins with {parts.scheme[:20]!r}; it must be {_FORMS}"
    )


def _imap(parts: SplitResult) -> ImapUrl:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"starttls"})
    if unknown:
        raise ImproperlyConfigured(f"BOUNCES_URL: unknown option {unknown[0]!r}; there is starttls")
    if options.get("starttls", "on") not in {"on", "off"}:
        raise ImproperlyConfigured("BOUNCES_URL: starttls must be on or off")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("BOUNCES_URL: the port must be a number up to 65535") from error
    if not parts.hostname or not parts.username:
        raise ImproperlyConfigured(f"BOUNCES_URL must be {_FORMS}")
    starttls = parts.scheme == "imap" and options.get("starttls", "on") == "on"
    if parts.scheme == "imap" and not starttls and not is_loopback(parts.hostname):
        raise ImproperlyConfigured("BOUNCES_URL: without TLS only this machine may be asked")
    return ImapUrl(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        implicit_tls=parts.scheme == "imaps",
        starttls=starttls,
    )
