"""
Where something may be: the known places, streets and areas of a city, from the files that `ruangaman city build` made.

Without them a report names the city alone. Positions of places and streets are public; they are rounded all the same.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from ruangaman.core.reports import grid
from ruangaman.core.reports.grid import Cell, NoCell
from ruangaman.rooms.places import config
from ruangaman.rooms.places.models import City
from ruangaman.rooms.places.report_errors import ReportRefused

MOST_BYTES: Final = 1 << 28
LONGEST_NAME: Final = 120
CELL, PLACE, STREET, AREA = "c", "p", "s", "a"


@dataclass(frozen=True, slots=True)
class Where:
    """A choice of the list. `cell` is None for a whole area."""

    key: str
    name: str
    area: str
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class Wheres:
    """`areas`: code -> name of each kelurahan, by name. `places`, `streets`: by name; `parents`: code -> code."""

    areas: Mapping[str, str]
    parents: Mapping[str, str]
    levels: Mapping[str, str]
    places: Sequence[Where]
    streets: Sequence[Where]
    rings: Sequence[tuple[str, tuple[float, float, float, float], list[list[list[float]]]]]

    def kelurahan(self, code: str) -> str:
        """The kelurahan of an area; the code itself when it is none below one."""
        for _ in range(6):
            if self.levels.get(code) == "kelurahan" or code not in self.parents:
                return code
            code = self.parents[code]
        return code

    def area_of(self, longitude: float, latitude: float) -> str:
        """The kelurahan in which a position lies; empty when in none."""
        for code, (west, south, east, north), rings in self.rings:
            if (
                west <= longitude <= east
                and south <= latitude <= north
                and _inside(longitude, latitude, rings)
            ):
                return code
        return ""


def of_city(city: City, metres: int) -> Wheres:
    """The places, streets and areas of a city; each file is read again only when it changed."""
    folder = config.folder(city.slug)
    walks = next(iter(sorted((folder / "map").glob("walks-*.geojson"))), folder / "map" / "walks.geojson")
    files = [folder / "map" / "areas.geojson", folder / "results" / "places.json", walks]
    return _read(tuple((str(path), _stamp(path)) for path in files), metres)


def chosen(city: City, said: str, metres: int) -> Where:
    """
    What a form chose: `p:<id>`, `s:<key>`, `a:<code>`, or `c:<row>:<column>` from the map; empty is the whole city.

    Raises:
        ReportRefused: it is not on the list, or not a cell of this city.
    """
    if said == "":
        return Where("", "", city.code, None)
    known = of_city(city, metres)
    kind, _, key = said.partition(":")
    if kind == AREA and key in known.areas:
        return Where(said, known.areas[key], key, None)
    if kind == CELL:
        return _cell(known, key, metres)
    rows = known.places if kind == PLACE else known.streets if kind == STREET else ()
    found = next((one for one in rows if one.key == said), None)
    if found is None:
        raise ReportRefused(why="where")
    return found


def _cell(known: Wheres, key: str, metres: int) -> Where:
    try:
        cell = grid.read(key, metres)
    except NoCell:
        raise ReportRefused(why="where") from None
    if not known.rings:
        raise ReportRefused(why="where")
    area = known.area_of(*grid.centre(cell)) or next(
        (found for x, y in grid.ring(cell) if (found := known.area_of(x, y))), ""
    )
    if not area:
        raise ReportRefused(why="where")
    return Where("", "", area, cell)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        told = path.stat()
    except OSError:
        return (0, 0)
    return (told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=32)
def _read(files: tuple[tuple[str, tuple[int, int]], ...], metres: int) -> Wheres:
    areas, places, walks = (_json(Path(path), stamp[1]) for path, stamp in files)
    features = [one for one in _features(areas) if _text(one, "code")]
    kelurahan = [one for one in features if one["properties"].get("level") == "kelurahan"]
    rings = []
    for one in kelurahan:
        found = _rings(one.get("geometry") or {})
        if found:
            xs, ys = [x for ring in found for x, *_ in ring], [y for ring in found for _, y, *_ in ring]
            rings.append((_text(one, "code"), (min(xs), min(ys), max(xs), max(ys)), found))
    named = sorted(_apart(kelurahan, {_text(one, "code"): _text(one, "name") for one in features}))
    known = Wheres(
        areas={code: name for name, code in named},
        parents={_text(one, "code"): _text(one, "parent") for one in features},
        levels={_text(one, "code"): _text(one, "level") for one in features},
        places=(), streets=(), rings=rings,
    )  # fmt: skip
    rows = places.get("places", []) if isinstance(places, dict) else places
    return Wheres(
        known.areas, known.parents, known.levels, _places(rows, known, metres), _streets(walks, known, metres),
        rings,
    )  # fmt: skip


def _apart(kelurahan: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Name and code of each; where a name stands twice in a city, with the name of its parent, else with its code."""
    count = Counter(_text(one, "name") for one in kelurahan)
    for one in kelurahan:
        name, code = _text(one, "name"), _text(one, "code")
        if count[name] > 1:
            name = f"{name} ({names.get(_text(one, 'parent')) or code})"
        yield name, code


def _places(rows: object, known: Wheres, metres: int) -> Sequence[Where]:
    found = []
    for one in rows if isinstance(rows, list) else []:
        try:
            name = str(one["name"] or "").strip()[:LONGEST_NAME]
            longitude, latitude = float(one["lon"]), float(one["lat"])
            cell = grid.cell_of(longitude, latitude, metres)
            area = known.kelurahan(str(one.get("area") or "")) or known.area_of(longitude, latitude)
            key = f"{PLACE}:{one['id']}"[:80]
        except (KeyError, TypeError, ValueError, AttributeError, NoCell):
            continue
        if name and name.isprintable() and area in known.areas:
            found.append(Where(key, name, area, cell))
    return sorted(found, key=lambda one: (one.name, one.key))


def _streets(walks: object, known: Wheres, metres: int) -> Sequence[Where]:
    """Each named street once in each kelurahan, at a vertex of its middle stretch there."""
    stretches: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for one in _features(walks):
        name, line = _text(one, "name")[:LONGEST_NAME], (one.get("geometry") or {}).get("coordinates")
        if not name or not name.isprintable() or not isinstance(line, list) or not line:
            continue
        try:
            longitude, latitude = (float(part) for part in line[len(line) // 2][:2])
        except (TypeError, ValueError):
            continue
        area = known.kelurahan(_text(one, "area")) or known.area_of(longitude, latitude)
        if area in known.areas:
            stretches.setdefault((name, area), []).append((longitude, latitude))
    found = []
    for (name, area), points in sorted(stretches.items()):
        try:
            cell = grid.cell_of(*sorted(points)[len(points) // 2], metres)
        except NoCell:
            continue
        key = hashlib.sha256(f"{name}|{area}".encode()).hexdigest()[:20]
        found.append(Where(f"{STREET}:{key}", name, area, cell))
    return found


def _json(path: Path, size: int) -> Any:
    """What a file says; nothing where it is missing, too large or broken, so that a page never fails by it."""
    if not 0 < size <= MOST_BYTES:
        return {}
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}


def _features(told: object) -> Iterable[dict[str, Any]]:
    rows = told.get("features") if isinstance(told, dict) else None
    for one in rows if isinstance(rows, list) else []:
        if isinstance(one, dict) and isinstance(one.get("properties"), dict):
            yield one


def _text(feature: Mapping[str, Any], name: str) -> str:
    said = feature["properties"].get(name)
    return said.strip() if isinstance(said, str) else ""


def _rings(geometry: Mapping[str, Any]) -> list[list[list[float]]]:
    """All rings of a polygon or of several, holes too: inside is an odd number of crossings."""
    parts = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        parts = [parts]
    try:
        return [[[float(x) for x in point[:2]] for point in ring] for part in parts or [] for ring in part]
    except (TypeError, ValueError):
        return []


def _inside(x: float, y: float, rings: Iterable[list[list[float]]]) -> bool:
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd
