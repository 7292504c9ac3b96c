"""Addresses of the room."""

from django.urls import path

from ruangaman.rooms.ages.views import cek

app_name = "ages"
urlpatterns = [
    path("cek-umur/kembali", cek.returned, name="returned"),
    path("cek-umur/<str:token>", cek.show, name="check"),
    path("cek-umur/<str:token>/rentang", cek.say, name="say"),
    path("cek-umur/<str:token>/nyatakan", cek.declare, name="declare"),
    path("cek-umur/<str:token>/tanya/<slug:slug>", cek.ask_institution, name="ask_institution"),
]
