"""Addresses of the room."""

from django.urls import path

from ruangaman.core.credentials.token_directory import PATH
from ruangaman.rooms.ages.views import banding, cards, cek, dompet, kartu, other_wallet, pernyataan, tokens

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
    path(".well-known/openid-credential-issuer", cards.issuer, name="card-issuer"),
    path(".well-known/oauth-authorization-server", cards.server, name="card-server"),
    path(".well-known/jwt-vc-issuer", cards.keys, name="card-keys"),
    path("vct/umur/1", cards.vct, name="card-type"),
    path("kartu-umur", other_wallet.cards_page, name="cards"),
    path("kartu-umur/hentikan", other_wallet.stop, name="cards_stop"),
    path("kartu-umur/tawaran/<str:token>", cards.offer, name="card-offer"),
    path("kartu-umur/token", cards.token, name="card-token"),
    path("kartu-umur/nonce", cards.nonce, name="card-nonce"),
    path("kartu-umur/credential", cards.credential, name="card-credential"),
    path("status/<int:number>", cards.status, name="status"),
    path("cek-umur/<str:token>/dompet-lain", other_wallet.from_check, name="cards_from_check"),
    path("cek-umur/kembali", cek.returned, name="returned"),
    path("cek-umur/pernyataan", pernyataan.show, name="practice"),
    path("cek-umur/pernyataan.json", pernyataan.as_json, name="practice_json"),
    path("cek-umur/<str:token>", cek.show, name="check"),
    path("cek-umur/<str:token>/rentang", cek.say, name="say"),
    path("cek-umur/<str:token>/nyatakan", cek.declare, name="declare"),
    path("cek-umur/<str:token>/kartu", kartu.spend, name="spend"),
    path("cek-umur/<str:token>/simpan", dompet.keep, name="keep"),
    path("cek-umur/<str:token>/orang-tua", cek.ask_guardian, name="ask_guardian"),
    path("cek-umur/<str:token>/tanya/<slug:slug>", cek.ask_institution, name="ask_institution"),
    path("cek-umur/<str:token>/banding", banding.contest_check, name="contest_check"),
    path("banding", banding.contest, name="contest"),
    path("banding/tanda-terima", banding.receipt, name="contest_receipt"),
    path("banding/lihat", banding.look, name="contest_look"),
]
