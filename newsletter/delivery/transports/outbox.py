"""The local outbox: a Maildir, for one machine and for looking at what would be sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from newsletter.compose.mail import Mail
from newsletter.delivery.transports.base import (
    Accepted,
    Begin,
    Outcome,
    Outcomes,
    Unreachable,
    one_by_one,
)

_KEY = re.compile(r"[0-9a-f]{40}")
_LONGEST_HEADER = 65_536


class NoSuchMail(LookupError):
    """The outbox holds no mail by that key."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail of the outbox, as a list shows it; ``size`` in bytes."""

    key: str
    subject: str
    recipient: str
    date: dt.datetime
    message_id: str
    size: int


@dataclass(frozen=True, slots=True)
class Outbox:
    """Writes mails into a Maildir. The same mail sent twice stands there once."""

    path: Path

    def send_all(self, mails: Iterable[Mail], begin: Begin, deadline: float = math.inf) -> Outcomes:
        with self.connection() as connection:
            yield from one_by_one(connection, mails, begin)

    @contextmanager
    def connection(self) -> Iterator[_Writer]:
        try:
            for name in ("tmp", "new", "cur"):
                (self.path / name).mkdir(parents=True, exist_ok=True, mode=0o700)
            # What a mail reader has moved to cur/ is not to appear again in new/.
            read = {name.partition(":")[0] for name in os.listdir(self.path / "cur")}
        except OSError as error:
            raise Unreachable(f"outbox {self.path}: {error.strerror}") from error
        try:
            yield _Writer(self.path, read)
        finally:
            _sync(self.path / "new")


@dataclass(frozen=True, slots=True)
class _Writer:
    path: Path
    read: set[str]

    def send(self, mail: Mail) -> Outcome:
        key = key_of(mail.message_id)
        if key in self.read:
            return Accepted(f"already in the outbox: {key}")
        temporary = self.path / "tmp" / f"{key}.{os.getpid()}"
        try:
            with temporary.open("wb") as file:
                file.write(mail.raw)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path / "new" / key)
        except OSError as error:
            raise Unreachable(f"outbox {self.path}: {error.strerror}") from error
        return Accepted(f"in the outbox: {key}")


def key_of(message_id: str) -> str:
    """The name of its file, and what the web view's address ends with."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:40]


def entries(path: Path, limit: int | None = None) -> list[Entry]:
    """The mails that stand there, the newest first, at most ``limit``."""
    found = []
    for file in _files(path).values():
        try:
            found.append((file.stat().st_mtime_ns, file))
        except FileNotFoundError:  # moved to cur/ or deleted meanwhile
            continue
    found.sort(key=lambda pair: (-pair[0], pair[1].name))
    return [_entry(file) for _, file in found[:limit] if file.exists()]


def raw(path: Path, key: str) -> bytes:
    """The mail's bytes as they were sent. Raises NoSuchMail, also for a key that is a path."""
    file = _files(path).get(key) if _KEY.fullmatch(key) else None
    if file is None:
        raise NoSuchMail(key)
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise NoSuchMail(key) from error


def _files(path: Path) -> dict[str, Path]:
    """Our own mails by key; files of other names are not ours to show."""
    found = {}
    for folder in (path / "cur", path / "new"):
        if folder.is_dir():
            for file in folder.iterdir():
                key = file.name.partition(":")[0]
                if _KEY.fullmatch(key) and file.is_file() and not file.is_symlink():
                    found[key] = file
    return found


def _entry(file: Path) -> Entry:
    with file.open("rb") as handle:
        head = handle.read(_LONGEST_HEADER)
    header: EmailMessage = BytesHeaderParser(policy=policy.default).parsebytes(head)
    stat = file.stat()
    return Entry(
        key=file.name.partition(":")[0],
        subject=str(header.get("Subject", "")),
        recipient=str(header.get("To", "")),
        date=_date(str(header.get("Date", "")), stat.st_mtime),
        message_id=str(header.get("Message-ID", "")).strip(),
        size=stat.st_size,
    )


def _date(text: str, written: float) -> dt.datetime:
    """The Date header as an aware instant; without a good one, when the file was written."""
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return dt.datetime.fromtimestamp(written, dt.UTC)
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def _sync(folder: Path) -> None:
    """Make the renames outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
