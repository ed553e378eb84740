"""The system checks for whoever runs this."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from newsletter import checks


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Settings that nothing is to be said of."""
    settings.EMAIL_URL = "smtp://post:secret@mail.example.org:587"
    settings.FROM_EMAIL = "digest@post.example.org"
    settings.POSTAL_ADDRESS = "1 Example Street"
    settings.SITE_URL = "https://post.example.org"
    settings.CONTACT = "operator@example.org"
    settings.ADMIN_EMAIL = "operator@example.org"
    return settings


def _found() -> set[str]:
    messages = [
        *checks.check_transport(None),
        *checks.check_rates(None),
        *checks.check_senders(None),
        *checks.check_returned(None),
        *checks.check_sources(None),
        *checks.check_site(None),
        *checks.check_database(None),
        *checks.check_contacts(None),
        *checks.check_writer(None),
    ]
    return {str(message.id).removeprefix("newsletter.") for message in messages}


@pytest.mark.usefixtures("production")
def test_good_settings_pass() -> None:
    assert _found() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LLM_BASE_URL", "http://127.0.0.1:8080/v1", {"W005"}),
        ("LLM_API_KEY", "secret", {"W005"}),
        ("LLM_MODEL", "small", {"W006"}),
        ("EMAIL_URL", "nonsense", {"E001"}),
        ("EMAIL_URL", "http://mail.example.org", {"E001"}),
        ("POSTAL_ADDRESS", "", {"E002"}),
        ("FROM_EMAIL", "nobody", {"E003"}),
        ("DOMAIN_RATES", "yahoo.com=5", {"E009"}),
        ("FROM_EMAIL", "Post <digest@post.example.org>", set()),
        ("ADMIN_EMAIL", "nobody", {"E004"}),
        ("BOUNCES_URL", "imaps://b:secret@mx.example.org", set()),
        ("BOUNCES_URL", "pop3://b:secret@mx.example.org", {"E007"}),
        ("BOUNCE_DOMAIN", "bounces.example.org", set()),
        ("BOUNCE_DOMAIN", "https://example.org", {"E008"}),
        ("EMAIL_URL", "postmark", {"W007"}),
        ("ARXIV_CATEGORIES", ["cs", "stat.ML"], set()),
        ("ARXIV_CATEGORIES", ["cs", "cs.ZZ"], {"E005"}),
        ("REDIS_URL", "redis.example.org:6379", {"E006", "W002"}),
        ("REDIS_URL", "amqp://broker.example.org", {"E006", "W002"}),
        ("SITE_URL", "http://post.example.org", {"W001"}),
        ("CONTACT", "", {"W003"}),
        ("ADMIN_EMAIL", "", {"W004"}),
    ],
)
def test_each_lack_is_named(
    production: Settings, name: str, value: str | list[str], expected: set[str]
) -> None:
    setattr(production, name, value)
    assert _found() == expected


def test_faults_are_the_errors_without_the_warnings(production: Settings) -> None:
    assert checks.faults() == []
    production.SITE_URL = "http://post.example.org"
    assert checks.faults() == []
    production.EMAIL_URL = "nonsense"
    production.ARXIV_CATEGORIES = ["cs.ZZ"]
    assert [fault.partition(":")[0] for fault in checks.faults()] == [
        "EMAIL_URL",
        "ARXIV_CATEGORIES",
    ]


def test_a_redis_beside_sqlite_is_warned_of(
    production: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    production.REDIS_URL = "redis://redis.example.org"
    engine = {"ENGINE": "django.db.backends.sqlite3"}
    monkeypatch.setitem(production.DATABASES, "default", engine)
    assert _found() == {"W002"}


def test_the_local_outbox_asks_for_nothing(production: Settings) -> None:
    production.EMAIL_URL = "outbox:///srv/outbox"
    production.POSTAL_ADDRESS = ""
    production.SITE_URL = "http://127.0.0.1:8000"
    production.FROM_EMAIL = "digest@127.0.0.1"
    assert _found() == set()


def test_contacts_are_asked_for_on_deployment_only(production: Settings) -> None:
    production.CONTACT = ""
    ordinary = {message.id for message in run_checks()}
    deploying = {message.id for message in run_checks(include_deployment_checks=True)}
    assert "newsletter.W003" in deploying - ordinary
