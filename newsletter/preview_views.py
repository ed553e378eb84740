"""The digest of a listing as a subscriber will get it, for curators; nothing is sent by it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from digest.curation.entry import curators
from digest.models import Listing
from newsletter.compose import previewing
from newsletter.compose.composer import Composed
from newsletter.mail_showing import framed, message_of, part
from newsletter.models import Cadence, Subscriber
from newsletter.signup import addresses

_VIEWS = ("html", "plain")
_UNKNOWN = "No subscriber has this address."


@curators
@require_safe
def preview(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The house's digest, or that of the subscriber whose address is asked for."""
    get_object_or_404(Listing, pk=date)
    address, cadence, view = _asked(request)
    context: dict[str, Any] = {
        "date": date,
        "address": address,
        "cadence": cadence,
        "view": view,
        "query": request.GET.urlencode(),
    }
    composed = _composed(date, address, cadence)
    if composed is None:
        return render(request, "pages/preview.html", context | {"unknown": _UNKNOWN})
    context["composed"] = composed
    if composed.mail is not None:
        message = message_of(composed.mail.raw)
        context |= {
            "subject": message["Subject"],
            "size": len(composed.mail.raw),
            "text": part(message, "plain"),
            "has_html": part(message, "html") is not None,
        }
    return render(request, "pages/preview.html", context)


@xframe_options_sameorigin
@curators
@require_safe
def preview_html(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The mail's HTML, for a frame."""
    get_object_or_404(Listing, pk=date)
    address, cadence, _ = _asked(request)
    composed = _composed(date, address, cadence)
    html = part(message_of(composed.mail.raw), "html") if composed and composed.mail else None
    if html is None:
        raise Http404("There is no such mail.")
    return framed(html)


def _asked(request: HttpRequest) -> tuple[str, str, str]:
    cadence, view = request.GET.get("cadence", ""), request.GET.get("view", "")
    return (
        request.GET.get("address", "").strip(),
        cadence if cadence in Cadence.values else "",
        view if view in _VIEWS else _VIEWS[0],
    )


def _composed(date: dt.date, address: str, cadence: str) -> Composed | None:
    if not address:
        return previewing.preview_of_house(date, cadence or Cadence.DAILY)
    try:
        subscriber = Subscriber.objects.get(identity=addresses.identity(address))
    except (addresses.InvalidAddress, Subscriber.DoesNotExist):
        return None
    return previewing.preview(subscriber, date, cadence)
