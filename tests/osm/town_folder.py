"""The drawn town of `repair_town` as a city's folder, in the form of `ruangaman city build`."""

import json
from pathlib import Path

import numpy as np

from ruangaman.adapters import street_files
from ruangaman.adapters.city_town import NETWORK
from tests.osm import repair_town

COLUMNS = [
    "code", "level", "name", "parent", "age", "light", "mobility", "reach", "metres", "of", "children", "safe",
    "unknown", "unsafe", "kept_back",
]  # fmt: skip


def write(out: Path, *, made_on: str = "2026-11-30", safe: tuple[float, float] = (0.0, 24.0), **head) -> Path:
    """`safe`: children who walk safely in Utara and in Selatan, as results/coverage.json tells it."""
    town = repair_town.town()
    streets, network = town.streets, town.streets.network
    (out / "work").mkdir(parents=True)
    (out / "results").mkdir()
    told = {
        "format": 1, "name": "Kota Melati", "code": "99.71", "made_on": made_on,
        "layers": [{"what": "map", "sha256": "0"}],
        "thresholds": {
            "walk_rules": repair_town.RULES.version, "build_rules": "1", "kinds": ["park"], "least_children": 10,
            "count_error": {"city": 0.05, "kelurahan": 0.1},
        },
        "attribution": ["drawn for tests"],
    }  # fmt: skip
    put(out / "city.json", told | head)
    put(out / "work" / "looks.json", {"looks": [dict(one) for one in network.looks]})
    put(out / "results" / "places.json", {"format": 1, "places": [
        {"name": name, "lon": float(lon), "lat": float(lat)}
        for name, lon, lat in zip(town.place_names, town.edge_lon, town.edge_lat, strict=True)
    ]})  # fmt: skip
    rows = [["99.71", "city", "Kota Melati", "", 252.0, sum(safe)]]
    rows += [[one["code"], "kelurahan", one["name"], one["parent"], count, its] for one, count, its in zip(
        repair_town.AREAS, (180.0, 72.0), safe, strict=True)]  # fmt: skip
    put(out / "results" / "coverage.json", {"format": 1, "columns": COLUMNS, "rows": [
        [*row[:4], "6-12", "day", "foot", reach, 400.0, "children", row[4], row[5], 0.0, row[4] - row[5], 0]
        for row in rows for reach in ("sdg", "play")
    ]})  # fmt: skip
    np.savez(
        out / "work" / "network.npz", **{name: getattr(network, name) for name in NETWORK},
        line_name=np.array(repair_town.STREETS, np.str_),
    )  # fmt: skip
    np.savez(
        out / "work" / "homes.npz", lon=town.lon, lat=town.lat, edge=town.homes.edge, along=town.homes.along,
        aside=town.homes.aside, area_kelurahan=town.area + 1, **{"told:6-12:foot": np.full(len(town.lon), 12.0)},
    )  # fmt: skip
    np.savez(
        out / "work" / "gates.npz", edge=town.gates.edge, along=town.gates.along, aside=town.gates.aside,
        place=town.whose,
    )  # fmt: skip
    np.savez(
        out / "work" / "areas.npz", level=np.array(["city", "kelurahan", "kelurahan"]),
        **{name: np.array([whole, *(one[name] for one in repair_town.AREAS)], np.str_)
           for name, whole in (("code", "99.71"), ("name", "Kota Melati"), ("parent", ""))},
    )  # fmt: skip
    street_files.save(streets.graph, out / "streets.bin")
    return out


def put(file: Path, told: object) -> None:
    file.write_text(json.dumps(told))
