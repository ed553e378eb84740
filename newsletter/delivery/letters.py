"""Letters: claimed rows made into mails. What one row breaks must not stop the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import Error as DatabaseTrouble

from newsletter.compose.composer import Composed
from newsletter.compose.mail import Mail
from newsletter.models import Delivery, Notice

logger = logging.getLogger(__name__)

Compose = Callable[[Sequence[Delivery]], Iterable[Composed]]
# Digests that are looked up at a time.
_AT_ONCE = 400

Values = dict[str, Any]
ComposeNotice = Callable[[Notice], Mail]


@dataclass(slots=True)
class Letter:
    """A claimed row with its mail; without one, ``reason`` says why, and whether by mistake.

    ``made`` are columns of the row that tell what the mail was made of; ``size`` is the number of
    bytes that were handed over.
    """

    row: Delivery | Notice
    mail: Mail | None
    reason: str = ""
    is_broken: bool = False
    made: Values = field(default_factory=dict)
    size: int = 0

    @property
    def shown(self) -> str:
        """What the row will say of its content, for the journal."""
        return msgspec.json.encode(self.made).decode()


def of_deliveries(rows: Sequence[Delivery], compose: Compose) -> Iterator[Letter]:
    """One for each, in order, looked up some at a time and joined one at a time."""
    for start in range(0, len(rows), _AT_ONCE):
        yield from _composed(rows[start : start + _AT_ONCE], compose)


def _composed(rows: Sequence[Delivery], compose: Compose) -> Iterator[Letter]:
    """Composed together, for that is cheap; if that breaks, what is left singly."""
    done = 0
    try:
        for composed in compose(rows):
            done += 1
            yield _letter(composed)
    except (DatabaseTrouble, MemoryError):
        raise
    # The one place, with of_notices, where any error counts as that row's own: it depends on
    # what the row holds, and a reader whose digest cannot be made is no reason to leave the rest
    # without theirs. Trouble with the database or the machine is nobody's own, and ends the
    # chunk; its rows come back when the lease is over.
    except Exception as error:
        if len(rows) == 1:
            yield _broken(rows[0], error)
            return
        for row in rows[done:]:
            yield from _composed([row], compose)


def of_notices(rows: Sequence[Notice], compose: ComposeNotice) -> Iterator[Letter]:
    for row in rows:
        try:
            yield Letter(row, compose(row))
        except (DatabaseTrouble, MemoryError):
            raise
        except Exception as error:
            yield _broken(row, error)


def _letter(composed: Composed) -> Letter:
    return Letter(
        row=composed.delivery,
        mail=composed.mail,
        reason=composed.reason or "empty",
        made={
            "papers_seen": composed.papers_seen,
            "papers_shown": composed.papers_shown,
            "fragment_ids": composed.fragment_ids,
            "frame": composed.frame or None,
            "filled": composed.filled,
        },
    )


def _broken(row: Delivery | Notice, error: Exception) -> Letter:
    logger.exception("%s %s could not be composed", type(row).__name__, row.pk, exc_info=error)
    reason = f"could not be composed: {type(error).__name__}: {error}"
    return Letter(row, None, reason, is_broken=True)
