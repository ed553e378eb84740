"""Routes."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from digest.archive import urls as archive_urls
from newsletter import digest_views, esp_events, health_views, outbox_views, preview_views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("curation/<listing_date:date>/preview/", preview_views.preview, name="digest_preview"),
    path(
        "curation/<listing_date:date>/preview/html/",
        preview_views.preview_html,
        name="digest_preview_html",
    ),
    path("digest/<str:token>/", digest_views.digest, name="digest"),
    path("healthz", health_views.healthz, name="healthz"),
    path("readyz", health_views.readyz, name="readyz"),
    path("outbox/", outbox_views.outbox, name="outbox"),
    path("outbox/<str:key>/", outbox_views.mail, name="outbox_mail"),
    path("outbox/<str:key>/html/", outbox_views.html, name="outbox_html"),
    *esp_events.routes(),
    path("", include("digest.curation.urls")),
    path("", include(archive_urls)),
    path("", include("newsletter.signup.urls")),
]
