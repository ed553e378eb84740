"""Django's system checks for whoever runs this: what is missing before mail goes to real people."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import ERROR, CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from digest.arxiv import taxonomy
from newsletter.delivery import signing, transports
from newsletter.delivery.rates import limits
from newsletter.delivery.returned import sources

_OPERATOR = "Set it to the mail address of whoever runs this."
_BROKERS = ("redis", "rediss", "redis+socket", "sentinel")


def faults() -> list[str]:
    """The errors, not the warnings, in the settings: with them nothing should be started."""
    found = [
        *check_transport(None),
        *check_senders(None),
        *check_signing(None),
        *check_returned(None),
        *check_rates(None),
        *check_sources(None),
    ]
    return [message.msg for message in found if message.level >= ERROR]


def sends_for_real() -> bool:
    """Whether mail leaves this machine; the local outbox is for looking only."""
    return not settings.EMAIL_URL.startswith("outbox://")


@register()
def check_transport(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    try:
        transports.default()
    except ImproperlyConfigured as error:
        yield Error(str(error), hint="See docs/operating.md.", id="newsletter.E001")


@register()
def check_rates(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    try:
        limits.of_domains(settings.DOMAIN_RATES)
    except ImproperlyConfigured as error:
        yield Error(str(error), hint="See docs/operating.md, Rates.", id="newsletter.E009")


@register()
def check_senders(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    if sends_for_real() and not settings.POSTAL_ADDRESS:
        yield Error(
            "POSTAL_ADDRESS is empty, and mail goes to real people.",
            hint="Most countries' law wants the sender's postal address in every such mail.",
            id="newsletter.E002",
        )
    if sends_for_real() and not _is_address(settings.FROM_EMAIL):
        yield Error(
            f"FROM_EMAIL is not a mail address: {settings.FROM_EMAIL!r}",
            hint="Set it to the sender's address.",
            id="newsletter.E003",
        )
    if settings.ADMIN_EMAIL and not _is_address(settings.ADMIN_EMAIL):
        yield Error(
            f"ADMIN_EMAIL is not a mail address: {settings.ADMIN_EMAIL!r}",
            hint=_OPERATOR,
            id="newsletter.E004",
        )


@register()
def check_signing(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """DKIM: a key that is only half named, or none at all, would send unsigned or not at all."""
    for fault in signing.faults():
        yield Error(fault, hint="Set DKIM_KEY and DKIM_SELECTOR, or neither.", id="newsletter.E010")
    if settings.DKIM_KEY and not signing.keeps_bytes():
        yield Warning(
            "DKIM_KEY is set, but whatever EMAIL_URL names makes mails anew: it has to sign.",
            hint="Leave DKIM_KEY empty, or send by smtp:// or smtps://.",
            id="newsletter.W010",
        )


@register()
def check_returned(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Where mails come back to, and where they are read."""
    try:
        sources.parse(settings.BOUNCES_URL)
    except ImproperlyConfigured as error:
        yield Error(str(error), hint="See docs/operating.md.", id="newsletter.E007")
    if settings.BOUNCE_DOMAIN and not _is_address(f"b@{settings.BOUNCE_DOMAIN}"):
        yield Error(
            f"BOUNCE_DOMAIN is not a mail domain: {settings.BOUNCE_DOMAIN!r}",
            hint="Set it to a domain whose mail comes to you, such as bounces.example.org.",
            id="newsletter.E008",
        )
    if _is_esp(settings.EMAIL_URL) and not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        yield Warning(
            "ANYMAIL_WEBHOOK_SECRET is empty: the ESP cannot tell of bounces and complaints.",
            hint="Set it to name:password, and give the ESP the address /anymail/ with it.",
            id="newsletter.W007",
        )


@register()
def check_sources(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """What is read: arXiv's categories, and the broker's messages."""
    try:
        taxonomy.expand(settings.ARXIV_CATEGORIES)
    except taxonomy.UnknownCategory as error:
        yield Error(
            f"ARXIV_CATEGORIES: {error}",
            hint="Name categories such as cs.DC, or archives such as cs.",
            id="newsletter.E005",
        )
    scheme = settings.REDIS_URL.partition("://")[0]
    if settings.REDIS_URL and scheme not in _BROKERS:
        yield Error(
            f"REDIS_URL must begin with one of {', '.join(f'{name}://' for name in _BROKERS)}",
            hint="As redis://host:6379/0; or leave it empty for a broker of `serve`'s own.",
            id="newsletter.E006",
        )


@register()
def check_site(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    if sends_for_real() and urlsplit(settings.SITE_URL).scheme != "https":
        yield Warning(
            f"SITE_URL is {settings.SITE_URL}, and mail goes to real people.",
            hint="One-click unsubscribing needs an https address (RFC 8058).",
            id="newsletter.W001",
        )


@register()
def check_database(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    engine = settings.DATABASES["default"]["ENGINE"]
    if settings.REDIS_URL and engine == "django.db.backends.sqlite3":
        yield Warning(
            "REDIS_URL is set, but the database is SQLite.",
            hint="Workers on other machines need PostgreSQL: set DATABASE_URL.",
            id="newsletter.W002",
        )


@register(Tags.security, deploy=True)
def check_contacts(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    if not settings.CONTACT:
        yield Warning(
            "CONTACT is empty: arXiv cannot reach whoever runs this.",
            hint="Set it to a mail address or a page.",
            id="newsletter.W003",
        )
    if not settings.ADMIN_EMAIL:
        yield Warning(
            "ADMIN_EMAIL is empty: readers cannot see whom to ask.",
            hint=_OPERATOR,
            id="newsletter.W004",
        )


def _is_esp(email_url: str) -> bool:
    """Whether it is the name of one; every process runs these checks, so none is imported."""
    is_name = re.fullmatch(r"[a-z][a-z0-9_]*", email_url)
    return bool(is_name and importlib.util.find_spec(f"anymail.webhooks.{email_url}"))


def _is_address(text: str) -> bool:
    """A bare address, or one in angle brackets with a name before it."""
    try:
        validate_email(parseaddr(text)[1])
    except ValidationError:
        return False
    return True


@register()
def check_writer(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """A language model that is only half named is never asked, and nobody would know."""
    if (settings.LLM_BASE_URL or settings.LLM_API_KEY) and not settings.LLM_MODEL:
        yield Warning(
            "LLM_BASE_URL or LLM_API_KEY is set, and LLM_MODEL is not: no model is asked.",
            hint="Name the model that writes the summaries.",
            id="newsletter.W005",
        )
    if settings.LLM_MODEL and not (settings.LLM_BASE_URL or settings.LLM_API_KEY):
        yield Warning(
            "LLM_MODEL is set, and neither LLM_BASE_URL nor LLM_API_KEY is: no model is asked.",
            hint="Say where the model is asked, or with which key at OpenAI's.",
            id="newsletter.W006",
        )
