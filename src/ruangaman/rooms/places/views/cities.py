"""The list of cities, and a city's own page."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ruangaman.rooms.places import cities, post, provinces, roles


@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """Every city of this house, by province."""
    rows = sorted(cities.every(), key=lambda one: one.province)  # stable: by name within a province
    grouped = [
        (code, provinces.name(code), list(those))
        for code, those in groupby(rows, key=lambda one: one.province)
    ]
    return render(request, "places/daftar.html", {"provinces": grouped})


@require_GET
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """The doors of a city: what anyone may do, and what the signed-in one may."""
    city = roles.city_of(slug)
    acts = {act for act in frozenset().union(*roles.ACTS.values()) if roles.may(request.user, city, act)}
    unsent = post.failing(city).count() if "answer" in acts else 0
    return render(request, "places/kota.html", {"city": city, "acts": acts, "unsent": unsent})
