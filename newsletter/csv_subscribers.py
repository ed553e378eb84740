"""Subscribers out into a CSV file and in again: a file goes in whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
from typing import IO, Any

from django.db import transaction

from newsletter import csv_rows
from newsletter.csv_rows import BadRow, Row
from newsletter.models import Subscriber
from newsletter.signup import adding, addresses, choices, pausing
from newsletter.signup.choices import Choices
from newsletter.signup.following import apply_choices, section_of

_Status = Subscriber.Status
_CHUNK = 500


def export_subscribers(file: IO[str]) -> int:
    """Write every subscriber; how many there were."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(csv_rows.COLUMNS)
    count = 0
    for subscriber in Subscriber.objects.order_by("pk").iterator(chunk_size=_CHUNK):
        chosen, limits = _chosen(subscriber)
        writer.writerow(csv_rows.cells(subscriber, chosen, limits))
        count += 1
    return count


@transaction.atomic
def import_subscribers(file: IO[str], now: dt.datetime) -> int:
    """Add or update everybody in the file, or nobody; how many.

    Raises BadRow. Given sections are added to those that stand; who has unsubscribed here is
    never made active by a file.
    """
    rows = csv_rows.read(file)
    for row in rows:
        try:
            _store(row, now)
        except ValueError as error:
            raise BadRow(f"line {row.line}: {row.address}: {error}") from error
    return len(rows)


def _store(row: Row, now: dt.datetime) -> None:
    present = Subscriber.objects.filter(identity=row.identity).first()
    if row.status == _Status.UNSUBSCRIBED:
        subscriber = _keep_as_gone(row, present)
    else:
        subscriber = _add(row, present, now)
    for choice, limit in zip(row.sections, row.limits, strict=True):
        subscriber.subscriptions.filter(section=section_of(choice)).update(limit=limit)


def _add(row: Row, present: Subscriber | None, now: dt.datetime) -> Subscriber:
    before = present.status if present else None
    if row.status == _Status.PENDING and before not in {None, _Status.PENDING}:
        raise ValueError(f"the subscriber is {before} already")
    # Whoever is paused and stays so is not woken in between, which would send the latest issue.
    stays_paused = row.status == before == _Status.PAUSED
    wake = row.status != _Status.PENDING and not stays_paused
    wish = adding.Wish(row.sections, row.preferences)
    subscriber = adding.add(row.address, wish, now, active=wake).subscriber
    if row.status == _Status.PAUSED and (row.paused_until or not stays_paused):
        pausing.pause(subscriber, row.paused_until)
    return subscriber


def _keep_as_gone(row: Row, present: Subscriber | None) -> Subscriber:
    """Somebody who left elsewhere is kept as such, without a goodbye from here."""
    if present is not None and present.status != _Status.UNSUBSCRIBED:
        raise ValueError(f"the subscriber is {present.status} here; unsubscribe them in the admin")
    subscriber = present or Subscriber.objects.create(
        address=row.address,
        identity=row.identity,
        fingerprint=addresses.fingerprint(row.identity),
        status=_Status.UNSUBSCRIBED,
    )
    apply_choices(subscriber, Choices(sections=row.sections, **row.preferences))
    return subscriber


def _chosen(subscriber: Subscriber) -> tuple[Choices, dict[Any, int | None]]:
    """What they get, or have asked for and not confirmed; limits by the section's rule."""
    if subscriber.status == _Status.PENDING:
        asked = subscriber.opt_ins.order_by("-requested_at", "-pk").first()
        if asked is not None:
            return Choices.from_json(asked.choices), {}
    followed = subscriber.subscriptions.select_related("section")
    limits = {(one.section.categories, one.section.expression): one.limit for one in followed}
    return choices.of_subscriber(subscriber), limits
