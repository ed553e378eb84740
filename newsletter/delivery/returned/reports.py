"""The values that a returned mail becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.delivery.verdicts import Verdict

# An address in running text, tried only where a word begins, so that looking stays linear.
ADDRESS = re.compile(
    r"(?<![^\s<>()\[\]\",;:='`])([^\s<>()\[\]\",;:@='`]{1,64}@[^\s<>()\[\]\",;:@='`]{1,253})"
)


class Returned(StrEnum):
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    NOTHING = "nothing"  # a word on a mail's way: delayed, relayed, delivered, not spam
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Clues:
    """What a returned mail holds of the mail it is about, the best first; all unproven."""

    tokens: tuple[str, ...] = ()  # of return paths
    message_ids: tuple[str, ...] = ()  # with angle brackets
    links: tuple[str, ...] = ()  # tokens of unsubscribe links
    written_to: str = ""  # the recipient that the mail itself names


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient's part of a returned mail. A bounce has a verdict, and nothing else has."""

    kind: Returned
    address: str = ""
    verdict: Verdict | None = None
    diagnostic: str = ""
    feedback_type: str = ""
    clues: Clues = field(default_factory=Clues)

    @property
    def is_permanent(self) -> bool:
        return self.verdict is not None and self.verdict.is_permanent


def address_in(text: str) -> str:
    """The first address in it, or blank; as ``rfc822;<a@example.org>`` too."""
    match = ADDRESS.search(text[:2000])
    return match[1].strip(".") if match else ""
