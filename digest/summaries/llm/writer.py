"""The language model as a writer: one question, one Reply, whatever an endpoint does."""

from __future__ import annotations

import datetime as dt
import importlib
import threading
import time
from dataclasses import replace
from types import TracebackType
from typing import Self

from digest.summaries.llm.calls import Answered, Line, Unanswered
from digest.summaries.llm.cleaning import one_line
from digest.summaries.llm.dialect import Dialect
from digest.summaries.llm.envelope import LONGEST_REASON, NoCompletion, Said, said_in
from digest.summaries.llm.rate import Rate
from digest.summaries.llm.reading import NoAnswer, answer_in
from digest.summaries.llm.values import Endpoint, Question, Reply

STOPPED = "not asked: stopped before its turn"
# Each step of a dialect that an endpoint may refuse, and one to spare.
_MOST_TRIES = 6


class Writer:
    """An open client of one endpoint; threads may share it.

    It remembers how the endpoint wants to be asked, so that this is found out once.
    """

    def __init__(self, endpoint: Endpoint, rate: Rate | None = None) -> None:
        # The client is heavy, and whoever has no endpoint never opens one.
        wire = importlib.import_module("digest.summaries.llm.wire")
        self.endpoint = endpoint
        self._rate = rate
        self._line: Line = wire.Line(endpoint)
        self._lock = threading.Lock()
        self._proven: Dialect | None = None

    def ask(self, question: Question, stopped: threading.Event | None = None) -> Reply:
        """What the model says. No error is raised for anything that an endpoint does.

        Waits for its turn where there is a rate; ``stopped`` ends that wait without a call.
        """
        with self._lock:
            dialect = self._proven or Dialect()
        seconds = 0.0
        for _ in range(_MOST_TRIES):
            if self._rate and not self._rate.wait(stopped):
                return Reply(None, STOPPED, seconds=seconds)
            begun = time.monotonic()
            try:
                answered = self._line.post(dialect.body(self.endpoint, question))
            except Unanswered as why:
                seconds += time.monotonic() - begun
                return Reply(None, self._told(str(why)), seconds=seconds)
            seconds += time.monotonic() - begun
            lesser = self._lesser(dialect, answered)
            if lesser is None:
                break
            dialect = lesser
        if answered.is_good:
            self._remember(dialect)
        reply = _reply_to(answered)
        return replace(reply, reason=self._told(reply.reason), seconds=seconds)

    def close(self) -> None:
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _lesser(self, dialect: Dialect, answered: Answered) -> Dialect | None:
        if answered.is_good:
            return None
        return dialect.without_what_is_refused(
            answered.status, answered.explanation(), is_proven=dialect == self._proven
        )

    def _remember(self, dialect: Dialect) -> None:
        """Only what has been answered; a sick endpoint refuses everything."""
        with self._lock:
            self._proven = dialect

    def _told(self, reason: str) -> str:
        """A reason that fits a row, and never holds the key."""
        key = self.endpoint.api_key.strip()
        return one_line(reason.replace(key, "…") if len(key) > 6 else reason, LONGEST_REASON)


def _reply_to(answered: Answered) -> Reply:
    if not answered.is_good:
        rest = answered.retry_after(dt.datetime.now(dt.UTC))
        return Reply(None, answered.why(), retry_after=rest, final=answered.is_final)
    try:
        said = said_in(answered.body)
    except NoCompletion as none:
        meant = replace(answered, status=none.status)
        return Reply(None, str(none), final=bool(none.status) and meant.is_final)
    costs = Reply(
        None,
        "",
        finish_reason=said.finish_reason,
        input_tokens=said.input_tokens,
        output_tokens=said.output_tokens,
    )
    if why := _refusal(said):
        return replace(costs, reason=why, refused=True)
    try:
        return replace(costs, answer=answer_in(said.content))
    except NoAnswer as none:
        return replace(costs, reason=_why_none(said, str(none)))


def _refusal(said: Said) -> str:
    if said.refusal:
        return f"the model refused: {said.refusal}"
    if said.finish_reason == "content_filter":
        return "the endpoint's filter stopped the answer (finish_reason=content_filter)"
    return ""


def _why_none(said: Said, reason: str) -> str:
    if said.finish_reason == "length":
        return "the answer was cut off (finish_reason=length)"
    if said.has_tool_calls and not said.content.strip():
        return "the answer is a call of a tool, no text"
    return reason
