"""What a relay or a recipient's domain may be sent: limits, and how they are written.

A rate is written `5/s`, `100/m`, `1000/h` or `5000/d`; DOMAIN_RATES is a list such as
`yahoo.com=5/s:20,web.de=100/m`, in which the part after the colon is the messages for one
connection.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

from newsletter.delivery.rates import providers

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# Seconds. What is not taken for so long may be made good at once: far longer than a worker
# oversleeps, and less than half a per cent of a minute's mails.
_SLACK = 0.25
_FASTEST = 100_000  # mails a second, more than any wire carries
_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)/([smhd])")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """Mails a second (0: no rate), how many of them at once after a pause, and mails for one
    connection (0: no limit)."""

    per_second: float
    burst: int
    per_connection: int = 0


class Place(NamedTuple):
    """Where a domain is counted: the name of a bucket, and its limit."""

    name: str
    limit: Limit


NONE = Limit(0.0, 0)


def with_rate(per_second: float, per_connection: int = 0) -> Limit:
    """With a burst as large as keeps the rate steady."""
    return Limit(per_second, max(1, math.ceil(per_second * _SLACK)), per_connection)


def of_relay(options: Mapping[str, str], name: str = "EMAIL_URL") -> Limit:
    """A relay's own limit from its URL's options rate, burst and per_connection.

    A rate may be a bare number, mails a second. Raises ImproperlyConfigured, naming the option.
    """
    rate = options.get("rate", "")
    limit = NONE
    if rate:
        limit = with_rate(_per_second(f"{rate}/s" if "/" not in rate else rate, f"{name}: rate"))
    if "burst" in options:
        burst = _whole(options["burst"], f"{name}: burst", least=1)
        if not rate:
            raise ImproperlyConfigured(f"{name}: burst says nothing without a rate")
        limit = replace(limit, burst=burst)
    if "per_connection" in options:
        most = _whole(options["per_connection"], f"{name}: per_connection")
        limit = replace(limit, per_connection=most)
    return limit


def of_domains(text: str, name: str = "DOMAIN_RATES") -> dict[str, Limit]:
    """The limits of a setting by its domains, with the standard ones where it leaves them open.

    Raises ImproperlyConfigured, naming the part that is wrong.
    """
    found = _read(text, name)
    provider = providers.siblings()
    for domain, standard in _read(providers.STANDARD, name).items():
        covered = [one for one in provider.get(domain, (domain,)) if one in found]
        for one in covered or [domain]:
            given, states_it = found.get(one, (NONE, False))
            if not states_it:
                found[one] = (replace(given, per_connection=standard[0].per_connection), True)
    return {domain: limit for domain, (limit, _) in found.items()}


def places(limits: Mapping[str, Limit]) -> dict[str, Place]:
    """Every domain that is named or has siblings, and where it is counted.

    Who is named has a bucket of their own; the siblings of a named domain share its bucket, the
    first one's where several are named.
    """
    found: dict[str, Place] = {}
    for domain, provider in providers.siblings().items():
        named = [one for one in provider if one in limits]
        head = named[0] if named else provider[0]
        found[domain] = Place(head, limits.get(head, NONE))
    return found | {domain: Place(domain, limit) for domain, limit in limits.items()}


def _read(text: str, name: str) -> dict[str, tuple[Limit, bool]]:
    """Each domain's limit, and whether its messages for one connection are stated."""
    found: dict[str, tuple[Limit, bool]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        domain, equals, rest = (piece.strip().lower() for piece in part.partition("="))
        where = f"{name}: {part!r}"
        if not _DOMAIN.fullmatch(domain):
            raise ImproperlyConfigured(f"{where}: {domain!r} is no domain such as yahoo.com")
        if not equals or not rest:
            raise ImproperlyConfigured(f"{where}: a rate is missing, as in {domain}=5/s:20")
        if domain in found:
            raise ImproperlyConfigured(f"{where}: {domain} stands there twice")
        found[domain] = _limit(rest, where)
    return found


def _limit(text: str, where: str) -> tuple[Limit, bool]:
    rate, colon, most = (piece.strip() for piece in text.partition(":"))
    limit = with_rate(_per_second(rate, f"{where}: the rate")) if rate else NONE
    if not colon:
        return limit, False
    per_connection = _whole(most, f"{where}: the messages for one connection")
    return replace(limit, per_connection=per_connection), True


def _per_second(text: str, what: str) -> float:
    match = _RATE.fullmatch(text)
    if match is None:
        raise ImproperlyConfigured(f"{what} must read as 5/s, 100/m, 1000/h or 5000/d: {text!r}")
    rate = float(match[1]) / _SECONDS[match[2]]
    if not 0 < rate <= _FASTEST:
        raise ImproperlyConfigured(f"{what} must be above 0, and {_FASTEST}/s at most: {text!r}")
    return rate


def _whole(text: str, what: str, *, least: int = 0) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < least:
        raise ImproperlyConfigured(f"{what} must be a whole number of at least {least}: {text!r}")
    return int(text)
