"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.learning.views import files, pages

app_name = "learning"
urlpatterns = [
    path("pelajaran/", pages.doors, name="doors"),
    path("pelajaran/pekerja.js", pages.worker, name="worker"),
    path("pelajaran/pelajaran.webmanifest", pages.manifest, name="manifest"),
    path("pelajaran/untuk/<slug:audience>/", pages.lessons, name="lessons"),
    path("pelajaran/gambar/<slug:name>.svg", pages.picture, name="picture"),
    path("pelajaran/berkas/", files.files, name="files"),
    path("pelajaran/berkas/kunci.json", files.key_set, name="keys"),
    path("pelajaran/berkas/<slug:kind>/<slug:name>.<slug:language>.<str:suffix>", files.file, name="file"),
    path("pelajaran/<slug:objective>/", pages.lesson, name="lesson"),
    path("pelajaran/<slug:objective>/lembar", pages.sheet, name="sheet"),
]
