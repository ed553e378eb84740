"""SMTP: kept, pipelined connections to one or several relays, with verified TLS."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from newsletter.compose.mail import Mail
from newsletter.delivery import rates
from newsletter.delivery.transports.base import Begin, Outcomes
from newsletter.delivery.transports.gate import GO, Gate, Limits, Wait
from newsletter.delivery.transports.lanes import Dispatch
from newsletter.delivery.transports.relay import Relay


class SharedLimits:
    """The rates that all workers share through Redis, as the gate asks for them."""

    def take(self, relay: Relay, domain: str) -> Wait:
        limiter = rates.limiter()
        seconds = limiter.take(relay.name, relay.limit, domain)
        return Wait(seconds, limiter.waits_for_relay(relay.name)) if seconds else GO

    def throttled(self, relay: Relay, domain: str | None) -> None:
        rates.limiter().throttled(relay.name, domain)

    def per_connection(self, domain: str) -> int:
        return rates.limiter().per_connection(domain)


@dataclass(frozen=True, slots=True)
class Smtp:
    """Relays that share the mails; one that cannot be reached is left out for a minute."""

    relays: tuple[Relay, ...]
    limits: Limits | None = field(default_factory=SharedLimits, compare=False)

    def send_all(self, mails: Iterable[Mail], begin: Begin, deadline: float = math.inf) -> Outcomes:
        return Dispatch(self.relays, mails, begin, deadline, Gate(self.limits)).run()
