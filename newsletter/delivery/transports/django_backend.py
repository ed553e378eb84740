"""Any Django mail backend, and with it every ESP of anymail, as a transport.

A backend takes Django's message and not bytes, so the finished mail is parsed again and all of
its headers are handed on; what the backend makes of them is its own affair.
"""

from __future__ import annotations

import logging
import math
import smtplib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from newsletter.compose.mail import Mail
from newsletter.delivery.transports.base import (
    Accepted,
    Begin,
    Later,
    Outcome,
    Outcomes,
    Refused,
    Unclear,
    Unreachable,
    one_by_one,
    outcome_of,
)

logger = logging.getLogger(__name__)

# Django's message has fields of its own for these.
_FIELDS = frozenset(
    {"subject", "from", "to", "cc", "reply-to"}
    | {"mime-version", "content-type", "content-transfer-encoding"}
)
_LOGIN_STATUS = frozenset({401, 402, 403})
_AGAIN_STATUS = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class DjangoBackend:
    """A mail backend by the dotted path of its class."""

    path: str

    def send_all(self, mails: Iterable[Mail], begin: Begin, deadline: float = math.inf) -> Outcomes:
        with self.connection() as connection:
            yield from one_by_one(connection, mails, begin)

    @contextmanager
    def connection(self) -> Iterator[_Backend]:
        try:
            backend: BaseEmailBackend = get_connection(self.path)
            backend.open()
        except (OSError, ImproperlyConfigured, AnymailError) as error:
            raise Unreachable(f"{self.path}: {error}") from error
        try:
            yield _Backend(backend)
        finally:
            backend.close()


@dataclass(frozen=True, slots=True)
class _Backend:
    backend: BaseEmailBackend

    def send(self, mail: Mail) -> Outcome:
        message = as_django(mail)
        try:
            taken = self.backend.send_messages([message])
        except (AnymailError, smtplib.SMTPException) as error:
            return _outcome_of_error(error)
        except OSError as error:
            return Later("", _line(error))
        # The backend may be anybody's and raise anything; what became of the mail, nobody knows.
        except Exception as error:
            logger.exception("%s broke on %s", type(self.backend).__module__, mail.message_id)
            return Unclear(_line(error))
        if not taken:
            return Later("", "the mail backend sent nothing")
        return Accepted(_reply(message))


def as_django(mail: Mail) -> EmailMultiAlternatives:
    """The finished mail as Django's message, with every header it had."""
    parsed: ParsedMessage = message_from_bytes(mail.raw, policy=policy.default)
    message = EmailMultiAlternatives(
        subject=str(parsed.get("Subject", "")),
        from_email=str(parsed.get("From", mail.sender)),
        to=[str(parsed.get("To", mail.recipient))],
        reply_to=[str(value) for value in parsed.get_all("Reply-To", [])] or None,
        headers={name: str(text) for name, text in parsed.items() if name.lower() not in _FIELDS},
    )
    plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    message.body = _content(plain)
    if html is not None:
        message.attach_alternative(_content(html), "text/html")
    return message


def _content(part: Any) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _outcome_of_error(error: AnymailError | smtplib.SMTPException) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return outcome_of(code, _text(text))
    if isinstance(error, smtplib.SMTPResponseException):
        about_recipient = not isinstance(error, smtplib.SMTPSenderRefused)
        return outcome_of(error.smtp_code, _text(error.smtp_error), about_recipient=about_recipient)
    if isinstance(error, AnymailAPIError):
        return _outcome_of_status(error.status_code, _line(error))
    # What is left of anymail's errors is about this mail: recipients refused, a header the ESP
    # cannot carry. What is left of SMTP's is a connection lost at an unknown moment.
    return Refused("", _line(error)) if isinstance(error, AnymailError) else Unclear(_line(error))


def _outcome_of_status(status: int | None, text: str) -> Outcome:
    """By the HTTP status of the ESP's answer; a wrong key says nothing about the mail."""
    if status is None or status < 400:
        return Unclear(text)
    if status >= 500 or status in _LOGIN_STATUS | _AGAIN_STATUS:
        return Later("", text)
    return Refused("", text)


def _reply(message: EmailMultiAlternatives) -> str:
    """The ESP's own name for the mail, by which its webhooks will speak of it."""
    status = getattr(message, "anymail_status", None)
    if status is None:
        return "handed to the mail backend"
    states = "/".join(sorted(str(state) for state in status.status or ()))
    return f"{states} {status.message_id}".strip()


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\n", " ")
