"""Many rows as one JSON parameter, on SQLite and PostgreSQL: what bulk statements read from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from django.db import connection, models

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


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        # SQLite keeps instants as text, in the form that Django gives them.
        return str(connection.ops.adapt_datetimefield_value(value))
    raise TypeError(f"no JSON for {type(value).__name__}")
