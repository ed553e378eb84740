"""A client of the Redis that the workers already share: the broker's."""

from __future__ import annotations

import logging
from urllib.parse import parse_qsl, urlencode, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# kombu's own spelling of a unix socket.
_SOCKET = "redis+socket://"
# Seconds. A mail waits for the answer; without one this process goes on alone.
_TIMEOUT = 0.5
# Of the options that a broker's address may have, those that redis-py knows too.
_OPTIONS = {"db", "ssl_ca_certs", "ssl_cert_reqs", "ssl_certfile", "ssl_keyfile"}


def client_of(broker_url: str) -> redis.Redis | None:
    """Without connecting. None, and a line in the log, where the broker is nothing to count in."""
    # Several brokers may be named, for kombu to change between; all workers count in the first.
    url = broker_url.partition(";")[0]
    if url.startswith(_SOCKET):
        url = f"unix://{url.removeprefix(_SOCKET)}"
    try:
        return redis.Redis.from_url(
            _understood(url),
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            # Once more, at once: a kept connection may have ended with a restart of the server.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError as error:
        scheme = url.partition("://")[0]
        logger.warning("rates cannot be shared through %s://: %s", scheme, error)
        return None


def _understood(url: str) -> str:
    """The address as redis-py reads it, of which kombu reads a little more."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if "virtual_host" in options:
        options["db"] = options["virtual_host"].strip("/")
    kept = {name: value for name, value in options.items() if name in _OPTIONS}
    if "ssl_cert_reqs" in kept:
        kept["ssl_cert_reqs"] = kept["ssl_cert_reqs"].removeprefix("CERT_").lower()
    # geturl() would drop the slashes before a socket's empty host.
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(kept)}"
