"""What every test stands on: a data folder of its own, and the shared documents where they are."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

# Settings read the environment when Django starts, so this comes before everything else.
_DATA = tempfile.mkdtemp(prefix="preprint-post-tests-")
for _name in list(os.environ):
    if _name in {"SITE_NAME", "SITE_URL", "REDIS_URL", "EMAIL_URL", "FROM_EMAIL", "ALLOWED_HOSTS"}:
        del os.environ[_name]
os.environ["DATA_DIR"] = _DATA
os.environ["SECRET_KEY"] = "only for tests, and long enough that nobody complains about it"
os.environ["POSTAL_ADDRESS"] = "1 Test Street, Testville"

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and feeds; tests that need it are skipped elsewhere."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared documents at {SHARED} (set SHARED_DIR)")
    return SHARED
