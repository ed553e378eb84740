"""A digest as it was handed over, made again for whoever has to know what somebody got."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.compose import remaking
from newsletter.delivery import signing
from newsletter.models import Delivery


@dataclass(frozen=True, slots=True)
class AsSent:
    """``is_whole``: it has as many bytes as were handed over. Else it was signed with another
    key, or before the key was set."""

    raw: bytes
    is_whole: bool


def as_sent(delivery: Delivery) -> AsSent:
    """Raises remaking.Forgotten where it is not kept what the mail was made of."""
    raw = remaking.remake(delivery)
    if len(raw) != delivery.size and (signer := signing.signer()) is not None:
        raw = signer.sign(raw)
    return AsSent(raw, len(raw) == delivery.size)
