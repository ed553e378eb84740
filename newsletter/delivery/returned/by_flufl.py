"""flufl.bounce: what Mailman has learned of servers that follow no standard."""

from __future__ import annotations

import logging
from email import message_from_bytes

from flufl.bounce import all_failures

logger = logging.getLogger(__name__)

# Its detectors are many, and each reads all there is.
_MOST_BYTES = 50_000
# More boundaries than a bounce has; the standard library's parser would take its time on them.
_MOST_BOUNDARIES = 30


def addresses(raw: bytes) -> list[str]:
    """The addresses that have failed for good, in order; none where it finds nothing."""
    cut = raw[:_MOST_BYTES]
    if cut.lower().count(b"boundary") > _MOST_BOUNDARIES:
        return []
    try:
        _, failed = all_failures(message_from_bytes(cut))
    # Its detectors meet what nobody has thought of, and a mail they break on is still filed.
    except Exception:
        logger.warning("flufl.bounce broke on a returned mail", exc_info=True)
        return []
    return sorted(_text(one) for one in failed)


def _text(address: bytes | str) -> str:
    return address.decode("utf-8", "replace") if isinstance(address, bytes) else address
