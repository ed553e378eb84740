"""SMTP: kept, pipelined connections to one or several relays, with verified TLS."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.compose.mail import Mail
from newsletter.delivery.transports.base import Begin, Outcomes
from newsletter.delivery.transports.gate import Gate, Limits
from newsletter.delivery.transports.lanes import Dispatch
from newsletter.delivery.transports.relay import Relay


@dataclass(frozen=True, slots=True)
class Smtp:
    """Relays that share the mails; one that cannot be reached is left out for a minute."""

    relays: tuple[Relay, ...]
    limits: Limits | None = None

    def send_all(self, mails: Iterable[Mail], begin: Begin, deadline: float = math.inf) -> Outcomes:
        return Dispatch(self.relays, mails, begin, deadline, Gate(self.limits)).run()
