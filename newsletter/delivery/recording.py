"""Recording: what became of a chunk, one UPDATE for each kind of outcome."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from digest.json_table import instant
from newsletter.delivery import ledger, pausing, retrying, states, suppression, verdicts
from newsletter.delivery.handover import Handover
from newsletter.delivery.letters import Letter
from newsletter.delivery.pausing import Ended
from newsletter.delivery.returned import scoring
from newsletter.delivery.tally import Tally
from newsletter.delivery.transports.base import Accepted, Held, Later, Outcome, Refused
from newsletter.models import Bounce, Delivery, Notice, Subscriber, Suppression

_LONGEST_TEXT = 2000

Values = dict[str, Any]


def record(
    model: type[Delivery] | type[Notice],
    claim: UUID,
    rows: Sequence[Delivery | Notice],
    handover: Handover,
) -> Tally:
    """Write down all outcomes at once; a claimed row without one goes back to the queue.

    Where trouble ended the chunk it stays claimed until the lease is over, lest it is tried in
    vain over and over.
    """
    changes: dict[str, list[Values]] = defaultdict(list)
    settled: set[int] = set()
    for letter, outcome, at in handover.outcomes:
        state, values = _change(letter, outcome, at)
        changes[state].append({"id": letter.row.id, **values})
        settled.add(letter.row.id)
    for letter in handover.letters:
        if letter.mail is None:
            state, values = _unsent(letter)
            changes[state].append({"id": letter.row.id, **values})
            settled.add(letter.row.id)
    left = [] if handover.trouble else [row for row in rows if row.id not in settled]
    waiting = [_back(row, handover) for row in left]
    with transaction.atomic():
        _write(model, claim, changes)
        ledger.finish(model, claim, states.QUEUED, waiting)
        _note_refusals(handover)
    pausing.look(_ended(handover, changes[states.FAILED]), handover.now)
    return _tally(changes, len(waiting), handover)


def _ended(handover: Handover, failed: Sequence[Values]) -> list[Ended]:
    """The deliveries that are over, in order: those sent, and those given up."""
    reasons = {row["id"]: row["reason"] for row in failed}
    replies = {letter.row.id: outcome for letter, outcome, _ in handover.outcomes}
    ended = []
    for letter in handover.letters:
        row, outcome = letter.row, replies.get(letter.row.id)
        if not isinstance(row, Delivery):
            continue
        if row.id in reasons:
            is_block = isinstance(outcome, Refused) and _is_block(outcome)
            ended.append(Ended(row.issue_id, True, reasons[row.id], is_block))
        elif isinstance(outcome, Accepted):
            ended.append(Ended(row.issue_id, False))
    return ended


def _is_block(refused: Refused) -> bool:
    return verdicts.judge(None, refused.code, refused.reply).kind is verdicts.Kind.POLICY


def _write(
    model: type[Delivery] | type[Notice], claim: UUID, changes: Mapping[str, Sequence[Values]]
) -> None:
    for state, values in changes.items():
        if state == states.SENT:
            ledger.settle(model, claim, values)
        else:
            ledger.finish(model, claim, state, values)


def _change(letter: Letter, outcome: Outcome, at: dt.datetime) -> tuple[str, Values]:
    """The state that an answer of the server brings a mail into, and what is noted with it."""
    reply = _clean(outcome.reply)
    if isinstance(outcome, Accepted):
        sent = {
            "sent_at": instant(at),
            "size": letter.size,
            "reply": reply,
            "reason": "",
            **letter.made,
        }
        return states.SENT, sent
    if isinstance(outcome, Refused):
        return states.FAILED, {"reply": reply, "reason": f"refused: {reply}"}
    if isinstance(outcome, Held):
        # As if it had not been claimed.
        waited = {"attempts": letter.row.attempts - 1, "reply": reply}
        later = at + dt.timedelta(seconds=outcome.seconds)
        return states.QUEUED, {**waited, "next_attempt_at": instant(later)}
    first = retrying.FIRST_WAIT if isinstance(outcome, Later) else retrying.UNCLEAR_WAIT
    again = retrying.next_attempt(letter.row, at, first)
    tried = f"given up after {letter.row.attempts} attempts"
    if isinstance(outcome, Later):
        if again is None:
            return states.FAILED, {"reply": reply, "reason": f"{tried}: {reply}"}
        return states.QUEUED, {"reply": reply, "next_attempt_at": instant(again)}
    # The sweep sends it again when its time comes; one with a reason has none any more.
    if again is None:
        return states.UNCERTAIN, {"reply": reply, "reason": f"{tried}, the last without an answer"}
    return states.UNCERTAIN, {"reply": reply, "next_attempt_at": instant(again)}


def _unsent(letter: Letter) -> tuple[str, Values]:
    """Of a letter that holds no mail: nothing to tell this reader, or a mistake of ours."""
    state = states.FAILED if letter.is_broken else states.SKIPPED
    return state, {"reason": _clean(letter.reason), **letter.made}


def _back(row: Delivery | Notice, handover: Handover) -> Values:
    """To the queue as if it had not been claimed; after an outage, for some minutes."""
    values: Values = {"id": row.id, "attempts": row.attempts - 1}
    if handover.unreachable:
        values["reply"] = _clean(handover.unreachable)
        values["next_attempt_at"] = instant(handover.now + retrying.OUTAGE_WAIT)
    return values


def _note_refusals(handover: Handover) -> None:
    """A bounce for each refused mail, and no further mail to addresses that do not exist."""
    bounces = []
    for letter, outcome, at in handover.outcomes:
        if isinstance(outcome, Refused):
            if letter.row.subscriber is not None:
                bounces.append(_bounce(letter.row, letter.row.subscriber, outcome, at))
            if outcome.address_gone:
                _suppress(letter.row, _clean(outcome.reply))
    Bounce.objects.bulk_create(bounces)
    if bounces:
        scoring.suppress_worn_out({bounce.subscriber_id for bounce in bounces}, handover.now)


def _bounce(
    row: Delivery | Notice, subscriber: Subscriber, refused: Refused, at: dt.datetime
) -> Bounce:
    reply = _clean(refused.reply)
    return Bounce(
        subscriber=subscriber,
        delivery=row if isinstance(row, Delivery) else None,
        kind=Bounce.Kind.HARD if refused.address_gone else Bounce.Kind.SOFT,
        cause=verdicts.judge(None, refused.code, reply).kind.value,
        enhanced_code=refused.code,
        diagnostic=reply,
        report=reply,
        received_at=at,
    )


def _suppress(row: Delivery | Notice, reply: str) -> None:
    who = row.address if isinstance(row, Notice) else row.subscriber
    suppression.suppress(who, Suppression.Reason.HARD_BOUNCE, note=reply)


def _tally(changes: Mapping[str, Sequence[Values]], returned: int, handover: Handover) -> Tally:
    return Tally(
        sent=len(changes.get(states.SENT, ())),
        later=len(changes.get(states.QUEUED, ())),
        uncertain=len(changes.get(states.UNCERTAIN, ())),
        failed=len(changes.get(states.FAILED, ())),
        skipped=len(changes.get(states.SKIPPED, ())),
        returned=returned,
        unreachable=handover.unreachable,
    )


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL in its texts."""
    return text.replace("\0", "")[:_LONGEST_TEXT]
