"""The one connection to arXiv: where its servers are, and who asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from digest.loopback import is_local
from digest.watching import Watch

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# Longer than the pause between two requests.
_KEPT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Hosts:
    """The servers of arXiv's feeds, its listing pages and its API."""

    feeds: str = "https://rss.arxiv.org"
    site: str = "https://arxiv.org"
    api: str = "https://export.arxiv.org"

    @classmethod
    def of(cls, address: str) -> Hosts:
        """One server in place of all three: a mirror, or a stand-in in tests."""
        return cls(address, address, address)

    def __iter__(self) -> Iterator[str]:
        return iter((self.feeds, self.site, self.api))


@dataclass(frozen=True, slots=True)
class Arxiv:
    """An open client, and the pace it keeps (None: the installation's own)."""

    hosts: Hosts
    client: httpx.Client
    watch: Watch
    interval: dt.timedelta | None = None


@contextmanager
def connect(hosts: Hosts | None = None, interval: dt.timedelta | None = None) -> Iterator[Arxiv]:
    """A client that says who it is, keeps one connection, and follows no redirect by itself.

    ``hosts`` are the settings' by default. Raises ValueError for an address without TLS, other
    than one of this machine.
    """
    hosts = hosts or configured_hosts()
    for address in hosts:
        if not is_safe(address):
            raise ValueError(f"arXiv is asked over https only, not {address!r}")
    watch = Watch()
    client = httpx.Client(
        headers={
            "User-Agent": user_agent(),
            "Accept": "application/atom+xml, */*;q=0.5",
            "Accept-Encoding": "gzip",
        },
        timeout=_TIMEOUT,
        limits=httpx.Limits(max_connections=1, keepalive_expiry=_KEPT_SECONDS),
        follow_redirects=False,
        trust_env=not any(is_local(address) for address in hosts),
    )
    with client:
        yield Arxiv(hosts, client, watch, interval)


def configured_hosts() -> Hosts:
    """arXiv's own, unless ARXIV_BASE_URL names another server."""
    return Hosts.of(settings.ARXIV_BASE_URL) if settings.ARXIV_BASE_URL else Hosts()


def user_agent() -> str:
    """Who asks, and how to reach them: what arXiv wants of every client."""
    about = "; ".join(part for part in (f"+{settings.SITE_URL}", settings.CONTACT) if part)
    return f"preprint-post/0.1 ({about})".encode("ascii", "replace").decode("ascii")


def is_safe(address: str) -> bool:
    """Whether it is https, or stays on this machine."""
    scheme = urlsplit(address).scheme
    return scheme == "https" or (scheme == "http" and is_local(address))
