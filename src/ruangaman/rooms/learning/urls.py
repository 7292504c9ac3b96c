"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.learning.views import badges, files, pages, profiles

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
    path("pelajaran/berkas/", files.files, name="files"),
    path("pelajaran/berkas/kunci.json", files.key_set, name="keys"),
    path("pelajaran/berkas/<slug:kind>/<slug:name>.<slug:language>.<str:suffix>", files.file, name="file"),
    path("pelajaran/xapi", profiles.profile, name="xapi"),
    path("pelajaran/lencana/", badges.offers, name="badges"),
    path("pelajaran/lencana/kunci.json", badges.keys, name="badge_keys"),
    path("pelajaran/lencana/did.json", badges.did, name="badge_did"),
    path("pelajaran/lencana/status/<int:number>", badges.stopped, name="badge_list"),
    path("pelajaran/lencana/<slug:objective>.json", badges.achievement, name="badge_achievement"),
    path("pelajaran/lencana/<slug:objective>/", badges.badge, name="badge"),
    path("pelajaran/lencana/<slug:objective>/berkas", badges.issue, name="badge_file"),
    path("pelajaran/<slug:objective>/", pages.lesson, name="lesson"),
    path("pelajaran/<slug:objective>/lembar", pages.sheet, name="sheet"),
]
