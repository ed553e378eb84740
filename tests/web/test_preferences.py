"""The preferences page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from newsletter.models import Notice, Subscriber
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests import make

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "place-1": "1",
    "style-1": "cards",
    "place-2": "2",
    "style-2": "lines",
    "codes": "",
    "keyword": "",
    "keyword_categories": "",
    "cadence": "weekly",
    "weekday": "4",
    "hour": "18",
    "timezone": "Asia/Tokyo",
    "format": "plain",
}


@pytest.fixture
def subscriber() -> Subscriber:
    made = make.make_subscriber("ada@example.org")
    make.subscribe(made, make.make_section("cs.DC"), label="cs.DC")
    make.subscribe(made, make.make_section("cs.AI"), label="cs.AI", style="lines")
    return made


def path(subscriber: Subscriber) -> str:
    return f"/preferences/{links.token(Purpose.PREFERENCES, subscriber.pk)}/"


def followed(subscriber: Subscriber) -> list[tuple[str, str]]:
    rows = subscriber.subscriptions.order_by("place")
    return [*rows.values_list("label", "style")]


def test_the_page_shows_what_is_chosen_now(client: Client, subscriber: Subscriber) -> None:
    page = client.get(path(subscriber)).content.decode()
    assert page.index("cs.DC") < page.index("cs.AI")
    assert '<option value="lines" selected>' in page
    assert 'value="UTC"' in page


def test_saving_changes_rhythm_zone_and_format(client: Client, subscriber: Subscriber) -> None:
    answer = client.post(path(subscriber), FORM, follow=True)
    assert "Saved" in answer.content.decode()
    subscriber.refresh_from_db()
    assert (subscriber.cadence, subscriber.weekday, subscriber.send_hour) == ("weekly", 4, 18)
    assert (subscriber.timezone, subscriber.format) == ("Asia/Tokyo", "plain")
    assert followed(subscriber) == [("cs.DC", "cards"), ("cs.AI", "lines")]


def test_sections_change_places_and_styles(client: Client, subscriber: Subscriber) -> None:
    client.post(path(subscriber), FORM | {"place-1": "2", "place-2": "1", "style-1": "lines"})
    assert followed(subscriber) == [("cs.AI", "lines"), ("cs.DC", "lines")]


def test_a_section_is_dropped_and_new_ones_come_after(
    client: Client, subscriber: Subscriber
) -> None:
    change = {"drop-1": "on", "codes": "stat.ML", "keyword": "ti:scaling"}
    client.post(path(subscriber), FORM | change)
    assert followed(subscriber) == [
        ("cs.AI", "lines"),
        ('arXiv contains "scaling"', "cards"),
        ("stat.ML", "cards"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"drop-1": "on", "drop-2": "on"},
        {"place-1": "first"},
        {"style-1": "boxes"},
        {"keyword": '"open'},
        {"timezone": ""},
        {"hour": "24"},
    ],
)
def test_what_is_wrong_changes_nothing(
    client: Client, subscriber: Subscriber, change: dict[str, str]
) -> None:
    before = Subscriber.objects.values().get()
    assert client.post(path(subscriber), FORM | change).status_code == 422
    assert Subscriber.objects.values().get() == before
    assert followed(subscriber) == [("cs.DC", "cards"), ("cs.AI", "lines")]


def test_pausing_and_resuming(client: Client, subscriber: Subscriber) -> None:
    client.post(path(subscriber), {"move": "pause"})
    subscriber.refresh_from_db()
    assert subscriber.status == Subscriber.Status.PAUSED
    assert "Paused" in client.get(path(subscriber)).content.decode()
    client.post(path(subscriber), {"move": "resume"})
    subscriber.refresh_from_db()
    assert subscriber.status == Subscriber.Status.ACTIVE
    assert not Notice.objects.exists()


@pytest.fixture
def evening() -> Iterator[None]:
    """In Kiritimati it is Wednesday already."""
    with time_machine.travel(dt.datetime(2026, 2, 3, 20, tzinfo=dt.UTC), tick=False):
        yield


@pytest.mark.usefixtures("evening")
def test_pausing_until_a_date_and_changing_it(client: Client, subscriber: Subscriber) -> None:
    page = client.post(path(subscriber), {"move": "pause", "until": "2026-03-14"}, follow=True)
    text = page.content.decode()
    assert "Paused until Saturday 14 March 2026" in text
    assert 'value="2026-03-14" min="2026-02-04" max="2028-02-03"' in text
    client.post(path(subscriber), {"move": "pause", "until": "2026-02-04"})
    subscriber.refresh_from_db()
    assert subscriber.paused_until == dt.date(2026, 2, 4)
    client.post(path(subscriber), {"move": "pause", "until": ""})
    assert Subscriber.objects.get(status=Subscriber.Status.PAUSED).paused_until is None
    client.post(path(subscriber), {"move": "resume"})
    subscriber.refresh_from_db()
    assert subscriber.status == Subscriber.Status.ACTIVE


@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize(
    "until", ["2026-02-04", "2026-02-03", "2028-02-05", "0001-01-01", "9999-12-31", "soon"]
)
def test_a_pause_ends_from_tomorrow_on_in_the_readers_own_zone(
    client: Client, subscriber: Subscriber, until: str
) -> None:
    Subscriber.objects.update(timezone="Pacific/Kiritimati")
    answer = client.post(path(subscriber), {"move": "pause", "until": until})
    assert answer.status_code == 422
    assert 'id="until-error"' in answer.content.decode()
    assert Subscriber.objects.get().status == Subscriber.Status.ACTIVE


def test_who_has_left_is_not_changed_by_an_old_link(client: Client, subscriber: Subscriber) -> None:
    Subscriber.objects.update(status=Subscriber.Status.UNSUBSCRIBED)
    page = client.post(path(subscriber), FORM)
    assert "Not subscribed" in page.content.decode()
    subscriber.refresh_from_db()
    assert subscriber.cadence == "daily"


def test_one_person_cannot_open_the_page_of_another(client: Client, subscriber: Subscriber) -> None:
    token = links.token(Purpose.UNSUBSCRIBE, subscriber.pk)
    assert client.get(f"/preferences/{token}/").status_code == 404
