"""A Maildir of returned mails: what is filed moves from ``new`` to ``cur``, marked as seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.delivery.returned.mime import MOST_BYTES
from newsletter.delivery.returned.sources import NotReadable

_SEEN, _FLAGGED = "S", "FS"


@dataclass(frozen=True, slots=True)
class Maildir:
    folder: Path

    @contextmanager
    def waiting(self, most: int) -> Iterator[Iterator[MaildirMail]]:
        try:
            files = [file for name in ("new", "cur") for file in (self.folder / name).iterdir()]
        except OSError as error:
            raise NotReadable(f"{self.folder}: {error.strerror or error}") from error
        open_ones = sorted((file for file in files if _waits(file)), key=lambda file: file.name)
        yield _read(self.folder, open_ones[:most])


@dataclass(frozen=True, slots=True)
class MaildirMail:
    folder: Path
    file: Path
    raw: bytes

    @property
    def name(self) -> str:
        return self.file.name

    def done(self) -> None:
        self._mark(_SEEN)

    def put_aside(self) -> None:
        self._mark(_FLAGGED)

    def _mark(self, flags: str) -> None:
        base, _, before = self.file.name.partition(":2,")
        after = "".join(sorted(set(before) | set(flags)))
        with suppress(FileNotFoundError):  # another process was as fast
            self.file.rename(self.folder / "cur" / f"{base}:2,{after}")


def _waits(file: Path) -> bool:
    """Neither seen nor a hidden file; whoever else looks into the folder may have moved it."""
    _, _, flags = file.name.partition(":2,")
    return not file.name.startswith(".") and not set(flags) & {"S", "T"} and file.is_file()


def _read(folder: Path, files: list[Path]) -> Iterator[MaildirMail]:
    for file in files:
        try:
            with file.open("rb") as handle:
                raw = handle.read(MOST_BYTES)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise NotReadable(f"{file}: {error.strerror or error}") from error
        yield MaildirMail(folder, file, raw)
