"""The worker's journal: what it has begun to hand over and what was taken, written at once.

Rows are written in bulk, a chunk at a time. What a killed worker could not write any more is read
from its journal, so that only those mails are uncertain that stood between their final dot and
the server's answer. A journal is one file for each sending process in ``DATA_DIR/journals``, held
by a lock for as long as the process lives; a file that can be locked is a dead worker's. It must
outlast the process, not the machine, so nothing waits for the disk.

A line each, blanks between the fields:

``C model claim``                            a chunk is about to be claimed
``B pk shown``                               all but its last bytes may be out
``A pk seconds size reply``                  taken; seconds since 1970, bytes
``N pk``                                     answered, and not taken
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

_SUFFIX = ".journal"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server accepted: when (seconds since 1970), its size, the reply."""

    at: float
    size: int
    reply: str


@dataclass(slots=True)
class Chunk:
    """What a journal tells of one claim. ``shown`` is what ``begin`` was given, by row."""

    model: str
    claim: uuid.UUID
    shown: dict[int, str] = field(default_factory=dict)
    taken: dict[int, Taken] = field(default_factory=dict)
    in_doubt: set[int] = field(default_factory=set)


class Journal:
    """One process's own. Not for several threads."""

    def __init__(self, folder: Path) -> None:
        self.path, self._file = _created(folder)
        self._pid = os.getpid()
        self.is_empty = True

    @property
    def is_mine(self) -> bool:
        """A forked child has its parent's, and must not write into it."""
        return self._pid == os.getpid() and self.path.exists()

    def claim(self, model: str) -> uuid.UUID:
        """The name of a claim to make; noted before it is made, so that none is overlooked."""
        claim = uuid.uuid4()
        self._write(f"C {model} {claim}\n")
        return claim

    def begin(self, pk: int, shown: str) -> None:
        self._write(f"B {pk} {shown}\n")

    def taken(self, pk: int, taken: Taken) -> None:
        reply = " ".join(taken.reply.split())
        self._write(f"A {pk} {taken.at:.6f} {taken.size} {reply}\n")

    def declined(self, pk: int) -> None:
        self._write(f"N {pk}\n")

    def chunk(self) -> list[Chunk]:
        """What stands in it and is not in the rows: nothing, in a life without trouble."""
        return [] if self.is_empty else list(read(self.path))

    def clear(self) -> None:
        """All of it is in the rows now."""
        os.ftruncate(self._file, 0)
        self.is_empty = True

    def close(self) -> None:
        """Give it up; an empty one leaves nothing behind."""
        if self.is_empty:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def _write(self, line: str) -> None:
        self.is_empty = False
        os.write(self._file, line.encode("utf-8", "replace"))


def folder() -> Path:
    return Path(settings.DATA_DIR) / "journals"


_current: list[Journal] = []


def current() -> Journal:
    """This process's journal; made when it is first asked for."""
    if _current and not _current[0].is_mine:
        _current.clear()
    if not _current:
        _current.append(Journal(folder()))
    return _current[0]


def left_behind(where: Path) -> Iterator[tuple[Path, list[Chunk]]]:
    """The journals of dead workers, each held while the caller looks at it.

    Whoever has it in the rows unlinks it. Nobody else gets it meanwhile.
    """
    if not where.is_dir():
        return
    for path in sorted(where.glob(f"*{_SUFFIX}")):
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                if _is_locked(descriptor) and _is_at(descriptor, path):
                    yield path, list(read(path))
            finally:
                os.close(descriptor)


def read(path: Path) -> Iterator[Chunk]:
    """The chunks of a journal. A line cut off by a power cut is left out."""
    chunk: Chunk | None = None
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        kind, _, rest = line.partition(" ")
        with suppress(ValueError):
            if kind == "C":
                if chunk is not None:
                    yield chunk
                model, claim = rest.split(" ")
                chunk = Chunk(model, uuid.UUID(claim))
            elif chunk is not None:
                _note(chunk, kind, rest)
    if chunk is not None:
        yield chunk


def _note(chunk: Chunk, kind: str, rest: str) -> None:
    """Raises ValueError for a line that is not whole."""
    number, _, rest = rest.partition(" ")
    pk = int(number)
    if kind == "B":
        chunk.shown[pk] = rest
        chunk.in_doubt.add(pk)
    elif kind == "A":
        at, size, reply = rest.split(" ", 2)
        chunk.taken[pk] = Taken(float(at), int(size), reply)
        chunk.in_doubt.discard(pk)
    elif kind == "N":
        chunk.in_doubt.discard(pk)


def _created(where: Path) -> tuple[Path, int]:
    """A new file that is locked by this process."""
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        path = where / f"{os.getpid()}-{uuid.uuid4().hex[:12]}{_SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o600)
        # A sweep may have come between, taken it for a dead worker's, and removed it.
        if _is_locked(descriptor) and _is_at(descriptor, path):
            return path, descriptor
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    """Lock it, if nobody else has."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)
