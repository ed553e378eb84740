"""What every test stands on: the shared documents where they are; see also tests/settings.py."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import settings
from pytest_django.plugin import blocking_manager_key

from newsletter.compose import fragments, frame, parts
from newsletter.delivery import sending
from newsletter.delivery.transports import kept

# A loaded machine is no failure, and examples of one run are not kept for the next.
settings.register_profile("ours", deadline=None, database=None)
settings.load_profile("ours")

# What a new database holds from its migrations.
_BROUGHT_ALONG = (
    ("digest", "0002_house", "make_house"),
    ("digest", "0005_holidays", "make_holidays"),
    ("digest", "0006_variants", "make_variants"),
    ("digest", "0008_taxonomy", "make_taxonomy"),
    ("newsletter", "0003_roles", "make_roles"),
    ("newsletter", "0007_pausing_and_counts", "give_to_operators"),
)

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and feeds; tests that need it are skipped elsewhere."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared documents at {SHARED} (set SHARED_DIR)")
    return SHARED


@pytest.fixture(autouse=True)
def as_in_a_new_process() -> Iterator[None]:
    """What a process remembers between mails is of one test's database."""
    yield
    for module in (fragments, frame, parts, kept, sending):
        module.forget()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test with transactions of its own ends by emptying every table; what migrations
    bring along comes back. After the last test there is no database any more."""
    yield
    if nextitem and _has_own_transactions(item):
        with item.config.stash[blocking_manager_key].unblock():
            for app, module, make in _BROUGHT_ALONG:
                brought = importlib.import_module(f"{app}.migrations.{module}")
                getattr(brought, make)(apps, connection.schema_editor())
            connection.close()


def _has_own_transactions(item: pytest.Item) -> bool:
    fixtures = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    return bool(fixtures or (marker and marker.kwargs.get("transaction")))
