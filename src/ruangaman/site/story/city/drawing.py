"""
What a city brings, made from a drawing in metres: a map of OpenStreetMap, areas, people, children, places, costs.

The same drawing gives the same bytes.
"""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import yaml

from ruangaman.adapters import city_costs

HERE: Final = Path(__file__).resolve().parent
DRAWING: Final = HERE / "kota-melati.yaml"
METRES_A_DEGREE: Final = 111_194.93
HOMES_APART: Final = 25.0
"""Metres between the points at which people live."""
FROM_A_STREET: Final = (8.0, 60.0)
"""Metres: people live beside streets, not on them."""

LEVELS: Final = ("kecamatan", "kelurahan", "rw")

Point = tuple[float, float]


def drawing() -> dict[str, Any]:
    """The drawing of Kota Melati."""
    return dict(yaml.safe_load(DRAWING.read_text(encoding="utf-8")))


def degrees(drawn: Mapping[str, Any], at: Sequence[float]) -> tuple[float, float]:
    """Metres of the drawing as longitude and latitude, to 1e-7 degrees."""
    origin = drawn["origin"]
    east = METRES_A_DEGREE * math.cos(math.radians(origin["lat"]))
    return round(origin["lon"] + at[0] / east, 7), round(origin["lat"] + at[1] / METRES_A_DEGREE, 7)


@dataclass(slots=True)
class _Nodes:
    """Nodes by where they stand, and their tags."""

    ids: dict[tuple[float, float], int] = field(default_factory=dict)
    tags: dict[int, dict[str, str]] = field(default_factory=dict)

    def at(self, point: Sequence[float], tags: Mapping[str, str] | None = None) -> int:
        number = self.ids.setdefault((float(point[0]), float(point[1])), len(self.ids) + 1)
        if tags:
            self.tags.setdefault(number, {}).update(tags)
        return number


def osm(drawn: Mapping[str, Any]) -> str:
    """The map, as XML of OpenStreetMap; ids count from 1 and are none of OpenStreetMap's."""
    nodes = _Nodes()
    ways: list[tuple[list[int], dict[str, str]]] = []
    for street in drawn["streets"]:
        refs = [nodes.at(point) for point in street["at"]]
        ways.append((refs, {**drawn["tags"][street["kind"]], "name": street["name"]}))
    for crossing in drawn["crossings"]:
        nodes.at(crossing["at"], crossing["tags"])
    for place in drawn["places"]:
        gates = [(float(x), float(y)) for x, y in place["gates"]]
        refs = [
            nodes.at(point, {"barrier": "gate"} if point in gates else None)
            for point in _with_gates(place["outline"], gates)
        ]
        ways.append(([*refs, refs[0]], {**place["tags"], "name": place["name"]}))
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="ruangaman">']
    for at, number in nodes.ids.items():
        lon, lat = degrees(drawn, at)
        tags = _tags(nodes.tags.get(number, {}))
        lines.append(f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{tags}</node>')
    for number, (refs, told) in enumerate(ways, start=1):
        members = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{number}" version="1">{members}{_tags(told)}</way>')
    return "\n".join([*lines, "</osm>", ""])


def _tags(told: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in told.items())


def _with_gates(outline: Sequence[Sequence[float]], gates: Sequence[Point]) -> list[Point]:
    """The outline with its gates among the corners."""
    corners = [(float(x), float(y)) for x, y in outline]
    found: list[Point] = []
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        found.append(one)
        length = math.dist(one, other)
        between = [
            gate for gate in gates if abs(math.dist(one, gate) + math.dist(gate, other) - length) < 1e-6
        ]
        found += sorted(
            (gate for gate in between if gate not in (one, other)), key=lambda at: math.dist(one, at)
        )
    return found


def areas(drawn: Mapping[str, Any], level: str) -> dict[str, Any]:
    """Areas of a level as GeoJSON; an RW is a stripe of its kelurahan."""
    features = [_area(drawn, "city", drawn["code"], drawn["name"], "", [0, 0, drawn["side"], drawn["side"]])]
    below = drawn["areas"]["kelurahan"]
    for one in drawn["areas"]["kecamatan"]:
        boxes = [its["box"] for its in below if its["code"].startswith(f"{one['code']}.")]
        box = [
            *(min(box[at] for box in boxes) for at in (0, 1)),
            *(max(box[at] for box in boxes) for at in (2, 3)),
        ]
        features.append(_area(drawn, "kecamatan", one["code"], one["name"], drawn["code"], box))
    for one in below:
        features.append(
            _area(drawn, "kelurahan", one["code"], one["name"], one["code"].rpartition(".")[0], one["box"])
        )
        west, south, east, north = one["box"]
        wide = (east - west) / one["rw"]
        for number in range(one["rw"]):
            box = [west + wide * number, south, west + wide * (number + 1), north]
            name = f"RW {number + 1:02}"
            features.append(_area(drawn, "rw", f"{one['code']}.RW{number + 1:02}", name, one["code"], box))
    features = [one for one in features if one["properties"]["level"] == level]
    return {"type": "FeatureCollection", "features": features}


def _area(
    drawn: Mapping[str, Any], level: str, code: str, name: str, parent: str, box: Sequence[float]
) -> dict[str, Any]:
    west, south, east, north = box
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {
        "type": "Feature",
        "properties": {"level": level, "code": code, "name": name, "parent": parent},
        "geometry": {"type": "Polygon", "coordinates": [[list(degrees(drawn, at)) for at in ring]]},
    }


def people(drawn: Mapping[str, Any]) -> str:
    """A table of points: people live beside streets, as many at each point of a kelurahan."""
    rows = []
    for one in drawn["areas"]["kelurahan"]:
        points = list(_homes(drawn, one["box"]))
        rows += [(*degrees(drawn, at), round(one["people"] / len(points), 6)) for at in points]
    return _table(("lon", "lat", "people"), rows)


def _homes(drawn: Mapping[str, Any], box: Sequence[float]) -> Iterator[Point]:
    west, south, east, north = box
    y = south + HOMES_APART / 2
    while y < north:
        x = west + HOMES_APART / 2
        while x < east:
            near = min(_to_street(street["at"], (x, y)) for street in drawn["streets"])
            if FROM_A_STREET[0] <= near <= FROM_A_STREET[1] and not any(
                _inside(place["outline"], (x, y)) for place in drawn["places"]
            ):
                yield x, y
            x += HOMES_APART
        y += HOMES_APART


def _to_street(at: Sequence[Sequence[float]], point: Point) -> float:
    return min(_to_stretch(one, other, point) for one, other in pairwise(at))


def _to_stretch(one: Sequence[float], other: Sequence[float], point: Point) -> float:
    x, y = other[0] - one[0], other[1] - one[1]
    share = ((point[0] - one[0]) * x + (point[1] - one[1]) * y) / (x * x + y * y)
    share = min(1.0, max(0.0, share))
    return math.dist(point, (one[0] + share * x, one[1] + share * y))


def _inside(outline: Sequence[Sequence[float]], point: Point) -> bool:
    """Outlines of the drawing are boxes."""
    xs, ys = [at[0] for at in outline], [at[1] for at in outline]
    return min(xs) <= point[0] <= max(xs) and min(ys) <= point[1] <= max(ys)


def children(drawn: Mapping[str, Any]) -> str:
    """A table of children by kelurahan and ages, and how many of them have a disability and use a wheelchair."""
    rows = []
    shares = drawn["disability"]
    for one in drawn["areas"]["kelurahan"]:
        for ages, count in one["children"].items():
            first, last = ages.split("-")
            rows.append((one["code"], first, last, count, shares["share"], shares["wheelchair_share"]))
    head = ("code", "age_from", "age_to", "children", "disability_share", "wheelchair_share")
    return _table(head, rows)


def codes(drawn: Mapping[str, Any]) -> dict[str, str]:
    """Tables of codes as Kemendagri's, of a province that does not exist."""
    province = drawn["code"].partition(".")[0]
    kecamatan, kelurahan = drawn["areas"]["kecamatan"], drawn["areas"]["kelurahan"]
    return {
        "provinces.csv": _table(("code", "name"), [(province, "Provinsi Rekaan")]),
        "regencies.csv": _table(
            ("code", "province_code", "name"), [(drawn["code"], province, drawn["name"])]
        ),
        "districts.csv": _table(
            ("code", "regency_code", "name"), [(one["code"], drawn["code"], one["name"]) for one in kecamatan]
        ),
        "villages.csv": _table(
            ("code", "district_code", "name"),
            [(one["code"], one["code"].rpartition(".")[0], one["name"]) for one in kelurahan],
        ),
    }


def costs(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """What a city pays for each kind of action: our table with the prices of the drawing."""
    found: dict[str, Any] = yaml.safe_load(city_costs.OURS.read_text(encoding="utf-8"))
    for name, prices in drawn["costs"].items():
        kind = found["actions"][name]
        for price in ("each", "metre", "by"):
            kind.pop(price, None)
        kind |= prices | {"source": drawn["costs_source"], "confidence": "rule_of_thumb", "check": ""}
    return {**found, "version": drawn["costs_version"]}


def story(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """The walk that the city's own page begins with."""
    return {"format": 1, **drawn["story"]}


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    return out.getvalue()


def write(folder: Path) -> None:
    """All of it, as files in a folder: the map, a layer for each level of areas, tables, codes, costs, the story."""
    drawn = drawing()
    files = {
        "city.osm": osm(drawn),
        **{f"{level}.geojson": json.dumps(areas(drawn, level)) for level in LEVELS},
        "people.csv": people(drawn),
        "children.csv": children(drawn),
        city_costs.OWN: yaml.safe_dump(costs(drawn), allow_unicode=True, sort_keys=False),
        "story.json": json.dumps(story(drawn), indent=1),
        **{f"codes/{name}": table for name, table in codes(drawn).items()},
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
