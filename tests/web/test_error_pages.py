"""What a browser shows when something is amiss, and what pages may load."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_unknown_address_leads_back_to_the_archive(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert 'href="/archive/"' in answer.content.decode()
    assert "nowhere" not in answer.content.decode()


def test_a_form_without_its_cookie_is_refused_on_a_page_of_ours() -> None:
    answer = Client(enforce_csrf_checks=True).post("/")
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_too_many_fields_are_refused_on_a_page_of_ours(client: Client) -> None:
    answer = client.post("/", {f"field{number}": "" for number in range(1100)})
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_a_failure_is_told_calmly(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a detail for the log only")

    monkeypatch.setattr("digest.archive.pages.released_dates", fail)
    client.raise_request_exception = False
    answer = client.get("/archive/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()
    assert "a detail" not in answer.content.decode()


def test_the_page_of_failures_needs_nothing_but_its_file() -> None:
    assert "{{" not in render_to_string("500.html")


def test_pages_run_and_load_only_what_is_ours(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in page
