"""Addresses of the KLA scorecard, of a province, and of who has which role."""

from django.urls import URLPattern, path

from ruangaman.rooms.places.views import kla, kla_check, kla_work, role_list

_WORK = "kota/<slug:slug>/kerja/kla/"

urlpatterns: list[URLPattern] = [
    path("kota/<slug:slug>/kla", kla.public, name="kla"),
    path("kota/<slug:slug>/kla/unicef", kla.public_goals, name="kla-goals"),
    path("kota/<slug:slug>/kerja/kla", kla_work.years, name="kla-years"),
    path(f"{_WORK}bobot", kla_work.weights, name="kla-weights"),
    path(f"{_WORK}bobot/contoh.csv", kla_work.weights_example, name="kla-weights-example"),
    path(f"{_WORK}bukti/<uuid:ref>", kla_work.download, name="kla-file"),
    path(f"{_WORK}bukti/<uuid:ref>/ubah", kla_work.change_evidence, name="kla-evidence"),
    path(f"{_WORK}<int:year>", kla_work.board, name="kla-card"),
    path(f"{_WORK}<int:year>/tindakan", kla_work.act, name="kla-act"),
    path(f"{_WORK}<int:year>/unicef", kla_work.goals, name="kla-card-goals"),
    path(f"{_WORK}<int:year>/ekspor/<str:kind>", kla_work.export, name="kla-export"),
    path(f"{_WORK}<int:year>/banding/<int:other>", kla_work.compare, name="kla-compare"),
    path(f"{_WORK}<int:year>/periksa", kla_check.check, name="kla-check"),
    path(f"{_WORK}<int:year>/<int:no>", kla_work.indicator, name="kla-indicator"),
    path(f"{_WORK}<int:year>/<int:no>/nilai", kla_work.save_one, name="kla-score"),
    path(f"{_WORK}<int:year>/<int:no>/bukti-kla", kla_work.add_evidence, name="kla-add"),
    path("kota/<slug:slug>/kerja/peran", role_list.role_list, name="roles"),
    path("provinsi/<str:code>/", kla_check.province, name="province"),
]
