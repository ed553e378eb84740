"""Papers to the language model and answers into Summaries: claimed, counted, never asked twice.

What is to be asked stands in rows: a Summary that is pending without a text. Whoever asks claims
it first, so that two workers never ask the same; a worker that dies gives its claims back when
the lease ends. What failed waits longer each time, with its reason.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from digest.models import Summary
from digest.summaries import answers, claims, offered
from digest.summaries.budget import Budget, next_day
from digest.summaries.claims import Claimed
from digest.summaries.llm import Endpoint, Question, Rate, Reply, Writer, ask_all

#: Failures in a row after which an endpoint is left alone until the next round.
MOST_FAILURES = 3
#: Calls in vain after which a paper is asked about only when a curator wants it.
MOST_ATTEMPTS = 8
_NEVER = dt.timedelta(days=3_650)
_FIRST_PAUSE = dt.timedelta(minutes=5)
_LONGEST_PAUSE = dt.timedelta(hours=6)
_CLAIMED_AT_ONCE = 20
_OUT_OF_TIME = "The round's time is over."
WAITS = "The writer was not asked yet."


@dataclass(slots=True)
class AskReport:
    """What became of the papers of one round; ``stopped`` says why it ended early."""

    asked: int = 0
    known: int = 0
    written: int = 0
    doubted: int = 0
    failed: int = 0
    left: int = 0
    stopped: str = ""

    @property
    def is_out_of_time(self) -> bool:
        """Whether another round would go on where this one ended."""
        return self.stopped == _OUT_OF_TIME


@dataclass(slots=True)
class _Round:
    """One round's limits: the day's budget, its time, and how the endpoint feels."""

    budget: Budget
    ends: float
    report: AskReport = field(default_factory=AskReport)
    failures: int = 0
    retry_at: dt.datetime | None = None

    def is_over(self) -> bool:
        self.report.stopped = self.report.stopped or self.budget.why_spent()
        if not self.report.stopped and time.monotonic() > self.ends:
            self.report.stopped = _OUT_OF_TIME
        return bool(self.report.stopped)

    def count(self, reply: Reply, now: dt.datetime) -> None:
        self.budget.add(reply.input_tokens, reply.output_tokens)
        if reply.answer is not None:
            self.failures = 0
            return
        if reply.refused or reply.finish_reason:
            return  # the endpoint is well; it is this answer that was none
        self.failures += 1
        if reply.retry_after is not None:
            self.retry_at = now + dt.timedelta(seconds=min(reply.retry_after, 86_400))
        if reply.final or reply.retry_after is not None or self.failures >= MOST_FAILURES:
            self.report.stopped = (
                self.report.stopped or f"The endpoint is left alone: {reply.reason}"
            )


def is_configured() -> bool:
    """Whether there is a language model to ask."""
    return bool(settings.LLM_MODEL and (settings.LLM_BASE_URL or settings.LLM_API_KEY))


def endpoint() -> Endpoint:
    return Endpoint(
        base_url=settings.LLM_BASE_URL or "https://api.openai.com/v1",
        api_key=settings.LLM_API_KEY,
        model=settings.LLM_MODEL,
        timeout=settings.LLM_TIMEOUT,
    )


def ask(papers: Sequence[int], *, rewrite: bool = False, most_seconds: float = 3_600) -> AskReport:
    """Let the model write of those of the papers that wait for it, in their order.

    ``rewrite`` also takes what a writer wrote from another version, prompt or model.
    """
    round_ = _Round(Budget.today(timezone.now()), time.monotonic() + most_seconds)
    with closing(_Line()) as line:
        for start in range(0, len(papers), _CLAIMED_AT_ONCE):
            now = timezone.now()
            chunk = papers[start : start + _CLAIMED_AT_ONCE]
            claimed = claims.claim(chunk, now, rewrite=rewrite)
            _ask_claimed({one.summary.pk: one for one in claimed}, round_, line)
    return round_.report


class _Line:
    """The connection to the endpoint, opened when the first question is there."""

    def __init__(self) -> None:
        self._writer: Writer | None = None

    def writer(self) -> Writer:
        if self._writer is None:
            a_minute = settings.LLM_REQUESTS_PER_MINUTE
            self._writer = Writer(endpoint(), Rate(a_minute) if a_minute else None)
        return self._writer

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _ask_claimed(left: dict[int, Claimed], round_: _Round, line: _Line) -> None:
    """Ask about what is claimed; whatever happens, what was not asked is given back."""
    try:
        for one in list(left.values()):
            if known := answers.known(one):
                answers.apply(one, known)
                left.pop(one.summary.pk)
                round_.report.known += 1
        if left and not round_.is_over():
            _ask_rest(left, round_, line)
    finally:
        round_.report.left += len(left)
        _give_back(list(left.values()), round_)


def _ask_rest(left: dict[int, Claimed], round_: _Round, line: _Line) -> None:
    questions = _questions(list(left.values()), round_)
    replies = ask_all(line.writer(), questions, settings.LLM_CONCURRENCY, round_.is_over)
    with closing(replies):
        for one, reply in replies:
            now = timezone.now()
            round_.count(reply, now)
            left.pop(one.summary.pk)
            _record(one, reply, round_, now)
            claims.renew(left.values(), now)


def _questions(claimed: list[Claimed], round_: _Round) -> Iterator[tuple[Claimed, Question]]:
    names = offered.taxonomy().names()
    for one in claimed:
        round_.budget.begin()
        round_.report.asked += 1
        paper = one.summary.paper
        yield (
            one,
            Question(
                title=paper.title,
                abstract=paper.abstract,
                categories=tuple(paper.categories),
                first_page=one.page,
                domains=names,
                hint=one.summary.hint,
            ),
        )


def _record(one: Claimed, reply: Reply, round_: _Round, now: dt.datetime) -> None:
    if reply.answer is not None:
        state = answers.store(one, reply, now)
        round_.report.written += state is not None
        round_.report.doubted += state == Summary.Status.DRAFT
        return
    round_.report.failed += 1
    answers.keep_failure(one, reply, now)
    attempts = one.summary.attempts + 1
    at = max(now + _pause(attempts), round_.retry_at or now)
    reason = reply.reason
    if attempts >= MOST_ATTEMPTS:
        at, reason = now + _NEVER, f"{reason} Given up after {attempts} calls."
    claims.give_back([one], at, reason, attempts=attempts)


def _give_back(left: list[Claimed], round_: _Round) -> None:
    """What was not asked waits for the next round, or for the next day's budget."""
    if not left:
        return
    now = timezone.now()
    at = round_.retry_at
    if round_.budget.why_spent():
        at = next_day(now)
    elif at is None and round_.failures:
        at = now + _FIRST_PAUSE
    claims.give_back(left, at, round_.report.stopped or WAITS)


def _pause(attempts: int) -> dt.timedelta:
    """Twice as long after each failure, with up to a fifth more so that not all come at once."""
    factor: int = 2 ** min(attempts - 1, 10)
    pause = min(_FIRST_PAUSE * factor, _LONGEST_PAUSE)
    return pause * (1 + random.random() / 5)  # noqa: S311 - no secret
