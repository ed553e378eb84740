"""Whether and with which key mails are signed here: the settings DKIM_... as a signer."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from email.utils import parseaddr
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from newsletter.delivery.dkim import Signer

# These hand over the bytes as they are. Whatever goes by Django's mail backends is made anew from
# its parts there, which no signature outlives; ESPs sign by themselves.
_AS_THEY_ARE = ("smtp://", "smtps://", "outbox://")


def signer() -> Signer | None:
    """What signs the mails; None where the relay does. Made once per process.

    Raises SigningError where ``faults`` has something to say.
    """
    if not settings.DKIM_KEY or not keeps_bytes():
        return None
    return _made(settings.DKIM_KEY, settings.DKIM_SELECTOR, domain())


def keeps_bytes() -> bool:
    return str(settings.EMAIL_URL).startswith(_AS_THEY_ARE)


def domain() -> str:
    """DKIM_DOMAIN, by default that of FROM_EMAIL."""
    return str(settings.DKIM_DOMAIN or parseaddr(settings.FROM_EMAIL)[1].rpartition("@")[2]).lower()


def faults() -> Iterator[str]:
    """What is wrong with the settings, each beginning with the setting's name; never the key."""
    if not settings.DKIM_KEY:
        for name in ("DKIM_SELECTOR", "DKIM_DOMAIN"):
            if getattr(settings, name):
                yield f"{name} is set, and DKIM_KEY is not: nothing is signed."
        return
    library = _library()
    try:
        library.private_key(settings.DKIM_KEY)
    except library.SigningError as error:
        yield f"DKIM_KEY: {error}."
    if not settings.DKIM_SELECTOR:
        yield "DKIM_KEY is set, and DKIM_SELECTOR is not."
    elif not library.is_selector(settings.DKIM_SELECTOR):
        yield f"DKIM_SELECTOR is not a name of the DNS: {settings.DKIM_SELECTOR!r}"
    if not library.is_domain(domain()):
        name = "DKIM_DOMAIN" if settings.DKIM_DOMAIN else "DKIM_DOMAIN, taken from FROM_EMAIL,"
        yield f"{name} is not a domain: {domain()!r}"


# A few at most: a process has one, tests have some.
@lru_cache(maxsize=4)
def _made(pem: str, selector: str, name: str) -> Signer:
    library = _library()
    made: Signer = library.Signer(name, selector, library.private_key(pem))
    return made


def _library() -> ModuleType:
    """Loaded only where there is a key: a worker without one has no use for cryptography."""
    return importlib.import_module("newsletter.delivery.dkim")
