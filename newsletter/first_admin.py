"""The admin made on first start, and their password as long as nobody has changed it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.auth.models import User

NAME = "admin"


def make(data_dir: Path) -> bool:
    """Make the admin if there is no superuser yet; whether one was made."""
    if User.objects.filter(is_superuser=True).exists():
        return False
    password = secrets.token_urlsafe(12)
    _keep(password, data_dir / "admin_password")
    User.objects.create_superuser(NAME, password=password)
    return True


def valid_password(data_dir: Path) -> str:
    """The password made on first start; empty when it no longer opens the door."""
    try:
        password = (data_dir / "admin_password").read_text(encoding="ascii").strip()
    except OSError:
        return ""
    user = User.objects.filter(username=NAME, is_active=True).first()
    return password if user is not None and user.check_password(password) else ""


def _keep(password: str, file: Path) -> None:
    """Write a file that only its owner can read, whatever the umask or an older file's mode."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(password + "\n")
