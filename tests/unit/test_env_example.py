"""Every setting is in .env.example, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
# Read by docker-compose.yml alone.
_COMPOSE_ONLY = {"POSTGRES_PASSWORD", "WEB_PORT"}


def _read_by_settings() -> set[str]:
    source = (ROOT / "newsletter" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"\benv\.(?!with_prefix)\w+\(\s*\"([A-Z_]+)\"", source))


def _explained() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def test_settings_are_found_in_the_source() -> None:
    assert {"SECRET_KEY", "DATA_DIR", "EMAIL_URL", "RELEASE_DEADLINE"} <= _read_by_settings()


def test_the_example_names_exactly_the_settings() -> None:
    assert _explained() == _read_by_settings() | _COMPOSE_ONLY


def test_a_fresh_copy_of_the_example_sets_nothing() -> None:
    assert not re.findall(r"^[A-Z_]+=.+$", EXAMPLE, re.MULTILINE)


def test_every_setting_is_explained_in_the_operators_manual() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert not {name for name in _read_by_settings() if f"`{name}`" not in manual}
