"""Cutting a Digest to the size of a mail: Gmail clips at about 102 KB what is longer.

The order of giving way, each step only as far as needed:

1. cards turn into lines, the last section's last card first;
2. all sections are cut to one common number of papers, so that the longest lose first; where one
   more paper fits into some of them, the upper ones get it. Down to FIRST_ENTRIES each;
3. below that only where the digest has more sections than fit so: the same with fewer papers,
   down to headings alone;
4. the last sections' headings.

A paper cut in one section may show in a later one that holds it too. A paper shown nowhere is
counted once, as "more on the web" of the first section that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from newsletter.compose.choosing import Digest, DigestSection

MAX_DECODED = 95_000
MAX_ENCODED = 102_000
FIRST_ENTRIES = 5


@dataclass(slots=True)
class Size:
    """Bytes of a piece of HTML, as the reader's program sees it and as it travels."""

    decoded: int = 0
    encoded: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.decoded + other.decoded, self.encoded + other.encoded)

    @property
    def fits(self) -> bool:
        return self.decoded <= MAX_DECODED and self.encoded <= MAX_ENCODED


@dataclass(frozen=True, slots=True)
class Sizes:
    """What each piece weighs; those whose numbers depend on the cut at their longest."""

    frame: Size  # head and foot
    day: Size  # a day's heading
    heading: Callable[[str], Size]  # by label, with total and "stand above"
    more: Size  # "N more on the web" under a section
    dropped: Size  # the line that stands for sections left away
    cards: Mapping[int, Size]
    lines: Mapping[int, Size]


class SectionLayout(NamedTuple):
    """What a mail shows of one section: its first ``cards`` entries as cards, then lines."""

    section: DigestSection
    entries: tuple[int, ...]
    cards: int
    above: int
    more: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What a mail shows, section by section in the digest's order.

    ``dropped_sections`` at the end have not even a heading; ``dropped_papers`` are theirs alone.
    """

    sections: tuple[SectionLayout, ...]
    dropped_sections: int = 0
    dropped_papers: int = 0

    @property
    def shown(self) -> int:
        return sum(len(section.entries) for section in self.sections)

    @property
    def more(self) -> int:
        return sum(section.more for section in self.sections) + self.dropped_papers


def fit(digest: Digest, sizes: Sizes) -> Layout:
    """The largest layout within the budget; without a single heading if nothing else fits."""
    full = uncut(digest) or _cut(digest, _whole(digest))
    if _size(digest, full, sizes).fits:
        return full
    lines = _with_cards(full, 0)
    if _size(digest, lines, sizes).fits:
        return _keep_cards(digest, full, lines, sizes)
    return _keep_entries(digest, sizes) or _keep_headings(digest, sizes)


def uncut(digest: Digest) -> Layout | None:
    """All of it, where no section has a limit: the usual case, and so the quick way."""
    sections = digest.sections
    if any(section.limit is not None for section in sections):
        return None
    return Layout(
        tuple(
            [
                SectionLayout(
                    section,
                    section.shown,
                    len(section.shown) if section.cards else 0,
                    section.above,
                    0,
                )
                for section in sections
            ]
        )
    )


def _whole(digest: Digest) -> int:
    """A cap that no section reaches."""
    return max((section.total for section in digest.sections), default=0)


def _cut(digest: Digest, cap: int, one_more: int = 0, kept: int | None = None) -> Layout:
    """At most ``cap`` papers in each of ``kept`` sections, one more in the first ``one_more``."""
    kept = len(digest.sections) if kept is None else kept
    visible: set[int] = set()
    chosen: list[tuple[DigestSection, tuple[int, ...], int]] = []
    for index, section in enumerate(digest.sections[:kept]):
        fresh = [paper for paper in section.paper_ids if paper not in visible]
        most = cap + (index < one_more)
        if section.limit is not None:
            most = min(most, section.limit)
        entries = tuple(fresh[:most])
        visible.update(entries)
        chosen.append((section, entries, section.total - len(fresh)))
    counted = set(visible)
    laid_out = []
    for section, entries, above in chosen:
        more = _count_new(section, counted)
        cards = len(entries) if section.cards else 0
        laid_out.append(SectionLayout(section, entries, cards, above, more))
    dropped = sum(_count_new(section, counted) for section in digest.sections[kept:])
    return Layout(tuple(laid_out), len(digest.sections) - kept, dropped)


def _count_new(section: DigestSection, counted: set[int]) -> int:
    before = len(counted)
    counted.update(section.paper_ids)
    return len(counted) - before


def _size(digest: Digest, layout: Layout, sizes: Sizes) -> Size:
    decoded, encoded = sizes.frame.decoded, sizes.frame.encoded
    cards, lines, heading = sizes.cards, sizes.lines, sizes.heading
    for laid_out in layout.sections:
        entries = laid_out.entries
        pieces = [heading(laid_out.section.label)]
        pieces += [cards[paper] for paper in entries[: laid_out.cards]]
        if len(entries) > laid_out.cards:
            pieces += [lines[paper] for paper in entries[laid_out.cards :]]
        if laid_out.more:
            pieces.append(sizes.more)
        for size in pieces:
            decoded += size.decoded
            encoded += size.encoded
    days = sum([digest.has_heading(day) for day in digest.days])
    decoded += days * sizes.day.decoded
    encoded += days * sizes.day.encoded
    if layout.dropped_sections:
        decoded += sizes.dropped.decoded
        encoded += sizes.dropped.encoded
    return Size(decoded, encoded)


def _with_cards(layout: Layout, cards: int) -> Layout:
    """The same papers, only the first ``cards`` cards of the mail still cards."""
    sections = []
    for laid_out in layout.sections:
        kept = min(laid_out.cards, cards)
        cards -= kept
        sections.append(
            SectionLayout(laid_out.section, laid_out.entries, kept, laid_out.above, laid_out.more)
        )
    return Layout(tuple(sections), layout.dropped_sections, layout.dropped_papers)


def _keep_cards(digest: Digest, full: Layout, lines: Layout, sizes: Sizes) -> Layout:
    """As many cards from the top as fit; all the papers fit as lines."""
    room = _size(digest, lines, sizes)
    kept = 0
    for laid_out in full.sections:
        for paper in laid_out.entries[: laid_out.cards]:
            card, line = sizes.cards[paper], sizes.lines[paper]
            room += Size(card.decoded - line.decoded, card.encoded - line.encoded)
            if not room.fits:
                return _with_cards(full, kept)
            kept += 1
    return _with_cards(full, kept)


def _keep_entries(digest: Digest, sizes: Sizes) -> Layout | None:
    """As many papers as fit, all as lines; None if not even the headings do.

    More papers a section never hide one that fewer showed, so sizes grow along the ladder of
    (papers a section, sections with one more) and halving finds the last step that fits.
    """
    sections = len(digest.sections)

    def step(number: int) -> Layout:
        return _with_cards(_cut(digest, *divmod(number, sections)), 0)

    return _last_that_fits(_whole(digest) * sections, step, digest, sizes)


def _keep_headings(digest: Digest, sizes: Sizes) -> Layout:
    """As many headings as fit, and nothing else."""

    def step(number: int) -> Layout:
        return _cut(digest, 0, kept=number)

    last = _last_that_fits(len(digest.sections) - 1, step, digest, sizes)
    return last or step(0)


def _last_that_fits(
    highest: int, step: Callable[[int], Layout], digest: Digest, sizes: Sizes
) -> Layout | None:
    low, high, best = 0, highest, None
    while low <= high:
        middle = (low + high) // 2
        layout = step(middle)
        if _size(digest, layout, sizes).fits:
            low, best = middle + 1, layout
        else:
            high = middle - 1
    return best
