"""Addresses of the map, the walk, the numbers of an area."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
