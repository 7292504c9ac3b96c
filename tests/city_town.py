"""
A small town with everything that a build reads, in metres from its junction, near the equator.

A secondary road runs from west to east, without a crossing. North of it lies Utara with two RW, south of it Selatan.
Sari's street goes north from the junction, one goes south to a park with a pond; a tertiary street leads east from
Sari's.
"""

import csv
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from ruangaman.adapters import city_tables
from ruangaman.adapters.city_build.request import Request
from tests.osm.files import Node, Relation, Way, xml

METRE = 1 / 0.0111195  # units of 1e-7 degrees, near the equator
NORTH, SOUTH = "32.73.01.1001", "32.73.01.1002"
BIG = {"highway": "secondary", "sidewalk": "both", "name": "Jalan Besar"}
SMALL = {"highway": "residential", "name": "Gang Sari"}
TERTIARY = {"highway": "tertiary", "name": "Jalan Kolektor"}
CODES = {
    "provinces.csv": [("code", "name"), ("32", "Jawa Barat")],
    "regencies.csv": [("code", "province_code", "name"), ("32.73", "32", "Kota Bandung")],
    "districts.csv": [("code", "regency_code", "name"), ("32.73.01", "32.73", "Sukasari")],
    "villages.csv": [
        ("code", "district_code", "name"),
        (NORTH, "32.73.01", "Utara"),
        (SOUTH, "32.73.01", "Selatan"),
    ],
}
# Metres east, metres north, people: along Sari's street, the tertiary street, the southern street, and far from any.
HOMES = [(4, 60, 300), (-4, 120, 300), (4, 180, 400), (150, 104, 600), (260, 96, 500), (4, -30, 700), (-4, -280, 90),
         (-480, 280, 60)]  # fmt: skip
SHARES = [(0, 5, 0.1), (6, 12, 0.12), (13, 17, 0.08)]


def degrees(east: float, north: float) -> tuple[float, float]:
    return round(east * METRE) / 1e7, round(north * METRE) / 1e7


def box(west: float, south: float, east: float, north: float) -> list[list[tuple[float, float]]]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[degrees(*one) for one in corners]]


@dataclass(frozen=True)
class Town:
    """What may differ from one test to the next."""

    tertiary: dict[str, str] = field(default_factory=lambda: dict(TERTIARY))
    junction: dict[str, str] = field(default_factory=dict)
    homes: tuple[tuple[float, float, float], ...] = tuple(HOMES)
    children: tuple[tuple[str, ...], ...] = tuple(
        (code, str(a), str(b), str(share), "0.05", "0.05")
        for code in (NORTH, SOUTH)
        for a, b, share in SHARES
    )
    places: tuple[tuple[str, ...], ...] = (
        ("playground", "Taman Atas", *map(str, degrees(280, 130)), "", ""),
    )
    least: float = 5.0
    more: tuple[Node | Way, ...] = ()

    def elements(self) -> list[Node | Way | Relation]:
        def at(number: int, east: float, north: float, tags=None) -> Node:
            return Node(number, round(east * METRE), round(north * METRE), tags or {})

        return [
            at(1, -500, 0), at(3, 0, 0, self.junction), at(4, 500, 0), at(20, 0, 100), at(5, 0, 200), at(6, 0, -300),
            at(21, 150, 100), at(22, 300, 100), at(7, 10, -50), at(8, 210, -50), at(9, 210, -250), at(10, 10, -250),
            at(11, 100, -100), at(12, 150, -100), at(13, 150, -150), at(14, 100, -150),
            Way(1, [1, 3, 4], BIG), Way(2, [3, 20, 5], SMALL), Way(3, [3, 6], SMALL),
            Way(4, [20, 21, 22, 99], self.tertiary),  # 99 is not in the file
            Way(5, [7, 8, 9, 10, 7]), Way(6, [11, 12, 13, 14, 11]),
            Relation(1, [("way", 5, "outer"), ("way", 6, "inner")],
                     {"type": "multipolygon", "leisure": "park", "name": "Taman Bawah"}),
            *self.more,
        ]  # fmt: skip

    def write(self, folder: Path) -> Request:
        """All files of the town, and what is asked of a build."""
        folder.mkdir(exist_ok=True)
        (folder / "town.osm").write_bytes(xml(self.elements()))
        kelurahan = [("Utara", box(-500, 0, 500, 300)), ("Selatan", box(-500, -300, 500, 0))]
        rw = [("Utara", "RW 01", box(-500, 0, 100, 300)), ("Utara", "RW 02", box(100, 0, 500, 300)),
              ("Selatan", "RW 01", box(-500, -300, 500, 0))]  # fmt: skip
        geojson(
            folder / "kelurahan.geojson",
            [({"kec": "Sukasari", "kel": name}, shape) for name, shape in kelurahan],
        )
        geojson(
            folder / "rw.geojson",
            [({"kec": "Sukasari", "kel": name, "rw": number}, shape) for name, number, shape in rw],
        )
        codes = folder / "codes"
        codes.mkdir(exist_ok=True)
        for name, rows in CODES.items():
            table(codes / name, rows)
        table(
            folder / "people.csv",
            [("lon", "lat", "people"), *((*degrees(e, n), p) for e, n, p in self.homes)],
        )
        table(
            folder / "children.csv",
            [("code", "age_from", "age_to", "share", "disability_share", "wheelchair_share"), *self.children],
        )
        table(folder / "places.csv", [("kind", "name", "lon", "lat", "gates", "accessible"), *self.places])
        rules = yaml.safe_load((city_tables.DATA / "city_build.yaml").read_bytes())
        rules["homes"]["least_component"]["value"] = 2
        rules["privacy"]["least_children"]["value"] = self.least
        rules["public_space"]["cluster_people"]["value"] = 100
        (folder / "rules.yaml").write_text(yaml.safe_dump(rules))
        return Request(
            osm=folder / "town.osm", out=folder / "CITY", city="32.73",
            areas=(("rw", folder / "rw.geojson"), ("", folder / "kelurahan.geojson")), codes=codes,
            population=folder / "people.csv", children=folder / "children.csv", places=folder / "places.csv",
            rules=folder / "rules.yaml",
        )  # fmt: skip

    def but(self, **changes) -> "Town":
        return replace(self, **changes)


def geojson(path: Path, features) -> None:
    told = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": shape}}
        for properties, shape in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}))


def table(path: Path, rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
