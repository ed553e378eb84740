"""The return path of a mail (VERP): an address of its own, to which it comes back if it must.

``b+TOKEN@BOUNCE_DOMAIN``, where the token is signed as those of links are, and names a Delivery
or a Notice. Some servers fold the case of a local part, so it is spelled in hexadecimal. Without a
BOUNCE_DOMAIN mails come back to FROM_EMAIL, and are told by their Message-ID.
"""

from __future__ import annotations

import re

from django.conf import settings

from newsletter.models import Delivery, Notice
from newsletter.signup import links
from newsletter.signup.links import Purpose

# 21 bytes in hexadecimal; with what stands before it well within RFC 5321's 64.
TOKEN_LENGTH = 42
_ADDRESS = re.compile(r"b\+([0-9a-f]{42})@([^@<>\s]+)", re.IGNORECASE)

Named = tuple[Purpose, int]


def of(row: Delivery | Notice) -> str:
    """The return path of this mail; blank where there is no BOUNCE_DOMAIN."""
    if not settings.BOUNCE_DOMAIN:
        return ""
    return return_path(token_of(row))


def token_of(row: Delivery | Notice) -> str:
    is_delivery = isinstance(row, Delivery)
    return token(Purpose.RETURNED_DELIVERY if is_delivery else Purpose.RETURNED_NOTICE, row.id)


def token(purpose: Purpose, pk: int) -> str:
    return links.signed(purpose, pk).hex()


def return_path(token: str) -> str:
    return f"b+{token}@{settings.BOUNCE_DOMAIN}"


def read(address: str) -> Named | None:
    """What a return path of ours names, with or without angle brackets; None for any other."""
    match = _ADDRESS.fullmatch(address.strip().strip("<>"))
    if match is None or match[2].lower() != settings.BOUNCE_DOMAIN.lower():
        return None
    return named(match[1])


def named(token: str) -> Named | None:
    """What a token of ours names, whatever the domain it came under; None for any other."""
    try:
        data = bytes.fromhex(token)
    except ValueError:
        return None
    for purpose in (Purpose.RETURNED_DELIVERY, Purpose.RETURNED_NOTICE):
        try:
            return purpose, links.named(purpose, data)
        except links.InvalidToken:
            continue
    return None
