"""What a judge of mails is, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class Missing(Exception):
    """The program is not here; says how to install it, in one line."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as files: as it was sent, as a receiving server keeps it, and its HTML alone."""

    name: str
    sender: str
    recipient: str
    sent: Path
    kept: Path
    html: Path


@dataclass(slots=True)
class Verdict:
    """By mail, a short figure; and in a line each what is over the limit."""

    figures: dict[str, str] = field(default_factory=dict)
    over: list[str] = field(default_factory=list)

    def say(self, name: str, figure: str, over: str = "") -> None:
        self.figures[name] = figure
        if over:
            self.over.append(f"{name}: {over}")


# Features that are known and accepted, by judge, each with its reason.
Known = Mapping[str, Mapping[str, str]]
Judge = Callable[[list[Letter]], Verdict]
