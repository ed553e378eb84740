"""Bytes that many mails share, stored once by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar

from newsletter.models import Frame, Part

_Row = TypeVar("_Row", Frame, Part)


def keep(
    model: type[_Row], contents: Mapping[Any, Mapping[str, bytes]], period: str = ""
) -> dict[Any, int]:
    """The primary key of each content, made where it is not there yet; two or three queries.

    What is kept in another ``period`` is another row.
    """
    if not contents:
        return {}
    keys = {name: _key(values, period) for name, values in contents.items()}
    known = _known(model, keys.values())
    new = {keys[name]: values for name, values in contents.items() if keys[name] not in known}
    if new:
        rows = [model(key=key, **values) for key, values in new.items()]
        model._default_manager.bulk_create(rows, ignore_conflicts=True)
        # Read again, since another worker may have been first.
        known |= _known(model, new)
    return {name: known[key] for name, key in keys.items()}


def _known(model: type[_Row], keys: Any) -> dict[str, int]:
    rows = model._default_manager.filter(key__in=set(keys))
    return dict(rows.values_list("key", "pk"))


def _key(values: Mapping[str, bytes], period: str) -> str:
    digest = hashlib.sha256(period.encode())
    for name in sorted(values):
        digest.update(b"%d " % len(values[name]) + values[name])
    return digest.hexdigest()
