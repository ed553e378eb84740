"""SMTP by the standard library: one kept connection, verified TLS, the mail's bytes as they are."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from newsletter.compose.mail import Mail
from newsletter.delivery.transports.base import (
    Later,
    Outcome,
    Refused,
    Unclear,
    Unreachable,
    outcome_of,
)

_START_MAIL_INPUT = 354
_CLOSING = 421
# What smtplib would otherwise pass into a command line.
_UNSAFE = re.compile(r"[^!-;=?-~]")
_END = b".\r\n"


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. ``timeout`` in seconds, for connecting and for each answer."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = True
    verify: bool = True
    timeout: float = 60

    @contextmanager
    def connection(self) -> Iterator[SmtpConnection]:
        kept = SmtpConnection(self)
        kept.open()
        try:
            yield kept
        finally:
            kept.close()

    def connect(self) -> smtplib.SMTP:
        """A greeted, encrypted, logged-in connection. Raises Unreachable."""
        try:
            return self._logged_in()
        # smtplib's errors, TLS's and the socket's are all OSErrors; the last one is a name that
        # cannot be written in DNS.
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{self.host}:{self.port}: {_said(error)}") from error

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


class SmtpConnection:
    """Sends one mail after another, and connects again when the server has hung up."""

    def __init__(self, transport: Smtp) -> None:
        self._transport = transport
        self._server: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._transport.connect()
        return self._server

    def close(self) -> None:
        if self._server is not None:
            # All mails have had their answers; a server that is gone needs no goodbye.
            with suppress(OSError):
                self._server.quit()
            self._drop()

    def send(self, mail: Mail) -> Outcome:
        for address in (mail.sender, mail.recipient):
            if not address or _UNSAFE.search(address):
                return Refused("", f"address cannot stand in an envelope: {address!r}")
        kept = self._server is not None
        server = self.open()
        try:
            outcome = self._hand_over(server, mail)
        except OSError as error:
            self._drop()
            if kept:  # a server may hang up on an idle connection: only a new one counts
                return self.send(mail)
            return Later("", f"connection lost: {_said(error)}")
        if kept and isinstance(outcome, Later) and outcome.reply.startswith(str(_CLOSING)):
            return self.send(mail)  # many servers take only so many mails over one connection
        return outcome

    def _hand_over(self, server: smtplib.SMTP, mail: Mail) -> Outcome:
        """All up to the final dot; an OSError until then means that nothing was taken."""
        code, text = server.mail(mail.sender, _options(server, mail))
        if not _is_good(code):
            return self._declined(code, text, about_recipient=False)
        code, text = server.rcpt(mail.recipient)
        if not _is_good(code):
            return self._declined(code, text)
        code, text = server.docmd("DATA")
        if code != _START_MAIL_INPUT:
            return self._declined(code, text)
        server.send(_as_data(mail.raw))
        return self._last_word(server)

    def _last_word(self, server: smtplib.SMTP) -> Outcome:
        try:
            code, text = server.getreply()
        except OSError as error:
            self._drop()
            return Unclear(f"no answer after the mail: {_said(error)}")
        if _is_good(code):
            return outcome_of(code, _text(text))
        if not 400 <= code < 600:
            self._drop()
            return Unclear(f"no sensible answer after the mail: {code} {_text(text)}")
        return self._declined(code, text)

    def _declined(self, code: int, text: bytes, *, about_recipient: bool = True) -> Outcome:
        """What the reply means, with the connection made ready for the next mail."""
        outcome = outcome_of(code, _text(text), about_recipient=about_recipient)
        if code == _CLOSING or self._server is None:
            self._drop()
        else:
            try:
                self._server.rset()
            except OSError:
                self._drop()
        return outcome

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _options(server: smtplib.SMTP, mail: Mail) -> list[str]:
    # RFC 1870: a server with less room says so before the mail is on its way.
    return [f"SIZE={len(mail.raw)}"] if server.has_extn("size") else []


def _as_data(raw: bytes) -> bytes:
    """RFC 5321 4.5.2: dots at line beginnings doubled, a single one at the end."""
    if raw.startswith(b".") or b"\n." in raw:
        raw = re.sub(rb"(?m)^\.", b"..", raw)
    return (raw if raw.endswith(b"\r\n") else raw + b"\r\n") + _END


def _is_good(code: int) -> bool:
    return 200 <= code < 300


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace").replace("\n", " ").strip()


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {_text(text) if isinstance(text, bytes) else text}"
    return str(error) or type(error).__name__
