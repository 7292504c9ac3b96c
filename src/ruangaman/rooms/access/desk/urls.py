"""The addresses of the officers' desk."""

from django.urls import path

from ruangaman.rooms.access.desk import views
from ruangaman.rooms.access.desk.contested import views as contested

app_name = "desk"

urlpatterns = [
    path("", views.inbox, name="masuk_surat"),
    path("masuk", views.SignIn.as_view(), name="masuk"),
    path("keluar", views.SIGN_OUT, name="keluar"),
    path("kata-sandi/<uidb64>/<token>", views.SetPassword.as_view(), name="kata_sandi"),
    path("banding", contested.inbox, name="banding"),
    path("banding/<uuid:ref>", contested.contest, name="banding_satu"),
    path("banding/<uuid:ref>/berkas/<int:place>", contested.file, name="banding_berkas"),
    path("<uuid:ref>", views.matter, name="surat"),
]
