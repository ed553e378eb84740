"""How the admin is called, coloured and ordered: django-unfold's settings. Imports no models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy


def _may_see(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(request.user.has_perm(permission))


def _page(title: str, app: str, model: str) -> dict[str, Any]:
    return {
        "title": title,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": _may_see(f"{app}.view_{model}"),
    }


def _group(title: str, app: str, pages: dict[str, str], *more: dict[str, Any]) -> dict[str, Any]:
    items = [_page(name, app, model) for name, model in pages.items()]
    return {"title": title, "separator": True, "items": [*items, *more]}


_PAPERS = {
    "Listings": "listing",
    "Summaries": "summary",
    "Domains": "domain",
    "Topics": "topic",
    "House sections": "housesection",
    "Papers": "paper",
    "Announcements": "announcement",
    "Coverage": "coverage",
    "Holidays": "holiday",
    "Variants": "variantgroup",
    "Sections": "section",
    "Section listings": "sectionlisting",
    "Document entries": "documententry",
    "Writer calls": "writercall",
    "First pages": "firstpage",
    "Placements": "placement",
    "Editor's notes": "editornote",
}
_NEWSLETTER = {
    "Subscribers": "subscriber",
    "Subscriptions": "subscription",
    "Opt-ins": "optin",
    "Issues": "issue",
    "Deliveries": "delivery",
    "Notices": "notice",
    "Fragments": "fragment",
    "Suppressions": "suppression",
    "Bounces": "bounce",
    "Complaints": "complaint",
}
_DESK = {"title": "The desk", "link": reverse_lazy("curation")}
_ARCHIVE = {"title": "Archive on the web", "link": reverse_lazy("archive")}
_OUTBOX = {"title": "Outbox", "link": reverse_lazy("outbox")}

# From the page's own tokens: warm greys, one accent (#0f5c6e on light, #86cbd8 on dark).
_BASE = {
    "50": "#faf9f6", "100": "#f4f2ec", "200": "#e5e1d6", "300": "#cfcabd", "400": "#9ba1a9",
    "500": "#656b73", "600": "#4a4f56", "700": "#3a3f46", "800": "#2b2f35", "900": "#191c20",
    "950": "#101214",
}  # fmt: skip
_PRIMARY = {
    "50": "#f0f6f7", "100": "#e6f0f1", "200": "#c5dfe4", "300": "#a6d5de", "400": "#86cbd8",
    "500": "#5fb3c2", "600": "#0f5c6e", "700": "#0c4c5b", "800": "#0a3e4a", "900": "#08313b",
    "950": "#1d2d31",
}  # fmt: skip

UNFOLD: dict[str, Any] = {
    "BORDER_RADIUS": "6px",
    "COLORS": {"base": _BASE, "primary": _PRIMARY},
    "SITE_SYMBOL": "mail",
    "SHOW_VIEW_ON_SITE": True,
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            _group("Papers", "digest", _PAPERS, _DESK, _ARCHIVE),
            _group("Newsletter", "newsletter", _NEWSLETTER, _OUTBOX),
            _group("Access", "auth", {"Users": "user", "Groups": "group"}),
        ],
    },
}
