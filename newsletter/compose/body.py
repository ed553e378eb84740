"""A digest's papers as joined bytes, the same for all readers whose digest is the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from newsletter.compose import budget, cards, rows, wording
from newsletter.compose.budget import Layout, SectionLayout, Size, Sizes
from newsletter.compose.choosing import Digest
from newsletter.compose.fragments import Piece, Shelf
from newsletter.compose.skeleton import Encoded, Skeleton

_MANY = 99_999
_TITLES = 3


@dataclass(frozen=True, slots=True)
class Body:
    """What is joined into the skeleton. ``html`` and ``text`` are split at the places where the
    reader's own address of the whole digest goes."""

    layout: Layout
    html: tuple[bytes, ...]
    text: tuple[bytes, ...]
    fragment_ids: list[int]
    above: tuple[int, ...]
    titles: tuple[str, ...]


@dataclass(slots=True)
class _Joiner:
    """Bytes gathered between the reader's own links."""

    done: list[bytes] = field(default_factory=list)
    open: list[bytes] = field(default_factory=list)

    def add(self, raw: bytes) -> None:
        self.open.append(raw)

    def add_with_link(self, skeleton: Skeleton) -> None:
        for text in skeleton.texts[:-1]:
            self.open.append(text.raw)
            self._close()
        self.open.append(skeleton.texts[-1].raw)

    def segments(self) -> tuple[bytes, ...]:
        self._close()
        return tuple(self.done)

    def _close(self) -> None:
        self.done.append(b"".join(self.open))
        self.open = []


def join(digest: Digest, shelf: Shelf, frame: Size, web: Encoded) -> Body:
    """The papers within the budget that ``frame``, the mail around them, leaves."""
    layout = budget.fit(digest, _sizes(digest, shelf, frame, web))
    html, text = _Joiner(), _Joiner()
    fragment_ids: list[int] = []
    index = 0
    for number, day in enumerate(digest.days, start=1):
        sections = layout.sections[index : index + len(day.sections)]
        if sections and digest.has_heading(day):
            html.add(rows.day_html(wording.day_heading(day), f"d{number}").raw)
            text.add(rows.day_text(wording.day_heading(day)).raw)
        for laid_out in sections:
            index += 1
            _add_section(html, text, laid_out, f"s{index}", shelf)
            fragment_ids += [piece.fragment_id for piece in _pieces(laid_out, shelf)]
    if layout.dropped_sections:
        words = wording.dropped(layout.dropped_papers, layout.dropped_sections)
        html.add_with_link(rows.more_html(words))
        text.add_with_link(rows.more_text(words))
    return Body(
        layout=layout,
        html=html.segments(),
        text=text.segments(),
        fragment_ids=fragment_ids,
        above=tuple(laid_out.above for laid_out in layout.sections),
        titles=_first_titles(layout, shelf),
    )


def _sizes(digest: Digest, shelf: Shelf, frame: Size, web: Encoded) -> Sizes:
    headings = [rows.day_html(wording.day_heading(day), "d99").size for day in digest.days]
    return Sizes(
        frame=frame,
        day=max(headings, key=_decoded),
        heading=rows.heading_bound,
        more=rows.more_html(wording.more(_MANY)).size({"WEB": web}),
        dropped=rows.more_html(wording.dropped(_MANY, _MANY)).size({"WEB": web}),
        cards=shelf.card_sizes,
        lines=shelf.line_sizes,
    )


def _decoded(size: Size) -> int:
    return size.decoded


def _add_section(
    html: _Joiner, text: _Joiner, laid_out: SectionLayout, anchor: str, shelf: Shelf
) -> None:
    section = laid_out.section
    html.add(rows.heading_html(section.label, section.total, laid_out.above, anchor).raw)
    text.add(rows.heading_text(section.label, section.total, laid_out.above).raw)
    for piece in _pieces(laid_out, shelf):
        html.add(piece.html)
        text.add(piece.text)
    if laid_out.more:
        words = wording.more(laid_out.more)
        html.add_with_link(rows.more_html(words))
        text.add_with_link(rows.more_text(words))


def _pieces(laid_out: SectionLayout, shelf: Shelf) -> list[Piece]:
    as_cards, as_lines = laid_out.entries[: laid_out.cards], laid_out.entries[laid_out.cards :]
    return [shelf.cards[paper] for paper in as_cards] + [shelf.lines[paper] for paper in as_lines]


def _first_titles(layout: Layout, shelf: Shelf) -> tuple[str, ...]:
    entries = layout.sections[0].entries[:_TITLES] if layout.sections else ()
    titles = (cards.readable_title(shelf.titles[paper]) for paper in entries)
    return tuple(title for title in titles if title)
