"""A mail server that takes our mails, and how it is reached."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field

from newsletter.delivery.rates import limits
from newsletter.delivery.rates.limits import Limit
from newsletter.delivery.transports.base import Unreachable
from newsletter.delivery.transports.wire import said


@dataclass(frozen=True, slots=True)
class Relay:
    """``timeout`` in seconds, for connecting and for each answer; ``connections`` at a time from
    each sending process, of ``per_connection`` mails each; ``limit`` over all workers."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = True
    verify: bool = True
    timeout: float = 60
    connections: int = 2
    per_connection: int = 1000
    limit: Limit = limits.NONE

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    def connect(self) -> smtplib.SMTP:
        """A greeted, encrypted, logged-in connection. Raises Unreachable."""
        try:
            return self._logged_in()
        # smtplib's errors, TLS's and the socket's are all OSErrors; the last one is a name that
        # cannot be written in DNS.
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{self.name}: {said(error)}") from error

    def _logged_in(self) -> smtplib.SMTP:
        if self.implicit_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=self._tls()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if self.starttls and not self.implicit_tls:
                server.starttls(context=self._tls())
                server.ehlo_or_helo_if_needed()
            if self.user:
                server.login(self.user, self.password)
        except (OSError, UnicodeError):  # the latter is a password that is not ASCII
            server.close()
            raise
        return server

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
