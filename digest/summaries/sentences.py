"""An abstract into its sentences, every character kept but white space runs."""

from __future__ import annotations

import re

from digest.summaries.lexicon import ABBREVIATIONS, OPENERS, PERHAPS_ABBREVIATIONS

# What ends a sentence: the mark, closing quotes or brackets, white space.
_END = re.compile(r"[.!?]+[\"'”’)\]}]*\s+")  # noqa: RUF001 - typographic closing quotes
_LAST_WORD = re.compile(r"[^\s(\[{\"'“]+$")
_OPENING = re.compile(r"[A-Z0-9$\\\"'“‘(\[{*-]|[^\W\d_a-z]")  # noqa: RUF001


def sentences_of(text: str) -> list[str]:
    """The sentences in order; joined by single spaces they give the text again."""
    text = " ".join(text.split())
    sentences = []
    start = 0
    for end in _END.finditer(text):
        if _ends(text, start, end):
            sentences.append(text[start : end.end()].rstrip())
            start = end.end()
    if rest := text[start:].strip():
        sentences.append(rest)
    return sentences


def _ends(text: str, start: int, end: re.Match[str]) -> bool:
    before, after = text[start : end.end()].rstrip(), text[end.end() :]
    if not _OPENING.match(after) or _inside(before):
        return False
    word = _LAST_WORD.search(before)
    last = word.group().lower() if word else ""
    if last in ABBREVIATIONS:
        return False
    if last in PERHAPS_ABBREVIATIONS:
        return re.split(r"\W", after, maxsplit=1)[0].lower() in OPENERS
    # An initial, as in J. Smith; but "in class C. We" goes on like a sentence.
    if re.fullmatch(r"[a-z]\.", last) and word and word.group()[0].isupper():
        return re.split(r"\W", after, maxsplit=1)[0].lower() in OPENERS
    return True


def _inside(before: str) -> bool:
    """Whether this breaks off within mathematics or brackets."""
    dollars = before.count("$") - before.count(r"\$")
    return bool(dollars % 2) or before.count("(") > before.count(")")
