"""Addresses of audits of places, ranks and certificates."""

from django.urls import URLPattern, path

from ruangaman.rooms.places.views import audit_form, audit_forms, audit_phone, audit_public, audits, repairs

urlpatterns: list[URLPattern] = [
    path("kota/<slug:slug>/audit/", audits.every, name="audits"),
    path("kota/<slug:slug>/audit/hp/", audit_phone.shell, name="audit_phone"),
    path("kota/<slug:slug>/audit/pekerja.js", audit_phone.worker, name="audit_worker"),
    path("kota/<slug:slug>/audit/audit.webmanifest", audit_phone.manifest, name="audit_manifest"),
    path("kota/<slug:slug>/audit/tugas.json", audit_phone.work, name="audit_work"),
    path("kota/<slug:slug>/audit/batas", audits.limits, name="audit_limits"),
    path("kota/<slug:slug>/audit/formulir", audit_forms.own, name="audit_forms"),
    path("kota/<slug:slug>/audit/formulir/<str:part>.yaml", audit_forms.file, name="audit_form_file"),
    path("kota/<slug:slug>/audit/mulai", audits.begin, name="audit_begin"),
    path("kota/<slug:slug>/audit/gambar/<uuid:identity>.jpg", audits.picture, name="audit_picture"),
    path("kota/<slug:slug>/audit/gambar/<uuid:identity>/wajah", audits.face, name="audit_face"),
    path("kota/<slug:slug>/audit/putusan/<uuid:identity>/", audits.desk, name="audit_desk"),
    path("kota/<slug:slug>/audit/putusan/<uuid:identity>/putuskan", audits.decide, name="audit_decide"),
    path("kota/<slug:slug>/audit/putusan/<uuid:identity>/sertifikat", audits.certify, name="audit_certify"),
    path("kota/<slug:slug>/audit/putusan/<uuid:identity>/batal", audits.cancel, name="audit_cancel"),
    path("kota/<slug:slug>/audit/<uuid:identity>/", audit_form.seat, name="audit_seat"),
    path(
        "kota/<slug:slug>/audit/<uuid:identity>/bagian/<slug:name>", audit_form.heading, name="audit_heading"
    ),
    path("kota/<slug:slug>/audit/<uuid:identity>/selesai", audit_form.finish, name="audit_finish"),
    path("kota/<slug:slug>/audit/<uuid:identity>/foto", audit_form.photo, name="audit_photo"),
    path("kota/<slug:slug>/audit/<uuid:identity>/kirim", audit_phone.send, name="audit_send"),
    path("kota/<slug:slug>/audit/<uuid:identity>/kirim/foto", audit_phone.photo, name="audit_send_photo"),
    path("kota/<slug:slug>/penilaian/", audit_public.places, name="ratings"),
    path("kota/<slug:slug>/penilaian/<uuid:identity>/", audit_public.place, name="rating"),
    path("kota/<slug:slug>/penilaian/foto/<uuid:identity>.jpg", audit_public.picture, name="rating_photo"),
    path(
        "kota/<slug:slug>/penilaian/foto/<uuid:identity>/turunkan",
        audits.photo_down,
        name="rating_photo_down",
    ),
    path("kota/<slug:slug>/sertifikat/<uuid:identity>/", audit_public.certificate, name="certificate"),
    path(
        "kota/<slug:slug>/sertifikat/<uuid:identity>/bukti.json", audit_public.proof, name="certificate_proof"
    ),
    path("kota/<slug:slug>/perbaikan/", repairs.every, name="repairs"),
    path("kota/<slug:slug>/perbaikan/perbaikan.csv", repairs.as_csv, name="repairs_csv"),
    path("kota/<slug:slug>/perbaikan/lapor", repairs.report, name="repair_report"),
    path("kota/<slug:slug>/perbaikan/<uuid:identity>/foto", repairs.fix, name="repair_fix"),
    path("kota/<slug:slug>/perbaikan/<uuid:identity>/periksa", repairs.check, name="repair_check"),
]
