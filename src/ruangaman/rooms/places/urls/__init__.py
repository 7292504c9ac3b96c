"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.places.urls import audits, brief, kla, map, plans, reports
from ruangaman.rooms.places.views import cities

app_name = "places"
urlpatterns = [
    path("kota/", cities.every, name="cities"),
    *map.urlpatterns,
    *reports.urlpatterns,
    *audits.urlpatterns,
    *plans.urlpatterns,
    *kla.urlpatterns,
    *brief.urlpatterns,
    path("kota/<slug:slug>/", cities.one, name="city"),
]
