"""The one statement that writes all delivery rows of an issue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from digest import json_table
from newsletter.delivery import issues
from newsletter.delivery.schedule import Rhythm, due_at
from newsletter.models import Delivery, Issue, Subscriber

# SQLite takes ON CONFLICT for a join's condition unless a WHERE stands between.
_INSERT = """
INSERT INTO {table} ({columns}, subscriber_id, due_at, next_attempt_at)
SELECT {values}, readers.reader, due.due_at, due.due_at
FROM ({readers}) AS readers JOIN {due}
  ON due.timezone = readers.zone AND due.send_hour = readers.wish AND due.send_when = readers.mode
WHERE TRUE
ON CONFLICT DO NOTHING
"""
_MANY = 1_000
_RHYTHM = ("timezone", "send_hour", "send_when")


def write(
    issue: Issue,
    chosen: QuerySet[Subscriber],
    now: dt.datetime,
    at: dt.datetime | None = None,
) -> int:
    """Write the missing ones; how many there were.

    Each is due as its reader wishes, or all are at the instant ``at``.

    Two statements whatever the number of readers: one asks which rhythms there are, the other
    joins the readers with the due instant of each, which goes along as a JSON parameter.
    """
    due = _due_instants(issue, chosen, at)
    readers, reader_values = (
        chosen.order_by()
        .values(reader=F("pk"), zone=F("timezone"), wish=F("send_hour"), mode=F("send_when"))
        .query.sql_with_params()
    )
    same = _same_values(issue, now)
    columns = (
        *json_table.fields(Subscriber, _RHYTHM),
        *json_table.fields(Delivery, ["due_at"]),
    )
    statement = _INSERT.format(
        table=Delivery._meta.db_table,
        columns=", ".join(map(connection.ops.quote_name, same)),
        values=", ".join(["%s"] * len(same)),
        readers=readers,
        due=json_table.sql("due", columns),
    )
    if not due:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same.values(), *reader_values, json_table.parameter(due)])
        written = int(cursor.rowcount)
        if connection.vendor == "postgresql" and written >= _MANY:
            # Its planner must know of them now, or each claim sorts all that is due.
            cursor.execute(f"ANALYZE {Delivery._meta.db_table}")
    return written


def _due_instants(
    issue: Issue, chosen: QuerySet[Subscriber], at: dt.datetime | None
) -> list[dict[str, Any]]:
    """The due instant of each distinct rhythm among the readers."""
    release, weekday = issues.scheduled_release(issue.last_date), issues.weekday_of(issue)
    as_released = Subscriber.SendWhen.RELEASE
    return [
        {
            "timezone": zone,
            "send_hour": hour,
            "send_when": when,
            "due_at": at or due_at(Rhythm(zone, hour, weekday, when == as_released), release),
        }
        for zone, hour, when in chosen.order_by().values_list(*_RHYTHM).distinct()
    ]


def _same_values(issue: Issue, now: dt.datetime) -> dict[str, Any]:
    """What all new rows have in common, by column, as the database takes it."""
    blank = Delivery(issue=issue, created_at=now)
    own = {"id", "subscriber_id", "due_at", "next_attempt_at"}
    return {
        field.column: field.get_db_prep_save(value, connection)
        for field in Delivery._meta.concrete_fields
        if field.column not in own and (value := field.value_from_object(blank)) is not None
    }
