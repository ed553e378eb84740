"""Every change of an outgoing mail's state: one UPDATE that names the state it expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from digest import json_table
from newsletter.delivery import states
from newsletter.models import Outgoing

_HELD = ("claim", "lease_until")


def move(rows: QuerySet[Any], start: str, end: str, *, by_hand: bool = False, **values: Any) -> int:
    """Bring those of the rows that are in the state ``start`` to ``end``; how many there were.

    ``by_hand`` is an operator's word, which opens the ways of ``states.BY_HAND`` too.
    """
    states.check(start, end, by_hand=by_hand)
    if start == states.SENDING:
        values = {**dict.fromkeys(_HELD), **values}
    return rows.filter(status=start).update(status=end, **values)


def finish(model: type[Outgoing], claim: UUID, end: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Bring claimed rows to ``end``, each with values of its own, in one UPDATE for all that
    name the same columns.

    ``rows`` name the primary key as ``id``; instants are given as ``json_table.instant`` makes
    them. What is no longer held by this claim (its lease ran out) stays as it is. Returns how
    many were changed.
    """
    states.check(states.SENDING, end)
    same = {**dict.fromkeys(_HELD), "status": end}
    return _update(model, rows, (states.SENDING,), same, claim)


def settle(model: type[Outgoing], claim: UUID, rows: Sequence[Mapping[str, Any]]) -> int:
    """Rows that were ``sent`` under this claim, and that nobody else has claimed since: also
    those that a sweep has taken back meanwhile. Else as ``finish``."""
    starts = (states.SENDING, states.QUEUED, states.UNCERTAIN)
    for start in starts:
        states.check(start, states.SENT)
    same = {**dict.fromkeys(_HELD), "status": states.SENT}
    return _update(model, rows, starts, same, claim)


def claim(
    model: type[Outgoing],
    rows: Sequence[Mapping[str, Any]],
    *,
    claim: UUID,
    lease_until: dt.datetime,
) -> int:
    """Queued rows into the hands of one claim, each with values of its own."""
    states.check(states.QUEUED, states.SENDING)
    same = {"status": states.SENDING, "claim": claim, "lease_until": lease_until}
    return _update(model, rows, (states.QUEUED,), same)


def _update(
    model: type[Outgoing],
    rows: Sequence[Mapping[str, Any]],
    starts: Sequence[str],
    same: Mapping[str, Any],
    claim: UUID | None = None,
) -> int:
    """``rows`` with values of their own (instants as ``json_table.instant``), ``same`` for all; of
    those in a state of ``starts`` and, where one is named, under this claim."""
    by_columns: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        by_columns.setdefault(tuple(row), []).append(row)
    groups = by_columns.values()
    return sum(_update_alike(model, alike, starts, same, claim) for alike in groups)


def _update_alike(
    model: type[Outgoing],
    rows: Sequence[Mapping[str, Any]],
    starts: Sequence[str],
    same: Mapping[str, Any],
    claim: UUID | None,
) -> int:
    """Of rows that name the same columns."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    own, shared = json_table.fields(model, rows[0]), json_table.fields(model, same)
    changes = [
        f"{quote(field.column)} = given.{quote(field.name)}"
        for field in own
        if not field.primary_key
    ]
    changes += [f"{quote(field.column)} = %s" for field in shared]
    marks = ", ".join(["%s"] * len(starts))
    statement = (
        f"UPDATE {table} SET {', '.join(changes)}"  # noqa: S608 (our own names)
        f" FROM {json_table.sql('given', own)}"
        f" WHERE {table}.{quote('id')} = given.{quote('id')}"
        f" AND {table}.{quote('status')} IN ({marks})"
    )
    parameters = [field.get_db_prep_save(same[field.name], connection) for field in shared]
    parameters += [json_table.quick_parameter(rows), *starts]
    if claim is not None:
        statement += f" AND {table}.{quote('claim')} = %s"
        field = json_table.fields(model, ["claim"])[0]
        parameters.append(field.get_db_prep_value(claim, connection))
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
