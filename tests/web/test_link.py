"""Send me my link."""

from __future__ import annotations

import pytest
from django.test import Client

from newsletter.models import Notice
from tests import make

pytestmark = pytest.mark.django_db


def test_a_subscriber_gets_the_link_by_mail(client: Client) -> None:
    subscriber = make.make_subscriber("ada@example.org")
    assert client.post("/link/", {"address": "ADA@example.org"}).status_code == 200
    notice = Notice.objects.get()
    assert (notice.kind, notice.subscriber) == (Notice.Kind.LINK, subscriber)


def test_the_answer_is_the_same_for_a_stranger_who_gets_nothing(client: Client) -> None:
    make.make_subscriber("ada@example.org")
    known = client.post("/link/", {"address": "ada@example.org"})
    stranger = client.post("/link/", {"address": "eva@example.org"})
    assert known.content.replace(b"ada@", b"eva@") == stranger.content
    assert Notice.objects.count() == 1


def test_asking_again_at_once_sends_nothing_more(client: Client) -> None:
    make.make_subscriber("ada@example.org")
    for _ in range(3):
        client.post("/link/", {"address": "ada@example.org"})
    assert Notice.objects.count() == 1


def test_what_is_no_address_is_said_at_the_field(client: Client) -> None:
    answer = client.post("/link/", {"address": "nobody"})
    assert answer.status_code == 422
    assert b'id="address-error"' in answer.content
