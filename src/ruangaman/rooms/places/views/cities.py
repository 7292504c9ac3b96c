"""The list of cities, and a city's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ruangaman.rooms.places import cities, roles


@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """Every city of this house."""
    return render(request, "places/daftar.html", {"cities": cities.every()})


@require_GET
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """The doors of a city: what anyone may do, and what the signed-in one may."""
    city = roles.city_of(slug)
    acts = {act for act in frozenset().union(*roles.ACTS.values()) if roles.may(request.user, city, act)}
    return render(request, "places/kota.html", {"city": city, "acts": acts})
