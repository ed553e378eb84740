"""Under which key an answer counts as known: paper version, prompt version, model, hint."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from digest.models import Summary
from digest.summaries.llm import PROMPT_VERSION


@dataclass(frozen=True, slots=True)
class Key:
    """Nobody is asked the same twice."""

    paper_version: int | None
    prompt_version: str
    model: str
    hint: str

    @classmethod
    def of(cls, summary: Summary) -> Key:
        """What would be asked about the paper now; needs the row's paper."""
        version = summary.paper.version
        return cls(version, PROMPT_VERSION, settings.LLM_MODEL, summary.hint)

    @classmethod
    def written(cls, summary: Summary) -> Key:
        """What the text that stands there was written from."""
        return cls(summary.paper_version, summary.prompt_version, summary.model, summary.hint)
