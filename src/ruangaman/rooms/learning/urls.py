"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.learning.urls_of_campaigns import OF_CAMPAIGNS
from ruangaman.rooms.learning.views import pages

app_name = "learning"
urlpatterns = [
    *OF_CAMPAIGNS,
    path("pelajaran/", pages.doors, name="doors"),
    path("pelajaran/pekerja.js", pages.worker, name="worker"),
    path("pelajaran/pelajaran.webmanifest", pages.manifest, name="manifest"),
    path("pelajaran/untuk/<slug:audience>/", pages.lessons, name="lessons"),
    path("pelajaran/gambar/<slug:name>.svg", pages.picture, name="picture"),
    path("pelajaran/<slug:objective>/", pages.lesson, name="lesson"),
    path("pelajaran/<slug:objective>/lembar", pages.sheet, name="sheet"),
]
