"""Questions to the DNS, each answered within seconds or not at all."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import dns.exception
import dns.name
import dns.rdataclass
import dns.resolver
import dns.reversename
from dns.rdata import Rdata

PATIENCE = 2.0  # seconds


class Unanswered(Exception):
    """Nobody answered, or only that they could not; says which question."""


class Resolver(Protocol):
    """Names come back in small letters without the last dot. What is not there is empty."""

    def texts(self, name: str) -> list[str]:
        """TXT, the strings of each record joined. Raises Unanswered, as do the others."""
        ...

    def mail_servers(self, name: str) -> list[str]:
        """MX, the best first; one that is blank says that no mail is taken (RFC 7505)."""
        ...

    def addresses(self, name: str) -> list[str]:
        """A and AAAA."""
        ...

    def pointers(self, address: str) -> list[str]:
        """PTR of an IPv4 or IPv6 address."""
        ...


class Dns:
    """The name servers of this machine, remembering what they said."""

    def texts(self, name: str) -> list[str]:
        found = self._ask(name, "TXT")
        return [b"".join(rdata.strings).decode("ascii", "replace") for rdata in found]  # type: ignore[attr-defined]

    def mail_servers(self, name: str) -> list[str]:
        found = sorted(self._ask(name, "MX"), key=lambda rdata: rdata.preference)  # type: ignore[attr-defined]
        return [_plain(rdata.exchange) for rdata in found]  # type: ignore[attr-defined]

    def addresses(self, name: str) -> list[str]:
        return [rdata.to_text() for kind in ("A", "AAAA") for rdata in self._ask(name, kind)]

    def pointers(self, address: str) -> list[str]:
        name = dns.reversename.from_address(address).to_text()
        return [_plain(rdata.target) for rdata in self._ask(name, "PTR")]  # type: ignore[attr-defined]

    def _ask(self, name: str, kind: str) -> list[Rdata]:
        question = f"{kind} of {name}"
        try:
            answer = self._resolver.resolve(
                dns.name.from_text(name), kind, search=False, lifetime=PATIENCE
            )
        except dns.resolver.NXDOMAIN:
            if self._knows_nothing:
                raise Unanswered(question) from None
            return []
        except dns.resolver.NoAnswer:
            return []
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return []  # there can be no such name
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(question) from error
        return list(answer)

    @cached_property
    def _knows_nothing(self) -> bool:
        """Whether this is the DNS of a closed network: it says there is not even a root."""
        try:
            self._resolver.resolve(dns.name.root, "NS", search=False, lifetime=PATIENCE)
        except dns.resolver.NXDOMAIN:
            return True
        except (dns.exception.DNSException, OSError):
            return False  # not every server gives it away
        return False

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        """Raises a DNSException where the machine names no name servers."""
        made = dns.resolver.Resolver()
        made.cache = dns.resolver.LRUCache(1000)
        made.timeout = PATIENCE
        return made


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower().removeprefix(".")
