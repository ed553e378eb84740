"""Mails as a reader receives them: made from rows, composed, sent over SMTP, taken from there."""

from __future__ import annotations

from tests.received.mails import DIGESTS, NAMES, NOTICES, receive
from tests.received.post import Received, Shown

__all__ = ["DIGESTS", "NAMES", "NOTICES", "Received", "Shown", "receive"]
