"""What `doctor` finds of names and addresses: does each public address lead back to its name?

Receivers look up the PTR of whatever hands them a mail, and whether that name has the address
(FCrDNS). Of a relay elsewhere that is somebody else's affair.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from digest.loopback import is_loopback
from newsletter.findings import Finding
from newsletter.records.resolver import Resolver

_REMEDY = (
    "Have whoever gave you the address set its PTR to a name of yours, and give that name the "
    "address (A, AAAA)."
)


def examine(relays: Iterable[str], site: str, resolver: Resolver) -> Iterator[Finding]:
    """``relays`` are the hosts that take our mails, ``site`` is the host of SITE_URL."""
    ours = _public(site, resolver)
    seen: set[str] = set()
    for relay in relays:
        near = is_loopback(relay)
        public = set() if near else _public(relay, resolver)
        if near or not public:
            yield from _near(relay, sorted(ours - seen), resolver)
            seen |= ours
        else:
            yield from _here(relay, sorted((public & ours) - seen), resolver)
            seen |= public & ours


def _near(relay: str, addresses: list[str], resolver: Resolver) -> Iterator[Finding]:
    """A relay on this machine or in this network: how it shows itself cannot be seen from here."""
    lost = [address for address in addresses if not leads_back(address, resolver)]
    seen = f" Of this site's addresses {', '.join(lost)} has none." if lost else ""
    yield Finding(
        f"The name and the PTR of the relay {relay} are its own affair.{seen}",
        "See that the address it sends from has a PTR, and that the PTR's name has that address.",
        note=True,
    )


def _here(relay: str, addresses: list[str], resolver: Resolver) -> Iterator[Finding]:
    """A relay at an address of the site's: the one that receivers most likely see."""
    for address in addresses:
        if not leads_back(address, resolver):
            yield Finding(f"{relay} ({address}) has no PTR that leads back to it.", _REMEDY)


def leads_back(address: str, resolver: Resolver) -> bool:
    """Whether one of the address's names has the address."""
    return any(
        _same(address, found)
        for name in resolver.pointers(address)
        for found in resolver.addresses(name)
    )


def _public(host: str, resolver: Resolver) -> set[str]:
    try:
        found = [str(ipaddress.ip_address(host))]
    except ValueError:
        found = [] if is_loopback(host) else resolver.addresses(host)
    return {address for address in found if ipaddress.ip_address(address).is_global}


def _same(one: str, other: str) -> bool:
    return ipaddress.ip_address(one) == ipaddress.ip_address(other)
