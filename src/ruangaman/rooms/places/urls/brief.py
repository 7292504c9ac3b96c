"""Addresses of the mayor's brief."""

from django.urls import path

from ruangaman.rooms.places.views import brief

urlpatterns = [
    path("kota/<slug:slug>/ringkasan", brief.show, name="brief"),
    path("kota/<slug:slug>/ringkasan-<str:language>.pdf", brief.paper, name="brief_paper"),
]
