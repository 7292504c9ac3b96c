"""Addresses of audits of places, ranks and certificates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
