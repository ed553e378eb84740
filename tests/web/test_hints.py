"""A visitor who waits for a mail does not wait for the minute's tick, nor for a broker."""

from __future__ import annotations

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from newsletter import hints
from newsletter.celery import app
from tests.make import make_subscriber


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: names.append(name))
    return names


@pytest.mark.django_db
def test_asking_for_a_link_asks_a_worker_to_send(client: Client, asked: list[str]) -> None:
    reader = make_subscriber()
    assert client.post("/link/", {"address": reader.address}).status_code == 200
    assert asked == ["newsletter.tasks.send_notices", "newsletter.tasks.send_due"]


@pytest.mark.django_db
def test_looking_at_a_page_asks_nobody(client: Client, asked: list[str]) -> None:
    client.get("/")
    client.get("/link/")
    assert asked == []


def test_without_a_broker_the_hint_is_given_up_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, **options: object) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(app, "send_task", refuse)
    hints.send_soon()


def test_the_hint_names_a_task_that_there_is() -> None:
    app.loader.import_default_modules()
    assert "newsletter.tasks.send_due" in app.tasks
