"""A digest as somebody will get it, before anything is released, planned or sent."""

from __future__ import annotations

import copy
import datetime as dt

from digest.models import HouseSection, Style
from newsletter.compose import composer, digests
from newsletter.compose.choosing import WantedSection
from newsletter.compose.composer import Composed
from newsletter.models import Cadence, Delivery, Issue, Subscriber

_NOBODY = 0
_EXAMPLE = "reader@example.org"


def preview(subscriber: Subscriber, last_date: dt.date, cadence: str = "") -> Composed:
    """The mail of one subscriber, with listings that are not released yet.

    Its own links lead nowhere: whoever looks at it may not act for the reader.
    """
    follows = digests.sections_of([subscriber.pk])[subscriber.pk]
    return _composed(subscriber, follows, last_date, cadence or subscriber.cadence)


def preview_of_house(last_date: dt.date, cadence: str = Cadence.DAILY) -> Composed:
    """The mail of a new reader who takes the house's sections as they are."""
    reader = Subscriber(address=_EXAMPLE, identity=_EXAMPLE, cadence=cadence)
    follows = tuple(
        WantedSection(
            section_id=shown.section_id,
            label=shown.label,
            cards=shown.style == Style.CARDS,
            is_keyword=shown.section.is_keyword,
            categories=shown.section.categories,
        )
        for shown in HouseSection.objects.select_related("section")
    )
    return _composed(reader, follows, last_date, cadence)


def _composed(
    subscriber: Subscriber, follows: tuple[WantedSection, ...], last_date: dt.date, cadence: str
) -> Composed:
    reader = copy.copy(subscriber)
    reader.pk = _NOBODY
    delivery = _delivery(reader, _issue(cadence, last_date))
    return composer.compose([delivery], unreleased=True, follows={_NOBODY: follows})[0]


def _issue(cadence: str, last_date: dt.date) -> Issue:
    days = 6 if cadence == Cadence.WEEKLY else 0
    return Issue(
        pk=0, cadence=cadence, first_date=last_date - dt.timedelta(days=days), last_date=last_date
    )


def _delivery(subscriber: Subscriber, issue: Issue) -> Delivery:
    """A delivery that is never saved."""
    midnight = dt.datetime.combine(issue.last_date, dt.time(), dt.UTC)
    return Delivery(
        pk=0,
        issue=issue,
        subscriber=subscriber,
        mail_date=midnight,
        message_id=f"<preview-{issue.cadence}-{issue.last_date}@localhost>",
    )
