"""Cards and lines as final bytes: rendered once, stored, and kept at hand in this process.

Rows are only ever added. A paper or Summary that changed gets a new row under a new key, and
mails composed from then on take it; a Delivery keeps the ids of those it was made from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from digest.models import Paper
from newsletter.compose import cards, quoted_printable
from newsletter.compose.budget import Size
from newsletter.models import Fragment

# About 3 KB each: what a worker holds stays near 20 MB.
_MOST_KEPT = 6_000
# Some 40 KB each.
_MOST_BLOCKS = 400

_Style = Fragment.Style
_Stamp = tuple[object, ...]
_Wanted = tuple[int, str]  # paper's primary key, style
_Row = tuple[int, str, str]  # paper's primary key, style, content key


@dataclass(frozen=True, slots=True)
class Piece:
    """A fragment as it is joined into mails."""

    fragment_id: int
    html: bytes
    text: bytes
    size: Size


class Block(NamedTuple):
    """Pieces that stand in a row; ``ids`` as a Delivery names them. Most sections of most mails
    are the same row of cards, which is joined once."""

    html: list[bytes]
    text: list[bytes]
    ids: list[int]
    decoded: int
    encoded: int


@dataclass(slots=True)
class Shelf:
    """The pieces a chunk of mails is made of, and the papers' titles, by primary key."""

    cards: dict[int, Piece] = field(default_factory=dict)
    lines: dict[int, Piece] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    card_sizes: dict[int, Size] = field(default_factory=dict)
    line_sizes: dict[int, Size] = field(default_factory=dict)
    blocks: dict[tuple[tuple[int, ...], bool], Block] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)  # papers that are no more

    def block(self, papers: tuple[int, ...], *, cards: bool) -> Block:
        """These papers in a row, as cards or as lines."""
        block = self.blocks.get((papers, cards))
        if block is None:
            kept = self.cards if cards else self.lines
            block = _row([kept[paper] for paper in papers])
            if len(self.blocks) < _MOST_BLOCKS:
                block = block._replace(html=[b"".join(block.html)], text=[b"".join(block.text)])
                self.blocks[papers, cards] = block
        return block


def _row(pieces: Sequence[Piece]) -> Block:
    return Block(
        [piece.html for piece in pieces],
        [piece.text for piece in pieces],
        [piece.fragment_id for piece in pieces],
        sum([piece.size.decoded for piece in pieces]),
        sum([piece.size.encoded for piece in pieces]),
    )


_kept: dict[_Wanted, tuple[_Stamp, Piece]] = {}


def forget() -> None:
    """Empty the cache of this process."""
    _kept.clear()


def shelf_for(
    in_cards: Collection[int], in_lines: Collection[int], shelf: Shelf | None = None
) -> Shelf:
    """All pieces of these papers, made where they are not there yet. Four queries at most
    where all are stored, one where all are at hand in this process, none where they lie on the
    ``shelf`` already, which may be believed and to which the others are added.
    """
    shelf = Shelf() if shelf is None else shelf
    cards = [pk for pk in in_cards if pk not in shelf.cards]
    lines = [pk for pk in in_lines if pk not in shelf.lines]
    stamps = _stamps({*cards, *lines} - shelf.gone)
    shelf.gone.update(pk for pk in (*cards, *lines) if pk not in stamps)
    wanted: list[_Wanted] = [(pk, _Style.CARD.value) for pk in cards if pk in stamps]
    wanted += [(pk, _Style.LINE.value) for pk in lines if pk in stamps]
    found: dict[_Wanted, Piece] = {}
    missing: list[_Wanted] = []
    for key in wanted:
        kept = _kept.get(key)
        if kept is not None and kept[0] == stamps[key[0]]:
            found[key] = kept[1]
        else:
            missing.append(key)
    if missing:
        made = _stored_or_made(missing)
        found |= made
        _keep({key: (stamps[key[0]], piece) for key, piece in made.items()})
    _put(shelf, found)
    shelf.titles |= {pk: str(stamp[0]) for pk, stamp in stamps.items()}
    return shelf


def _stamps(papers: Collection[int]) -> dict[int, _Stamp]:
    """What tells whether a paper looks as it did, without loading its texts."""
    if not papers:
        return {}
    rows = Paper.objects.filter(pk__in=papers).values_list(
        "pk", "title", "updated_at", "summary__revision", "summary__status", "summary__updated_at"
    )
    return {row[0]: row[1:] for row in rows}


def _put(shelf: Shelf, found: dict[_Wanted, Piece]) -> None:
    for (paper, style), piece in found.items():
        if style == _Style.CARD:
            shelf.cards[paper], shelf.card_sizes[paper] = piece, piece.size
        else:
            shelf.lines[paper], shelf.line_sizes[paper] = piece, piece.size


def _keep(made: dict[_Wanted, tuple[_Stamp, Piece]]) -> None:
    if len(_kept) + len(made) > _MOST_KEPT:
        _kept.clear()
    _kept.update(made)


def _stored_or_made(wanted: list[_Wanted]) -> dict[_Wanted, Piece]:
    ids = {paper for paper, _ in wanted}
    papers = Paper.objects.select_related("summary").in_bulk(ids)
    keys = {(pk, style): (pk, style, _content_key(papers[pk], style)) for pk, style in wanted}
    stored = _stored(keys.values())
    new = [row for row in keys.values() if row not in stored]
    if new:
        Fragment.objects.bulk_create(
            [_fragment(papers[row[0]], row) for row in new], batch_size=200, ignore_conflicts=True
        )
        # Read again, since another worker may have been first.
        stored |= _stored(new)
    return {key: stored[row] for key, row in keys.items()}


def _stored(rows: Collection[_Row]) -> dict[_Row, Piece]:
    found = Fragment.objects.filter(
        paper_id__in={row[0] for row in rows},
        content_key__in={row[2] for row in rows},
        template_version=cards.template_version(),
    )
    return {(row.paper_id, row.style, row.content_key): _piece(row) for row in found}


def _piece(row: Fragment) -> Piece:
    # psycopg gives memoryviews, SQLite bytes.
    html, text = bytes(row.html), bytes(row.text)
    return Piece(row.pk, html, text, Size(row.html_length, len(html)))


def _content_key(paper: Paper, style: str) -> str:
    return cards.card_key(paper) if style == _Style.CARD else cards.line_key(paper)


def _fragment(paper: Paper, row: _Row) -> Fragment:
    _, style, key = row
    rendered = (cards.render_card if style == _Style.CARD else cards.render_line)(paper)
    return Fragment(
        paper=paper,
        style=style,
        content_key=key,
        template_version=cards.template_version(),
        html=quoted_printable.encode(rendered.html),
        html_length=len(rendered.html.encode()),
        text=quoted_printable.encode(rendered.text),
        text_length=len(rendered.text.encode()),
    )
