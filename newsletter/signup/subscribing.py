"""Subscribing: from the request over the confirmation to the last goodbye.

What somebody asks for by the form becomes theirs only when the address's owner confirms it.
Acting twice is harmless everywhere.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.db import transaction

from newsletter.delivery import notices, suppression
from newsletter.models import Delivery, Notice, OptIn, Subscriber
from newsletter.signup import addresses, first_digest, limits
from newsletter.signup.choices import Choices
from newsletter.signup.evidence import Evidence
from newsletter.signup.following import apply_choices

CONFIRM_WITHIN = dt.timedelta(days=7)
LINK_LIFETIME = dt.timedelta(days=1)
GOODBYE_LIFETIME = dt.timedelta(days=2)

_Status = Subscriber.Status


class Confirmation(StrEnum):
    """What became of a confirmation."""

    DONE = "done"
    ALREADY = "already"  # this link, or a newer one, was confirmed before
    EXPIRED = "expired"
    REFUSED = "refused"  # the address is suppressed for good


@transaction.atomic
def request(address: str, choices: Choices, evidence: Evidence, now: dt.datetime) -> OptIn | None:
    """Somebody asked for a digest to a valid address; nothing is told of what was known of it.

    An active address's request leaves its row too, so that the limit on them does not tell whether
    an address is known. Of one suppressed for good no trace is kept.
    Raises TooManyRequests; None when there is nothing to confirm: active, or suppressed for good.
    """
    limits.check_network(evidence.network_address, now)
    identity = addresses.identity(address)
    if is_suppressed_for_good(addresses.fingerprint(identity)):
        return None
    subscriber = _subscriber(address, identity)
    opt_in = opted_in(subscriber, choices, evidence, now)
    if Subscriber.objects.mailable().filter(pk=subscriber.pk).exists():
        send_link(subscriber, now)
        return None
    if limits.may_write(subscriber.fingerprint, now):
        ask_to_confirm(opt_in)
    return opt_in


def opted_in(
    subscriber: Subscriber, choices: Choices, evidence: Evidence, now: dt.datetime
) -> OptIn:
    """The evidence of a request; nothing is changed by it before it is confirmed."""
    return subscriber.opt_ins.create(
        choices=choices.as_json(),
        form_version=evidence.form_version,
        requested_at=now,
        requested_from=evidence.network_address,
        requested_with=evidence.user_agent,
    )


def ask_to_confirm(opt_in: OptIn) -> Notice:
    subscriber = opt_in.subscriber
    return notices.queue(
        Notice.Kind.CONFIRM,
        address=subscriber.address,
        subscriber=subscriber,
        context={"opt_in": opt_in.pk},
        lifetime=CONFIRM_WITHIN,
    )


def standing(opt_in: OptIn, now: dt.datetime) -> Confirmation | None:
    """What confirming would come to, short of being done; None when it can be done."""
    confirmed = OptIn.objects.filter(subscriber=opt_in.subscriber_id, confirmed_at__isnull=False)
    if confirmed.filter(requested_at__gte=opt_in.requested_at).exists():
        return Confirmation.ALREADY
    if now - opt_in.requested_at > CONFIRM_WITHIN:
        return Confirmation.EXPIRED
    if is_suppressed_for_good(opt_in.subscriber.fingerprint):
        return Confirmation.REFUSED
    return None


@transaction.atomic
def confirm(opt_in: OptIn, evidence: Evidence, now: dt.datetime) -> Confirmation:
    """The address's owner confirms: the choices become theirs and the latest issue is planned."""
    subscriber = Subscriber.objects.select_for_update().get(pk=opt_in.subscriber_id)
    hindrance = standing(opt_in, now)
    if hindrance is not None:
        return hindrance
    opt_in.confirmed_at = now
    opt_in.confirmed_from = evidence.network_address
    opt_in.confirmed_with = evidence.user_agent
    opt_in.save(update_fields=["confirmed_at", "confirmed_from", "confirmed_with"])
    suppression.lift_soft(subscriber.fingerprint)
    apply_choices(subscriber, Choices.from_json(opt_in.choices))
    activate(subscriber, now)
    return Confirmation.DONE


def activate(subscriber: Subscriber, now: dt.datetime) -> Delivery | None:
    """From now on digests go to this subscriber, the latest existing issue first."""
    if subscriber.status != _Status.ACTIVE:
        subscriber.status = _Status.ACTIVE
        subscriber.activated_at = now
        subscriber.paused_until = None
        subscriber.save(update_fields=["status", "activated_at", "paused_until", "updated_at"])
    # An issue that is being planned meanwhile cannot be seen yet.
    transaction.on_commit(lambda: first_digest.plan_first(subscriber, now))
    return first_digest.plan_first(subscriber, now)


@transaction.atomic
def change_preferences(subscriber: Subscriber, choices: Choices) -> None:
    """New choices of somebody who holds the preferences link; they count from the next mail on."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    apply_choices(subscriber, choices)


@transaction.atomic
def unsubscribe(subscriber: Subscriber) -> bool:
    """Nothing is sent from now on but a goodbye; whether there was anything to end."""
    ended = (
        Subscriber.objects.filter(pk=subscriber.pk)
        .exclude(status=_Status.UNSUBSCRIBED)
        .update(status=_Status.UNSUBSCRIBED, paused_until=None)
    )
    if ended:
        notices.queue(
            Notice.Kind.GOODBYE,
            address=subscriber.address,
            subscriber=subscriber,
            context={},
            lifetime=GOODBYE_LIFETIME,
        )
    return bool(ended)


def send_link(subscriber: Subscriber, now: dt.datetime) -> None:
    """A mail with the preferences link, unless one has just gone there."""
    if not limits.may_write(subscriber.fingerprint, now):
        return
    notices.queue(
        Notice.Kind.LINK,
        address=subscriber.address,
        subscriber=subscriber,
        context={},
        lifetime=LINK_LIFETIME,
    )


def send_link_to(address: str, now: dt.datetime) -> None:
    """The preferences link to whoever is subscribed under this address; to nobody else."""
    subscriber = Subscriber.objects.filter(
        identity=addresses.identity(address), status__in=[_Status.ACTIVE, _Status.PAUSED]
    ).first()
    if subscriber is not None:
        send_link(subscriber, now)


def is_suppressed_for_good(fingerprint: str) -> bool:
    """Whether not even the owner's confirmation lifts a suppression of this address."""
    reason = suppression.reasons_for([fingerprint]).get(fingerprint)
    return reason is not None and suppression.keeps_back(Notice.Kind.CONFIRM, reason)


def _subscriber(address: str, identity: str) -> Subscriber:
    found, _ = Subscriber.objects.get_or_create(
        identity=identity,
        defaults={"address": address, "fingerprint": addresses.fingerprint(identity)},
    )
    return found
