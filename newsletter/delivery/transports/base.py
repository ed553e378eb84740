"""What a transport is, and the values its answers become: above it nobody knows SMTP."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Protocol

from newsletter.compose.mail import Mail
from newsletter.delivery import verdicts

# RFC 3463: class.subject.detail, at the beginning of the reply's text.
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
# RFC 5321: more than the server keeps for one mail.
_TOO_BIG = 552
# RFC 4954: the server wants us to log in (otherwise); no word about this mail.
_LOGIN_CODES = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken charge of the mail."""

    reply: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; the same mail may be taken later. ``code`` as in RFC 3463, blank if not said."""

    code: str
    reply: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Never. ``address_gone`` says that it is because the recipient's address does not exist."""

    code: str
    reply: str
    address_gone: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """The whole mail was handed over, and the answer was lost."""

    reply: str


@dataclass(frozen=True, slots=True)
class Held:
    """Not tried: a rate would have been exceeded. To be tried after so many ``seconds``."""

    seconds: float
    reply: str = ""


Outcome = Accepted | Later | Refused | Unclear | Held
Begin = Callable[[Mail], None]
Outcomes = Generator[tuple[Mail, Outcome], None, None]


class Unreachable(Exception):
    """The server cannot be talked to at all, whatever the mail; says why."""


class Transport(Protocol):
    def send_all(self, mails: Iterable[Mail], begin: Begin, deadline: float = math.inf) -> Outcomes:
        """Hand over mails, their bytes as they are; each with its outcome as soon as it is known.

        ``mails`` are taken one by one, as there is room for them. ``begin`` is called before a
        mail's last bytes leave: from then on, until its outcome, nobody knows whether it was
        taken. After ``deadline``, in the seconds of ``time.monotonic``, nothing is waited for.
        Raises Unreachable: what had no outcome by then was not taken.
        """
        ...


class Connection(Protocol):
    def send(self, mail: Mail) -> Outcome:
        """Hand over one mail. Raises Unreachable: the rest must wait."""
        ...


def one_by_one(connection: Connection, mails: Iterable[Mail], begin: Begin) -> Outcomes:
    """``Transport.send_all`` over something that takes a mail at a time."""
    for mail in mails:
        begin(mail)
        yield mail, connection.send(mail)


def outcome_of(code: int, text: str, *, about_recipient: bool = True) -> Outcome:
    """What to do after an SMTP reply (RFC 5321): keep it, try later, give up.

    ``about_recipient`` is False for a reply to MAIL FROM, which says nothing of the recipient.
    Unless it is about the size, our own address is what the server does not like: then nobody's
    mail is given up before an operator has had time to put that right.
    """
    reply = f"{code} {text}".strip()
    if 200 <= code < 300:
        return Accepted(reply)
    enhanced = enhanced_status(text)
    if code in _LOGIN_CODES or not 500 <= code < 600:
        return Later(enhanced, reply)
    if not about_recipient and code != _TOO_BIG:
        return Later(enhanced, reply)
    gone = about_recipient and verdicts.judge(code, enhanced, text).is_hard
    return Refused(enhanced, reply, address_gone=gone)


def enhanced_status(text: str) -> str:
    """The RFC 3463 code that a reply's text begins with, such as "5.1.1"; else blank."""
    match = _ENHANCED.match(text)
    return match[1] if match else ""
