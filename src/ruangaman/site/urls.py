"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

from ruangaman.site.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("ruangaman.site.public.urls")),
    path("", include("ruangaman.rooms.families.urls")),
    path("", include("ruangaman.site.story.urls")),
]
