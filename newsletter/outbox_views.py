"""The local outbox on the web: what was sent, for the operator to look at."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from newsletter.delivery import transports
from newsletter.delivery.transports import outbox as maildir
from newsletter.mail_showing import framed, message_of, part

MOST_SHOWN = 200
VIEWS = ("html", "plain", "source")
_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe")
_FORWARDING = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via")
_View = Callable[..., HttpResponse]


def _operators(view: _View) -> _View:
    """Hands the outbox's folder to the view; 404 without one, 403 for strangers."""

    @wraps(view)
    def answer(request: HttpRequest, **route: Any) -> HttpResponse:
        folder = transports.outbox_path()
        if folder is None:
            raise Http404("Mail goes out into the world; there is no local outbox.")
        if not (_is_local(request) or (request.user.is_active and request.user.is_staff)):
            raise PermissionDenied("Only staff and this machine itself may look into the outbox.")
        response = view(request, folder, **route)
        response["X-Robots-Tag"] = "noindex"
        return response

    return require_safe(never_cache(answer))


@_operators
def outbox(request: HttpRequest, folder: Path) -> HttpResponse:
    """The newest mails."""
    entries = maildir.entries(folder, MOST_SHOWN + 1)
    page = {"entries": entries[:MOST_SHOWN], "most": MOST_SHOWN, "more": len(entries) > MOST_SHOWN}
    return render(request, "pages/outbox_list.html", page)


@_operators
def mail(request: HttpRequest, folder: Path, key: str) -> HttpResponse:
    """One mail: its HTML in a sandboxed frame, its plain part, or its source."""
    raw = _raw(folder, key)
    message = message_of(raw)
    has_html = part(message, "html") is not None
    view = request.GET.get("view", "html" if has_html else "plain")
    if view not in VIEWS:
        raise Http404("A mail is shown as html, plain or source.")
    page = {
        "key": key,
        "view": view,
        "has_html": has_html,
        "headers": [(name, message[name]) for name in _HEADERS if message[name]],
        "subject": message["Subject"],
        "size": len(raw),
        "text": raw.decode("ascii", "replace") if view == "source" else part(message, "plain"),
    }
    return render(request, "pages/outbox_mail.html", page)


@xframe_options_sameorigin
@_operators
def html(request: HttpRequest, folder: Path, key: str) -> HttpResponse:
    """The mail's HTML, for a frame."""
    content = part(message_of(_raw(folder, key)), "html")
    if content is None:
        raise Http404("This mail has no HTML.")
    return framed(content)


def _is_local(request: HttpRequest) -> bool:
    """A client on this machine that no proxy speaks for."""
    if settings.PROXIES or any(name in request.headers for name in _FORWARDING):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _raw(folder: Path, key: str) -> bytes:
    try:
        return maildir.raw(folder, key)
    except maildir.NoSuchMail as error:
        raise Http404("There is no such mail in the outbox.") from error
