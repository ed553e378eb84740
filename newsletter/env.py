"""Readers of the environment that refuse nonsense at the start, naming the variable."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from digest.loopback import is_loopback

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def text(name: str, default: str = "") -> str:
    """The variable's value, or the content of the file that NAME_FILE names."""
    file_name = os.environ.get(f"{name}_FILE", "")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {error}") from error
        except UnicodeDecodeError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {file_name} is not a text") from error
    # An empty value in .env or docker-compose means "not set".
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}")


def choice(name: str, known: Sequence[str]) -> str:
    """One of the known words; the first where nothing is said."""
    value = text(name, known[0]).lower()
    if value not in known:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(known)}, not {value!r}")
    return value


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}: {value!r}")
    if most is not None and int(value) > most:
        raise ImproperlyConfigured(f"{name} must be at most {most}: {value!r}")
    return int(value)


def amount(name: str, default: str) -> Decimal:
    """A sum of money, or another number with decimals; never below nothing."""
    value = text(name, default)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        raise ImproperlyConfigured(f"{name} must be a number such as 2.50, not {value!r}")
    return Decimal(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def with_prefix(prefix: str) -> dict[str, str]:
    """All variables that begin so, by the rest of their names."""
    return {
        name.removeprefix(prefix): value
        for name, value in os.environ.items()
        if name.startswith(prefix)
    }


def wall_time(name: str, default: str) -> time:
    value = text(name, default)
    if not re.fullmatch(r"\d{2}:\d{2}", value):
        raise ImproperlyConfigured(f"{name} must be a time such as 01:00, not {value!r}")
    try:
        return time.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {value!r} is not a time of day") from error


def web_address(name: str, default: str) -> str:
    """An address such as https://post.example.org, without a slash at its end."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must be a http or https address, not {value!r}")
    return value


def own_address(name: str) -> str:
    """A http or https address, or nothing."""
    return web_address(name, text(name)) if text(name) else ""


def printable(name: str) -> str:
    """A key or the like: signs that can stand in a header."""
    value = text(name)
    if not (value.isascii() and value.isprintable()):
        raise ImproperlyConfigured(f"{name} holds signs that no key holds")
    return value


def secure_address(name: str) -> str:
    """An address to which nobody on the way can listen: https, or this machine. May be empty."""
    value = text(name).rstrip("/")
    if not value:
        return ""
    parts = urlsplit(web_address(name, value))
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ImproperlyConfigured(f"{name} must be a https address, not {value!r}")
    return value


def log_level(name: str, default: str) -> str:
    value = text(name, default).upper()
    if value not in _LEVELS:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(_LEVELS)}, not {value!r}")
    return value


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR: {error}") from error


def mail_domain(host: str) -> str:
    """The host where it can stand behind an @ sign; a bare IP address cannot (RFC 5321, 4.1.2)."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return "localhost"


def kept_secret(name: str, file: Path) -> str:
    """The variable's value; without one a secret made once and kept in ``file``."""
    value = text(name)
    if value:
        return value
    try:
        if not file.exists():
            _keep(secrets.token_urlsafe(50), file)
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name} cannot be kept in DATA_DIR: {error}") from error


def _keep(secret: str, file: Path) -> None:
    """Whole or not at all: of several processes that start at once one is first, for all."""
    make_folder(file.parent)
    descriptor, made = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secret)
        with contextlib.suppress(FileExistsError):
            os.link(made, file)
    finally:
        os.unlink(made)
