"""Whose mail it was that came back: by what is signed first, by a mere address last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.compose import headers, return_path
from newsletter.delivery.returned.reports import Clues, Report
from newsletter.models import Delivery, Notice, Subscriber
from newsletter.signup import addresses, links
from newsletter.signup.links import Purpose


@dataclass(frozen=True, slots=True)
class Found:
    """``is_proven``: it names a mail that only we and its reader know of.

    A notice may have an address and no subscriber.
    """

    subscriber: Subscriber | None = None
    delivery: Delivery | None = None
    address: str = ""
    is_proven: bool = False


def find(report: Report) -> Found:
    """Anybody can write anything about anybody to us; so what proves itself goes before."""
    named = [report.address, report.clues.written_to]
    proofs = (_by_token(report.clues), _by_message_id(report.clues, named), _by_link(report.clues))
    for proof in proofs:
        for found in proof:
            return found
    subscriber = next(_subscribers(named), None)
    return Found(subscriber, address=subscriber.address if subscriber else "")


def by_address(address: str) -> Subscriber | None:
    return next(_subscribers([address]), None)


def _by_token(clues: Clues) -> Iterator[Found]:
    for token in clues.tokens:
        yield from _named(token)


def _named(token: str) -> Iterator[Found]:
    purpose, pk = return_path.named(token) or (None, 0)
    if purpose is Purpose.RETURNED_DELIVERY:
        yield from _deliveries(Delivery.objects.filter(pk=pk))
    elif purpose is Purpose.RETURNED_NOTICE:
        yield from _notices(Notice.objects.filter(pk=pk))


def _by_message_id(clues: Clues, named: Iterable[str]) -> Iterator[Found]:
    """The same token as in a return path; or one of the reader whom it speaks of, from before
    Message-IDs were made so."""
    ours = f"@{headers.sender().rpartition('@')[2]}>"
    ids = [one for one in clues.message_ids if one.endswith(ours)]
    for one in ids:
        yield from _named(one.strip("<>").partition("@")[0])
    for subscriber in _subscribers(named):
        yield from _deliveries(subscriber.deliveries.filter(message_id__in=ids))


def _by_link(clues: Clues) -> Iterator[Found]:
    """The unsubscribe link in the headers of the mail that was returned is signed too."""
    for token in clues.links:
        try:
            pk = links.read(Purpose.UNSUBSCRIBE, token)
        except links.InvalidToken:
            continue
        for subscriber in Subscriber.objects.filter(pk=pk):
            yield Found(subscriber, address=subscriber.address, is_proven=True)


def _deliveries(rows: Iterable[Delivery]) -> Iterator[Found]:
    for row in rows:
        yield Found(row.subscriber, row, row.subscriber.address, is_proven=True)


def _notices(rows: Iterable[Notice]) -> Iterator[Found]:
    for row in rows:
        yield Found(row.subscriber, None, row.address, is_proven=True)


def _subscribers(named: Iterable[str]) -> Iterator[Subscriber]:
    for address in filter(None, named):
        try:
            identity = addresses.identity(address)
        except addresses.InvalidAddress:
            continue
        yield from Subscriber.objects.filter(identity=identity)
