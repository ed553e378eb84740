"""Mails outside an issue: please confirm, your link, goodbye, and the operator's alert."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

from newsletter.compose import (
    headers,
    message,
    plain,
    quoted_printable,
    return_path,
    skeleton,
    wording,
)
from newsletter.compose.mail import Mail
from newsletter.models import Notice, OptIn
from newsletter.signup import links
from newsletter.signup.links import Purpose


@dataclass(frozen=True, slots=True)
class _Content:
    """A notice before it is dressed."""

    subject: str
    title: str
    context: dict[str, Any]
    why: str


def compose_notice(notice: Notice) -> Mail:
    """The finished mail; ``mail_date`` and ``message_id`` are set.

    Raises KeyError or OptIn.DoesNotExist where the context lacks what the kind needs, and
    HeaderError (a ValueError) for an address that no header can hold.
    """
    content = _CONTENT[Notice.Kind(notice.kind)](notice)
    text, html = _parts(f"notice_{notice.kind}", content)
    raw = message.assemble(headers.of_notice(notice, content.subject), text, html)
    return Mail(
        sender=return_path.of(notice) or headers.sender(),
        recipient=headers.address_of(notice.subscriber) if notice.subscriber else notice.address,
        raw=raw,
        message_id=notice.message_id,
    )


def _confirm(notice: Notice) -> _Content:
    opt_in = OptIn.objects.get(pk=notice.context["opt_in"])
    choices = opt_in.choices
    site = _site_name()
    return _Content(
        subject=f"Please confirm: {site}",
        title="Please confirm",
        context={
            "confirm_url": links.url(Purpose.CONFIRM, opt_in.pk),
            "rhythm": _rhythm(choices),
            "sections": [_section(section) for section in choices.get("sections", ())],
            "good_until": wording.day(notice.expires_at.date()),
        },
        why=f"You get this mail because your address was entered at {settings.SITE_URL}.",
    )


def _link(notice: Notice) -> _Content:
    subscriber = notice.subscriber_id
    if subscriber is None:
        raise KeyError("a link notice names no subscriber")
    return _Content(
        subject=f"Your link: {_site_name()}",
        title="Your link",
        context={
            "preferences_url": links.url(Purpose.PREFERENCES, subscriber),
            "unsubscribe_url": links.url(Purpose.UNSUBSCRIBE, subscriber),
        },
        why=f"You get this mail because your link was asked for at {settings.SITE_URL}.",
    )


def _goodbye(notice: Notice) -> _Content:
    return _Content(
        subject=f"Goodbye from {_site_name()}",
        title="You are unsubscribed",
        context={"signup_url": settings.SITE_URL + reverse("signup")},
        why="You get this mail because you unsubscribed.",
    )


def _alert(notice: Notice) -> _Content:
    paragraphs = str(notice.context["text"]).split("\n\n")
    subject = plain.one_line(str(notice.context["subject"]))
    return _Content(
        subject=f"{_site_name()}: {subject}",
        title=subject,
        context={"paragraphs": [text.strip() for text in paragraphs if text.strip()]},
        why="You get this mail because you run this newsletter.",
    )


_CONTENT: dict[Notice.Kind, Callable[[Notice], _Content]] = {
    Notice.Kind.CONFIRM: _confirm,
    Notice.Kind.LINK: _link,
    Notice.Kind.GOODBYE: _goodbye,
    Notice.Kind.ALERT: _alert,
}


def _rhythm(choices: dict[str, Any]) -> str:
    often = wording.rhythm(
        cadence=choices["cadence"],
        weekday=choices["weekday"],
        send_when=choices["send_when"],
        send_hour=choices["send_hour"],
        timezone=choices["timezone"],
    )
    return f"{often}, as {'plain text' if choices['format'] == 'plain' else 'HTML'}"


def _section(section: dict[str, Any]) -> str:
    name = section.get("label") or f"{section['categories']} {section.get('expression', '')}"
    return plain.one_line(f"{name}, as {section.get('style', 'cards')}")


def _parts(name: str, content: _Content) -> tuple[bytes, bytes]:
    context = content.context | {"site_name": _site_name()}
    postal = plain.one_line(settings.POSTAL_ADDRESS)
    body = get_template(f"emails/{name}.html").render(context)
    html = skeleton.compiled("notice").fill(
        {
            "TITLE": _encode(escape(content.title)),
            "BRAND": _encode(escape(_site_name())),
            "BODY": _encode(body),
            "FOOT": _encode(escape(content.why) + (f"<br>{escape(postal)}" if postal else "")),
        }
    )
    written = get_template(f"emails/{name}.txt").render(context)
    text = skeleton.text("notice").fill(
        {
            "BRAND": _encode(f"{_site_name()}\n{content.title}"),
            "BODY": _encode(_wrapped(written)),
            "FOOT": _encode(_wrapped(f"{content.why}\n\n{postal}")),
        }
    )
    return text, html


def _wrapped(text: str) -> str:
    return "\n".join(plain.wrap(line) for line in text.strip().splitlines())


def _encode(text: str) -> bytes:
    return quoted_printable.encode(text)


def _site_name() -> str:
    return plain.one_line(settings.SITE_NAME)
