"""Addresses of the room."""

from django.urls import path

from ruangaman.core.credentials.token_directory import PATH
from ruangaman.rooms.ages.views import cek, pernyataan, tokens

app_name = "ages"
urlpatterns = [
    path(PATH.lstrip("/"), tokens.directory, name="directory"),
    path("age-tokens", tokens.issue, name="issue"),
    path("age-tokens/offers", tokens.offers, name="offers"),
    path("cek-umur/kembali", cek.returned, name="returned"),
    path("cek-umur/pernyataan", pernyataan.show, name="practice"),
    path("cek-umur/pernyataan.json", pernyataan.as_json, name="practice_json"),
    path("cek-umur/<str:token>", cek.show, name="check"),
    path("cek-umur/<str:token>/rentang", cek.say, name="say"),
    path("cek-umur/<str:token>/nyatakan", cek.declare, name="declare"),
    path("cek-umur/<str:token>/orang-tua", cek.ask_guardian, name="ask_guardian"),
    path("cek-umur/<str:token>/tanya/<slug:slug>", cek.ask_institution, name="ask_institution"),
]
