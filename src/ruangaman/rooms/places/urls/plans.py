"""Addresses of plans, pledges, and what really changed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
