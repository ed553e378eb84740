"""Addresses that are never written to: who comes onto the list, and who leaves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from newsletter.models import Complaint, Delivery, Notice, Subscriber, Suppression
from newsletter.signup import addresses

Reason = Suppression.Reason

# The later one stands when an address has several; only the first is lifted by its owner.
_GRAVITY = (Reason.SOFT_BOUNCES, Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.OPERATOR)


def suppress(
    who: Subscriber | str, reason: Reason, *, note: str = "", by: User | None = None
) -> Suppression:
    """Never write to this subscriber or address again. A graver reason replaces a lighter one.

    Raises ValueError (InvalidAddress) for a text that is no address.
    """
    address = who.address if isinstance(who, Subscriber) else who
    if isinstance(who, Subscriber):
        fingerprint = who.fingerprint
    else:
        fingerprint = addresses.fingerprint(addresses.identity(who))
    values = {"address": address, "reason": reason, "note": note, "created_by": by}
    suppression, is_new = Suppression.objects.get_or_create(
        fingerprint=fingerprint, defaults=values
    )
    if not is_new and _gravity(reason) > _gravity(suppression.reason):
        Suppression.objects.filter(pk=suppression.pk).update(**values)
        suppression.refresh_from_db()
    return suppression


@transaction.atomic
def record_complaint(
    subscriber: Subscriber,
    now: dt.datetime,
    *,
    report: str = "",
    delivery: Delivery | None = None,
) -> Complaint:
    """Somebody told their provider that our mail is unwanted: unsubscribed and suppressed."""
    complaint = Complaint.objects.create(
        subscriber=subscriber, delivery=delivery, report=report, received_at=now
    )
    heed_complaint(subscriber)
    return complaint


def heed_complaint(subscriber: Subscriber, note: str = "") -> None:
    """Unsubscribed and suppressed, without a goodbye: it would be one more unwanted mail."""
    subscriber.status = Subscriber.Status.UNSUBSCRIBED
    subscriber.save(update_fields=["status", "updated_at"])
    suppress(subscriber, Reason.COMPLAINT, note=note)


def lift_soft(fingerprint: str) -> bool:
    """Write again to an address whose mails only bounced softly, after a confirmed opt-in.

    A hard bounce, a complaint and an operator's decision stay; only an operator lifts them.
    """
    soft = Suppression.objects.filter(fingerprint=fingerprint, reason=Reason.SOFT_BOUNCES)
    return bool(soft.delete()[0])


def reasons_for(fingerprints: Iterable[str]) -> dict[str, str]:
    """The reason of each of these that is suppressed."""
    listed = Suppression.objects.filter(fingerprint__in=set(fingerprints))
    return dict(listed.values_list("fingerprint", "reason"))


def keeps_back(kind: str, reason: str) -> bool:
    """Whether a suppression stops this kind of notice.

    All of them, but for one: the mail that asks for the confirmation by which alone a soft
    suppression is lifted.
    """
    return not (kind == Notice.Kind.CONFIRM and reason == Reason.SOFT_BOUNCES)


def told(reason: str) -> str:
    """The reason as it stands with a mail that was not sent."""
    return f"suppressed: {Reason(reason).label.lower()}"


def _gravity(reason: str) -> int:
    return _GRAVITY.index(Reason(reason))
