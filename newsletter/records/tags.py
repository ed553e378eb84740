"""Lists of tags such as "v=DKIM1; k=rsa; p=...", as DKIM and DMARC records are written."""

from __future__ import annotations


def tags_of(text: str) -> dict[str, str]:
    """By name in small letters; of one that stands twice the first counts (RFC 6376, 3.2)."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found
