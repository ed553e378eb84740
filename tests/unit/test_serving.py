"""What `serve` refuses before it starts anything, each in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from newsletter import serving


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path / "var"
    return tmp_path / "var"


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(serving.CannotServeError, match=r"DATA_DIR.*file"),
        serving.only_one(tmp_path / "file"),
    ):
        pytest.fail("it must not get so far")


@pytest.mark.parametrize("port", ["nonsense", "0", "-1", "65536"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(CommandError, match=f"a port is a number from 1 to 65535, not '{port}'"):
        call_command("serve", f"--port={port}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "nonsense"),
        ("ARXIV_CATEGORIES", ["cs.ZZ"]),
        ("REDIS_URL", "nonsense"),
    ],
)
def test_nonsense_in_the_settings_stops_the_start(
    settings: Settings, data_dir: Path, name: str, value: str | list[str]
) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=name):
        call_command("serve")
    assert not data_dir.exists()


def test_mail_to_real_people_without_a_postal_address_stops_the_start(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example.org"
    settings.POSTAL_ADDRESS = ""
    with pytest.raises(CommandError, match="POSTAL_ADDRESS"):
        call_command("serve")
