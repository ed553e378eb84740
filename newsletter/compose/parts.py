"""Headings and the lines that say what is left for the web: rendered once, stored, kept at hand.

They are joined between the papers' fragments and named in a Delivery by the negative of their
primary key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.utils import timezone

from newsletter.compose import rows, slots, stored
from newsletter.compose.budget import Size
from newsletter.compose.fragments import Block
from newsletter.compose.skeleton import Encoded, Skeleton
from newsletter.models import Part

_MOST_KEPT = 20_000
#: A part is used for mails of the month in which it was made, so that old ones can be let go.
PARTS_USED = dt.timedelta(days=31)


class Heading(NamedTuple):
    """A section's. Tuples, because every mail makes some and looks them up."""

    label: str
    total: int
    above: int
    anchor: str


class Day(NamedTuple):
    """A date's, over its sections."""

    words: str
    anchor: str


class More(NamedTuple):
    """Words that lead to the whole digest on the web; ``before`` and ``after`` its address are
    what all readers share."""

    words: str
    before: str
    after: str


Key = Heading | Day | More

_kept: dict[Key, Block] = {}
_month = [""]


def forget() -> None:
    """Empty the cache of this process."""
    _kept.clear()


def pieces(keys: Collection[Key], *, store: bool) -> Mapping[Key, Block]:
    """What to join for each. Without ``store`` nothing is written, and their ids are 0."""
    month = f"{timezone.now():%Y-%m}"
    if month != _month[0]:
        _kept.clear()
        _month[0] = month
    unknown = {key for key in keys if key not in _kept}
    if not unknown:
        return _kept
    if len(_kept) + len(unknown) > _MOST_KEPT:
        _kept.clear()
        unknown = set(keys)
    missing = {key: _rendered(key) for key in unknown}
    contents = {key: {"html": h, "text": t} for key, (h, t, _) in missing.items()}
    ids = stored.keep(Part, contents, month) if store else {}
    made = {
        key: Block([html], [text], [-ids.get(key, 0)], size.decoded, size.encoded)
        for key, (html, text, size) in missing.items()
    }
    if not store:
        return _kept | made
    _kept.update(made)
    return _kept


def _rendered(key: Key) -> tuple[bytes, bytes, Size]:
    if isinstance(key, More):
        html = _with_slot(rows.more_html(key.words), key)
        return html, _with_slot(rows.more_text(key.words), key), Size()
    if isinstance(key, Heading):
        html_, text_ = (
            rows.heading_html(key.label, key.total, key.above, key.anchor),
            rows.heading_text(key.label, key.total, key.above),
        )
    else:
        html_, text_ = rows.day_html(key.words, key.anchor), rows.day_text(key.words)
    return html_.raw, text_.raw, html_.size


def _with_slot(skeleton: Skeleton, key: More) -> bytes:
    address = Encoded.of(key.before).raw + slots.slot(slots.WEB) + b"=\r\n"
    address += Encoded.of(key.after).raw
    return address.join(text.raw for text in skeleton.texts)
