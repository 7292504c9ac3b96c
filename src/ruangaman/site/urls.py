"""Every address of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from ruangaman.site.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ruangaman.rooms.access.urls")),
    path("admin/", admin.site.urls),
    path("petugas/", include("ruangaman.rooms.access.desk.urls")),
    path("healthz", healthz, name="healthz"),
    path("", include("ruangaman.site.public.urls")),
    path("", include("ruangaman.rooms.families.urls")),
    path("", include("ruangaman.site.story.urls")),
]
