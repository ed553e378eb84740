"""Routes of sign-up and of the links in mails."""

from __future__ import annotations

from django.urls import path

from newsletter.signup import personal_views, views

urlpatterns = [
    path("", views.signup, name="signup"),
    path("about/", views.about, name="about"),
    path("link/", views.link, name="link"),
    path("confirm/<str:token>/", personal_views.confirm, name="confirm"),
    path("preferences/<str:token>/", personal_views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", personal_views.unsubscribe, name="unsubscribe"),
]
