"""Handing over: one chunk of letters to the mail server, each outcome into the journal at once."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import Error as DatabaseTrouble

from newsletter.compose.mail import Mail
from newsletter.delivery.journal import Journal, Taken
from newsletter.delivery.letters import Letter
from newsletter.delivery.transports.base import (
    Accepted,
    Outcome,
    Transport,
    Unclear,
    Unreachable,
)

if TYPE_CHECKING:
    # What it stands on is loaded only where a key is set.
    from newsletter.delivery.dkim import Signer

# No new mail is begun after it, so that a worker that is asked to end has ended within 20 s, and
# every chunk well within its claim's lease.
LONGEST = dt.timedelta(seconds=15)


@dataclass(slots=True)
class Handover:
    """What has happened so far; kept up to date, so that it can be recorded whatever comes."""

    started: dt.datetime
    journal: Journal
    signer: Signer | None = None
    letters: list[Letter] = field(default_factory=list)
    outcomes: list[tuple[Letter, Outcome, dt.datetime]] = field(default_factory=list)
    unreachable: str = ""
    trouble: Exception | None = None
    _began: float = field(default_factory=time.monotonic)
    _letters: dict[str, Letter] = field(default_factory=dict)
    _in_doubt: dict[str, Letter] = field(default_factory=dict)

    @property
    def now(self) -> dt.datetime:
        return self.started + dt.timedelta(seconds=time.monotonic() - self._began)

    @property
    def deadline(self) -> float:
        return self._began + LONGEST.total_seconds()

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline

    def mails(self, letters: Iterator[Letter]) -> Iterator[Mail]:
        """In order, until it is late, or something ends the composing; what is on its way then
        still gets its answer."""
        while not self.is_late:
            try:
                letter = next(letters, None)
            except (DatabaseTrouble, MemoryError) as error:
                self.trouble = error
                return
            if letter is None:
                return
            self.letters.append(letter)
            if letter.mail is not None:
                yield self._signed(letter, letter.mail)

    def _signed(self, letter: Letter, mail: Mail) -> Mail:
        if self.signer is not None:
            mail.raw = self.signer.sign(mail.raw)
        letter.size = len(mail.raw)
        self._letters[mail.message_id] = letter
        return mail

    def begin(self, mail: Mail) -> None:
        letter = self._letters[mail.message_id]
        self._in_doubt[mail.message_id] = letter
        self.journal.begin(letter.row.id, letter.shown)

    def end(self, mail: Mail, outcome: Outcome) -> None:
        letter, now = self._letters.pop(mail.message_id), self.now
        # A chunk of mails is more than a process should hold.
        mail.raw = b""
        if self._in_doubt.pop(mail.message_id, None) is not None:
            self._note(letter, outcome, now)
        self.outcomes.append((letter, outcome, now))

    def interrupted(self, by: BaseException) -> None:
        """Those whose answer will not be heard any more."""
        lost = Unclear(f"interrupted by {type(by).__name__}")
        self.outcomes += [(letter, lost, self.now) for letter in self._in_doubt.values()]
        self._in_doubt.clear()

    def _note(self, letter: Letter, outcome: Outcome, now: dt.datetime) -> None:
        if isinstance(outcome, Accepted):
            self.journal.taken(letter.row.id, Taken(now.timestamp(), letter.size, outcome.reply))
        elif not isinstance(outcome, Unclear):
            self.journal.declined(letter.row.id)


def hand_over(transport: Transport, letters: Iterator[Letter], handover: Handover) -> None:
    """Send the letters that hold a mail, in order. What is not reached is not in the outcomes.

    Raises what ended the composing, once all that was on its way has been answered.
    """
    try:
        mails = handover.mails(letters)
        with closing(transport.send_all(mails, handover.begin, handover.deadline)) as outcomes:
            for mail, outcome in outcomes:
                handover.end(mail, outcome)
    except Unreachable as error:
        handover.unreachable = str(error)
    except BaseException as error:  # Ctrl-C too: a mail may be on its way
        handover.interrupted(error)
        raise
    if handover.trouble is not None:
        raise handover.trouble
