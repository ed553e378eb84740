"""The desk: a listing's papers, one after the other. Reading changes nothing; every change is a
POST that answers with the desk as it stands then, as a part for htmx or by way of a redirect."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from digest import hints, history, releasing
from digest.curation import acting, deciding, progress
from digest.curation.card import Card, card_of, steps_of, tags_offered
from digest.curation.day import SCOPES, STATES, Day, day_of
from digest.curation.entry import RELEASE, curators
from digest.curation.forms import CardForm, NoteForm, as_typed
from digest.listings import ListingError
from digest.models import Listing
from digest.summaries import editing
from digest.summaries.asking import is_configured

_LISTINGS_SHOWN = 14
MODES = ("read", "edit", "hint", "history")


@curators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The last listings, and what is open in each."""
    listings = Listing.objects.all()[:_LISTINGS_SHOWN]
    rows = [(listing, day_of(listing)) for listing in listings]
    return render(request, "curation/index.html", {"rows": rows})


@curators
@require_safe
def desk(request: HttpRequest, date: dt.date) -> HttpResponse:
    return _shown(request, _day(request, date), _number(request.GET.get("paper")))


@curators
@require_POST
def change(request: HttpRequest, date: dt.date, paper_id: int) -> HttpResponse:
    """One change of one card."""
    day = _day(request, date)
    row = day.row(paper_id)
    if row is None or row.paper.pk != paper_id:
        raise Http404("this listing has no such paper")
    form = CardForm(request.POST)
    if not form.is_valid():
        return _again(request, day, paper_id, form, form.said())
    done = acting.act(date, row.paper, form)
    if done.refused:
        return _again(request, _day(request, date), paper_id, form, done.said)
    if done.asked_again:
        hints.soon("digest.tasks.summarize", expires=300)
    action = form.cleaned_data["action"]
    onward = day.next_open(paper_id) if action in acting.MOVES_ON else paper_id
    if onward == paper_id and action == "hide":
        onward = day.beside(paper_id, 1) or paper_id
    return _answer(request, date, onward, f"{row.paper.arxiv_id}: {done.said}")


@curators
@require_POST
def note(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Save the day's note, or bring an earlier one back; it answers with the note alone, so that
    nothing typed elsewhere is lost."""
    listing = _listing(date)
    form = NoteForm(request.POST)
    context: dict[str, Any] = {"date": date}
    try:
        text, seen = form.typed()
        deciding.write_note(listing.date, text, seen_revision=seen)
        context["note_said"] = "The note is saved."
    except deciding.DecisionRefused as error:
        context |= {"note_refused": str(error), "note_typed": form.data.get("text", "")}
    context |= _note(listing.date)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "curation/_note.html", context)
    if "note_refused" in context:
        return _shown(request, _day(request, date), None, **context)
    messages.success(request, context["note_said"])
    return redirect(address(date, request, None))


def _note(date: dt.date) -> dict[str, Any]:
    note = deciding.note_of(date)
    return {"note": note, "note_steps": history.steps_of_note(note) if note.pk else []}


@curators
@require_POST
def listing(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Release, hold, or approve all that passed."""
    day = _day(request, date)
    action = request.POST.get("action", "")
    if action == "approve_passed":
        return _answer(request, date, None, f"{acting.approve_passed(day)} approved.")
    act = {"release": releasing.release, "hold": releasing.hold}.get(action)
    if act is None:
        return HttpResponseBadRequest("A listing is released, held, or its drafts approved.")
    if not request.user.has_perm(RELEASE):
        raise PermissionDenied("Only an editor may release or hold a listing.")
    try:
        act(date)
    except ListingError as error:
        return _answer(request, date, None, f"Not done: {error}.")
    said = {"release": "Released.", "hold": "Held: it does not go out by itself."}
    return _answer(request, date, None, said[action])


def _listing(date: dt.date) -> Listing:
    return get_object_or_404(Listing, pk=date)


def _day(request: HttpRequest, date: dt.date) -> Day:
    asked = request.GET
    scope, state = asked.get("scope", ""), asked.get("state", "")
    return day_of(
        _listing(date),
        scope=scope if scope in SCOPES else SCOPES[0],
        state=state if state in STATES else STATES[0],
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def _again(request: HttpRequest, day: Day, paper_id: int, form: CardForm, why: str) -> HttpResponse:
    """The card as it stands now, what was typed, and why it was not saved."""
    typed = as_typed(form) if form.data.get("action", "").startswith("save") else None
    mode = "edit" if typed else "read"
    return _shown(request, day, paper_id, mode=mode, typed=typed, refusal=why)


def _answer(request: HttpRequest, date: dt.date, paper_id: int | None, said: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _shown(request, _day(request, date), paper_id, said=said, mode="read")
    messages.success(request, said)
    return redirect(address(date, request, paper_id))


def address(date: dt.date, request: HttpRequest, paper_id: int | None) -> str:
    """The desk's address as it is narrowed now."""
    kept = {name: request.GET[name] for name in ("scope", "state") if request.GET.get(name)}
    if paper_id is not None:
        kept["paper"] = str(paper_id)
    query = f"?{urlencode(kept)}" if kept else ""
    return reverse("desk", args=[date]) + query


def _shown(
    request: HttpRequest, day: Day, paper_id: int | None, *, mode: str = "", **extra: Any
) -> HttpResponse:
    row = day.row(paper_id)
    asked = mode or request.GET.get("mode", "")
    mode = asked if asked in MODES else MODES[0]
    context: dict[str, Any] = {
        "day": day,
        "date": day.listing.date,
        "card": card_of(row) if row else None,
        "mode": mode,
        "progress": progress.told(day.listing, timezone.now()),
        "confirm": request.GET.get("confirm", "") if request.method == "GET" else "",
        "states": STATES,
        "kept": _kept(day),
        "can_release": request.user.has_perm(RELEASE),
        "can_ask": is_configured(),
        "asked_again": editing.ASKED_AGAIN,
    }
    context |= _note(day.listing.date)
    if row:
        context["before"] = day.beside(row.paper.pk, -1)
        context["after"] = day.beside(row.paper.pk, 1)
    if mode == "edit":
        context |= _tags(context["card"], extra.get("typed"))
    if mode == "history" and row:
        context |= steps_of(row, day.listing)
    part = request.htmx  # type: ignore[attr-defined]
    template = "curation/_desk.html" if part else "curation/desk.html"
    response = render(request, template, context | extra)
    if part and row and request.method == "POST":
        response["HX-Push-Url"] = address(day.listing.date, request, row.paper.pk)
    return response


def _tags(card: Card | None, typed: dict[str, Any] | None) -> dict[str, Any]:
    """The closed lists, and whether what the card has is of them."""
    offered = tags_offered()
    now = (typed or {}).get("tag") or (card.tag.value if card else "")
    listed = any(tag.value == now for _, tags in offered for tag in tags)
    return {"tags": offered, "now": now, "now_is_listed": listed}


def _kept(day: Day) -> str:
    """What a link must carry so that the list stays as it is narrowed."""
    return urlencode({"scope": day.scope, "state": day.state})
