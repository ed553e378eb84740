"""How fast an issue went out, and how late its mails were. Counted by the database, minute by
minute, so that a report costs the same memory whatever the number of readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Func, IntegerField, Max, Value
from django.db.models.functions import Greatest

from newsletter.models import Delivery, Issue

_MINUTE = 60
_SHARES = (0.5, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute in which something was sent. Latencies in seconds."""

    at: dt.datetime
    sent: int
    mean_latency: float
    longest_latency: int


@dataclass(frozen=True, slots=True)
class Pace:
    """``latency`` is how many seconds after it could have gone out at the earliest a mail was
    sent: half of them within ``p50``, 95 of 100 within ``p95``. All zero where nothing was sent.
    """

    minutes: tuple[Minute, ...] = ()
    p50: int = 0
    p95: int = 0
    longest: int = 0

    @property
    def sent(self) -> int:
        return sum(minute.sent for minute in self.minutes)

    @property
    def peak(self) -> int:
        """Mails in the fullest minute."""
        return max((minute.sent for minute in self.minutes), default=0)

    @property
    def mean(self) -> float:
        """Mails in a minute, of those minutes in which any were sent."""
        return self.sent / len(self.minutes) if self.minutes else 0.0


class _Epoch(Func):
    """Whole seconds since 1970, computed by the database itself."""

    output_field = IntegerField()
    template = "CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s)) AS BIGINT)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        native = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=native, **context)


def pace(issue: Issue) -> Pace:
    """Three queries. A mail could go out from its due instant on, but not before the listings
    of its issue were released and it was planned."""
    sent = Delivery.objects.filter(issue=issue, status=Delivery.Status.SENT).order_by()
    earliest = Greatest(_Epoch("due_at"), _Epoch("created_at"), Value(_released(issue)))
    timed = sent.annotate(
        minute=_Epoch("sent_at") / Value(_MINUTE),
        late=Greatest(_Epoch("sent_at") - earliest, Value(0)),
    )
    by_minute = timed.values_list("minute").order_by("minute")
    minutes = tuple(
        Minute(dt.datetime.fromtimestamp(minute * _MINUTE, dt.UTC), count, float(mean), longest)
        for minute, count, mean, longest in by_minute.annotate(
            Count("pk"), Avg(F("late")), Max(F("late"))
        )
    )
    total = sum(minute.sent for minute in minutes)
    by_latency = timed.values_list("late").order_by("late").annotate(Count("pk"))
    return Pace(minutes, *quantiles(by_latency.iterator(), total))


def quantiles(counted: Iterable[tuple[int, int]], total: int) -> tuple[int, ...]:
    """The values below or at which half, 95 of 100, and all of ``total`` lie; of values and how
    often each occurs, in order."""
    found: list[int] = []
    below = value = 0
    for value, count in counted:
        below += count
        while len(found) < len(_SHARES) and below >= _SHARES[len(found)] * total:
            found.append(value)
    return (*found, *[value] * (len(_SHARES) - len(found)))


def _released(issue: Issue) -> int:
    """When the last of the listings that it covers came out; 0 where that is not known."""
    own = issue.listings.filter(is_late=False)
    last: dt.datetime | None = own.aggregate(last=Max("listing__released_at"))["last"]
    return int(last.timestamp()) if last else 0
