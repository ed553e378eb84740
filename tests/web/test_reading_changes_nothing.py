"""GET, HEAD and OPTIONS change nothing on any page: mail scanners follow links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from digest.models import Listing
from newsletter.delivery import planning
from newsletter.models import Delivery, OptIn, Subscriber
from newsletter.signup import choices, links, subscribing
from newsletter.signup.choices import Choices
from newsletter.signup.evidence import Evidence
from newsletter.signup.links import Purpose
from tests import make

pytestmark = pytest.mark.django_db


def everything() -> list[str]:
    return [
        serializers.serialize("json", model._default_manager.order_by("pk"))
        for model in apps.get_models()
    ]


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The routes of all pages but the admin's, which are Django's own."""
    for found in (resolver or get_resolver()).url_patterns:
        route = prefix + str(found.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(found, URLResolver):
            yield from routes(found, route)
        elif isinstance(found, URLPattern):
            yield route


@pytest.fixture
def values() -> dict[str, str]:
    """What stands for each part of a route, so that the pages have something to show."""
    paper = make.make_paper()
    make.announce(paper)
    section = make.make_section("cs.DC")
    make.make_section_listing(section, [paper])
    make.make_listing(status=Listing.Status.RELEASED)
    subscriber = make.make_subscriber("active@example.org")
    make.subscribe(subscriber, section)
    planning.plan(planning.issue_for("daily", make.DAY), timezone.now())
    wanted = Choices(sections=(choices.category_section("cs.DC"),))
    subscribing.request("new@example.org", wanted, Evidence(), timezone.now())
    return {
        "paper": paper.arxiv_id,
        "confirm": links.token(Purpose.CONFIRM, OptIn.objects.get().pk),
        "preferences": links.token(Purpose.PREFERENCES, subscriber.pk),
        "unsubscribe": links.token(Purpose.UNSUBSCRIBE, subscriber.pk),
        "digest": links.token(Purpose.DIGEST, Delivery.objects.get().pk),
    }


def filled(route: str, values: dict[str, str]) -> str:
    name = route.partition("/")[0]
    for part, value in {
        "<str:token>": values.get(name, "x"),
        "<str:key>": "0" * 40,
        "<listing_date:date>": "2026-02-03",
        "<week:monday>": "20260202-20260208",
        "<path:arxiv_id>": values["paper"],
    }.items():
        route = route.replace(part, value)
    return f"/{route}"


def test_no_page_changes_anything_when_it_is_only_looked_at(
    client: Client, values: dict[str, str]
) -> None:
    before = everything()
    seen: dict[str, Any] = {}
    for route in routes():
        path = filled(route, values)
        for method in (client.get, client.head, client.options):
            seen[path] = method(path).status_code
    assert len(seen) >= 10
    assert everything() == before


@pytest.mark.parametrize("purpose", ["confirm", "preferences", "unsubscribe", "digest"])
def test_the_links_of_mails_can_be_opened_by_anybody(
    client: Client, values: dict[str, str], purpose: str
) -> None:
    assert client.get(f"/{purpose}/{values[purpose]}/").status_code == 200


def test_queries_after_the_link_change_nothing_either(
    client: Client, values: dict[str, str]
) -> None:
    client.get(f"/unsubscribe/{values['unsubscribe']}/?List-Unsubscribe=One-Click")
    client.get(f"/preferences/{values['preferences']}/?move=pause")
    active = Subscriber.objects.get(identity="active@example.org")
    assert active.status == Subscriber.Status.ACTIVE
