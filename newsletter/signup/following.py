"""Following: a subscriber's rows made to say what was chosen."""

from __future__ import annotations

from django.utils import timezone

from digest.models import Section
from digest.sections import rules
from newsletter.delivery import moving
from newsletter.models import Subscriber, Subscription
from newsletter.signup.choices import PREFERENCES, Choices, SectionChoice


def apply_choices(subscriber: Subscriber, choices: Choices) -> None:
    """Preferences and subscriptions become the choices, in their order; call in a transaction.

    A section that stays keeps its row, and with it what the form does not ask for (its limit).
    A mail that waits for its hour moves to the new one.
    """
    before = moving.wishes_of(subscriber)
    for name in PREFERENCES:
        setattr(subscriber, name, getattr(choices, name))
    subscriber.save(update_fields=[*PREFERENCES, "updated_at"])
    moving.move_waiting(subscriber, before, timezone.now())
    kept = [
        _follow(subscriber, choice, place) for place, choice in enumerate(choices.sections, start=1)
    ]
    subscriber.subscriptions.exclude(pk__in=kept).delete()


def _follow(subscriber: Subscriber, choice: SectionChoice, place: int) -> int:
    section = section_of(choice)
    subscription, _ = Subscription.objects.update_or_create(
        subscriber=subscriber,
        section=section,
        defaults={
            "label": choice.label or rules.default_label(section),
            "place": place,
            "style": choice.style,
        },
    )
    return subscription.pk


def section_of(choice: SectionChoice) -> Section:
    codes = choice.categories.split("/") if choice.categories else []
    return rules.section_for(codes, choice.expression)
