"""Every change of an outgoing mail's state: one UPDATE that names the state it expects."""

from __future__ import annotations

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
    """Bring claimed rows to ``end``, each with values of its own, in one UPDATE.

    ``rows`` name the primary key as ``id`` and all have the same keys. What is no longer held
    by this claim (its lease ran out) stays as it is. Returns how many were changed.
    """
    states.check(states.SENDING, end)
    return _update(model, claim, [{**row, "status": end} for row in rows], _HELD)


def amend(model: type[Outgoing], claim: UUID, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write values into claimed rows that go on being claimed."""
    return _update(model, claim, rows, ())


def _update(
    model: type[Outgoing], claim: UUID, rows: Sequence[Mapping[str, Any]], nulls: Sequence[str]
) -> int:
    if not rows:
        return 0
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    given = json_table.sql("given", json_table.fields(model, rows[0]))
    changes = [f"{quote(name)} = given.{quote(name)}" for name in rows[0] if name != "id"]
    changes += [f"{quote(name)} = NULL" for name in nulls]
    statement = (
        f"UPDATE {table} SET {', '.join(changes)} FROM {given}"  # noqa: S608 (our own names)
        f" WHERE {table}.{quote('id')} = given.{quote('id')}"
        f" AND {table}.{quote('status')} = %s AND {table}.{quote('claim')} = %s"
    )
    held_by = json_table.fields(model, ["claim"])[0].get_db_prep_value(claim, connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [json_table.parameter(rows), states.SENDING, held_by])
        return int(cursor.rowcount)
