"""What arXiv or a reader typed is shown as text, wherever it stands."""

from __future__ import annotations

import pytest
from django.test import Client

from digest.models import HouseSection, Listing
from newsletter.compose.digests import digest_for
from newsletter.delivery import planning
from newsletter.models import Cadence, Delivery
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests import make

pytestmark = pytest.mark.django_db

EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@pytest.fixture
def delivery() -> Delivery:
    """A released day whose only paper says nothing but markup, sent to one reader."""
    paper = make.make_paper(
        title=EVIL,
        abstract=EVIL,
        authors=[{"name": EVIL, "affiliations": [EVIL]}],
    )
    make.make_summary(
        paper, domain=EVIL[:200], topic=EVIL, keywords=[EVIL], institutions=[EVIL], text=EVIL
    )
    house = HouseSection.objects.select_related("section").order_by("place")[0]
    make.announce(paper)
    make.make_section_listing(house.section, [paper])
    make.make_listing(status=Listing.Status.RELEASED)
    reader = make.make_subscriber()
    make.subscribe(reader, house.section, label=EVIL)
    issue = planning.issue_for(Cadence.DAILY, make.DAY)
    assert digest_for(reader, issue).total == 1
    planned = planning.plan_latest(reader, reader.created_at)
    assert planned is not None
    return planned


@pytest.mark.parametrize("path", ["/", "/archive/2026-02-03/", "/archive/20260202-20260208/"])
def test_on_public_pages(path: str, delivery: Delivery, client: Client) -> None:
    _check(client, path)


def test_on_the_page_of_the_paper(delivery: Delivery, client: Client) -> None:
    paper = Listing.objects.get().announcements.get().paper
    _check(client, f"/papers/{paper.arxiv_id}/")


def test_on_a_digest_and_in_preferences(delivery: Delivery, client: Client) -> None:
    _check(client, f"/digest/{links.token(Purpose.DIGEST, delivery.pk)}/")
    reader = delivery.subscriber_id
    _check(client, f"/preferences/{links.token(Purpose.PREFERENCES, reader)}/")


def test_in_the_sign_up_form_that_comes_back(delivery: Delivery, client: Client) -> None:
    answer = client.post("/", {"address": EVIL, "keyword": EVIL, "keyword_categories": EVIL})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()


def _check(client: Client, path: str, status: int = 200) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    content = answer.content.decode()
    assert "<script>alert" not in content
    assert "<img src=x" not in content
    if status == 200 and path != "/":
        assert "&lt;script&gt;alert" in content
