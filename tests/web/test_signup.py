"""The form on the front page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from digest.arxiv.taxonomy import CATEGORIES
from newsletter.models import Notice, OptIn, Subscriber, Suppression
from newsletter.signup import limits
from tests import make

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "address": "ada@example.org",
    "category": ["cs.DC"],
    "codes": "",
    "keyword": ["accelerat*"],
    "keyword_categories": ["cs.AI, cs.lg"],
    "cadence": "daily",
    "weekday": "0",
    "hour": "7",
    "timezone": "Europe/Berlin",
    "format": "html",
}


def test_the_page_offers_every_category_by_name_without_a_script(client: Client) -> None:
    page = client.get("/").content.decode()
    offered = re.findall(r'name="category" value="([^"]+)"', page)
    assert sorted(offered) == sorted(CATEGORIES)
    assert "Distributed, Parallel, and Cluster Computing" in page


def test_the_page_is_small_and_asks_nothing_of_others(client: Client) -> None:
    page = client.get("/").content
    assert len(page) < 60_000
    assert not re.findall(rb'(?:src|href)="(?:https?:)?//', page)


def test_sending_the_form_keeps_the_choices_and_queues_the_mail(client: Client) -> None:
    answer = client.post(
        "/", FORM, headers={"user-agent": "A browser " * 100}, REMOTE_ADDR="192.0.2.9"
    )
    assert answer.status_code == 200
    assert b"We have sent a mail to <b>ada@example.org</b>, if" in answer.content
    opt_in = OptIn.objects.get()
    assert [section["label"] for section in opt_in.choices["sections"]] == [
        'cs.AI/cs.LG contains "accelerat*"',
        "cs.DC",
    ]
    assert opt_in.choices["timezone"] == "Europe/Berlin"
    assert opt_in.requested_from == "192.0.2.9"
    assert len(opt_in.requested_with) == 300
    assert opt_in.form_version
    assert Notice.objects.get().kind == Notice.Kind.CONFIRM


def test_the_house_comes_first_when_it_is_ticked(client: Client) -> None:
    nothing = {"keyword": "", "keyword_categories": ""}
    client.post("/", FORM | nothing | {"house": "on", "category": ["cs.DC", "cs.AI"]})
    labels = [section["label"] for section in OptIn.objects.get().choices["sections"]]
    assert labels[0] == "cs.DC"
    assert labels[-1] == "cs.AI"
    assert len(labels) == 4


def test_codes_can_be_typed_and_an_archive_stands_for_its_categories(client: Client) -> None:
    client.post(
        "/", FORM | {"category": [], "keyword": "", "keyword_categories": "", "codes": "CS.dc stat"}
    )
    labels = [section["label"] for section in OptIn.objects.get().choices["sections"]]
    assert labels[:2] == ["cs.DC", "stat.AP"]
    assert "math.ST" in labels  # stat.TH by its own name


def test_as_soon_as_released_is_a_choice(client: Client) -> None:
    client.post("/", FORM | {"hour": "release"})
    assert OptIn.objects.get().choices["send_when"] == "release"


@pytest.mark.parametrize("kind", ["unknown", "active", "paused", "suppressed", "asked before"])
def test_the_answer_is_the_same_whatever_is_known_of_the_address(client: Client, kind: str) -> None:
    if kind in {"active", "paused"}:
        make.make_subscriber("ada@example.org", status=kind)
    if kind == "suppressed":
        subscriber = make.make_subscriber("ada@example.org")
        Suppression.objects.create(fingerprint=subscriber.fingerprint, reason="complaint")
    if kind == "asked before":
        client.post("/", FORM)
    answer = client.post("/", FORM)
    unknown = client.post("/", FORM | {"address": "new@example.org"})
    assert answer.status_code == unknown.status_code == 200
    assert answer.content.replace(b"ada@", b"new@") == unknown.content


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"address": "nobody"}, "@-sign"),
        ({"address": "jörg@example.org"}, "without accents"),
        ({"category": [], "keyword": ""}, "Which words"),
        ({"category": [], "keyword": "", "keyword_categories": ""}, "at least one category"),
        ({"codes": "cs.XX"}, "cs.XX"),
        ({"keyword": 'learning "open'}, "at character 10"),
        ({"keyword_categories": "cs.YY"}, "cs.YY"),
        ({"timezone": "Mars/Base"}, "Choose a time zone"),
        ({"codes": "math physics cs"}, "at most 50"),
        ({"category": ["nonsense"]}, "nonsense"),
        ({"keyword": [f"word{n}" for n in range(51)]}, "at most 50 keywords"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, change: dict[str, Any], message: str
) -> None:
    answer = client.post("/", FORM | change)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_an_error_leaves_everything_else_as_it_was_typed(client: Client) -> None:
    page = client.post("/", FORM | {"address": "nobody", "hour": "9"}).content.decode()
    assert 'value="cs.DC" checked' in page
    assert 'value="accelerat*"' in page
    assert 'value="cs.AI, cs.lg"' in page
    assert '<option value="9" selected>' in page


def test_what_is_typed_is_shown_as_text_only(client: Client) -> None:
    page = client.post("/", FORM | {"address": '"><script>x', "codes": "<script>y"})
    assert b"<script>x" not in page.content
    assert b"<script>y" not in page.content


def test_who_fills_the_hidden_field_is_answered_and_forgotten(client: Client) -> None:
    answer = client.post("/", FORM | {"website": "https://spam.example"})
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()


def test_too_many_requests_from_one_network_are_refused(client: Client) -> None:
    for number in range(limits.REQUESTS_AN_HOUR):
        client.post("/", FORM | {"address": f"a{number}@example.org"})
    assert client.post("/", FORM).status_code == 429
    assert client.post("/", FORM, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_client_cannot_choose_its_own_network_address(client: Client, settings: Any) -> None:
    settings.PROXIES = 1
    client.post("/", FORM, headers={"x-forwarded-for": "198.51.100.1, 192.0.2.44"})
    assert OptIn.objects.get().requested_from == "192.0.2.44"


def test_without_proxies_a_forwarding_header_is_not_believed(client: Client) -> None:
    client.post("/", FORM, headers={"x-forwarded-for": "198.51.100.1"})
    assert OptIn.objects.get().requested_from == "127.0.0.1"


def test_another_site_cannot_send_the_form() -> None:
    assert Client(enforce_csrf_checks=True).post("/", FORM).status_code == 403
    assert not Subscriber.objects.exists()


def test_about_says_what_is_kept_and_how_to_leave(client: Client) -> None:
    page = client.get("/about/").content.decode()
    assert "What is kept of you" in page
    assert "How to leave" in page


def test_a_wrong_keyword_is_shown_with_its_place_and_what_may_have_been_meant(
    client: Client,
) -> None:
    page = client.post("/", FORM | {"keyword": "agents title:maps"}).content.decode()
    assert "There is no field title:" in page
    assert "agents title:maps\n       ^</pre>" in page
    assert "Did you mean <code>agents ti:maps</code>?" in page
