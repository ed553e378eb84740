"""`prepare`: from an empty folder to a newsletter that can be looked at."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from digest import releasing
from digest.models import Listing, SectionListing
from newsletter import first_admin, preparing
from newsletter.models import Delivery, Issue, Subscriber

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FEED_DAY = dt.date(2026, 2, 3)
BUNDLED = preparing.SAMPLE
SAMPLE_DAYS = [dt.date(2026, 2, 2), dt.date(2026, 2, 3)]


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, a sample of three papers, and passwords that are quick to make."""
    small = FIXTURES / "operations" / "20260202-20260208.md"
    monkeypatch.setattr(preparing, "SAMPLE", small)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path
    settings.EMAIL_URL = f"outbox://{tmp_path / 'outbox'}"
    return tmp_path


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    folder = tmp_path / "feeds"
    folder.mkdir()
    shutil.copy(FIXTURES / "feeds" / "atom_cs.DC_2026-02-03.xml", folder)
    return folder


def _sent() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(status="sent").order_by("issue__last_date", "subscriber")
    return [(row.issue.cadence, row.subscriber.address) for row in rows]


def _outbox(data_dir: Path) -> int:
    return len(list(data_dir.glob("outbox/new/*")))


def test_an_empty_database_gets_the_bundled_sample_released(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preparing, "SAMPLE", BUNDLED)
    call_command("prepare")
    released = Listing.objects.filter(status=Listing.Status.RELEASED).order_by("date")
    assert [listing.date for listing in released] == SAMPLE_DAYS


def test_the_demo_gets_each_day_and_the_week(data_dir: Path) -> None:
    call_command("prepare")
    day = [("daily", "daily@example.org"), ("daily", "plain@example.org")]
    assert _sent() == [*day, *day, ("weekly", "weekly@example.org")]
    assert _outbox(data_dir) == 5


def test_the_plain_reader_follows_the_keyword_sections_only() -> None:
    call_command("prepare")
    plain = Subscriber.objects.get(address="plain@example.org")
    assert plain.format == Subscriber.Format.PLAIN
    followed = [subscription.section for subscription in plain.subscriptions.all()]
    assert [section.is_keyword for section in followed] == [True, True]


def test_preparing_again_says_nothing_and_sends_nothing(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("prepare")
    capsys.readouterr()
    call_command("prepare")
    assert capsys.readouterr().out == ""
    assert _outbox(data_dir) == 5


def test_without_the_sample_nothing_is_imported(data_dir: Path) -> None:
    call_command("prepare", no_sample=True)
    assert not Listing.objects.exists()
    assert not Subscriber.objects.exists()
    assert User.objects.filter(is_superuser=True).count() == 1


def test_feeds_are_built_summarised_released_and_sent(data_dir: Path, feeds: Path) -> None:
    call_command("prepare", no_sample=True, feeds=feeds)
    assert Listing.objects.get().status == Listing.Status.RELEASED
    assert SectionListing.objects.filter(listing=FEED_DAY).exists()
    assert ("daily", "daily@example.org") in _sent()


def test_feeds_read_twice_send_nothing_again(data_dir: Path, feeds: Path) -> None:
    call_command("prepare", no_sample=True, feeds=feeds)
    before = _outbox(data_dir)
    call_command("prepare", no_sample=True, feeds=feeds)
    assert _outbox(data_dir) == before


def test_what_is_held_stays_held(feeds: Path) -> None:
    Listing.objects.create(date=FEED_DAY)
    releasing.hold(FEED_DAY)
    call_command("prepare", no_sample=True, feeds=feeds)
    assert Listing.objects.get().status == Listing.Status.HELD
    assert not Issue.objects.exists()


def test_a_file_that_is_no_feed_is_named_and_the_others_are_read(
    feeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (feeds / "broken.xml").write_text("<feed>")
    (feeds / "folder.xml").mkdir()
    call_command("prepare", no_sample=True, feeds=feeds)
    said = capsys.readouterr().out
    assert "1 file, " in said
    assert "refused: broken.xml" in said
    assert "folder.xml" not in said
    assert Listing.objects.get().status == Listing.Status.RELEASED


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_feeds_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="feeds"):
        call_command("prepare", feeds=tmp_path / name)


def test_nobody_is_written_to_over_a_real_transport(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://post:secret@mail.example.org:587"
    call_command("prepare")
    assert Listing.objects.count() == 2
    assert not Subscriber.objects.exists()


def test_the_admins_password_is_kept_for_its_owner_only(data_dir: Path) -> None:
    call_command("prepare", no_sample=True)
    kept = data_dir / "admin_password"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert first_admin.valid_password(data_dir) == kept.read_text().strip()


def test_a_changed_password_is_not_shown_any_more(data_dir: Path) -> None:
    first_admin.make(data_dir)
    admin = User.objects.get(username="admin")
    admin.set_password("another one")
    admin.save()
    assert first_admin.valid_password(data_dir) == ""
    assert first_admin.make(data_dir) is False
