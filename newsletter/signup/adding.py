"""Adding a subscriber by hand: what is given is set, everything else stays as it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from newsletter.delivery import suppression
from newsletter.models import Subscriber
from newsletter.signup import addresses, choices, subscribing
from newsletter.signup.choices import Choices, SectionChoice
from newsletter.signup.evidence import Evidence
from newsletter.signup.following import apply_choices

BY_HAND = Evidence(form_version="by hand")
_Status = Subscriber.Status


class CannotAdd(ValueError):
    """Why this address is not added."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator gave: sections to follow, and preferences by field name."""

    sections: tuple[SectionChoice, ...] = ()
    preferences: Mapping[str, Any] = field(default_factory=dict)

    def over(self, present: Choices) -> Choices:
        """Given sections are added, or take their new label and style where they stand."""
        given = {section.rule: section for section in self.sections}
        kept = [given.get(section.rule, section) for section in present.sections]
        return dataclasses.replace(
            present, sections=choices.arranged(kept, [*self.sections]), **self.preferences
        )


@dataclass(frozen=True, slots=True)
class Added:
    subscriber: Subscriber
    is_new: bool
    is_changed: bool
    is_asked: bool  # a mail to confirm is queued


@transaction.atomic
def add(address: str, wish: Wish, now: dt.datetime, *, active: bool = False) -> Added:
    """Add or update a subscriber; running it twice changes nothing.

    ``active`` takes the operator's word that the address's owner asked for it. Raises CannotAdd,
    InvalidAddress or InvalidChoice.
    """
    address = addresses.valid(address)
    identity = addresses.identity(address)
    subscriber = Subscriber.objects.select_for_update().filter(identity=identity).first()
    _check_may_write(addresses.fingerprint(identity), subscriber, active=active)
    is_new = subscriber is None
    if subscriber is None:
        subscriber = Subscriber.objects.create(
            address=address, identity=identity, fingerprint=addresses.fingerprint(identity)
        )
    present = _present(subscriber)
    wanted = wish.over(present)
    if not wanted.sections:
        raise CannotAdd("nothing to follow: give --house, --category or --keyword")
    if active or subscriber.status in {_Status.ACTIVE, _Status.PAUSED}:
        return _set(subscriber, wanted, now, is_new=is_new, active=active)
    return _ask(subscriber, wanted, now, is_new=is_new)


def _check_may_write(fingerprint: str, subscriber: Subscriber | None, *, active: bool) -> None:
    reason = suppression.reasons_for([fingerprint]).get(fingerprint)
    if reason and (active or subscribing.is_suppressed_for_good(fingerprint)):
        raise CannotAdd(f"{suppression.told(reason)}; lift that in the admin first")
    if active and subscriber is not None and subscriber.status == _Status.UNSUBSCRIBED:
        raise CannotAdd("unsubscribed by its owner; without --active a mail asks them to confirm")


def _present(subscriber: Subscriber) -> Choices:
    """What the subscriber has, or has last asked for and not yet confirmed."""
    if subscriber.status == _Status.PENDING:
        asked = subscriber.opt_ins.order_by("-requested_at", "-pk").first()
        if asked is not None:
            return Choices.from_json(asked.choices)
    return choices.of_subscriber(subscriber)


def _set(
    subscriber: Subscriber, wanted: Choices, now: dt.datetime, *, is_new: bool, active: bool
) -> Added:
    is_changed = is_new or wanted != choices.of_subscriber(subscriber)
    if is_changed:
        apply_choices(subscriber, wanted)
    if active and subscriber.status != _Status.ACTIVE:
        is_changed = True
        opt_in = subscribing.opted_in(subscriber, wanted, BY_HAND, now)
        opt_in.confirmed_at = now
        opt_in.save(update_fields=["confirmed_at"])
        subscribing.activate(subscriber, now)
    return Added(subscriber, is_new=is_new, is_changed=is_changed, is_asked=False)


def _ask(subscriber: Subscriber, wanted: Choices, now: dt.datetime, *, is_new: bool) -> Added:
    waiting = (
        subscriber.opt_ins.filter(
            confirmed_at__isnull=True, requested_at__gt=now - subscribing.CONFIRM_WITHIN
        )
        .order_by("-requested_at", "-pk")
        .first()
    )
    if waiting is not None and Choices.from_json(waiting.choices) == wanted:
        return Added(subscriber, is_new=is_new, is_changed=False, is_asked=False)
    subscribing.ask_to_confirm(subscribing.opted_in(subscriber, wanted, BY_HAND, now))
    return Added(subscriber, is_new=is_new, is_changed=True, is_asked=True)
