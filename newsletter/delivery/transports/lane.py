"""One SMTP conversation, pipelined (RFC 2920): a mail's body travels with the next one's envelope.

So one round trip a mail is enough. A server that does not offer PIPELINING is spoken to in turn.
Only a mail whose final dot is out and not answered is in doubt; there is at most one.
"""

from __future__ import annotations

import smtplib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from newsletter.compose.mail import Mail
from newsletter.delivery.transports.base import Later, Outcome, Unclear, outcome_of
from newsletter.delivery.transports.wire import Broken, Wire, as_data

_START_MAIL_INPUT = 354
CLOSING = 421
_DOT = b".\r\n"

Done = tuple[Mail, Outcome]
Next = Callable[[], Mail | None]
Begin = Callable[[Mail], None]


class _Step(Enum):
    RSET = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    EMPTY = auto()  # the dot of a mail that nobody is to get
    DOT = auto()


@dataclass(frozen=True, slots=True)
class Rest:
    """What a conversation left open: mails with an outcome, and mails that were not begun."""

    done: tuple[Done, ...] = ()
    again: tuple[Mail, ...] = ()


class Lane:
    """Over a greeted, logged-in connection of ``smtplib``. ``carried`` counts mails handed over."""

    def __init__(self, server: smtplib.SMTP, timeout: float) -> None:
        if server.sock is None:
            raise Broken("not connected")
        self.socket = server.sock
        self._wire = Wire(server.sock)
        self.carried = 0
        self.carried_to: Counter[str] = Counter()
        self._server = server
        self._timeout = timeout
        self._pipelining = server.has_extn("pipelining")
        self._size = server.has_extn("size")
        self._expected: deque[_Step] = deque()
        self._unsent: deque[tuple[_Step, bytes]] = deque()
        self._envelope: Mail | None = None
        self._in_doubt: Mail | None = None
        self._refusal: Outcome | None = None
        self._again: list[Mail] = []
        self._open = False  # a transaction that was begun and not ended

    @property
    def touched(self) -> float:
        """When something last went over it, in the seconds of ``time.monotonic``."""
        return self._wire.touched

    @property
    def is_idle(self) -> bool:
        return not self._expected

    @property
    def is_stale(self) -> bool:
        """Whether the server has been silent too long."""
        return not self.is_idle and time.monotonic() - self.touched > self._timeout

    def offer(self, mail: Mail) -> None:
        """Begin the next mail; only while idle. Raises Broken."""
        self._wire.write(self._envelope_of(mail))

    def read(self, following: Next, begin: Begin) -> Iterator[Done]:
        """What has been answered by now; ``following`` is asked for the next mail when a body
        goes out. Call when there is something to read. Raises Broken."""
        for code, text in self._wire.replies():
            yield from self._answer(code, text, following, begin)
            if code == CLOSING:
                raise Broken(f"{code} {text}")

    def close(self, why: str = "") -> Rest:
        """End it, politely where nothing is open; what was open is told."""
        rest = self._left_open(why)
        if self.is_idle and not why:
            with suppress(OSError):
                self.socket.settimeout(2)
                self.socket.sendall(b"QUIT\r\n")
                self.socket.recv(1024)
        self._server.close()
        self._expected.clear()
        return rest

    def _left_open(self, why: str) -> Rest:
        done: list[Done] = []
        again, self._again = self._again, []
        if self._in_doubt is not None:
            done.append((self._in_doubt, Unclear(f"no answer after the mail: {why}")))
        if self._envelope is not None:
            closing = self._refusal is None or self._refusal.reply.startswith(str(CLOSING))
            if self.carried and closing:
                # Servers hang up on connections that were idle or have carried enough.
                again.append(self._envelope)
            elif self._refusal is not None:
                done.append((self._envelope, self._refusal))
            else:
                done.append((self._envelope, Later("", why)))
        self._in_doubt = self._envelope = self._refusal = None
        return Rest(tuple(done), tuple(again))

    # What is said

    def _envelope_of(self, mail: Mail) -> bytes:
        """The commands before the body; all of them, or those that may go out now."""
        size = f" SIZE={len(mail.raw)}" if self._size else ""
        group = [(_Step.RSET, b"RSET\r\n")] if self._open else []
        group += [
            (_Step.MAIL, f"MAIL FROM:<{mail.sender}>{size}\r\n".encode("ascii")),
            (_Step.RCPT, f"RCPT TO:<{mail.recipient}>\r\n".encode("ascii")),
            (_Step.DATA, b"DATA\r\n"),
        ]
        self._envelope, self._open = mail, True
        self.carried_to[mail.domain] += 1
        self._unsent.extend(group)
        return self._speak()

    def _speak(self) -> bytes:
        """What may be said now without waiting for an answer."""
        said = b""
        while self._unsent and (self._pipelining or not self._expected):
            step, command = self._unsent.popleft()
            self._expected.append(step)
            said += command
        return said

    # What is answered

    def _answer(self, code: int, text: str, following: Next, begin: Begin) -> Iterator[Done]:
        if not self._expected:
            raise Broken(f"an answer to nothing: {code} {text}")
        step = self._expected.popleft()
        if step is _Step.DOT:
            yield from self._taken(code, text)
        elif code == CLOSING:
            self._refuse(step, code, text)
            raise Broken(f"{code} {text}")
        elif step is _Step.EMPTY or (step is _Step.DATA and self._refusal is not None):
            yield from self._refused(step, code)
        elif step is _Step.DATA and code == _START_MAIL_INPUT:
            self._send_body(following, begin)
            return
        elif step is not _Step.RSET and not 200 <= code < 300:
            self._refuse(step, code, text)
            if step is _Step.DATA or not self._pipelining:
                yield from self._refused(step, code)
        self._wire.write(self._speak())

    def _taken(self, code: int, text: str) -> Iterator[Done]:
        mail, self._in_doubt = self._in_doubt, None
        if mail is None:
            raise Broken(f"an answer to no mail: {code} {text}")
        if not 200 <= code < 600 or 300 <= code < 400:
            yield mail, Unclear(f"no sensible answer after the mail: {code} {text}")
            raise Broken(f"no sensible answer: {code} {text}")
        if code == CLOSING and self.carried > 1:
            self._again.append(mail)
        else:
            yield mail, outcome_of(code, text)

    def _refuse(self, step: _Step, code: int, text: str) -> None:
        if self._refusal is None:
            about_recipient = step is not _Step.MAIL
            self._refusal = outcome_of(code, text, about_recipient=about_recipient)

    def _refused(self, step: _Step, code: int) -> Iterator[Done]:
        """The mail is refused, once nothing of it is expected any more."""
        if step is _Step.DATA and code == _START_MAIL_INPUT:
            # RFC 2920, 3.1: a server may ask for the body although it took no recipient.
            self._expected.append(_Step.EMPTY)
            self._wire.write(_DOT)
            return
        self._unsent.clear()
        mail, outcome = self._envelope, self._refusal
        self._envelope = self._refusal = None
        if mail is not None and outcome is not None:
            yield mail, outcome

    def _send_body(self, following: Next, begin: Begin) -> None:
        mail, self._envelope = self._envelope, None
        if mail is None:
            raise Broken("asked for a mail that was not offered")
        begin(mail)
        self._in_doubt, self._open = mail, False
        self._expected.append(_Step.DOT)
        self.carried += 1
        tail = _DOT
        if self._pipelining and (following_mail := following()) is not None:
            tail += self._envelope_of(following_mail)
        self._wire.write(as_data(mail), tail)
