"""/healthz and /readyz: what a watcher of processes is told."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from newsletter import probes


def test_a_living_process_says_ok_without_asking_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_process_with_its_database_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_missing_migration_is_a_reason_not_to_be_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "unmigrated", lambda: ["digest.0002_house"])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"migrations are missing: digest.0002_house\n"


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_said(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> list[str]:
        raise OperationalError("connection refused")

    monkeypatch.setattr(probes, "unmigrated", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"the database does not answer: connection refused" in response.content


@pytest.mark.django_db
def test_a_broker_of_ones_own_must_answer(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"the broker does not answer" in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_looking_is_all_one_can_do(client: Client, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_being_ready_costs_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        client.get("/readyz")
