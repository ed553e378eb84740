"""A digest as it was sent, made again from what its Delivery remembers, byte by byte."""

from __future__ import annotations

from newsletter.compose import headers, slots
from newsletter.models import Delivery, Fragment, Frame, Part


class Forgotten(LookupError):
    """The mail cannot be made again; the message says what is missing."""


def remake(delivery: Delivery) -> bytes:
    """The message as it was handed over, less a signature. Raises Forgotten."""
    frame_row = Frame.objects.filter(pk=delivery.frame_id or 0).first()
    if frame_row is None or not delivery.filled:
        raise Forgotten("what it was made of is not kept (any more)")
    filled = slots.read_values(delivery.filled)
    frame = slots.read(bytes(frame_row.content))
    pieces = _pieces(delivery.fragment_ids)
    token = filled[slots.WEB]
    return frame.fill(
        filled | headers.stamp(delivery),
        [slots.with_web(html, token) for html, _ in pieces],
        [slots.with_web(text, token) for _, text in pieces],
    )


def _pieces(ids: list[int]) -> list[tuple[bytes, bytes]]:
    fragments = Fragment.objects.in_bulk([pk for pk in ids if pk > 0])
    parts = Part.objects.in_bulk([-pk for pk in ids if pk < 0])
    try:
        rows = [fragments[pk] if pk > 0 else parts[-pk] for pk in ids]
    except KeyError as error:
        raise Forgotten(f"fragment {error} is not kept any more") from error
    # psycopg gives memoryviews, SQLite bytes.
    return [(bytes(row.html), bytes(row.text)) for row in rows]
