"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.families.views import (
    anak,
    bukti,
    doors,
    hooks,
    izin,
    keluarga,
    lupakan,
    masuk,
    minta,
    simpan,
    terima,
)

app_name = "families"
urlpatterns = [
    # Ways in
    path("kode", doors.find, name="find"),
    path("anak/", doors.child_start, name="child_start"),
    path("tautan/<str:token>", doors.link, name="tautan"),
    path("tautan/<str:token>/lagi", doors.again, name="tautan_lagi"),
    # The child's side of a request
    path("minta/<str:token>", minta.show, name="minta"),
    path("minta/<str:token>/kode", minta.new_code, name="minta_kode"),
    path("minta/<str:token>/surel", minta.mail, name="minta_surel"),
    path("minta/<str:token>/orang-tua", minta.my_parent, name="minta_orang_tua"),
    # The guardian's page and the proof
    path("izin/bukti/kembali", bukti.returned, name="bukti_kembali"),
    path("izin/bukti/hasil", bukti.result, name="bukti_hasil"),
    path("izin/bukti/kirim", bukti.confirm, name="bukti_kirim"),
    path("izin/<str:token>", izin.show, name="izin"),
    path("izin/<str:token>/jawab", izin.answer, name="jawab"),
    path("izin/<str:token>/bukti", bukti.show, name="bukti"),
    path("izin/<str:token>/bukti/anak", bukti.choose, name="bukti_anak"),
    path("izin/<str:token>/bukti/kunci", bukti.passkey, name="bukti_kunci"),
    path("izin/<str:token>/bukti/surel", bukti.mail, name="bukti_surel"),
    path("izin/<str:token>/bukti/kantor/<slug:provider>", bukti.office, name="bukti_kantor"),
    path("undangan/<str:token>", bukti.invited, name="undangan"),
    path("undangan/<str:token>/kantor/<slug:provider>", bukti.invited_office, name="undangan_kantor"),
    # Coming back
    path("masuk", masuk.show, name="masuk"),
    path("masuk/kunci", masuk.passkey, name="masuk_kunci"),
    path("masuk/surel", masuk.mail, name="masuk_surel"),
    path("masuk/kantor/<slug:provider>", masuk.office, name="masuk_kantor"),
    path("keluar", masuk.leave, name="keluar"),
    # The guardian's home
    path("keluarga/", keluarga.home, name="keluarga"),
    path("keluarga/", keluarga.home, name="home"),
    path("keluarga/kunci", masuk.keys, name="kunci"),
    path("keluarga/kunci/simpan", masuk.keep_key, name="kunci_simpan"),
    path("keluarga/kunci/nanti", masuk.later, name="kunci_nanti"),
    path("keluarga/kunci/<uuid:key>/hapus", masuk.drop_key, name="kunci_hapus"),
    path("keluarga/surel", masuk.address, name="surel"),
    path("keluarga/anak/<uuid:child>", keluarga.home, name="keluarga_anak"),
    path("keluarga/anak/<uuid:child>/wali", keluarga.second, name="wali_kedua"),
    path("keluarga/anak/<uuid:child>/halaman", keluarga.childs_link, name="halaman_anak"),
    path("keluarga/anak/<uuid:child>/lupakan", lupakan.family, name="lupakan"),
    path("dilupakan/<str:token>", lupakan.proof, name="dilupakan"),
    path("dilupakan/<str:token>/json", lupakan.as_json, name="dilupakan_json"),
    path("keluarga/aplikasi/<uuid:row>", keluarga.settings, name="atur"),
    path("keluarga/aplikasi/<uuid:row>/simpan", simpan.show, name="simpan"),
    path("keluarga/aplikasi/<uuid:row>/simpan.json", simpan.as_json, name="simpan_json"),
    path("keluarga/aplikasi/<uuid:row>/cabut", keluarga.withdraw, name="cabut"),
    path("keluarga/aplikasi/<uuid:row>/hapus", keluarga.withdrawn, name="dicabut"),
    path("keluarga/aplikasi/<uuid:row>/adukan", keluarga.complain, name="adukan"),
    path("keluarga/keberatan/<uuid:objection>", keluarga.reply, name="balas"),
    path("keluarga/umur/<uuid:question>", keluarga.say_age, name="nyatakan_umur"),
    path("keluarga/tanda-terima/<uuid:identity>", terima.show, name="tanda_terima"),
    path("keluarga/tanda-terima/<uuid:identity>.pdf", terima.as_pdf, name="tanda_terima_pdf"),
    path("keluarga/tanda-terima/<uuid:identity>.json", terima.as_json, name="tanda_terima_json"),
    path("cocokkan/<str:token>", terima.compare, name="cocokkan"),
    # The child's own page
    path("anak/<str:token>", anak.show, name="anak"),
    path("anak/<str:token>/tidak-setuju", anak.disagree, name="tidak_setuju"),
    path("anak/<str:token>/umur", anak.wrong_age, name="umur"),
    path("anak/<str:token>/lupakan", lupakan.grown, name="lupakan_aku"),
    path("anak/<str:token>/atur", anak.switch, name="anak_atur"),
    path("anak/<str:token>/cabut/<uuid:row>", anak.take_back, name="anak_cabut"),
    # The messenger
    path("kait/whatsapp", hooks.whatsapp, name="whatsapp"),
]
