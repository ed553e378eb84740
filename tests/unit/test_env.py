"""Settings are read strictly, and the secret is made once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsletter import env


@pytest.mark.parametrize(("value", "meant"), [("on", True), ("0", False), ("", True)])
def test_a_flag_is_on_or_off_or_its_default(
    value: str, meant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X", value)
    assert env.flag("X", default=True) is meant


def test_nonsense_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="X must be on or off"):
        env.flag("X", default=True)
    with pytest.raises(ImproperlyConfigured, match="X must be a whole number"):
        env.number("X", 1)
    with pytest.raises(ImproperlyConfigured, match="X must be a time"):
        env.wall_time("X", "01:00")
    with pytest.raises(ImproperlyConfigured, match="X must be a http"):
        env.web_address("X", "")
    with pytest.raises(ImproperlyConfigured, match="X must be one of DEBUG, INFO"):
        env.log_level("X", "INFO")


def test_a_time_that_no_clock_shows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "25:00")
    with pytest.raises(ImproperlyConfigured, match="not a time of day"):
        env.wall_time("X", "01:00")


def test_a_number_beyond_its_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "8761")
    with pytest.raises(ImproperlyConfigured, match="X must be at most 8760"):
        env.number("X", 0, most=8760)


def test_a_value_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("quiet\n", encoding="utf-8")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert env.text("X") == "quiet"


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("X_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="X_FILE"):
        env.text("X")


def test_of_many_who_start_at_once_all_have_the_same_secret(tmp_path: Path) -> None:
    file = tmp_path / "run" / "secret_key"
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: env.kept_secret("NO_SUCH_SETTING", file), range(64)))
    assert len(made) == 1
    assert len(made.pop()) > 50
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("host", "domain"),
    [("post.example.org", "post.example.org"), ("127.0.0.1", "localhost"), ("::1", "localhost")],
)
def test_a_sender_is_never_at_a_bare_ip_address(host: str, domain: str) -> None:
    assert env.mail_domain(host) == domain


def test_nonsense_ends_a_command_in_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DEBUG": "perhaps"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "newsletter.settings"},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "Settings: DEBUG must be on or off, not 'perhaps'\n"


def test_a_folder_with_odd_signs_in_its_name_holds_the_database(tmp_path: Path) -> None:
    folder = tmp_path / "x?y#z%20w&k"
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "digest", "0001", "-v0"],
        env={
            **os.environ,
            "DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "newsletter.settings",
        },
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "newsletter.sqlite3").exists()
    assert [entry.name for entry in tmp_path.iterdir()] == [folder.name]


@pytest.mark.parametrize("value", ["nonsense", "ftp://example.org", "https://", "llm:8000/v1"])
def test_what_is_no_web_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LLM_BASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="LLM_BASE_URL"):
        env.own_address("LLM_BASE_URL")


def test_an_address_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_BASE_URL", "")
    assert env.own_address("LLM_BASE_URL") == ""
    monkeypatch.setenv("LLM_BASE_URL", "http://llm:8000/v1/")
    assert env.own_address("LLM_BASE_URL") == "http://llm:8000/v1"


@pytest.mark.parametrize("value", ["-1", "1,50", "a lot", "1e9", "0.1234567"])
def test_what_is_no_amount_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LLM_DAILY_COST", value)
    with pytest.raises(ImproperlyConfigured, match="LLM_DAILY_COST"):
        env.amount("LLM_DAILY_COST", "0")


def test_a_key_with_signs_that_no_header_holds_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LLM_API_KEY", "sécret")
    with pytest.raises(ImproperlyConfigured) as error:
        env.printable("LLM_API_KEY")
    assert "cret" not in str(error.value)
