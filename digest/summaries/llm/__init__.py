"""The language-model writer: any endpoint that speaks as OpenAI's does. Knows no database."""

from __future__ import annotations

from digest.summaries.llm.many import ask_all
from digest.summaries.llm.prompting import PROMPT_VERSION
from digest.summaries.llm.rate import Rate
from digest.summaries.llm.values import Answer, Endpoint, Question, Reply
from digest.summaries.llm.writer import Writer

__all__ = [
    "PROMPT_VERSION",
    "Answer",
    "Endpoint",
    "Question",
    "Rate",
    "Reply",
    "Writer",
    "ask_all",
]
