"""Which mail may go out now: the rates of relays and of recipients' domains.

A mail whose domain has to wait steps aside, so that it holds up nobody else.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from newsletter.compose.mail import Mail
from newsletter.delivery.transports.base import Later
from newsletter.delivery.transports.lane import CLOSING, Lane
from newsletter.delivery.transports.relay import Relay

# A word on how fast we are, not on this mail (RFC 3463: 4.7.x is security or policy).
_TOO_FAST = "4.7."
_SHUTTING_DOWN = "4.3.2"
_GREYLISTED = re.compile("gr[ae]y-?list", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wait:
    """For how many seconds; because of the relay as a whole, or of the recipient's domain."""

    seconds: float
    is_relays: bool = False


GO = Wait(0.0)


class Limits(Protocol):
    """The rates that all workers share; see ``newsletter.delivery.rates``."""

    def take(self, relay: Relay, domain: str) -> Wait:
        """One mail's worth of both rates, or how long to wait; then nothing is taken."""
        ...

    def throttled(self, relay: Relay, domain: str | None) -> None:
        """A server said that this is too fast, for the domain or for itself."""
        ...

    def per_connection(self, domain: str) -> int:
        """How many mails to this domain one connection may carry; 0 for any number."""
        ...


@dataclass(slots=True)
class Gate:
    """For one chunk. Without ``limits`` everything may go out."""

    limits: Limits | None = None
    _opens: dict[Relay, float] = field(default_factory=dict)
    _aside: dict[str, deque[Mail]] = field(default_factory=dict)
    _comes: dict[str, float] = field(default_factory=dict)

    @property
    def limits_anything(self) -> bool:
        """Whether something waits, so that an idle lane may get work without an answer first."""
        return bool(self._aside or self._opens)

    @property
    def is_holding(self) -> bool:
        return bool(self._aside)

    def is_open(self, relay: Relay, now: float) -> bool:
        return self._opens.get(relay, 0.0) <= now

    def ready(self, now: float) -> Mail | None:
        """A mail that stood aside and whose domain's time has come."""
        for domain, mails in self._aside.items():
            if self._comes[domain] <= now:
                mail = mails.popleft()
                if not mails:
                    del self._aside[domain]
                return mail
        return None

    def let_through(self, relay: Relay, mail: Mail, now: float) -> bool:
        """Whether the mail may go out now; else it stands aside."""
        if self.limits is None:
            return True
        domain = mail.domain
        if domain in self._aside and self._comes[domain] > now:
            self._aside[domain].append(mail)
            return False
        wait = self.limits.take(relay, domain)
        if not wait.seconds:
            return True
        if wait.is_relays:
            self._opens[relay] = now + wait.seconds
        self._comes[domain] = now + wait.seconds
        self._aside.setdefault(domain, deque()).appendleft(mail)
        return False

    def carries_enough(self, lane: Lane, mail: Mail) -> bool:
        """Whether this connection has carried all that the mail's domain takes over one."""
        if self.limits is None or not (most := self.limits.per_connection(mail.domain)):
            return False
        return lane.carried_to[mail.domain] >= most

    def wait(self, now: float) -> float:
        """Seconds until something could go out that may not now; 0 where nothing waits."""
        times = [time for time in self._opens.values() if time > now]
        times += [self._comes[domain] for domain in self._aside]
        return max(0.0, min(times) - now) if times else 0.0

    def nap(self, now: float, longest: float) -> float:
        """How long answers may be waited for before it is worth looking here again."""
        if not self.limits_anything:
            return longest
        return min(longest, max(0.001, self.wait(now) or longest))

    def answered(self, relay: Relay, mail: Mail, outcome: Later) -> None:
        if self.limits is None or _GREYLISTED.search(outcome.reply):
            return
        if outcome.reply.startswith(str(CLOSING)) and outcome.code != _SHUTTING_DOWN:
            self.limits.throttled(relay, None)
        elif outcome.code.startswith(_TOO_FAST):
            self.limits.throttled(relay, mail.domain)

    def give_back(self, others: Iterable[Mail], now: float) -> Iterator[tuple[Mail, float]]:
        """All that still waits, with the seconds after which it is worth another look."""
        for domain, mails in self._aside.items():
            step = max(0.0, self._comes[domain] - now)
            for place, mail in enumerate(mails, start=1):
                yield mail, step * place
        for mail in others:
            yield mail, 0.0
        self._aside.clear()
