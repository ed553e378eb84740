"""The record of a DKIM key as a verifier reads it (RFC 6376, 3.6.1)."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.records.tags import tags_of


def fault_of(texts: Sequence[str], public_key: str) -> str:
    """What keeps signatures from being verified by it; blank where nothing does.

    ``public_key`` is the p= of the key we sign with.
    """
    if not texts:
        return "is missing"
    if len(texts) > 1:
        return f"stands there {len(texts)} times"
    tags = tags_of(texts[0])
    key = "".join(tags.get("p", "").split())
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return "is not a DKIM record"
    if not key:
        return "is revoked (p= is empty)"
    if tags.get("k", "rsa") != "rsa" or key != public_key:
        return "holds another key than DKIM_KEY"
    if not _holds(tags.get("h", "sha256"), "sha256"):
        return "does not allow sha256 (h=)"
    if not _holds(tags.get("s", "*"), "*", "email"):
        return "is not for mail (s=)"
    if _holds(tags.get("t", ""), "y"):
        return "is marked as a trial (t=y), so receivers pay no heed to it"
    return ""


def _holds(listed: str, *wanted: str) -> bool:
    return not {part.strip() for part in listed.split(":")}.isdisjoint(wanted)
