"""What a day's calls of the language model may cost: calls, tokens, money. Days are UTC's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Sum

from digest.models import WriterCall

_MILLION = Decimal(1_000_000)


@dataclass(slots=True)
class Budget:
    """What is spent today, counted on as calls are begun and answered; a limit of 0 is none."""

    calls: int
    tokens: int
    cost: Decimal

    @classmethod
    def today(cls, now: dt.datetime) -> Budget:
        begun = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        spent = WriterCall.objects.filter(at__gte=begun).aggregate(
            calls=Count("pk"),
            read=Sum("input_tokens"),
            written=Sum("output_tokens"),
            cost=Sum("cost"),
        )
        tokens = (spent["read"] or 0) + (spent["written"] or 0)
        return cls(spent["calls"], tokens, Decimal(spent["cost"] or 0))

    def begin(self) -> None:
        """One more call is on its way."""
        self.calls += 1

    def add(self, input_tokens: int, output_tokens: int) -> None:
        """What an answer took."""
        self.tokens += input_tokens + output_tokens
        self.cost += cost_of(input_tokens, output_tokens)

    def why_spent(self) -> str:
        """Blank while there is something left."""
        calls, tokens = settings.LLM_DAILY_CALLS, settings.LLM_DAILY_TOKENS
        cost = settings.LLM_DAILY_COST
        if calls and self.calls >= calls:
            return f"Today's budget of {calls:,} calls is spent."
        if tokens and self.tokens >= tokens:
            return f"Today's budget of {tokens:,} tokens is spent."
        if cost and self.cost >= cost:
            return f"Today's budget of {cost:f} in money is spent."
        return ""


def cost_of(input_tokens: int, output_tokens: int) -> Decimal:
    """By the prices of the settings, which are for a million tokens each."""
    read = settings.LLM_PRICE_INPUT * input_tokens
    written = settings.LLM_PRICE_OUTPUT * output_tokens
    return (read + written) / _MILLION


def next_day(now: dt.datetime) -> dt.datetime:
    """When there is a new budget."""
    tomorrow = now.astimezone(dt.UTC) + dt.timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
