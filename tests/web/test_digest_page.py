"""A delivered digest on the web."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from digest.models import Listing
from newsletter.delivery import planning
from newsletter.models import Delivery
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    subscriber = make.make_subscriber("ada@example.org")
    cards, lines = make.make_section("cs.DC"), make.make_section("cs.AI")
    make.subscribe(subscriber, cards, label="cs.DC")
    make.subscribe(subscriber, lines, label="cs.AI", style="lines")
    both = make.make_paper(title="A paper of both", categories=["cs.DC", "cs.AI"])
    make.make_summary(both, text="It is in both.")
    other = make.make_paper(title="A line <b> of its own", categories=["cs.AI"])
    for paper in (both, other):
        for category in paper.categories:
            make.announce(paper, category=category)
    make.make_section_listing(cards, [both])
    make.make_section_listing(lines, [both, other])
    make.make_listing(status=Listing.Status.RELEASED)
    planning.issue_for("daily", make.DAY)
    made = planning.plan_latest(subscriber, timezone.now())
    assert made is not None
    return made


def path(delivery: Delivery) -> str:
    return f"/digest/{links.token(Purpose.DIGEST, delivery.pk)}/"


def test_it_stands_in_the_order_and_style_of_its_reader(client: Client, delivery: Delivery) -> None:
    page = client.get(path(delivery)).content.decode()
    assert "Tuesday, 3 February 2026" in page
    assert page.index("cs.DC total: 1") < page.index("cs.AI total: 2")
    assert "It is in both." in page
    assert "A line &lt;b&gt; of its own" in page


def test_a_paper_is_shown_once_and_said_to_stand_above(client: Client, delivery: Delivery) -> None:
    page = client.get(path(delivery)).content.decode()
    assert page.count("A paper of both") == 1
    assert "1 stands above" in page


def test_it_is_for_its_reader_only(client: Client, delivery: Delivery) -> None:
    answer = client.get(path(delivery))
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    token = links.token(Purpose.PREFERENCES, delivery.pk)
    assert client.get(f"/digest/{token}/").status_code == 404


def test_it_takes_the_same_number_of_queries_for_many_papers(
    client: Client, delivery: Delivery, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(path(delivery))
