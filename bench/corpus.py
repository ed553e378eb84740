"""Papers to measure with: real ones where they are, made-up ones elsewhere."""

from __future__ import annotations

import os
import random
from pathlib import Path

from digest.sections.texts import PaperText
from tests.corpus import records

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[2] / "shared"))
_MADE_UP = 18_000
_SYLLABLES = [
    "ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "xu", "ya",
    "ze", "tra", "sti", "ple", "con",
]  # fmt: skip


def papers() -> tuple[list[PaperText], str]:
    """All papers that there are, and a word on what they are."""
    if not (SHARED / "fixtures" / "corpus").is_dir():
        return _made_up(), "made-up papers (no corpus in SHARED_DIR)"
    read = [
        PaperText(key, record.title, record.abstract, record.authors, record.comments)
        for key, record in enumerate(records(SHARED))
    ]
    return read, f"{len(read):,} real papers"


def _made_up() -> list[PaperText]:
    """Texts of words as unevenly common as real ones are."""
    dice = random.Random(20260202)
    words = sorted({"".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(90_000)})
    dice.shuffle(words)
    weights = [1 / rank for rank in range(8, len(words) + 8)]

    def text(size: int) -> str:
        return " ".join(dice.choices(words, weights, k=size))

    return [
        PaperText(key, text(10), text(170), tuple(text(2).title() for _ in range(5)))
        for key in range(_MADE_UP)
    ]
