"""Routes of the desk; dates are read as the archive's are."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from digest.curation import views

urlpatterns = [
    path("curation/", views.index, name="curation"),
    path(
        "curation/login/",
        LoginView.as_view(template_name="curation/login.html", redirect_authenticated_user=True),
        name="curation_login",
    ),
    path("curation/logout/", LogoutView.as_view(), name="curation_logout"),
    path("curation/<listing_date:date>/", views.desk, name="desk"),
    path("curation/<listing_date:date>/note/", views.note, name="desk_note"),
    path("curation/<listing_date:date>/listing/", views.listing, name="desk_listing"),
    path("curation/<listing_date:date>/<int:paper_id>/", views.change, name="desk_change"),
]
