"""Domains and topics in the admin: a pattern that would break a day is refused."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from digest.models import Domain, Topic
from digest.summaries import offered
from digest.summaries.tagging import tags_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    person = User.objects.create_superuser("ada")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def add_topic(editor: Client, pattern: str) -> str:
    values = {
        "domain": Domain.objects.get(name="sys").pk, "name": "time keeping", "place": 0,
        "aliases": "clocks\nclock synchronization", "pattern": pattern, "strongest": "",
    }  # fmt: skip
    return editor.post(reverse("admin:digest_topic_add"), values).content.decode()


def test_a_topic_that_is_added_is_given_and_understood(editor: Client) -> None:
    add_topic(editor, r"\bclocks?\b")
    lists = offered.taxonomy()
    assert lists.topic("sys", "Clocks") == "time keeping"
    tags = tags_for("Clocks that agree", "We let clocks agree. A clock drifts.", ["cs.DC"], lists)
    assert tags.topic == "time keeping"


@pytest.mark.parametrize("pattern", ["(a+)+b", "[", "x" * 3_000, "a*"])
def test_a_dangerous_or_broken_pattern_is_refused(editor: Client, pattern: str) -> None:
    assert "pattern" in add_topic(editor, pattern)
    assert not Topic.objects.filter(name="time keeping").exists()


def test_the_lists_begin_as_the_reference_has_them() -> None:
    names = dict(offered.taxonomy().names())
    assert set(names) == {"ai", "sys", "mlsys"}
    assert "fault-tolerance" in names["mlsys"]
