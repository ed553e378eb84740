"""Who comes to the desk: logged in and allowed, or sent to log in; and who is locked out."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache

CURATE, RELEASE = "digest.curate_listing", "digest.release_listing"


def curators(view: Any) -> Any:
    """A view for those who may curate. A part of a page that is asked for after the session has
    ended would show the log-in within the page; the whole page goes there instead."""
    allowed = login_required(permission_required(CURATE, raise_exception=True)(view))

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **route: Any) -> HttpResponse:
        if getattr(request, "htmx", False) and not request.user.is_authenticated:
            return HttpResponse(headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        response: HttpResponse = allowed(request, *args, **route)
        return response

    return never_cache(answer)


def locked(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """After too many wrong passwords (django-axes calls it)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "curation/locked.html", context, status=429)
