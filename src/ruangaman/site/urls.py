"""Every address of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from ruangaman.site.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ruangaman.rooms.access.urls")),
    path("", include("ruangaman.rooms.access.oidc.urls")),
    # Before rooms with more addresses: a class sends at the same minute, and each address is tried in turn.
    path("", include("ruangaman.rooms.learning.urls")),
    # One door for all staff, the one that slows guessing down.
    path(
        "admin/login/", RedirectView.as_view(pattern_name="desk:masuk", query_string=True), name="admin-login"
    ),
    path("admin/", admin.site.urls),
    path("petugas/", include("ruangaman.rooms.access.desk.urls")),
    path("healthz", healthz, name="healthz"),
    path("", include("ruangaman.site.public.urls")),
    path("", include("ruangaman.rooms.families.urls")),
    path("", include("ruangaman.rooms.ages.urls")),
    path("", include("ruangaman.rooms.places.urls")),
    path("", include("ruangaman.site.story.urls")),
]
