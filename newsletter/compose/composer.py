"""Deliveries in, finished mails out: look up, cut, join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.compose import digests, fragments, frame, headers, message, wording
from newsletter.compose.body import Body, join
from newsletter.compose.choosing import Digest, without
from newsletter.compose.frame import OwnLinks, Values
from newsletter.compose.mail import Mail
from newsletter.models import Delivery, Subscriber


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of a delivery; without a mail, ``reason`` says why."""

    delivery: Delivery
    mail: Mail | None
    papers_seen: int
    papers_shown: int
    fragment_ids: list[int]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Common:
    """What the mails of all readers of one Digest share."""

    body: Body
    text: Values
    html: Values


def compose(
    deliveries: Sequence[Delivery],
    *,
    unreleased: bool = False,
    follows: digests.Follows | None = None,
) -> list[Composed]:
    """A mail for each delivery that has papers, in order, with preferences as they are now.

    The deliveries come with issue and subscriber loaded, ``mail_date`` and ``message_id`` set.
    For ``unreleased`` and ``follows`` see ``digests``.
    """
    made = digests.digests_for(
        [(delivery.subscriber, delivery.issue) for delivery in deliveries],
        unreleased=unreleased,
        follows=follows,
    )
    shelf = _shelf_for(made)
    made = _still_there(made, shelf)
    shared: dict[int, _Common] = {}
    composed = []
    for delivery, digest in zip(deliveries, made, strict=True):
        try:
            composed.append(_compose_one(delivery, digest, shelf, shared))
        except message.HeaderError as error:
            composed.append(_without_mail(delivery, digest, f"cannot be written: {error}"))
    return composed


def _shelf_for(made: Sequence[Digest]) -> fragments.Shelf:
    in_cards: set[int] = set()
    in_lines: set[int] = set()
    for digest in {id(digest): digest for digest in made}.values():
        in_lines.update(digest.paper_ids)
        for section in digest.sections:
            if section.cards:
                in_cards.update(section.paper_ids)
    return fragments.shelf_for(in_cards, in_lines)


def _still_there(made: Sequence[Digest], shelf: fragments.Shelf) -> list[Digest]:
    """The digests less papers that listings name and that are no more; shared ones stay shared."""
    kept = {}
    for digest in {id(digest): digest for digest in made}.values():
        gone = [paper for paper in digest.paper_ids if paper not in shelf.titles]
        kept[id(digest)] = without(digest, gone) if gone else digest
    return [kept[id(digest)] for digest in made]


def _compose_one(
    delivery: Delivery, digest: Digest, shelf: fragments.Shelf, shared: dict[int, _Common]
) -> Composed:
    if not digest.total:
        return _without_mail(delivery, digest, _why_empty(digest))
    own = OwnLinks.of(delivery)
    common = shared.get(id(digest))
    if common is None:
        # The reader's own links have one length, so what fits one reader of it fits them all.
        common = shared[id(digest)] = _common(digest, shelf, own)
    text, html = frame.fill(delivery, common.body, own, common.text, common.html)
    as_html = delivery.subscriber.format == Subscriber.Format.HTML
    raw = message.assemble(
        headers.of_digest(delivery, digest, own.unsubscribe_url), text, html if as_html else None
    )
    return Composed(
        delivery=delivery,
        mail=Mail(
            sender=headers.sender(),
            recipient=headers.address_of(delivery.subscriber),
            raw=raw,
            message_id=delivery.message_id,
        ),
        papers_seen=digest.seen,
        papers_shown=common.body.layout.shown,
        fragment_ids=common.body.fragment_ids,
    )


def _common(digest: Digest, shelf: fragments.Shelf, own: OwnLinks) -> _Common:
    drafted = frame.draft(digest)
    body = join(digest, shelf, frame.size(drafted, own), own.web)
    text, html = frame.finish(drafted, digest, body)
    return _Common(body, text, html)


def _without_mail(delivery: Delivery, digest: Digest, reason: str) -> Composed:
    return Composed(delivery, None, digest.seen, 0, [], reason)


def _why_empty(digest: Digest) -> str:
    reason = f"empty: {wording.papers(digest.seen)} looked at, none in your sections"
    missing = wording.left_out(digest.left_out)
    return f"{reason}. {missing}" if missing else reason
