"""Addresses of reports and ideas, and what becomes of them."""

from django.urls import URLPattern, path

from ruangaman.rooms.places.views import letters, report_desk, report_list, reports, votes

urlpatterns: list[URLPattern] = [
    path("kota/<slug:slug>/lapor", reports.form, name="report_form"),
    path("kota/<slug:slug>/lapor/tanda-terima", reports.receipt, name="report_receipt"),
    path("kota/<slug:slug>/lapor/lihat", reports.look, name="report_look"),
    path("kota/<slug:slug>/laporan", report_list.every, name="reports"),
    path("kota/<slug:slug>/laporan.geojson", report_list.squares, name="report_squares"),
    path("kota/<slug:slug>/laporan/<int:serial>", report_list.one, name="report"),
    path("kota/<slug:slug>/laporan/<int:serial>/foto", report_list.photo, name="report_photo"),
    path("kota/<slug:slug>/laporan/<int:serial>/sesudah", report_list.done_photo, name="report_done_photo"),
    path("kota/<slug:slug>/laporan/<int:serial>/turunkan", report_desk.photo_down, name="report_photo_down"),
    path("kota/<slug:slug>/kerja/laporan", report_desk.inbox, name="report_inbox"),
    path("kota/<slug:slug>/kerja/laporan/aturan", report_desk.table, name="report_tables"),
    path("kota/<slug:slug>/kerja/laporan/<uuid:ref>", report_desk.moderate, name="report_moderate"),
    path("kota/<slug:slug>/kerja/laporan/<uuid:ref>/foto", report_desk.photo, name="report_desk_photo"),
    path("kota/<slug:slug>/kerja/jawab", report_desk.to_answer, name="report_to_answer"),
    path("kota/<slug:slug>/kerja/jawab/<uuid:ref>", report_desk.answer, name="report_answer"),
    path(
        "kota/<slug:slug>/kerja/laporan/<uuid:ref>/sesudah", report_desk.done_photo, name="report_done_desk"
    ),
    path("kota/<slug:slug>/kerja/instansi", report_desk.office, name="office"),
    path("kota/<slug:slug>/kerja/instansi/<uuid:ref>", report_desk.office_report, name="office_report"),
    path("kota/<slug:slug>/kerja/surat", letters.every, name="letters"),
    path("kota/<slug:slug>/suara", votes.every, name="votes"),
    path("kota/<slug:slug>/suara/<int:serial>", votes.one, name="vote"),
    path("kota/<slug:slug>/suara/<int:serial>.json", votes.result, name="vote_result"),
    path("kota/<slug:slug>/suara/<int:serial>/pilih", votes.cast, name="vote_cast"),
    path("kota/<slug:slug>/kerja/suara", votes.open_round, name="vote_open"),
]
