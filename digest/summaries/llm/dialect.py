"""How an endpoint wants to be asked: endpoints that call themselves compatible differ.

The best form is tried first; what an endpoint does not take is left out, step by step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from digest.summaries.llm.prompting import messages_for, schema_for
from digest.summaries.llm.values import Endpoint, Question


class Rung(IntEnum):
    """What holds the answer to its form, best first."""

    LIMITS = 0  # a schema that says how long, too
    SCHEMA = 1
    OBJECT = 2
    WORDS = 3  # the prompt alone


@dataclass(frozen=True, slots=True)
class Dialect:
    rung: Rung = Rung.LIMITS
    limit: str = "max_tokens"  # how the longest answer is called
    has_temperature: bool = True

    def body(self, endpoint: Endpoint, question: Question) -> dict[str, Any]:
        """The request."""
        body: dict[str, Any] = {
            "model": endpoint.model,
            "messages": messages_for(question),
            self.limit: endpoint.max_output_tokens,
        }
        if self.has_temperature:
            body["temperature"] = 0
        if self.rung <= Rung.SCHEMA:
            form = schema_for(question, has_limits=self.rung is Rung.LIMITS)
            schema = {"name": "summary", "strict": True, "schema": form}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.rung is Rung.OBJECT:
            body["response_format"] = {"type": "json_object"}
        return body

    def without_what_is_refused(
        self, status: int, explanation: str, *, is_proven: bool
    ) -> Dialect | None:
        """The dialect to try after a refusal; None where the refusal is about something else.

        ``is_proven`` if the endpoint has answered this dialect before: then only what speaks of
        the form counts. Some servers know no better word for a form than "internal error".
        """
        if status in _ABOUT_ELSE or status < 400:
            return None
        if status < 500 and self.limit == "max_tokens" and _OTHER_LIMIT.search(explanation):
            return replace(self, limit="max_completion_tokens")
        if status < 500 and self.has_temperature and _TEMPERATURE.search(explanation):
            return replace(self, has_temperature=False)
        if self.rung is Rung.WORDS:
            return None
        if _FORM.search(explanation) or (status in _PERHAPS_FORM and not is_proven):
            return replace(self, rung=Rung(self.rung + 1))
        return None


_ABOUT_ELSE = {401, 402, 403, 408, 429, 502, 503, 504}
_PERHAPS_FORM = {400, 415, 422, 500, 501}
_FORM = re.compile(
    r"response[_ ]?format|json[_ ]?(?:schema|object|mode)|structured[_ ]?outputs?|grammar|schema"
    r"|requested parameters",
    re.IGNORECASE,
)
_OTHER_LIMIT = re.compile(r"max_completion_tokens", re.IGNORECASE)
_TEMPERATURE = re.compile(r"\btemperature\b", re.IGNORECASE)
