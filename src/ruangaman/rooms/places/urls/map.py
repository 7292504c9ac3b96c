"""Addresses of the map, the walk, the numbers of an area."""

from django.urls import URLPattern, path

from ruangaman.rooms.places.views import map as pages
from ruangaman.rooms.places.views import map_files

urlpatterns: list[URLPattern] = [
    path("kota/pekerja.js", map_files.worker, name="map_worker"),
    path("kota/<slug:slug>/peta", pages.map_, name="map"),
    path("kota/<slug:slug>/jalan", pages.walk, name="walk"),
    path("kota/<slug:slug>/tabel", pages.table, name="map_table"),
    path("kota/<slug:slug>/peta/ubin/<int:zoom>/<int:column>/<int:row>", map_files.tile, name="map_tile"),
    path("kota/<slug:slug>/peta/wilayah.geojson", map_files.areas, name="map_areas"),
    path("kota/<slug:slug>/peta/tempat.geojson", map_files.places, name="map_places"),
    path("kota/<slug:slug>/peta/rencana.geojson", map_files.plans, name="map_plans"),
    path("kota/<slug:slug>/peta/dasar.geojson", map_files.ground, name="map_ground"),
]
