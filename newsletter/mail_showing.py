"""A mail taken apart to be looked at: its parts, and its HTML in a frame that runs nothing."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage

from django.http import HttpResponse

# A mail's HTML runs nothing and loads nothing, whatever it holds; its links open beside it.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def message_of(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what policy.default makes
    return message


def part(message: EmailMessage, kind: str) -> str | None:
    """The text of the "html" or "plain" part, None where there is none."""
    body = message.get_body((kind,))
    return None if body is None else str(body.get_content())


def framed(html: str) -> HttpResponse:
    """The mail's HTML as it is, but that links open in a page of their own."""
    response = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    response["Content-Security-Policy"] = MAIL_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
