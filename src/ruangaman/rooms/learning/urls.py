"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.learning.urls_of_campaigns import OF_CAMPAIGNS
from ruangaman.rooms.learning.views import badges, classroom, files, groups, pages, paper, profiles, results

app_name = "learning"
urlpatterns = [
    *OF_CAMPAIGNS,
    path("pelajaran/", pages.doors, name="doors"),
    path("pelajaran/pekerja.js", pages.worker, name="worker"),
    path("pelajaran/pelajaran.webmanifest", pages.manifest, name="manifest"),
    path("pelajaran/bantuan/<slug:who>/", pages.help_for, name="help"),
    path("pelajaran/untuk/<slug:audience>/", pages.lessons, name="lessons"),
    path("pelajaran/ulang/", pages.again, name="again"),
    path("pelajaran/siapa/", pages.people, name="people"),
    path("pelajaran/tanpa-sinyal/", pages.no_signal, name="no_signal"),
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
    path("pelajaran/kelas/", classroom.classroom, name="class"),
    path("pelajaran/kelas/buka", classroom.open_code, name="class_open"),
    path("pelajaran/kelas/kirim", classroom.send, name="class_send"),
    path("pelajaran/pemandu/", groups.make, name="lead"),
    path("pelajaran/pemandu/<str:token>/", groups.group, name="group"),
    path("pelajaran/pemandu/<str:token>/hasil", results.own_group, name="group_results"),
    path("pelajaran/pemandu/<str:token>/hari", groups.teach, name="group_day"),
    path("pelajaran/pemandu/<str:token>/hapus", groups.take_away, name="group_delete"),
    path("pelajaran/pemandu/<str:token>/slip.pdf", groups.slips, name="group_slips"),
    path(
        "pelajaran/pemandu/<str:token>/soal/<slug:objective>/<slug:form>", paper.printed, name="group_print"
    ),
    path("pelajaran/pemandu/<str:token>/kertas/<slug:objective>/<slug:time>", paper.grid, name="group_paper"),
    path(
        "pelajaran/pemandu/<str:token>/kertas/<slug:objective>/<slug:time>/beda",
        paper.decide,
        name="group_decide",
    ),
    path("pelajaran/<slug:objective>/", pages.lesson, name="lesson"),
    path("pelajaran/<slug:objective>/bentuk/<slug:letter>", pages.form, name="form"),
    path("pelajaran/<slug:objective>/lembar", pages.sheet, name="sheet"),
    path("pelajaran/<slug:objective>/pemandu", groups.brief, name="brief"),
]
