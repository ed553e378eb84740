"""The pages behind a signed link: confirm, preferences, unsubscribe. GET shows, POST acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter import hints
from newsletter.delivery import schedule
from newsletter.models import OptIn, Outgoing, Subscriber
from newsletter.signup import choices, evidence, limits, links, pausing, subscribing, wording
from newsletter.signup.forms import PauseForm, PreferencesForm
from newsletter.signup.links import Purpose
from newsletter.signup.subscribing import Confirmation
from newsletter.signup.views import form_context

_View = Callable[[HttpRequest, str], HttpResponse]
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def personal(view: _View) -> _View:
    """A bad link leads to a page that says so kindly; nobody stores or lists such pages."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except (links.InvalidToken, OptIn.DoesNotExist, Subscriber.DoesNotExist):
            response = render(request, "pages/link_unknown.html", status=404)
        response["X-Robots-Tag"] = "noindex"
        return response

    return _GET_OR_POST(never_cache(answer))


@personal
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    opt_in = OptIn.objects.select_related("subscriber").get(pk=links.read(Purpose.CONFIRM, token))
    if request.method != "POST":
        return _confirm_page(request, opt_in, subscribing.standing(opt_in, timezone.now()))
    if "again" in request.POST:
        return _ask_again(request, opt_in)
    result = subscribing.confirm(opt_in, evidence.of(request), timezone.now())
    opt_in.subscriber.refresh_from_db()
    page = _confirm_page(request, opt_in, result)
    hints.send_soon()
    return page


@personal
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = Subscriber.objects.get(pk=links.read(Purpose.PREFERENCES, token))
    page = {"subscriber": subscriber, "unsubscribe_token": _unsubscribe_token(subscriber)}
    if subscriber.status not in {Subscriber.Status.ACTIVE, Subscriber.Status.PAUSED}:
        return render(request, "pages/preferences_none.html", page)
    moving = request.method == "POST" and "move" in request.POST
    pause = PauseForm(request.POST if moving else None, _today(subscriber))
    if moving and _move(subscriber, request.POST["move"], pause):
        return HttpResponseRedirect(request.path)
    saving = request.method == "POST" and not moving
    current = choices.of_subscriber(subscriber)
    form = PreferencesForm(request.POST if saving else None, start=current)
    if saving and form.is_valid():
        subscribing.change_preferences(subscriber, form.choices())
        return HttpResponseRedirect(f"{request.path}?saved=1")
    page |= form_context(form) | {
        "pause": pause,
        "rhythm": wording.rhythm(current),
        "saved": "saved" in request.GET and request.method != "POST",
    }
    return render(request, "pages/preferences.html", page, status=422 if moving or saving else 200)


@csrf_exempt
@personal
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One page for people and, per RFC 8058, for mail providers: any POST acts, at once.

    A provider's POST carries no cookie, so none is asked for or set; the token is enough.
    """
    subscriber = Subscriber.objects.get(pk=links.read(Purpose.UNSUBSCRIBE, token))
    if request.method == "POST":
        subscribing.unsubscribe(subscriber)
        subscriber.refresh_from_db()
    gone = subscriber.status == Subscriber.Status.UNSUBSCRIBED
    page = {
        "subscriber": subscriber,
        "gone": gone,
        "preferences_token": links.token(Purpose.PREFERENCES, subscriber.pk),
    }
    return render(request, "pages/unsubscribe.html", page)


def _ask_again(request: HttpRequest, opt_in: OptIn) -> HttpResponse:
    address = opt_in.subscriber.address
    wanted = choices.Choices.from_json(opt_in.choices)
    try:
        subscribing.request(address, wanted, evidence.of(request), timezone.now())
    except limits.TooManyRequests:
        return render(request, "pages/signup_too_many.html", status=429)
    hints.send_soon()
    return render(request, "pages/signup_asked.html", {"address": address})


def _confirm_page(request: HttpRequest, opt_in: OptIn, result: Confirmation | None) -> HttpResponse:
    subscriber = opt_in.subscriber
    wanted = choices.Choices.from_json(opt_in.choices)
    page = {
        "subscriber": subscriber,
        "result": result,
        "choices": wanted,
        "rhythm": wording.rhythm(wanted),
        "first": _first_digest(subscriber),
        "preferences_url": reverse(
            "preferences", args=[links.token(Purpose.PREFERENCES, subscriber.pk)]
        ),
    }
    return render(request, "pages/confirm.html", page)


def _first_digest(subscriber: Subscriber) -> str:
    """When the digest that waits for this subscriber is sent; blank if none does."""
    waiting = subscriber.deliveries.filter(status=Outgoing.Status.QUEUED).first()
    if waiting is None:
        return ""
    if waiting.due_at <= timezone.now():
        return "now"
    return wording.instant(waiting.due_at, subscriber.timezone)


def _move(subscriber: Subscriber, where: str, pause: PauseForm) -> bool:
    """Whether it could be done; only a date of a pause can be wrong."""
    if where == "pause":
        if not pause.is_valid():
            return False
        pausing.pause(subscriber, pause.cleaned_data["until"])
    elif where == "resume":
        pausing.resume(subscriber, timezone.now())
        hints.send_soon()
    return True


def _today(subscriber: Subscriber) -> dt.date:
    return timezone.now().astimezone(schedule.zone_of(subscriber.timezone)).date()


def _unsubscribe_token(subscriber: Subscriber) -> str:
    return links.token(Purpose.UNSUBSCRIBE, subscriber.pk)
