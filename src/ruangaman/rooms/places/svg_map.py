"""A map without scripts: streets, a walk, areas as shapes of an SVG picture that the server draws."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians
from typing import Any, Final

from ruangaman.adapters.walk_files import CityWalks
from ruangaman.core.reach.journey import Step
from ruangaman.core.reach.walk_map import ACROSS, METRES_A_DEGREE
from ruangaman.rooms.places.city_files import Streets, edges_in

PAD: Final = 0.28
LEAST_SIDE: Final = 320.0
"""Metres: a short walk is shown among the streets around it."""
SIDE: Final = 640.0
LETTER, LINE = 10.0, 20.0
"""Points that a letter and a line of text take."""
SEEN: Final = 3.0
"""Points between two corners of an outline that are worth drawing."""
MOST_STREETS: Final = 1_500
MOST_AREAS: Final = 120
MOST_METRES_WITH_STREETS: Final = 4_000.0
"""A wider window would show streets as a grey felt."""
WIDE: Final = {0: 9.0, 1: 14.0, 2: 24.0}
"""Metres that a street is drawn wide, by its size."""

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Picture:
    """
    Shapes in points from the north-western corner of the window, to the east and to the south; SIDE points wide.

    Attributes:
        width, height: of the window. streets: (path, width, size). ground: (path, kind). walk: (path, answer).
        crossings: (x, y, answer). labels: (x, y, text, kind). areas: (path, band, code, x, y, name).
        work_lines: (path, kind) of works of a plan. work_signs: (x, y, kind).
    """

    width: float
    height: float
    streets: list[tuple[str, float, int]] = field(default_factory=list)
    ground: list[tuple[str, str]] = field(default_factory=list)
    walk: list[tuple[str, str]] = field(default_factory=list)
    crossings: list[tuple[float, float, str]] = field(default_factory=list)
    labels: list[tuple[float, float, str, str]] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    work_lines: list[tuple[str, str]] = field(default_factory=list)
    work_signs: list[tuple[float, float, str]] = field(default_factory=list)
    start: tuple[float, float] | None = None
    end: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class _Window:
    """`east`, `south`: points a degree."""

    west: float
    north: float
    east: float
    south: float

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        return round((lon - self.west) * self.east, 1), round((self.north - lat) * self.south, 1)

    def thinned(self, line: Sequence[Sequence[float]]) -> str:
        """Without what nobody sees at this size."""
        spots = [self.spot(one[0], one[1]) for one in line]
        kept = [spots[0]]
        for spot in spots[1:-1]:
            if hypot(spot[0] - kept[-1][0], spot[1] - kept[-1][1]) >= SEEN:
                kept.append(spot)
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in [*kept, spots[-1]])

    def wide(self, metres: float) -> float:
        return round(max(metres * self.south / METRES_A_DEGREE, 2.0), 1)

    def path(self, line: Sequence[Sequence[float]]) -> str:
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in (self.spot(one[0], one[1]) for one in line))


def of_walk(
    streets: Streets, ground: Sequence[Mapping[str, Any]], steps: Sequence[Step],
    works: Sequence[Mapping[str, Any]] = (),
) -> Picture | None:  # fmt: skip
    """The streets around a walk, the walk, and works of plans."""
    every = [spot for step in steps for spot in step.line]
    if not every:
        return None
    box = _padded(
        min(one[0] for one in every), min(one[1] for one in every),
        max(one[0] for one in every), max(one[1] for one in every),
    )  # fmt: skip
    window, picture = _picture(box)
    _ground(picture, window, ground, box)
    _streets(picture, window, streets, box)
    answers = ("safe", "unknown", "unsafe")
    for step in steps:
        if step.across:
            (one, other) = (window.spot(*step.line[0]), window.spot(*step.line[-1]))
            picture.crossings.append(((one[0] + other[0]) / 2, (one[1] + other[1]) / 2, answers[step.answer]))
        else:
            picture.walk.append((window.path(step.line), answers[step.answer]))
    picture.labels = _apart(picture.labels)
    picture.start, picture.end = window.spot(*every[0]), window.spot(*every[-1])
    _works(picture, window, works, box)
    return picture


def of_works(
    streets: Streets, features: Sequence[Mapping[str, Any]], told: Mapping[str, Mapping[str, Any]],
    works: Sequence[Mapping[str, Any]],
) -> Picture | None:  # fmt: skip
    """The works of a plan among the streets and the areas around them."""
    spots = [one["geometry"]["coordinates"] for one in works if one["geometry"]["type"] == "Point"]
    if not spots:
        return None
    box = _padded(
        min(one[0] for one in spots), min(one[1] for one in spots),
        max(one[0] for one in spots), max(one[1] for one in spots),
    )  # fmt: skip
    window, picture = _picture(box)
    for one in features:
        its = one.get("properties") or {}
        rings = [ring for ring in _rings(one) if its.get("level") == "kelurahan" and _touches(ring, box)]
        if rings:
            path = "".join(f"{window.thinned(ring)}Z" for ring in rings)
            picture.areas.append({"path": path, "band": -1, "code": str(its.get("code", ""))})
            x, y = (sum(spot[at] for spot in rings[0]) / len(rings[0]) for at in (0, 1))
            name = str(told.get(str(its.get("code")), {}).get("name", ""))
            if name and box[0] < x < box[2] and box[1] < y < box[3]:
                picture.labels.append((*window.spot(x, y), name, "place"))
    if (box[2] - box[0]) * METRES_A_DEGREE <= MOST_METRES_WITH_STREETS:
        _streets(picture, window, streets, box)
    picture.labels = _apart(picture.labels)
    _works(picture, window, works, box)
    return picture


def _touches(ring: Sequence[Sequence[float]], box: Box) -> bool:
    west, south, east, north = box
    lon, lat = [one[0] for one in ring], [one[1] for one in ring]
    return min(lon) <= east and max(lon) >= west and min(lat) <= north and max(lat) >= south


def _works(picture: Picture, window: _Window, works: Sequence[Mapping[str, Any]], box: Box) -> None:
    west, south, east, north = box
    for one in works:
        geometry, kind = one["geometry"], str(one["properties"]["kind"])
        spots = [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"]
        if not any(west <= spot[0] <= east and south <= spot[1] <= north for spot in spots):
            continue
        if geometry["type"] == "Point":
            picture.work_signs.append((*window.spot(*spots[0]), kind))
        else:
            picture.work_lines.append((window.path(spots), kind))


def of_areas(
    features: Sequence[Mapping[str, Any]], told: Mapping[str, Mapping[str, Any]], level: str,
    works: Sequence[Mapping[str, Any]] = (),
) -> Picture | None:  # fmt: skip
    """Areas of a level, each with its band and its name; and works of plans."""
    chosen = [one for one in features if (one.get("properties") or {}).get("level") == level][:MOST_AREAS]
    spots = [spot for one in chosen for ring in _rings(one) for spot in ring]
    if not spots:
        return None
    box = (
        min(one[0] for one in spots), min(one[1] for one in spots),
        max(one[0] for one in spots), max(one[1] for one in spots),
    )  # fmt: skip
    window, picture = _picture(box)
    for one in chosen:
        code = str(one["properties"].get("code", ""))
        path = "".join(f"{window.thinned(ring)}Z" for ring in _rings(one))
        its = [window.spot(*spot[:2]) for ring in _rings(one) for spot in ring]
        x, y = (sum(spot[at] for spot in its) / len(its) for at in (0, 1))
        name = str(told.get(code, {}).get("name", ""))
        if name:
            picture.labels.append((round(x), round(y), name, "place"))
        picture.areas.append(
            {
                "path": path,
                "x": round(x),
                "y": round(y),
                "code": code,
                **told.get(code, {"band": -1, "name": ""}),
            }
        )
    picture.labels = _apart(picture.labels)
    _works(picture, window, works, box)
    return picture


def _apart(labels: Sequence[tuple[float, float, str, str]]) -> list[tuple[float, float, str, str]]:
    """Labels that do not cover one another, places first."""
    kept: list[tuple[float, float, str, str]] = []
    for x, y, text, kind in sorted(labels, key=lambda one: one[3] != "place"):
        half = len(text) * LETTER / 2
        if all(
            abs(y - other[1]) > LINE or abs(x - other[0]) > half + len(other[2]) * LETTER / 2
            for other in kept
        ):
            kept.append((x, y, text, kind))
    return kept


def _padded(west: float, south: float, east: float, north: float) -> Box:
    east_metres = METRES_A_DEGREE * cos(radians((south + north) / 2))
    wide = max((east - west) * east_metres, LEAST_SIDE) * (1 + 2 * PAD)
    high = max((north - south) * METRES_A_DEGREE, LEAST_SIDE) * (1 + 2 * PAD)
    x, y = (west + east) / 2, (south + north) / 2
    return (
        x - wide / 2 / east_metres, y - high / 2 / METRES_A_DEGREE,
        x + wide / 2 / east_metres, y + high / 2 / METRES_A_DEGREE,
    )  # fmt: skip


def _picture(box: Box) -> tuple[_Window, Picture]:
    west, south, east, north = box
    east_metres = METRES_A_DEGREE * cos(radians((south + north) / 2))
    wide, high = max((east - west) * east_metres, 1.0), max((north - south) * METRES_A_DEGREE, 1.0)
    scale = SIDE / wide
    window = _Window(west, north, east_metres * scale, METRES_A_DEGREE * scale)
    return window, Picture(SIDE, round(high * scale, 1))


def _rings(feature: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    geometry = feature.get("geometry") or {}
    if geometry.get("type") == "Polygon":
        yield from geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        for rings in geometry["coordinates"]:
            yield from rings


def _ground(picture: Picture, window: _Window, ground: Sequence[Mapping[str, Any]], box: Box) -> None:
    west, south, east, north = box
    for one in ground:
        rings = list(_rings(one))
        if not rings or not any(west <= spot[0] <= east and south <= spot[1] <= north for spot in rings[0]):
            continue
        told = one.get("properties") or {}
        picture.ground.append(("".join(f"{window.path(ring)}Z" for ring in rings), str(told.get("kind", ""))))
        if told.get("name"):
            x, y = (sum(spot[at] for spot in rings[0]) / len(rings[0]) for at in (0, 1))
            if west <= x <= east and south <= y <= north:
                picture.labels.append((*window.spot(x, y), str(told["name"]), "place"))


def _streets(picture: Picture, window: _Window, streets: Streets, box: Box) -> None:
    city: CityWalks = streets.city
    drawn, named = set[tuple[int, int]](), set[str]()
    rows: list[tuple[int, str]] = []
    for edge in edges_in(streets, box):
        if city.streets.part[edge] == ACROSS or len(rows) >= MOST_STREETS:
            continue
        u, v = city.streets.u[edge], city.streets.v[edge]
        one, other = (city.streets.lon[u], city.streets.lat[u]), (city.streets.lon[v], city.streets.lat[v])
        key = (hash(one), hash(other))
        if key in drawn:  # the other side of a big road
            continue
        drawn.add(key)
        size = city.streets.size[city.streets.line[edge]]
        rows.append((size, window.path((one, other))))
        name = city.streets.called(edge)
        middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        if name and name not in named and box[0] < middle[0] < box[2] and box[1] < middle[1] < box[3]:
            named.add(name)
            picture.labels.append((*window.spot(*middle), name, "street"))
    picture.streets = [(path, window.wide(WIDE[size]), size) for size, path in sorted(rows)]
