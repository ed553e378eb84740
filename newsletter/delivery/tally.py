"""What one round of sending came to."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by outcome. ``later`` are queued again; ``returned`` were not tried at all."""

    sent: int = 0
    later: int = 0
    uncertain: int = 0
    failed: int = 0
    skipped: int = 0
    returned: int = 0
    full: bool = False
    unreachable: str = ""

    def __add__(self, other: Tally) -> Tally:
        counts = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.name not in {"full", "unreachable"}
        }
        return Tally(
            **counts,
            full=self.full or other.full,
            unreachable=self.unreachable or other.unreachable,
        )

    @property
    def taken(self) -> int:
        """How many mails were claimed."""
        return self.sent + self.later + self.uncertain + self.failed + self.skipped + self.returned
