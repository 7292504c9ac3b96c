"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.learning.views import pages

app_name = "learning"
urlpatterns = [
    path("pelajaran/", pages.doors, name="doors"),
    path("pelajaran/pekerja.js", pages.worker, name="worker"),
    path("pelajaran/pelajaran.webmanifest", pages.manifest, name="manifest"),
    path("pelajaran/bantuan/<slug:who>/", pages.help_for, name="help"),
    path("pelajaran/untuk/<slug:audience>/", pages.lessons, name="lessons"),
    path("pelajaran/ulang/", pages.again, name="again"),
    path("pelajaran/siapa/", pages.people, name="people"),
    path("pelajaran/suara/<slug:language>/<slug:name>", pages.sound, name="sound"),
    path("pelajaran/gambar/<slug:name>.svg", pages.picture, name="picture"),
    path("pelajaran/<slug:objective>/", pages.lesson, name="lesson"),
    path("pelajaran/<slug:objective>/lembar", pages.sheet, name="sheet"),
]
