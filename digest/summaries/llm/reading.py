"""What a model wrote, as an Answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from digest.summaries.llm.cleaning import one_line
from digest.summaries.llm.prompting import LONGEST_WRITTEN
from digest.summaries.llm.tolerant import NoObject, Object, object_in
from digest.summaries.llm.values import LONGEST_TEXT, Answer
from digest.summaries.sentences import sentences_of

# Models rename what they are asked for; the first that stands counts.
_NAMES = {
    "domain": ("domain", "tag1"),
    "topic": ("topic", "tag2"),
    "keywords": ("keywords", "keyword", "tag3", "key_words"),
    "institutions": ("institutions", "institution", "affiliations", "affiliation"),
    "text": ("text", "summary", "abstract_summary", "simple_llm_summary"),
}
_BETWEEN = re.compile(r"\s*[;,\n]\s*")
_MOST_PARTS = 200
_END = re.compile(r"[.!?][\"')\]\u201d\u2019]*$")


class NoAnswer(ValueError):
    """What the model wrote is no answer; the message says why."""


def answer_in(content: str) -> Answer:
    """Raises NoAnswer."""
    try:
        found = _unwrapped(object_in(content, _is_answer))
    except NoObject as none:
        raise NoAnswer(f"the answer is no JSON: {none}") from none
    values = {name.strip().lower(): value for name, value in found.items()}
    parts = {part: _first(values, names) for part, names in _NAMES.items()}
    answer = Answer.of(
        domain=" ".join(_strings(parts["domain"])),
        topic=" ".join(_strings(parts["topic"])),
        keywords=_terms(parts["keywords"]),
        institutions=_terms(parts["institutions"]),
        text=_whole(" ".join(_strings(parts["text"]))),
    )
    if not answer.text:
        raise NoAnswer("the answer has no text")
    return answer


def _whole(text: str) -> str:
    """A text of all the length that there is may break off: then without its last sentence."""
    if len(text) < LONGEST_WRITTEN:
        return text
    sentences = sentences_of(one_line(text, LONGEST_TEXT))
    if not sentences or _END.search(sentences[-1]):
        return text
    if len(sentences) == 1:
        raise NoAnswer("the text breaks off in its first sentence")
    return " ".join(sentences[:-1])


def _is_answer(found: Object) -> bool:
    names = {name.strip().lower() for name in found}
    return not names.isdisjoint(_NAMES["text"])


def _unwrapped(found: Object) -> Object:
    """The answer in {"answer": {...}}, or what was found."""
    if not _is_answer(found):
        for value in found.values():
            if isinstance(value, dict) and _is_answer(value):
                return value
    return found


def _first(values: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((values[name] for name in names if values.get(name)), "")


def _terms(value: Any) -> list[str]:
    """A list as it is; what was written as one string, at its commas."""
    return _BETWEEN.split(value) if isinstance(value, str) else list(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    """Whatever can be said of a value in words, at most two levels down."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list):
        for part in value[:_MOST_PARTS]:
            if isinstance(part, str):
                yield part
            elif isinstance(part, dict) and isinstance(part.get("name"), str):
                yield part["name"]
