"""Where Celery finds its broker: REDIS_URL, or the private Valkey that `serve` starts."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

# sun_path holds 108 bytes with its closing NUL; valkey adds a temporary suffix while binding.
_LONGEST_SOCKET_PATH = 100


def socket_path(data_dir: Path) -> Path:
    """The private Valkey's unix socket; in the temporary folder where DATA_DIR is too deep."""
    path = (data_dir / "run" / "valkey.sock").absolute()
    if len(bytes(path)) <= _LONGEST_SOCKET_PATH:
        return path
    key = hashlib.sha256(bytes(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"preprint-post-{key}.sock"


def broker_url(redis_url: str, data_dir: Path) -> str:
    return redis_url or f"redis+socket://{socket_path(data_dir)}"
