"""A finished mail: what composing hands to delivery."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Mail:
    """One message ready for the wire.

    ``raw`` is the whole message, ASCII, CRLF; ``sender`` and ``recipient`` are the envelope's.
    ``dotless`` says that no line of it starts with a dot, so that nobody needs to look.
    """

    sender: str
    recipient: str
    raw: bytes
    message_id: str
    dotless: bool = False

    @property
    def domain(self) -> str:
        """The recipient's, in lower case."""
        return self.recipient.rpartition("@")[2].lower()
