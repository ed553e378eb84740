"""The mail around the papers: MJML compiled once per process, split at its slots.

A slot is an ASCII marker such as ``%%TITLE%%``. The text between slots is encoded once; what
fills a slot is encoded by itself, so a mail is a joining of bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from mjml import mjml2html

from newsletter.compose import quoted_printable
from newsletter.compose.budget import Size

_SLOT = re.compile(r"%%([A-Z]+)%%")
_INDENT = re.compile(r"\s*\n\s*")


@dataclass(slots=True)
class Encoded:
    """A text as its bytes on the way, with the number of bytes it decodes to."""

    raw: bytes
    size: Size

    @classmethod
    def of(cls, text: str) -> Encoded:
        raw = quoted_printable.encode(text)
        return cls(raw, Size(len(text.encode()), len(raw)))


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Texts and slots by turns: ``texts`` has one more than ``slots``."""

    texts: tuple[Encoded, ...]
    slots: tuple[str, ...]
    sources: tuple[str, ...]

    @classmethod
    def of(cls, source: str) -> Skeleton:
        parts = _SLOT.split(source)
        texts, slots = tuple(parts[::2]), tuple(parts[1::2])
        return cls(tuple(Encoded.of(text) for text in texts), slots, texts)

    def size(self, values: Mapping[str, Encoded]) -> Size:
        """With these slots filled; a slot without a value counts nothing."""
        total = Size()
        for text in self.texts:
            total += text.size
        for slot in self.slots:
            if slot in values:
                total += values[slot].size
        return total

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """Joined; every slot needs its value."""
        pieces = [self.texts[0].raw]
        for slot, text in zip(self.slots, self.texts[1:], strict=True):
            pieces += [values[slot], text.raw]
        return b"".join(pieces)


@cache
def compiled(name: str) -> Skeleton:
    """The skeleton of ``templates/emails/NAME.mjml``."""
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    source = (folder / f"{name}.mjml").read_text(encoding="utf-8")
    style = _INDENT.sub("", (folder / "mail.css").read_text(encoding="utf-8"))
    html = mjml2html(source.replace("%%STYLE%%", style), fonts={})
    return Skeleton.of(_INDENT.sub("\n", html).strip() + "\n")


@cache
def text(name: str) -> Skeleton:
    """The plain counterpart, ``templates/emails/NAME.txt``."""
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    return Skeleton.of((folder / f"{name}.txt").read_text(encoding="utf-8"))
