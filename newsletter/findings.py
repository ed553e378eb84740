"""What `doctor` finds, as a value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: How far back `doctor` looks.
LOOKED_BACK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an operator should know; a note needs no hand."""

    what: str
    remedy: str
    note: bool = False


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
