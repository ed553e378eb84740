"""What of a digest a mail shows, and the pieces it is joined from: the same for all readers whose
digest is the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.conf import settings

from newsletter.compose import budget, cards, headers, plain, quoted_printable, rows, wording
from newsletter.compose.budget import Layout, Size, Sizes
from newsletter.compose.choosing import Digest
from newsletter.compose.fragments import Block, Shelf
from newsletter.compose.frame import Frame
from newsletter.compose.parts import Day, Heading, Key, More
from newsletter.compose.skeleton import Encoded
from newsletter.compose.wording import Words
from newsletter.signup import links
from newsletter.signup.links import TOKEN_LENGTH, Purpose

_MANY = 99_999
_NOTHING = Size()
_TITLES = 3
_JUMP = '<a href="#{}" style="color:#0f5c6e">{}</a>'


@dataclass(slots=True)
class Body:
    """``order`` are parts and papers in reading order, papers in blocks. The others fill the
    frame's slots."""

    shown: int
    order: list[Key | Block]
    subject: bytes
    title: bytes
    numbers: bytes
    numbers_text: bytes
    preheader: bytes
    has_more: bool

    @property
    def keys(self) -> list[Key]:
        return [one for one in self.order if not isinstance(one, Block)]


def body_of(digest: Digest, shelf: Shelf, frame: Frame) -> Body:
    """The papers within the budget that the mail around them leaves."""
    # The cut only ever lowers what stands above, so the numbers are at their longest here.
    above = tuple([section.above for section in digest.sections])
    words = wording.numbers(digest, above)
    numbers = _numbers(words)
    layout = _layout(digest, shelf, frame.size + numbers.size)
    left_above = tuple([laid_out.above for laid_out in layout.sections])
    if left_above != above:
        words = wording.numbers(digest, left_above)
        numbers = _numbers(words)
    order = _order(digest, layout, shelf)
    subject, title = _subject(settings.SITE_NAME, digest.first_date, digest.last_date, digest.total)
    return Body(
        shown=layout.shown,
        order=order,
        subject=subject,
        title=title,
        numbers=numbers.raw,
        numbers_text=quoted_printable.encode(plain.wrap(wording.plain_words(words))),
        preheader=_once(escape(wording.preheader(digest, layout, _first_titles(layout, shelf)))),
        has_more=bool(layout.more or layout.dropped_sections),
    )


def _layout(digest: Digest, shelf: Shelf, around: Size) -> Layout:
    whole = budget.uncut(digest)
    if whole is not None and _fits(digest, whole, shelf, around):
        return whole
    return budget.fit(digest, _sizes(digest, shelf, around))


def _fits(digest: Digest, whole: Layout, shelf: Shelf, around: Size) -> bool:
    """Whether all of it fits: the usual case, reckoned by blocks and not by papers."""
    decoded, encoded = around.decoded, around.encoded
    for laid_out in whole.sections:
        block = shelf.block(laid_out.entries, cards=bool(laid_out.cards))
        heading = rows.heading_bound(laid_out.section.label)
        decoded += block.decoded + heading.decoded
        encoded += block.encoded + heading.encoded
    days = sum([digest.has_heading(day) for day in digest.days])
    if days:
        longest = _longest_day(digest)
        decoded += days * longest.decoded
        encoded += days * longest.encoded
    return Size(decoded, encoded).fits


@lru_cache(maxsize=4096)
def _subject(site: str, first: dt.date, last: dt.date, total: int) -> tuple[bytes, bytes]:
    """For the header and for the HTML's title."""
    said = wording.subject(plain.one_line(site), first, last, total)
    return headers.subject(said).encode("ascii"), Encoded.of(escape(said)).raw


def _order(digest: Digest, layout: Layout, shelf: Shelf) -> list[Key | Block]:
    order: list[Key | Block] = []
    index = 0
    for number, day in enumerate(digest.days, start=1):
        sections = layout.sections[index : index + len(day.sections)]
        if sections and digest.has_heading(day):
            order.append(Day(wording.day_heading(day), f"d{number}"))
        for laid_out in sections:
            index += 1
            section, entries, cards = laid_out.section, laid_out.entries, laid_out.cards
            order.append(Heading(section.label, section.total, laid_out.above, f"s{index}"))
            if cards:
                order.append(shelf.block(entries[:cards], cards=True))
            if cards < len(entries):
                order.append(shelf.block(entries[cards:], cards=False))
            if laid_out.more:
                order.append(_more(wording.more(laid_out.more)))
    if layout.dropped_sections:
        order.append(_more(wording.dropped(layout.dropped_papers, layout.dropped_sections)))
    return order


def _more(words: str) -> More:
    return More(words, *links.url_around(Purpose.DIGEST))


def _sizes(digest: Digest, shelf: Shelf, frame: Size) -> Sizes:
    return Sizes(
        frame=frame,
        day=_longest_day(digest) if any(map(digest.has_heading, digest.days)) else _NOTHING,
        heading=rows.heading_bound,
        more=_more_size(wording.more(_MANY), settings.SITE_URL),
        dropped=_more_size(wording.dropped(_MANY, _MANY), settings.SITE_URL),
        cards=shelf.card_sizes,
        lines=shelf.line_sizes,
    )


def _longest_day(digest: Digest) -> Size:
    sizes = [rows.day_html(wording.day_heading(day), "d99").size for day in digest.days]
    return max(sizes, key=lambda size: size.decoded)


@lru_cache(maxsize=64)
def _more_size(words: str, site_url: str) -> Size:
    before, after = links.url_around(Purpose.DIGEST)
    return rows.more_html(words).size({"WEB": Encoded.of(before + "-" * TOKEN_LENGTH + after)})


def _first_titles(layout: Layout, shelf: Shelf) -> tuple[str, ...]:
    entries = layout.sections[0].entries[:_TITLES] if layout.sections else ()
    titles = (cards.readable_title(shelf.titles[paper]) for paper in entries)
    return tuple(title for title in titles if title)


def _numbers(words: list[Words]) -> Encoded:
    runs = [_run(run) for run in words]
    size = Size(sum([run.size.decoded for run in runs]), sum([run.size.encoded for run in runs]))
    return Encoded(b"".join([run.raw for run in runs]), size)


@lru_cache(maxsize=20_000)
def _run(run: Words) -> Encoded:
    text = escape(run.text)
    return Encoded.of(_JUMP.format(run.anchor, text) if run.anchor else text)


@lru_cache(maxsize=4096)
def _once(text: str) -> bytes:
    """Encoded once for the many mails that say the same."""
    return Encoded.of(text).raw
