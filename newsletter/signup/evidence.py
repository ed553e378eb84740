"""Evidence: from where and with what a request came."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

#: Goes up when what the form says about consent changes.
FORM_VERSION = "2026-11-1"
_USER_AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept of a request; ``network_address`` is None when it cannot be known."""

    network_address: str | None = None
    user_agent: str = ""
    form_version: str = FORM_VERSION


def of(request: HttpRequest) -> Evidence:
    user_agent = request.headers.get("User-Agent", "").replace("\x00", "")
    return Evidence(network_address(request), user_agent[:_USER_AGENT_LENGTH])


def network_address(request: HttpRequest) -> str | None:
    """The client's address, believing only the last ``PROXIES`` hops.

    Each trusted proxy adds one address to the right of X-Forwarded-For; what stands further
    left was written by the client and is not believed.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    found = request.META.get("REMOTE_ADDR", "")
    if 0 < settings.PROXIES <= len(hops):
        found = hops[-settings.PROXIES] or found
    try:
        parsed = ipaddress.ip_address(found.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)
