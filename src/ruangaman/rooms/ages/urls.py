"""Addresses of the room."""

from django.urls import path

from ruangaman.core.credentials.token_directory import PATH
from ruangaman.rooms.ages.views import cek, tokens, wallet

app_name = "ages"
urlpatterns = [
    path(PATH.lstrip("/"), tokens.directory, name="directory"),
    path("age-tokens", tokens.issue, name="issue"),
    path("age-tokens/offers", tokens.offers, name="offers"),
    path("age-wallet/<str:state>", wallet.request_object, name="wallet_request"),
    path("age-wallet/<str:state>/answer", wallet.answer, name="wallet_answer"),
    path("cek-umur/identitas-kembali", wallet.returned, name="wallet_returned"),
    path("cek-umur/identitas-buka/<str:state>", wallet.open_there, name="wallet_open"),
    path("cek-umur/kembali", cek.returned, name="returned"),
    path("cek-umur/<str:token>", cek.show, name="check"),
    path("cek-umur/<str:token>/rentang", cek.say, name="say"),
    path("cek-umur/<str:token>/nyatakan", cek.declare, name="declare"),
    path("cek-umur/<str:token>/identitas", wallet.show, name="wallet"),
    path("cek-umur/<str:token>/identitas/mulai", wallet.begin, name="wallet_begin"),
    path("cek-umur/<str:token>/identitas/keadaan", wallet.standing, name="wallet_standing"),
    path("cek-umur/<str:token>/identitas/lanjut", wallet.fetch, name="wallet_fetch"),
    path("cek-umur/<str:token>/identitas/peramban", wallet.by_browser, name="wallet_browser"),
    path("cek-umur/<str:token>/tanya/<slug:slug>", cek.ask_institution, name="ask_institution"),
]
