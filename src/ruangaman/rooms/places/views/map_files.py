"""What the map loads: tiles, areas, places, and the service worker that keeps them for times without signal."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_GET

from ruangaman.adapters import kept_pages, map_ground, map_tiles, pmtiles
from ruangaman.rooms.places import area_page, city_files, config, plan_drawing, roles, walk_page

FRESH: Final = "public, max-age=300"
"""Seconds a browser may show what it has: a city is computed anew now and then."""
SHELL: Final = ("tegel/tegel.css", "tegel/logo.svg", "tegel/sinyal.js", "places/kota.css", "places/peta.css",
                "places/peta.js", "places/vendor/maplibre-gl.mjs", "places/vendor/maplibre-gl-worker.mjs")  # fmt: skip
PUBLIC: Final = r"^/kota/[a-z0-9-]+/(?:peta(?:/.*)?|jalan|tabel)$"
"""
Pages that are the same for everybody. `/kota/` and a city's own page tell who is signed in what is theirs to do: they
are never kept, or the next one at this device would see them.
"""

View = Callable[..., HttpResponse]


def _etag(*files: str) -> Callable[..., str | None]:
    """An entity tag of some files of the city and of what was asked."""

    def told(request: HttpRequest, slug: str, **more: Any) -> str | None:
        stamps = [city_files.stamp(config.folder(slug), name) for name in files]
        asked = f"{request.get_full_path()} {get_language()} {more}"
        return f'"{hashlib.sha256(f"{stamps} {asked}".encode()).hexdigest()[:20]}"'

    return told


def _kept(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response.headers["Cache-Control"] = FRESH
        return response

    return inner


@_kept
@require_GET
@condition(etag_func=_etag(map_tiles.FILE))
def tile(request: HttpRequest, slug: str, zoom: int, column: int, row: int) -> HttpResponse:
    """A tile of streets; empty where there is none."""
    roles.city_of(slug)
    try:
        found = pmtiles.read(config.folder(slug) / map_tiles.FILE, zoom, column, row)
    except pmtiles.TilesUnreadable:
        raise Http404 from None
    if found is None:
        return HttpResponse(status=204)
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        found = pmtiles.inflated(found)
    return HttpResponse(found, content_type="application/vnd.mapbox-vector-tile", headers=headers)


@_kept
@require_GET
@gzip_page
@condition(etag_func=_etag("map/areas.geojson", "city.json"))
def areas(request: HttpRequest, slug: str) -> HttpResponse:
    """Areas of a level (`tingkat`) with the words and the hatching of what was chosen."""
    city = roles.city_of(slug)
    streets = city_files.streets(city.slug)
    if streets is None:
        raise Http404
    level = request.GET.get("tingkat", "kelurahan")
    every = area_page.rows(slug, walk_page.choice(streets, request.GET, story={}))
    features = []
    for one in city_files.areas(slug):
        told = one.get("properties") or {}
        if told.get("level") != level:
            continue
        row = every.get(str(told.get("code")))
        its = {"code": told.get("code"), "name": told.get("name"), "band": area_page.band(row)}
        features.append(
            {
                "type": "Feature",
                "properties": its | {"share": area_page.share_words(row)},
                "geometry": one["geometry"],
            }
        )
    return _geojson(features)


@_kept
@require_GET
@gzip_page
@condition(etag_func=_etag("map/walk.json"))
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """Places to which a page may ask a walk."""
    city = roles.city_of(slug)
    streets = city_files.streets(city.slug)
    if streets is None:
        raise Http404
    return _geojson(
        [
            {
                "type": "Feature",
                "properties": {"kind": one.kind, "name": one.name},
                "geometry": {"type": "Point", "coordinates": [round(one.lon, 6), round(one.lat, 6)]},
            }
            for one in streets.city.places
        ]
    )


@require_GET
@gzip_page
def plans(request: HttpRequest, slug: str) -> HttpResponse:
    """What published plans of the city build, while they are not over."""
    response = _geojson(plan_drawing.features(plan_drawing.shown(roles.city_of(slug))))
    response["Cache-Control"] = "no-cache"
    return response


@_kept
@require_GET
@gzip_page
@condition(etag_func=_etag(map_ground.FILE))
def ground(request: HttpRequest, slug: str) -> HttpResponse:
    """Outlines of parks, schools and other places."""
    city = roles.city_of(slug)
    return _geojson(city_files.told(city.slug, map_ground.FILE).get("features") or [])


def _geojson(features: list[dict[str, Any]]) -> HttpResponse:
    body = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
    return HttpResponse(body, content_type="application/geo+json; charset=utf-8")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what it keeps, then its own text. Another version whenever any of it changed."""
    return kept_pages.worker_of_pages("kota", SHELL, pages=PUBLIC)
