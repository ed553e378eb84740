"""A mail server that remembers: every mail it takes is on the disk before it says so.

Speaks PIPELINING (RFC 2920). What it answers depends on the recipient's name: ``busy...`` is put
off twice (450), ``fast...`` and ``grey...`` always (450 4.7.1), ``gone...`` refused (550 5.1.1);
``drop...`` is taken, and the connection dropped once without an answer. Killed and started again
on the same file, it goes on where it was.

Run alone: ``python -m tests.smtp_server PORT FILE [SECONDS]``, the last for how long it thinks
about each mail.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_EXTENSIONS = ("PIPELINING", "SIZE 20000000", "ENHANCEDSTATUSCODES", "8BITMIME")
_END = b"\r\n.\r\n"
_MESSAGE_ID = re.compile(rb"^Message-ID: *(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail as it stands in the file."""

    recipient: str
    message_id: str
    answered: bool


@dataclass
class Server:
    """``refusals`` counts 450 answers by recipient; ``dropped`` whose connection was cut."""

    file: Path
    seconds: float = 0.0
    refusals: Counter[str] = field(default_factory=Counter)
    dropped: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for line in _lines(self.file):
            kind, recipient, *_ = line.split(" ")
            if kind == "busy":
                self.refusals[recipient] += 1
            elif kind == "drop":
                self.dropped.add(recipient)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink.example.org ESMTP\r\n")
        recipient = ""
        try:
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"RCPT":
                    recipient = line.decode("ascii").partition("<")[2].partition(">")[0]
                    answer = self._recipient(recipient)
                    recipient = recipient if answer.startswith("250") else ""
                elif verb == b"DATA":
                    if not recipient:
                        answer = "503 5.5.1 no valid recipients"
                    else:
                        writer.write(b"354 go on\r\n")
                        body = await reader.readuntil(_END)
                        if self.seconds:
                            await asyncio.sleep(self.seconds)
                        answer, recipient = self._taken(recipient, body), ""
                        if not answer:
                            return
                elif verb == b"EHLO":
                    self._note("hello -")
                    answer = "\r\n".join(
                        f"250{'-' if name != _EXTENSIONS[-1] else ' '}{name}"
                        for name in ("sink.example.org", *_EXTENSIONS)
                    )
                elif verb == b"QUIT":
                    writer.write(b"221 2.0.0 bye\r\n")
                    return
                else:
                    recipient = "" if verb == b"RSET" else recipient
                    answer = "250 2.0.0 ok"
                writer.write(answer.encode() + b"\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    def _recipient(self, recipient: str) -> str:
        if recipient.startswith("gone"):
            return "550 5.1.1 no such user"
        if recipient.startswith("fast"):
            return "450 4.7.1 too fast for us"
        if recipient.startswith("grey"):
            return "450 4.7.1 greylisted, come back"
        if recipient.startswith("busy") and self.refusals[recipient] < 2:
            self.refusals[recipient] += 1
            self._note(f"busy {recipient}")
            return "450 4.2.1 try again later"
        return "250 2.1.5 ok"

    def _taken(self, recipient: str, body: bytes) -> str:
        found = _MESSAGE_ID.search(body)
        name = found[1].decode() if found else "-"
        drops = recipient.startswith("drop") and recipient not in self.dropped
        self._note(f"{'drop' if drops else 'mail'} {recipient} {name}")
        if drops:
            self.dropped.add(recipient)
            return ""
        return "250 2.0.0 queued"

    def _note(self, line: str) -> None:
        with self.file.open("ab") as file:
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def address(number: int, *, awkward: bool = False) -> str:
    """Of reader ``number``: of the awkward ones a tenth is put off twice, a twentieth refused, and
    a hundredth has its connection dropped."""
    name = "reader"
    if awkward and number % 10 == 0:
        name = "busy"
    elif awkward and number % 20 == 1:
        name = "gone"
    elif awkward and number % 100 == 2:
        name = "drop"
    return f"{name}{number}@example.org"


def taken(file: Path) -> list[Taken]:
    """The mails that a server has taken, in order."""
    found = [line.split(" ") for line in _lines(file)]
    return [Taken(one[1], one[2], one[0] == "mail") for one in found if one[0] in {"mail", "drop"}]


def connections(file: Path) -> int:
    """How many have greeted a server."""
    return sum(line.startswith("hello") for line in _lines(file))


def _lines(file: Path) -> list[str]:
    if not file.exists():
        return []
    # A line that a kill cut short was never answered.
    return file.read_text(encoding="ascii").split("\n")[:-1]


async def _serve(port: int, server: Server) -> None:
    listener = await asyncio.start_server(server.talk, "127.0.0.1", port, limit=20_000_000)
    async with listener:
        await listener.serve_forever()


if __name__ == "__main__":
    thinking = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    asyncio.run(_serve(int(sys.argv[1]), Server(Path(sys.argv[2]), thinking)))
