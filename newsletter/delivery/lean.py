"""Rows of deliveries as models, with only the columns that sending needs.

Django's own way of making a model costs more than composing a mail. What is left out is asked for
when it is touched, as with ``defer``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

from newsletter.models import Delivery, Issue, Subscriber

_DELIVERY = (
    "id", "issue_id", "subscriber_id", "status", "attempts", "mail_date", "message_id",
)  # fmt: skip
_READER = (
    "id", "address", "identity", "fingerprint", "status", "cadence", "weekday", "send_when",
    "send_hour", "timezone", "format", "activated_at",
)  # fmt: skip
_COLUMNS = (*_DELIVERY, *(f"subscriber__{name}" for name in _READER))

_Model = TypeVar("_Model", bound=Model)


def deliveries(rows: QuerySet[Delivery]) -> list[Delivery]:
    """With their readers, and one issue object for all that are of it; two queries."""
    found = list(rows.values_list(*_COLUMNS))
    issues = Issue.objects.in_bulk({row[1] for row in found})
    return [_delivery(row, issues) for row in found]


def _delivery(row: Sequence[Any], issues: dict[int, Issue]) -> Delivery:
    delivery = _made(Delivery, zip(_DELIVERY, row, strict=False))
    related = delivery._state.fields_cache
    related["subscriber"] = _made(Subscriber, zip(_READER, row[len(_DELIVERY) :], strict=True))
    related["issue"] = issues[delivery.issue_id]
    return delivery


def _made(model: type[_Model], values: Iterable[tuple[str, Any]]) -> _Model:
    made = model.__new__(model)
    made.__dict__.update(values)
    state = made._state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    return made
