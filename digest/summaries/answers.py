"""Answers of the language model: kept for good, and written into Summaries once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from digest.models import Summary, WriterCall
from digest.summaries import offered
from digest.summaries.budget import cost_of
from digest.summaries.claims import Claimed
from digest.summaries.judging import judge
from digest.summaries.llm import Answer, Reply


def known(one: Claimed) -> WriterCall | None:
    """The newest answer under the same key."""
    key = one.key
    return (
        WriterCall.objects.filter(
            paper=one.summary.paper_id,
            paper_version=key.paper_version,
            prompt_version=key.prompt_version,
            model=key.model,
            hint=key.hint,
        )
        .exclude(answer=None)
        .order_by("-at")
        .first()
    )


@transaction.atomic
def store(one: Claimed, reply: Reply, now: dt.datetime) -> Summary.Status | None:
    """Keep the call and write what it said; the state of the Summary, None where a person was
    faster and nothing was written."""
    call = _call(one, reply, now)
    call.answer = reply.answer.as_data() if reply.answer else None
    call.save()
    return apply(one, call)


def keep_failure(one: Claimed, reply: Reply, now: dt.datetime) -> None:
    """A call without an answer counts against the budget all the same."""
    call = _call(one, reply, now)
    call.reason = reply.reason
    call.save()


@transaction.atomic
def apply(one: Claimed, call: WriterCall) -> Summary.Status | None:
    """Write an answer that is known; as ``store``."""
    summary = Summary.objects.select_for_update().select_related("paper").get(pk=one.summary.pk)
    if summary.revision != one.summary.revision or summary.status != one.summary.status:
        return None
    answer = Answer.from_data(call.answer)
    judged = judge(summary.paper, answer, offered.taxonomy(), one.page)
    judged.write_to(summary)
    summary.writer = Summary.Writer.LLM
    summary.paper_version, summary.prompt_version = call.paper_version, call.prompt_version
    summary.model, summary.finish_reason = call.model, call.finish_reason
    summary.seconds = call.seconds
    summary.input_tokens, summary.output_tokens = call.input_tokens, call.output_tokens
    summary.attempts, summary.next_try_at = 0, None
    summary.revision += 1
    summary.skip_history_when_saving = True  # type: ignore[attr-defined]
    summary.save()
    return judged.status


def _call(one: Claimed, reply: Reply, now: dt.datetime) -> WriterCall:
    return WriterCall(
        paper_id=one.summary.paper_id,
        paper_version=one.key.paper_version,
        prompt_version=one.key.prompt_version,
        model=one.key.model,
        hint=one.key.hint,
        finish_reason=reply.finish_reason[:32],
        seconds=reply.seconds,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        cost=cost_of(reply.input_tokens, reply.output_tokens),
        at=now,
    )
