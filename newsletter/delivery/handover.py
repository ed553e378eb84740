"""Handing over: one chunk of letters to the mail server, over one connection."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.compose.mail import Mail
from newsletter.delivery.letters import Letter
from newsletter.delivery.transports.base import Connection, Outcome, Transport, Unclear, Unreachable

# A fifth of a claim's lease: no new mail is begun after it, and the slowest one that was begun
# still ends within the lease.
LONGEST = dt.timedelta(minutes=3)


@dataclass(slots=True)
class Handover:
    """What has happened so far; kept up to date, so that it can be recorded whatever comes."""

    started: dt.datetime
    outcomes: list[tuple[Letter, Outcome, dt.datetime]] = field(default_factory=list)
    unreachable: str = ""
    _began: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> dt.datetime:
        return self.started + dt.timedelta(seconds=time.monotonic() - self._began)

    @property
    def is_late(self) -> bool:
        return self.now - self.started > LONGEST


def hand_over(transport: Transport, letters: Sequence[Letter], handover: Handover) -> None:
    """Send the letters that hold a mail, in order. What is not reached is not in the outcomes."""
    mails = [(letter, letter.mail) for letter in letters if letter.mail is not None]
    if not mails:
        return
    try:
        with transport.connection() as connection:
            for letter, mail in mails:
                if handover.is_late:
                    return
                outcome = _send(connection, letter, mail, handover)
                handover.outcomes.append((letter, outcome, handover.now))
    except Unreachable as error:
        handover.unreachable = str(error)


def _send(connection: Connection, letter: Letter, mail: Mail, handover: Handover) -> Outcome:
    try:
        return connection.send(mail)
    except Unreachable:
        raise
    except BaseException as error:  # Ctrl-C too: the mail may be on its way
        lost = Unclear(f"interrupted by {type(error).__name__}")
        handover.outcomes.append((letter, lost, handover.now))
        raise
