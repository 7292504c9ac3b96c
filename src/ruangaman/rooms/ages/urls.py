"""Addresses of the room."""

from django.urls import path

from ruangaman.core.credentials.token_directory import PATH
from ruangaman.rooms.ages.views import banding, cek, dompet, kartu, tokens

app_name = "ages"
urlpatterns = [
    path(PATH.lstrip("/"), tokens.directory, name="directory"),
    path("age-tokens", tokens.issue, name="issue"),
    path("age-tokens/offers", tokens.offers, name="offers"),
    path("age-tokens/directory", dompet.directory_version, name="directory_version"),
    path("age-tokens/wallet", dompet.empty, name="empty"),
    path("dompet/", dompet.show, name="dompet"),
    path("dompet/pakai", dompet.use, name="pakai"),
    path("dompet/dompet.webmanifest", dompet.manifest, name="manifest"),
    path("dompet/pekerja.js", dompet.worker, name="worker"),
    path("cek-umur/kembali", cek.returned, name="returned"),
    path("cek-umur/<str:token>", cek.show, name="check"),
    path("cek-umur/<str:token>/rentang", cek.say, name="say"),
    path("cek-umur/<str:token>/nyatakan", cek.declare, name="declare"),
    path("cek-umur/<str:token>/kartu", kartu.spend, name="spend"),
    path("cek-umur/<str:token>/simpan", dompet.keep, name="keep"),
    path("cek-umur/<str:token>/tanya/<slug:slug>", cek.ask_institution, name="ask_institution"),
    path("cek-umur/<str:token>/banding", banding.contest_check, name="contest_check"),
    path("banding", banding.contest, name="contest"),
    path("banding/tanda-terima", banding.receipt, name="contest_receipt"),
    path("banding/lihat", banding.look, name="contest_look"),
]
