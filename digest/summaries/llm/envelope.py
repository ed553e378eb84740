"""The frame in which an endpoint sends what the model wrote: a chat completion, or not."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from digest.summaries.llm.cleaning import one_line

LONGEST_REASON = 300
_LONGEST_SAID = 200
_MOST_TOKENS = 1_000_000_000
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,200})", re.IGNORECASE)


class NoCompletion(ValueError):
    """A good status, but no completion; the message says why, ``status`` what was meant."""

    def __init__(self, reason: str, status: int = 0) -> None:
        self.status = status
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Said:
    """What the model wrote, if anything, how it ended, and what it cost."""

    content: str
    refusal: str
    finish_reason: str
    has_tool_calls: bool
    input_tokens: int
    output_tokens: int


def said_in(body: bytes) -> Said:
    """Raises NoCompletion."""
    frame = _frame(body)
    choices = frame.get("choices")
    if frame.get("error") and not choices:
        raise NoCompletion(f"the endpoint answered with an error: {error_in(frame)}", _code(frame))
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        raise NoCompletion("the answer has no choices")
    message, usage = _part(choice, "message"), _part(frame, "usage")
    return Said(
        content=_content(message.get("content")),
        refusal=one_line(_string(message.get("refusal")), _LONGEST_SAID),
        finish_reason=one_line(_string(choice.get("finish_reason")), 32),
        has_tool_calls=bool(message.get("tool_calls")),
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
    )


def explanation_in(body: bytes) -> str:
    """What an error's body says in words, shortened; empty where it says nothing."""
    try:
        return error_in(_frame(body))
    except NoCompletion:
        text = body[:4_000].decode("utf-8", "replace")
        titled = _TITLE.search(text)
        return one_line(titled[1], _LONGEST_SAID) if titled else _plain(text)


def error_in(frame: Mapping[str, Any]) -> str:
    """OpenAI's form, and those of servers that have their own."""
    error = frame.get("error") or frame.get("detail") or frame.get("message") or ""
    if isinstance(error, list) and error:
        error = error[0]
    if isinstance(error, Mapping):
        told = (error.get(name) for name in ("message", "detail", "msg", "type"))
        error = next((one for one in told if one), "")
    return one_line(_string(error), _LONGEST_SAID)


def _frame(body: bytes) -> dict[str, Any]:
    if not body.strip():
        raise NoCompletion("the answer is blank")
    try:
        frame = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NoCompletion("the answer is not UTF-8") from error
    except RecursionError as error:
        raise NoCompletion("the answer is nested too deeply") from error
    except ValueError as error:
        raise NoCompletion(_why_no_json(body)) from error
    if not isinstance(frame, dict):
        raise NoCompletion("the answer is JSON, but no completion")
    return frame


def _why_no_json(body: bytes) -> str:
    text = body[:4_000].decode("utf-8", "replace")
    if "<html" in text.lower() or "<!doctype" in text.lower():
        titled = _TITLE.search(text)
        named = one_line(titled[1], 100) if titled else ""
        return "the answer is a web page" + (f": {named}" if named else "")
    if text.lstrip().startswith("{"):
        return "the answer is no JSON: it breaks off or is malformed"
    return f"the answer is no JSON: it begins with {one_line(text, 60)!r}"


def _plain(text: str) -> str:
    """Not the marks of a page without a title."""
    return "" if "<" in text else one_line(text, _LONGEST_SAID)


def _code(frame: Mapping[str, Any]) -> int:
    error = frame.get("error")
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 0


def _content(value: object) -> str:
    """A string; some servers send it in pieces."""
    if isinstance(value, list):
        return "".join(_string(_part({"": one}, "").get("text")) for one in value)
    return _string(value)


def _part(frame: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = frame.get(name)
    return part if isinstance(part, Mapping) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS:
        return value
    return 0
