"""The words of a listing's papers as they are kept: cut once, searched by any rule afterwards.

A stored body is gzipped JSON: the papers' primary keys, the places of the papers that each
category announced, and for each field one line of words per paper.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from digest.sections import texts, words
from digest.sections.nodes import Field
from digest.sections.texts import PaperText, words_in

FIELDS = (Field.TITLE, Field.ABSTRACT, Field.AUTHORS, Field.COMMENTS)


@dataclass(frozen=True, slots=True)
class StoredWords:
    """One listing. ``lines`` holds for each field the words of each paper, with a space between,
    in the order of ``papers``; ``categories`` the places of those each category announced."""

    papers: tuple[int, ...]
    categories: Mapping[str, Sequence[int]]
    lines: Mapping[str, Sequence[str]]


@cache
def version() -> str:
    """Changes with anything that could cut words in another way."""
    digest = hashlib.sha256()
    for module in (words, texts):
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:16]


def cut(papers: Sequence[PaperText], categories: Mapping[str, set[int]]) -> StoredWords:
    """The words of papers; ``categories`` names papers by primary key."""
    place = {paper.key: number for number, paper in enumerate(papers)}
    return StoredWords(
        papers=tuple(place),
        categories={
            code: sorted(place[key] for key in held if key in place)
            for code, held in sorted(categories.items())
        },
        lines={
            field.value: [" ".join(words_in(paper, field)) for paper in papers] for field in FIELDS
        },
    )


def packed(stored: StoredWords) -> bytes:
    body = {
        "papers": stored.papers,
        "categories": dict(stored.categories),
        "lines": dict(stored.lines),
    }
    return gzip.compress(json.dumps(body, ensure_ascii=False).encode(), compresslevel=6, mtime=0)


def unpacked(body: bytes) -> StoredWords:
    found = json.loads(gzip.decompress(body))
    return StoredWords(tuple(found["papers"]), found["categories"], found["lines"])
