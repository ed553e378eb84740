"""A digest as it was sent can be made again, byte by byte, whatever has changed since."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from digest.models import Paper, Summary
from newsletter.compose import remaking
from newsletter.compose.remaking import Forgotten, remake
from newsletter.delivery import sending
from newsletter.models import Delivery, Fragment, Subscriber
from tests import make
from tests.db.mailing import NOON, Wire, planned, release
from tests.make import DAY

pytestmark = pytest.mark.django_db


def sent(number: int = 3, **reader: Any) -> tuple[Delivery, bytes]:
    """A digest that has been handed over, and the bytes that were."""
    papers = [make.make_paper(title=f"Ünïcode & <tags> {n}") for n in range(number)]
    for paper in papers:
        make.announce(paper)
    section = make.make_section()
    make.make_section_listing(section, papers)
    subscriber = make.make_subscriber(**reader)
    make.subscribe(subscriber, section, label="cs.DC")
    planned(subscriber)
    wire = Wire()
    sending.send_deliveries(NOON, transport=wire)
    return Delivery.objects.get(), wire.sent[0].raw


@pytest.mark.parametrize("format", ["html", "plain"])
def test_it_is_the_same_to_the_byte(format: str) -> None:
    delivery, raw = sent(format=format)
    assert remake(delivery) == raw


def test_also_where_it_was_cut_and_leads_to_the_web() -> None:
    delivery, raw = sent(700)
    assert b"more on the web" in raw
    assert remake(delivery) == raw


def test_edits_since_do_not_touch_it(settings: object) -> None:
    delivery, raw = sent()
    Paper.objects.update(title="Another title")
    make.make_summary(Paper.objects.all()[0])
    Summary.objects.update(text="Another text.")
    Subscriber.objects.update(address="new@example.org", send_hour=3, timezone="Asia/Tokyo")
    settings.SITE_NAME = "Another name"  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another key"  # type: ignore[attr-defined]
    delivery.refresh_from_db()
    assert remake(delivery) == raw


def test_a_retry_is_the_same_mail() -> None:
    delivery, raw = sent()
    Delivery.objects.update(status="queued", sent_at=None, next_attempt_at=NOON)
    wire = Wire()
    sending.send_deliveries(NOON + dt.timedelta(hours=1), transport=wire)
    assert wire.sent[0].raw == raw
    assert release(DAY).pk == delivery.issue.last_date


def test_what_is_not_kept_is_said() -> None:
    delivery, _ = sent()
    Fragment.objects.all().delete()
    with pytest.raises(Forgotten, match="not kept any more"):
        remake(delivery)
    with pytest.raises(Forgotten, match="what it was made of"):
        remaking.remake(Delivery(issue=delivery.issue, subscriber=delivery.subscriber))
