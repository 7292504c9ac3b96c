"""Addresses of the story."""

from django.urls import path

from ruangaman.site.story import views

app_name = "story"
urlpatterns = [
    path("cerita", views.start, name="start"),
    path("cerita/surat", views.mailbox, name="mailbox"),
    path("cerita/jam", views.the_clock, name="clock"),
    path("cerita/ulang", views.again, name="again"),
]
