"""What goes to a language model and what comes back, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from digest.summaries.llm.cleaning import one_line

LONGEST_TEXT = 4_000
LONGEST_NAME = 200  # of a domain, topic, keyword or institution
MOST_KEYWORDS = 30
MOST_INSTITUTIONS = 50


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is asked, and what an answer may cost. Raises ValueError for nonsense."""

    base_url: str
    api_key: str = field(repr=False)
    model: str
    timeout: float = 60.0  # seconds for one whole call
    max_output_tokens: int = 600
    max_bytes: int = 1_000_000

    def __post_init__(self) -> None:
        if not _is_address(self.base_url):
            raise ValueError(f"not the address of an endpoint: {self.base_url[:200]!r}")
        if not (self.api_key.isascii() and self.api_key.isprintable()):
            raise ValueError("the key of the endpoint holds signs that no key holds")
        if not self.model.strip():
            raise ValueError("no model is named")
        if not 0 < self.timeout < 86_400:
            raise ValueError(f"not a time limit in seconds: {self.timeout}")
        if self.max_output_tokens < 1 or self.max_bytes < 1:
            raise ValueError("an answer needs room: max_output_tokens and max_bytes")


@dataclass(frozen=True, slots=True)
class Question:
    """One paper to be summarised. ``domains`` are the closed lists: each domain's topics.

    ``hint`` is a curator's wish; all else but ``domains`` was written by strangers.
    """

    title: str
    abstract: str
    categories: tuple[str, ...]
    first_page: str = ""
    domains: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said, as it said it: unchecked, but each on one line and of bounded length."""

    domain: str
    topic: str
    keywords: tuple[str, ...]
    institutions: tuple[str, ...]
    text: str

    @classmethod
    def of(
        cls,
        domain: str,
        topic: str,
        keywords: Sequence[str],
        institutions: Sequence[str],
        text: str,
    ) -> Answer:
        return cls(
            domain=one_line(domain, LONGEST_NAME),
            topic=one_line(topic, LONGEST_NAME),
            keywords=_lines(keywords, MOST_KEYWORDS),
            institutions=_lines(institutions, MOST_INSTITUTIONS),
            text=one_line(text, LONGEST_TEXT),
        )

    def as_data(self) -> dict[str, str | list[str]]:
        """The form that is stored as JSON."""
        return {
            "domain": self.domain,
            "topic": self.topic,
            "keywords": list(self.keywords),
            "institutions": list(self.institutions),
            "text": self.text,
        }

    @classmethod
    def from_data(cls, data: object) -> Answer:
        """What as_data gave. Raises ValueError for anything else."""
        if not isinstance(data, Mapping):
            raise ValueError(f"not an answer: {type(data).__name__}")
        return cls.of(
            _word(data.get("domain")),
            _word(data.get("topic")),
            _words(data.get("keywords")),
            _words(data.get("institutions")),
            _word(data.get("text")),
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one question; without an answer ``reason`` says why in plain words."""

    answer: Answer | None
    reason: str
    finish_reason: str = ""
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    retry_after: float | None = None  # seconds for which the endpoint wants to be left alone
    final: bool = False  # asking the same again brings no more
    refused: bool = False  # the model or its filter would not


def _is_address(text: str) -> bool:
    try:
        address = urlsplit(text)
        return address.scheme in {"http", "https"} and bool(address.hostname)
    except ValueError:
        return False


def _lines(words: Sequence[str], most: int) -> tuple[str, ...]:
    cleaned = (one_line(word, LONGEST_NAME) for word in words[: 4 * most])
    return tuple(word for word in cleaned if word)[:most]


def _word(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("not an answer: a part is missing or of another kind")


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [_word(word) for word in value]
    raise ValueError("not an answer: a list is missing or of another kind")
