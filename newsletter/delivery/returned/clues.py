"""What a returned mail holds of the mail it is about: tokens, Message-IDs, its recipient.

Nothing is believed here; whether a token or Message-ID is one of ours is filing's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsletter.delivery.returned.mime import Part
from newsletter.delivery.returned.reports import Clues, address_in

_MOST = 8
_TOKEN = re.compile(r"(?<![a-z0-9])b\+([0-9a-f]{42})(?![a-z0-9])", re.IGNORECASE)
_LINK = re.compile(r"/unsubscribe/([A-Za-z0-9_-]{28})(?![A-Za-z0-9_-])")
_ID = re.compile(r"<[^<>@\s]{1,200}@[^<>@\s]{1,200}>")
_ID_LINE = re.compile(
    r"^[ \t>|]{0,20}(?:x-)?(?:original-)?message-id:[ \t]*\n?[ \t]*"
    r"(<[^<>@\s]{1,200}@[^<>@\s]{1,200}>)",
    re.IGNORECASE | re.MULTILINE,
)
_TO_LINE = re.compile(r"^[ \t>|]{0,20}to:([^\n]{1,500})", re.IGNORECASE | re.MULTILINE)


def gather(mail: Part) -> Clues:
    parts = list(mail.walk())
    enclosed = [part for part in parts[1:] if part.header("Message-ID") and part.header("From")]
    texts = [part.text for part in parts if not part.parts]
    heads = ["\n".join(f"{name}: {value}" for name, value in part.headers) for part in parts]
    everything = [*heads, *texts]
    return Clues(
        tokens=_first(match.lower() for text in everything for match in _TOKEN.findall(text)),
        message_ids=_first(_message_ids(mail, enclosed, texts)),
        links=_first(match for text in everything for match in _LINK.findall(text)),
        written_to=_written_to(enclosed, texts),
    )


def _message_ids(mail: Part, enclosed: list[Part], texts: list[str]) -> Iterable[str]:
    for part in enclosed:
        yield from _ID.findall(part.header("Message-ID")[:500])
    for text in texts:
        yield from _ID_LINE.findall(text)
    for name in ("X-Original-Message-ID", "In-Reply-To", "References"):
        yield from reversed(_ID.findall(mail.header(name)[-2000:]))


def _written_to(enclosed: list[Part], texts: list[str]) -> str:
    for part in enclosed:
        if found := address_in(part.header("To")):
            return found
    lines = (match for text in texts for match in _TO_LINE.findall(text))
    return next(filter(None, map(address_in, lines)), "")


def _first(found: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    for one in found:
        kept.setdefault(one)
        if len(kept) == _MOST:
            break
    return tuple(kept)
