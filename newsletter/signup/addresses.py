"""Addresses: what may be written to, and when two of them are the same person's."""

from __future__ import annotations

import hashlib
import unicodedata

import idna
from email_validator import EmailNotValidError, validate_email

LONGEST = 254


class InvalidAddress(ValueError):
    """Not an address that mail can be sent to; the message is for the person who typed it."""


def valid(address: str) -> str:
    """The address as mail goes to it: the local part as given, the domain as A-label.

    The domain is not looked up. Local parts beyond ASCII need SMTPUTF8 (RFC 6531) on the whole
    way, which few servers offer, so they are refused here instead of failing later.
    """
    text = unicodedata.normalize("NFKC", address.strip())
    if len(text) > LONGEST:
        raise InvalidAddress(f"This address is longer than {LONGEST} characters.")
    if "@" in text and not text.rpartition("@")[0].isascii():
        raise InvalidAddress("Before the @, only letters without accents can be used for now.")
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidAddress(str(error)) from error
    if found.ascii_email is None:
        raise InvalidAddress("This address cannot be written to.")
    return found.ascii_email


def identity(address: str) -> str:
    """One text for all spellings of an address: case-folded local part, domain as A-label.

    Raises InvalidAddress for what is not a local part and a domain.
    """
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).rpartition("@")
    local = _folded(local)
    if not local or not domain or any(letter.isspace() for letter in local):
        raise InvalidAddress(f"not an address: {address[:80]!r}")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii").lower().rstrip(".")
    except idna.IDNAError as error:
        raise InvalidAddress(f"not a domain: {domain[:80]!r}") from error
    return f"{local}@{ascii_domain}"


def fingerprint(of_identity: str) -> str:
    """SHA-256 of an identity, in hexadecimal; all that is kept of an erased address."""
    return hashlib.sha256(of_identity.encode()).hexdigest()


def _folded(local: str) -> str:
    # Case-folding can undo the normal form and the other way round; twice is stable.
    for _ in range(2):
        local = unicodedata.normalize("NFKC", local.casefold())
    return local
