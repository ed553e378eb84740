"""Where mail goes: the transport that EMAIL_URL names."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from newsletter.delivery.rates import limits
from newsletter.delivery.transports.base import Transport
from newsletter.delivery.transports.django_backend import DjangoBackend
from newsletter.delivery.transports.outbox import Outbox
from newsletter.delivery.transports.relay import Relay
from newsletter.delivery.transports.smtp import Smtp

_OUTBOX = "outbox://"
_SWITCH = {"on": True, "off": False}
_OPTIONS = (
    "starttls", "verify", "timeout", "connections", "per_connection", "rate", "burst",
)  # fmt: skip
_MAILS_PER_CONNECTION = 1000
_FORMS = (
    "outbox:///folder, smtp://user:password@host:port, smtps://..., the name of an anymail ESP, "
    "or the dotted path of a Django mail backend"
)


def default() -> Transport:
    return from_url(settings.EMAIL_URL)


def from_url(url: str) -> Transport:
    """Raises ImproperlyConfigured, saying what is wrong with EMAIL_URL."""
    if url.startswith(_OUTBOX):
        return Outbox(_folder(url))
    if url.startswith(("smtp://", "smtps://")):
        return Smtp(tuple(_relay(one) for one in url.split()))
    if re.fullmatch(r"[a-z][a-z0-9_]*", url):
        return DjangoBackend(_checked(f"anymail.backends.{url}.EmailBackend", url))
    if re.fullmatch(r"\w+(\.\w+)+", url):
        return DjangoBackend(_checked(url, url))
    # The value may hold a password, so of what is not understood only the beginning is repeated.
    scheme = url.partition(":")[0][:20]
    raise ImproperlyConfigured(f"EMAIL_URL begins with {scheme!r}; it must be {_FORMS}")


def outbox_path() -> Path | None:
    """The local outbox's folder; None while mail goes out into the world."""
    url: str = settings.EMAIL_URL
    return _folder(url) if url.startswith(_OUTBOX) else None


def _folder(url: str) -> Path:
    path = url.removeprefix(_OUTBOX)
    if not path:
        raise ImproperlyConfigured(
            "EMAIL_URL: outbox:// needs a folder, as in outbox:///srv/outbox"
        )
    return Path(path).absolute()


def _relay(url: str) -> Relay:
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    options = _options(parts)
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("EMAIL_URL: the port must be a number up to 65535") from error
    right = parts.scheme in {"smtp", "smtps"} and parts.hostname
    if not right or parts.path.strip("/") or parts.fragment:
        raise ImproperlyConfigured(
            "EMAIL_URL must read smtp://user:password@host:port; several stand with spaces between"
        )
    limit = limits.of_relay(options)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Relay(
        host=parts.hostname or "",
        port=port or (465 if tls else 587 if user else 25),
        user=user,
        password=password,
        implicit_tls=tls,
        starttls=_switch(options, "starttls"),
        verify=_switch(options, "verify"),
        timeout=_whole(options, "timeout", 60, 1, 60),
        connections=_whole(options, "connections", 2, 1, 50),
        per_connection=limit.per_connection or _MAILS_PER_CONNECTION,
        limit=limit,
    )


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - set(_OPTIONS))
    if unknown:
        raise ImproperlyConfigured(
            f"EMAIL_URL: unknown option {unknown[0]!r}; there are {', '.join(_OPTIONS)}"
        )
    return options


def _switch(options: dict[str, str], name: str) -> bool:
    value = options.get(name, "on")
    if value not in _SWITCH:
        raise ImproperlyConfigured(f"EMAIL_URL: {name} must be on or off, not {value!r}")
    return _SWITCH[value]


def _whole(options: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = options.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        unit = " seconds" if name == "timeout" else ""
        raise ImproperlyConfigured(
            f"EMAIL_URL: {name} must be {least} to {most}{unit}, not {text!r}"
        )
    return int(text)


def _checked(path: str, given: str) -> str:
    """The path of a backend that can be imported."""
    module = path.rpartition(".")[0]
    try:
        if module.startswith("anymail.backends.") and importlib.util.find_spec(module) is None:
            raise ImproperlyConfigured(f"EMAIL_URL: anymail knows no ESP {given!r}")
        backend = import_string(path)
    except ImproperlyConfigured:
        raise
    except ImportError as error:
        raise ImproperlyConfigured(f"EMAIL_URL: {given!r}: {error}") from error
    if not isinstance(backend, type) or not issubclass(backend, BaseEmailBackend):
        raise ImproperlyConfigured(f"EMAIL_URL: {given!r} is not a Django mail backend")
    return path
