"""The pages anybody can open: sign-up, a new link, what this is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import hints
from newsletter.signup import choices, evidence, limits, subscribing
from newsletter.signup.forms import ChoicesForm, LinkForm, SignupForm
from newsletter.signup.latest import latest_day
from newsletter.signup.pickers import picker

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@_GET_OR_POST
def signup(request: HttpRequest) -> HttpResponse:
    """The form; its answer is the same whatever is known of the address."""
    form = SignupForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        context = form_context(form)
        context |= {"house": choices.house_sections(), "latest": latest_day()}
        return render(request, "pages/signup.html", context, status=422 if form.is_bound else 200)
    if not form.cleaned_data["website"]:
        try:
            subscribing.request(
                form.cleaned_data["address"], form.choices(), evidence.of(request), timezone.now()
            )
        except limits.TooManyRequests:
            return render(request, "pages/signup_too_many.html", status=429)
        hints.send_soon()
    asked = {"address": form.cleaned_data["address"]}
    return render(request, "pages/signup_asked.html", asked)


@_GET_OR_POST
def link(request: HttpRequest) -> HttpResponse:
    """Send me my link; its answer is the same whatever is known of the address."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return render(
            request, "pages/link.html", {"form": form}, status=422 if form.is_bound else 200
        )
    subscribing.send_link_to(form.cleaned_data["address"], timezone.now())
    hints.send_soon()
    return render(request, "pages/link_asked.html", {"address": form.cleaned_data["address"]})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html", {"contact": settings.ADMIN_EMAIL})


def form_context(form: ChoicesForm) -> dict[str, Any]:
    """What the fields of a form with choices need."""
    return {"form": form, "picker": picker(form.ticked()), "timezones": choices.timezones()}
