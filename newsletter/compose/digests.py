"""The Digest of each reader, looked up for a whole chunk in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from digest import gaps
from digest.gaps import Gap
from digest.models import Listing, Style
from newsletter.compose import carrying, days, wording
from newsletter.compose.choosing import Digest, Late, LeftOut, WantedSection, choose_days
from newsletter.compose.days import Batches, Day
from newsletter.compose.memory import Memory
from newsletter.models import Issue, IssueListing, Subscriber, Subscription

Follows = Mapping[int, tuple[WantedSection, ...]]
_Key = tuple[str, dt.date, dt.date]


def digest_for(subscriber: Subscriber, issue: Issue, *, unreleased: bool = False) -> Digest:
    """The whole content for one subscriber, before the byte budget; for mail and the web.

    ``unreleased`` takes listings that are not released yet as if they were, for a preview.
    """
    return digests_for([(subscriber, issue)], unreleased=unreleased)[0]


def digests_for(
    wanted: Sequence[tuple[Subscriber, Issue]],
    *,
    unreleased: bool = False,
    follows: Follows | None = None,
    memory: Memory | None = None,
) -> list[Digest]:
    """One Digest each, in order. Readers of one issue with the same sections share one object.

    ``follows`` says what readers follow, by primary key, in place of their subscriptions.
    """
    sections = follows or sections_of({subscriber.pk for subscriber, _ in wanted})
    issues = list({_key(issue): issue for _, issue in wanted}.values())
    ranges = _ranges(issues, _ids(sections), memory or Memory(), unreleased=unreleased)
    made: dict[tuple[_Key, tuple[WantedSection, ...]], Digest] = {}
    digests = []
    for subscriber, issue in wanted:
        key = (_key(issue), sections[subscriber.pk])
        if key not in made:
            made[key] = ranges[key[0]].digest(sections[subscriber.pk])
        digests.append(made[key])
    return digests


def _key(issue: Issue) -> _Key:
    return issue.cadence, issue.first_date, issue.last_date


def _ids(sections: Follows) -> set[int]:
    return {section.section_id for followed in sections.values() for section in followed}


def sections_of(subscribers: Collection[int]) -> dict[int, tuple[WantedSection, ...]]:
    """What readers follow, in their order."""
    rows = Subscription.objects.filter(subscriber__in=subscribers).values_list(
        "subscriber_id",
        "section_id",
        "label",
        "style",
        "limit",
        "section__expression",
        "section__categories",
    )
    follows: dict[int, list[WantedSection]] = defaultdict(list)
    for row in rows:
        follows[row[0]].append(_wanted(row[1:]))
    return {subscriber: tuple(follows[subscriber]) for subscriber in subscribers}


@lru_cache(maxsize=20_000)
def _wanted(row: tuple[int, str, str, int | None, str, str]) -> WantedSection:
    """One object for all who follow a section in the same way."""
    section, label, style, limit, expression, categories = row
    return WantedSection(
        section_id=section,
        label=label,
        cards=style == Style.CARDS,
        is_keyword=bool(expression),
        limit=limit,
        categories=categories,
    )


def _ranges(
    issues: Sequence[Issue], sections: Collection[int], memory: Memory, *, unreleased: bool
) -> dict[_Key, _Range]:
    known: dict[_Key, _Range] = memory.ranges
    on = memory.days
    new = [issue for issue in issues if _key(issue) not in known]
    carried = carrying.carried(new, unreleased=unreleased) if new else []
    covered = Q(pk__in={row.listing_id for rows in carried for row in rows})
    for issue in new:
        covered |= Q(date__range=(issue.first_date, issue.last_date))
    days.read(on, covered, sections)
    for issue, rows in zip(new, carried, strict=True):
        known[_key(issue)] = _Range.of(issue, rows, on)
    return known


@dataclass(frozen=True, slots=True)
class _Range:
    """What all digests of one issue have in common."""

    issue: Issue
    found: dict[dt.date, Batches]
    late: dict[dt.date, Late]
    left_out: tuple[LeftOut, ...]
    gaps: dict[dt.date, tuple[Gap, ...]]
    notes: tuple[tuple[dt.date, str], ...]
    seen: int
    announced: int | None

    @classmethod
    def of(cls, issue: Issue, carried: Sequence[IssueListing], days: dict[dt.date, Day]) -> _Range:
        own = {row.listing_id: row for row in carried if not row.is_late}
        found = {
            date: Batches(days[date], row.first_batch, row.last_batch) for date, row in own.items()
        }
        late = {row.listing_id: _late(days[row.listing_id], row) for row in carried if row.is_late}
        others = [days[row.listing_id].unannounced for row in carried]
        announced = {
            paper
            for date, row in own.items()
            for paper, batch in days[date].announced.items()
            if batch <= row.last_batch
        }
        came = {
            paper
            for row in carried
            if row.is_late
            for paper, batch in days[row.listing_id].announced.items()
            if row.first_batch <= batch <= row.last_batch
        }
        known = bool(announced) and all(days[date].whole for date in own)
        left_out = tuple(
            LeftOut(date, held=days[date].status == Listing.Status.HELD)
            for date in sorted(days)
            if issue.first_date <= date <= issue.last_date and date not in own
        )
        return cls(
            issue=issue,
            found=found,
            late=late,
            left_out=left_out,
            gaps={date: days[date].gaps for date in sorted(own) if days[date].gaps},
            notes=tuple((date, days[date].note) for date in sorted(own) if days[date].note),
            seen=len(announced.union(came, *others)),
            announced=len(announced) if known else None,
        )

    def digest(self, follows: tuple[WantedSection, ...]) -> Digest:
        return Digest(
            first_date=self.issue.first_date,
            last_date=self.issue.last_date,
            days=choose_days(follows, self.found, self.late),
            left_out=self.left_out,
            notes=self.notes,
            seen=self.seen,
            announced=self.announced,
            gaps=self._gaps(follows),
        )

    def _gaps(self, follows: tuple[WantedSection, ...]) -> str:
        """What is not complete of the categories followed; all where a section has none."""
        if not self.gaps:
            return ""
        codes = {code for section in follows for code in section.categories.split("/")}
        wanted = None if "" in codes else codes
        if self.issue.first_date == self.issue.last_date:
            return gaps.told(self.gaps[self.issue.last_date], wanted)
        told = {date: gaps.named(found, wanted) for date, found in self.gaps.items()}
        parts = [f"{wording.day(date)}: {named}" for date, named in told.items() if named]
        return f"Not complete: {'; '.join(parts)}" if parts else ""


def _late(day: Day, row: IssueListing) -> Late:
    before = Batches(day, 0, row.first_batch - 1)
    return Late(Batches(day, row.first_batch, row.last_batch), before)
