"""Routes of the desk."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, register_converter

from digest.archive.routes import DateConverter
from digest.curation import views

register_converter(DateConverter, "desk_date")

urlpatterns = [
    path("curation/", views.index, name="curation"),
    path(
        "curation/login/",
        LoginView.as_view(template_name="curation/login.html", redirect_authenticated_user=True),
        name="curation_login",
    ),
    path("curation/logout/", LogoutView.as_view(), name="curation_logout"),
    path("curation/<desk_date:date>/", views.desk, name="desk"),
    path("curation/<desk_date:date>/note/", views.note, name="desk_note"),
    path("curation/<desk_date:date>/listing/", views.listing, name="desk_listing"),
    path("curation/<desk_date:date>/<int:paper_id>/", views.change, name="desk_change"),
]
