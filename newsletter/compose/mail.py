"""A finished mail: what composing hands to delivery."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """One message ready for the wire.

    ``raw`` is the whole message, ASCII, CRLF, no line starting with a dot in its body;
    ``sender`` and ``recipient`` are the envelope's.
    """

    sender: str
    recipient: str
    raw: bytes
    message_id: str
