"""Final bytes with slots in them: a name between two bytes 0x01, which no mail holds.

Composing a mail and making it again are the same joining, so that both give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

MARK = b"\x01"
#: Where the papers go, and where the reader's token for the whole digest goes in a part.
BODY, BODY_TEXT, WEB = "BODY", "BODYTEXT", "WEB"
_SLOT = re.compile(rb"\x01([A-Z]+)\x01")


@dataclass(frozen=True, slots=True)
class Slotted:
    """Texts and slots by turns: ``texts`` has one more than ``slots``."""

    texts: tuple[bytes, ...]
    slots: tuple[str, ...]

    def fill(
        self,
        values: Mapping[str, bytes],
        html: Sequence[bytes] = (),
        text: Sequence[bytes] = (),
    ) -> bytes:
        """Joined; every slot but the two for papers needs its value."""
        pieces = [self.texts[0]]
        for slot, following in zip(self.slots, self.texts[1:], strict=True):
            if slot == BODY:
                pieces += html
            elif slot == BODY_TEXT:
                pieces += text
            else:
                pieces.append(values[slot])
            pieces.append(following)
        return b"".join(pieces)


def slot(name: str) -> bytes:
    return MARK + name.encode("ascii") + MARK


@lru_cache(maxsize=256)
def read(content: bytes) -> Slotted:
    parts = _SLOT.split(content)
    return Slotted(tuple(parts[::2]), tuple(name.decode("ascii") for name in parts[1::2]))


def with_web(piece: bytes, token: bytes) -> bytes:
    """A part with the reader's token where it belongs; most have no place for one."""
    return piece.replace(slot(WEB), token) if MARK in piece else piece


def written(values: Mapping[str, bytes]) -> str:
    """Values of slots as one text, for a row; the mark stands in none of them."""
    return MARK.join(
        [part for item in values.items() for part in (item[0].encode(), item[1])]
    ).decode("ascii")


def read_values(text: str) -> dict[str, bytes]:
    parts = text.encode("ascii").split(MARK)
    return {
        name.decode("ascii"): value for name, value in zip(parts[::2], parts[1::2], strict=True)
    }
