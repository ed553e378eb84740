"""SPF (RFC 7208) as a receiver reads it, but for whose address is asked about.

No mail is judged here: a record is walked to its end, with all that it includes, to see whether
any receiver can.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from newsletter.records.resolver import Resolver

#: A receiver gives up after so many questions (RFC 7208, 4.6.4).
MOST_LOOKUPS = 10

_ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})
_NAMED = frozenset({"include", "exists"})
_NETS = frozenset({"ip4", "ip6"})
_MECHANISM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?![^:/])(.*)", re.IGNORECASE
)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """What a walk found. ``ending`` is the sign of "all" that holds at the end, blank without.

    ``permits`` says that there is somebody at all who may send, ``open`` that everybody may.
    """

    records: int = 0
    lookups: int = 0
    ending: str = ""
    permits: bool = False
    open: bool = False
    faults: list[str] = field(default_factory=list)


def read(domain: str, resolver: Resolver) -> Reading:
    """The record of ``domain``, walked. Raises Unanswered."""
    texts = records_at(domain, resolver)
    reading = Reading(records=len(texts))
    if len(texts) == 1:
        reading.ending = _follow(domain, texts[0], reading, resolver)
        reading.open = reading.open or reading.ending == "+"
    return reading


def records_at(domain: str, resolver: Resolver) -> list[str]:
    texts = (text.strip() for text in resolver.texts(domain))
    return [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]


def _follow(domain: str, text: str, reading: Reading, resolver: Resolver) -> str:
    """Walk one record; the sign of its "all", its redirect's, or blank."""
    redirect = ""
    for term in text.split()[1:]:
        if reading.lookups > MOST_LOOKUPS:
            return ""
        if mechanism := _MECHANISM.fullmatch(term):
            sign, name, rest = mechanism[1] or "+", mechanism[2].lower(), mechanism[3]
            if name == "all" and not rest:
                return sign
            _mechanism(domain, sign, name, rest, reading, resolver)
        elif modifier := _MODIFIER.fullmatch(term):
            redirect = modifier[2] if modifier[1].lower() == "redirect" else redirect
        else:
            reading.faults.append(f"{domain} holds {term!r}, which is not SPF")
    if not redirect:
        return ""
    reading.lookups += 1
    return _look_into(domain, redirect, reading, resolver)


def _mechanism(
    domain: str, sign: str, name: str, rest: str, reading: Reading, resolver: Resolver
) -> None:
    reading.permits = reading.permits or sign == "+"
    reading.lookups += name in _ASKING
    argument = rest.removeprefix(":")
    width = _width(argument) if name in _NETS else 1
    if name == "all" or (name in _NAMED and not argument) or width is None:
        reading.faults.append(f"{domain} holds {name + rest!r}, which is not SPF")
        return
    # What is included only ever says yes: any other ending than +all is of no account.
    into = _look_into(domain, argument, reading, resolver) if name == "include" else ""
    reading.open = reading.open or (sign == "+" and (into == "+" or width == 0))


def _look_into(domain: str, target: str, reading: Reading, resolver: Resolver) -> str:
    """Walk the record of another domain, unless its name depends on the mail (a macro)."""
    if "%" in target or reading.lookups > MOST_LOOKUPS:
        return ""
    name = target.rstrip(".").lower()
    texts = records_at(name, resolver)
    if len(texts) != 1:
        has = "several SPF records" if texts else "no SPF record"
        reading.faults.append(f"{domain} refers to {name}, which has {has}")
        return ""
    return _follow(name, texts[0], reading, resolver)


def _width(network: str) -> int | None:
    """The length of its prefix; None if it is no network."""
    try:
        return ipaddress.ip_network(network, strict=False).prefixlen
    except ValueError:
        return None
