"""Deliveries in, finished mails out: look up, cut, join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import chain

from django.conf import settings

from newsletter.compose import (
    digests,
    fragments,
    headers,
    message,
    parts,
    plain,
    return_path,
    slots,
    wording,
)
from newsletter.compose.body import Body, body_of
from newsletter.compose.choosing import Digest, without
from newsletter.compose.fragments import Block
from newsletter.compose.frame import Frame, frame_for, surroundings
from newsletter.compose.mail import Mail
from newsletter.compose.memory import Memory
from newsletter.compose.skeleton import Encoded
from newsletter.models import Delivery, Subscriber
from newsletter.signup import links
from newsletter.signup.links import Purpose


@dataclass(slots=True)
class Composed:
    """What became of a delivery; without a mail, ``reason`` says why.

    ``fragment_ids``, ``frame`` and ``filled`` are what the mail can be made of again.
    """

    delivery: Delivery
    mail: Mail | None
    papers_seen: int
    papers_shown: int
    fragment_ids: list[int]
    reason: str = ""
    frame: int = 0
    filled: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is the same for a whole chunk."""

    site: tuple[str, ...]
    store: bool
    secret: str
    sender: str

    def frame(self, digest: Digest, delivery: Delivery, *, as_html: bool) -> Frame:
        cadence = delivery.issue.cadence
        return frame_for(digest, cadence, self.site, as_html=as_html, store=self.store)


@dataclass(slots=True)
class _Joined:
    """A body's pieces side by side, as they are joined."""

    body: Body
    html: list[bytes]
    text: list[bytes]
    ids: list[int]


def compose(
    deliveries: Sequence[Delivery],
    *,
    unreleased: bool = False,
    follows: digests.Follows | None = None,
    memory: Memory | None = None,
) -> list[Composed]:
    """All that ``composing`` gives."""
    made = composing(deliveries, unreleased=unreleased, follows=follows, memory=memory)
    return list(made)


def composing(
    deliveries: Sequence[Delivery],
    *,
    unreleased: bool = False,
    follows: digests.Follows | None = None,
    memory: Memory | None = None,
) -> Iterator[Composed]:
    """A mail for each delivery that has papers, in order, with preferences as they are now.

    The deliveries come with issue and subscriber loaded, ``mail_date`` and ``message_id`` set.
    For ``unreleased`` and ``follows`` see ``digests``; a preview has no row, and nothing of it is
    written down. ``memory`` holds what was looked up for the chunk before. All is looked up at
    once, and each mail joined when it is asked for: it should leave before the next one pushes
    it out of the processor's cache.
    """
    memory = memory or Memory()
    made = digests.digests_for(
        [(delivery.subscriber, delivery.issue) for delivery in deliveries],
        unreleased=unreleased,
        follows=follows,
        memory=memory,
    )
    shelf = _shelf_for(made, memory)
    made = _still_there(made, shelf)
    store = all(delivery.pk for delivery in deliveries)
    wanted = _Wanted(surroundings(), store, settings.SECRET_KEY, headers.sender())
    bodies = _bodies(deliveries, made, shelf, wanted)
    for delivery, digest in zip(deliveries, made, strict=True):
        try:
            composed = _compose_one(delivery, digest, bodies.get(id(digest)), wanted)
        except message.HeaderError as error:
            composed = _without_mail(delivery, digest, f"cannot be written: {error}")
        yield composed


def _shelf_for(made: Sequence[Digest], memory: Memory) -> fragments.Shelf:
    in_cards: set[int] = set()
    in_lines: set[int] = set()
    for digest in {id(digest): digest for digest in made}.values():
        for section in digest.sections:
            in_lines.update(section.paper_ids)
            if section.cards:
                in_cards.update(section.paper_ids)
    return fragments.shelf_for(in_cards, in_lines, memory.shelf)


def _still_there(made: Sequence[Digest], shelf: fragments.Shelf) -> list[Digest]:
    """The digests less papers that listings name and that are no more; shared ones stay shared."""
    if not shelf.gone:
        return list(made)
    kept = {}
    for digest in {id(digest): digest for digest in made}.values():
        gone = [paper for paper in digest.paper_ids if paper not in shelf.titles]
        kept[id(digest)] = without(digest, gone) if gone else digest
    return [kept[id(digest)] for digest in made]


def _bodies(
    deliveries: Sequence[Delivery],
    made: Sequence[Digest],
    shelf: fragments.Shelf,
    wanted: _Wanted,
) -> dict[int, _Joined]:
    """By digest: what all its readers share. Those without papers have none."""
    bodies: dict[int, Body] = {}
    for delivery, digest in zip(deliveries, made, strict=True):
        if digest.total and id(digest) not in bodies:
            # The reader's own links have one length, so what fits one reader fits them all.
            whole = wanted.frame(digest, delivery, as_html=True)
            bodies[id(digest)] = body_of(digest, shelf, whole)
    every = [key for body in bodies.values() for key in body.keys]
    shown = parts.pieces(every, store=wanted.store)
    return {name: _joined(body, shown) for name, body in bodies.items()}


def _joined(body: Body, shown: Mapping[parts.Key, Block]) -> _Joined:
    blocks = [one if isinstance(one, Block) else shown[one] for one in body.order]
    return _Joined(
        body,
        list(chain.from_iterable([block.html for block in blocks])),
        list(chain.from_iterable([block.text for block in blocks])),
        list(chain.from_iterable([block.ids for block in blocks])),
    )


def _compose_one(
    delivery: Delivery, digest: Digest, joined: _Joined | None, wanted: _Wanted
) -> Composed:
    if joined is None:
        return _without_mail(delivery, digest, _why_empty(digest))
    body = joined.body
    reader = delivery.subscriber
    as_html = reader.format == Subscriber.Format.HTML
    frame = wanted.frame(digest, delivery, as_html=as_html)
    recipient = headers.address_of(reader)
    filled = _filled(delivery, body, recipient, wanted.secret)
    raw = _raw(frame, filled, delivery, joined)
    mail = Mail(
        sender=return_path.of(delivery) or wanted.sender,
        recipient=recipient,
        raw=raw,
        message_id=delivery.message_id,
        dotless=True,
    )
    return Composed(
        delivery=delivery,
        mail=mail,
        papers_seen=digest.seen,
        papers_shown=body.shown,
        fragment_ids=joined.ids,
        frame=frame.pk,
        filled=slots.written(filled),
    )


def _filled(delivery: Delivery, body: Body, recipient: str, secret: str) -> dict[str, bytes]:
    reader, issue = delivery.subscriber, delivery.issue
    text, html = _reason(wording.reason(reader, issue.cadence, issue.last_date.year))
    return {
        "TO": message.mailbox(recipient).encode("ascii"),
        "SUBJECT": body.subject,
        slots.WEB: links.token(Purpose.DIGEST, delivery.id or 0, secret).encode("ascii"),
        "PREFERENCES": links.token(Purpose.PREFERENCES, reader.id, secret).encode("ascii"),
        "UNSUBSCRIBE": links.token(Purpose.UNSUBSCRIBE, reader.id, secret).encode("ascii"),
        "TITLE": body.title,
        "PREHEADER": body.preheader,
        "NUMBERS": body.numbers,
        "NUMBERSTEXT": body.numbers_text,
        "REASON": html,
        "REASONTEXT": text,
    }


def _raw(frame: Frame, filled: dict[str, bytes], delivery: Delivery, joined: _Joined) -> bytes:
    html, text = joined.html, joined.text
    if joined.body.has_more:
        token = filled[slots.WEB]
        html = [slots.with_web(piece, token) for piece in html]
        text = [slots.with_web(piece, token) for piece in text]
    return frame.slotted.fill(filled | headers.stamp(delivery), html, text)


@lru_cache(maxsize=4096)
def _reason(words: str) -> tuple[bytes, bytes]:
    """Why one gets it, for the text and for the HTML."""
    return Encoded.of(plain.wrap(words)).raw, Encoded.of(escape(words)).raw


def _without_mail(delivery: Delivery, digest: Digest, reason: str) -> Composed:
    return Composed(delivery, None, digest.seen, 0, [], reason)


def _why_empty(digest: Digest) -> str:
    reason = f"empty: {wording.papers(digest.seen)} looked at, none in your sections"
    missing = wording.left_out(digest.left_out)
    return f"{reason}. {missing}" if missing else reason
