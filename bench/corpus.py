"""Papers to measure with: real ones where they are, made-up ones elsewhere."""

from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path

from digest.sections.matching import PaperText

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SHARED_DIR", ROOT / "shared"))
_MADE_UP = 18_000
_SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "ku",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "wo",
    "xu",
    "ya",
    "ze",
    "tra",
    "sti",
    "ple",
    "con",
]


def papers() -> tuple[list[PaperText], str]:
    """All papers that there are, and a word on what they are."""
    files = sorted((SHARED / "fixtures" / "corpus").glob("*.jsonl.gz"))
    if not files:
        return _made_up(), "made-up papers (no corpus in SHARED_DIR)"
    read: list[PaperText] = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                read.append(
                    PaperText(
                        len(read),
                        record["title"],
                        record["abstract"],
                        tuple(record["authors"]),
                        record.get("comment") or "",
                    )
                )
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
