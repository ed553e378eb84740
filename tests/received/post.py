"""A mail server of this process, and what it was handed."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from newsletter.delivery import transports
from newsletter.delivery.transports.base import Transport


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper that the mail shows: its title as it is read, and its addresses."""

    title: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """One mail: its bytes and envelope as the server was handed them, and what was meant.

    ``again`` is what composing the same row anew gives, ``own_urls`` the reader's own links by
    what they are for, ``papers`` those that are shown, in order.
    """

    name: str
    raw: bytes
    sender: str
    recipient: str
    again: bytes
    message_id: str
    own_urls: Mapping[str, str]
    subscriber_id: int = 0
    papers: tuple[Shown, ...] = ()


# Without slots: aiosmtpd looks at all members, which Python 3.11.2 cannot do with them.
@dataclass
class Post:
    """What has come, by recipient, and the way there."""

    port: int
    taken: dict[str, Envelope] = field(default_factory=dict)

    @property
    def transport(self) -> Transport:
        return transports.from_url(f"smtp://127.0.0.1:{self.port}?starttls=off&timeout=20")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        assert recipient not in self.taken, f"a second mail to {recipient}"
        self.taken[recipient] = envelope
        return "250 2.0.0 taken"


@contextmanager
def post() -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = Post(port)
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
