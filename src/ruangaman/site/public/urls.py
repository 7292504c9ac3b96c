"""Addresses of the public pages: anyone may open them, nothing is signed in."""

from django.urls import path

from ruangaman.site.public import gallery, rules, views

app_name = "public"
urlpatterns = [
    path("", views.start, name="start"),
    path("aplikasi", views.apps, name="apps"),
    path("aplikasi.csv", views.apps_csv, name="apps_csv"),
    path("aturan/", rules.index, name="rules"),
    path("aturan/<slug:question>", rules.rule, name="rule"),
    path("bantuan", views.help_page, name="help"),
    path("tutup", views.quick_exit, name="quick_exit"),
    path("gaya", gallery.gallery, name="gallery"),
]
