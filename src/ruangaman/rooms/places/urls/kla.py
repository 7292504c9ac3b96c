"""Addresses of the KLA scorecard."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
