"""Routes of the archive."""

from __future__ import annotations

from django.urls import path, register_converter

from digest.archive import views
from digest.archive.routes import DateConverter, WeekConverter

register_converter(DateConverter, "listing_date")
register_converter(WeekConverter, "week")

urlpatterns = [
    path("archive/", views.archive, name="archive"),
    path("archive/<listing_date:date>/", views.archive_day, name="archive_day"),
    path("archive/<week:monday>/", views.archive_week, name="archive_week"),
    path("archive/<week:monday>.md", views.archive_week_md, name="archive_week_md"),
    path("archive/<week:monday>.json", views.archive_week_json, name="archive_week_json"),
    path("papers/<path:arxiv_id>/", views.paper, name="paper"),
]
