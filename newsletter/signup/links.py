"""Signed links: who may do what without logging in.

A token is an identifier of six bytes and the first fifteen of an HMAC-SHA256 over purpose and
identifier, as 28 characters of base64url: always the same length, no padding, no address in it.
Whether a link expires is said by the row it names, never by the token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

_ID_BYTES = 6
_MAC_BYTES = 15
TOKEN_LENGTH = 28


class Purpose(StrEnum):
    """What a token allows; it counts for nothing else. Of a link it is also the route's name."""

    CONFIRM = "confirm"  # names an OptIn
    PREFERENCES = "preferences"  # names a Subscriber
    UNSUBSCRIBE = "unsubscribe"  # names a Subscriber
    DIGEST = "digest"  # names a Delivery
    # Of a return path, where no route is: see newsletter.compose.return_path.
    RETURNED_DELIVERY = "returned_delivery"
    RETURNED_NOTICE = "returned_notice"


class InvalidToken(ValueError):
    """The token was not made by this service, or not for this purpose."""


def token(purpose: Purpose, pk: int, secret: str = "") -> str:
    """``secret`` is SECRET_KEY, given by who has many to make."""
    return base64.urlsafe_b64encode(signed(purpose, pk, secret)).decode("ascii")


def read(purpose: Purpose, text: str) -> int:
    """The primary key that the token names; keys of SECRET_KEY_FALLBACKS still count."""
    try:
        data = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidToken(text) from error
    if len(text) != TOKEN_LENGTH:
        raise InvalidToken(text)
    return named(purpose, data)


def url(purpose: Purpose, pk: int) -> str:
    """The whole address, for a mail."""
    before, after = url_around(purpose)
    return before + token(purpose, pk) + after


def url_around(purpose: Purpose) -> tuple[str, str]:
    """What stands before and after the token in the whole address."""
    return _around(purpose, settings.SITE_URL)


@lru_cache(maxsize=64)
def _around(purpose: Purpose, site_url: str) -> tuple[str, str]:
    blank = "-" * TOKEN_LENGTH
    before, _, after = (site_url + reverse(str(purpose), args=[blank])).partition(blank)
    return before, after


def signed(purpose: Purpose, pk: int, secret: str = "") -> bytes:
    """A token's bytes, for whoever spells them otherwise."""
    identifier = pk.to_bytes(_ID_BYTES, "big")
    return identifier + _mac(purpose, identifier, secret or settings.SECRET_KEY)


def named(purpose: Purpose, data: bytes) -> int:
    """The primary key that a token's bytes name; else InvalidToken."""
    identifier, mac = data[:_ID_BYTES], data[_ID_BYTES:]
    if len(data) == _ID_BYTES + _MAC_BYTES:
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if hmac.compare_digest(mac, _mac(purpose, identifier, secret)):
                return int.from_bytes(identifier, "big")
    raise InvalidToken(data.hex())


def _mac(purpose: Purpose, identifier: bytes, secret: str) -> bytes:
    return hmac.digest(_key(purpose, secret), identifier, "sha256")[:_MAC_BYTES]


@lru_cache(maxsize=64)
def _key(purpose: Purpose, secret: str) -> bytes:
    """As django.utils.crypto.salted_hmac derives it; every mail needs several tokens."""
    return hashlib.sha256(f"newsletter.links.{purpose}{secret}".encode()).digest()
