"""Many rows as one JSON parameter, on SQLite and PostgreSQL: what bulk statements read from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, cast

import msgspec
from django.db import connection, models
from django.utils import timezone

_CHUNK = 500

Column: TypeAlias = "models.Field[Any, Any]"


def fields(model: type[models.Model], names: Iterable[str]) -> list[Column]:
    return [cast("Column", model._meta.get_field(name)) for name in names]


def sql(name: str, columns: Iterable[Column]) -> str:
    """A table expression with one parameter, see ``parameter``; its columns are such fields."""
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        typed = ", ".join(f"{quote(field.name)} {field.db_type(connection)}" for field in columns)
        return f"jsonb_to_recordset(%s::jsonb) AS {quote(name)}({typed})"
    taken = ", ".join(
        f"json_extract(value, '$.{field.name}') AS {quote(field.name)}" for field in columns
    )
    # Materialised, or SQLite reads the JSON again for every row it is joined with: 40 times slower.
    read = f"WITH given AS MATERIALIZED (SELECT {taken} FROM json_each(%s))"  # noqa: S608 (same)
    return f"({read} SELECT * FROM given) AS {quote(name)}"  # noqa: S608 (our own names)


def parameter(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_plain)


def quick_parameter(rows: Sequence[Mapping[str, Any]]) -> str:
    """The same, several times faster, of rows that name instants as ``instant`` gives them."""
    try:
        return msgspec.json.encode(rows).decode()
    except UnicodeEncodeError:  # half a character, which the standard library's JSON can hold
        return parameter(rows)


def instant(value: dt.datetime) -> str:
    """As it stands in JSON and as the database reads it."""
    return _instant(value, connection.vendor)


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds rows, given by field; what they do not say is the field's default.

    A row that is there already, by any constraint, stays as it is.
    """
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    columns = fields(model, names)
    defaults = {field.name: _default(field) for field in columns}
    quote = connection.ops.quote_name
    statement = (
        "INSERT INTO {table} ({into}) SELECT {taken} FROM {given} WHERE true ON CONFLICT DO NOTHING"
    )
    statement = statement.format(
        table=quote(model._meta.db_table),
        into=", ".join(quote(field.column) for field in columns),
        taken=", ".join(quote(name) for name in names),
        given=sql("given", columns),
    )
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _CHUNK):
            chunk = [{**defaults, **row} for row in rows[start : start + _CHUNK]]
            cursor.execute(statement, [parameter(chunk)])


def _default(field: Column) -> object:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_default()


@lru_cache(maxsize=1024)
def _instant(value: dt.datetime, vendor: str) -> str:
    """SQLite keeps instants as text, in the form that Django gives them."""
    return str(connection.ops.adapt_datetimefield_value(value))


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return instant(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
