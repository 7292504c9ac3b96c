"""
Safe places of a city: from the tags of the map and from the city's own table (CSV, XLSX, GeoPackage, GeoJSON), joined.

A place in both is one: near each other and called the same. The map's drawing then counts, with the city's name, gates
and marks. Needs `ruangaman[city]` for layers and sheets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters import city_people
from ruangaman.adapters.city_areas import on_globe
from ruangaman.adapters.osm.errors import ExtraMissing
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.area_names import Words, plain
from ruangaman.core.reach.build_rules import Kinds
from ruangaman.core.reach.extract import NODE, RELATION, WAY, Extract, Places
from ruangaman.core.reach.snapping import METRES_A_DEGREE

MOST_PLACES: Final = 200_000
MOST_TEXT: Final = 200
MOST_GATES: Final = 200
_LAYERS: Final = frozenset({".gpkg", ".geojson", ".json", ".shp", ".parquet", ".fgb"})
_ELEMENT: Final = {NODE: "n", WAY: "w", RELATION: "r"}
_YES: Final = {"ya": True, "yes": True, "y": True, "1": True, "true": True,
               "tidak": False, "no": False, "n": False, "0": False, "false": False}  # fmt: skip


class PlacesUnreadable(RuangAmanError):
    """The table is not there, of no kind that is read, broken, or above a limit; `why` says which."""

    code = "city.places-unreadable"


class PlacesMalformed(RuangAmanError):
    """A column is missing or a value is none; `what` names it, `row` where."""

    code = "city.places-malformed"


@dataclass(frozen=True, slots=True)
class Told:
    """
    A place as the city tells it.

    Attributes:
        shape: a shapely geometry, where the table draws more than a point.
        gates: longitude and latitude of each gate that the table tells.
        accessible: whether a wheelchair gets in; None where nobody says.
    """

    kind: str
    name: str
    lon: float
    lat: float
    shape: Any = None
    gates: tuple[tuple[float, float], ...] = ()
    accessible: bool | None = None
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """
    A safe place.

    Attributes:
        id: of the map (`n12`, `w34`, `r56`) or of the table (`k1`). source: `osm`, `city`, or `both`.
        number: where it stands in the joined list of drawings.
        gates: those that the city's table tells; they count instead of the map's.
    """

    id: str
    kind: str
    name: str
    lon: float
    lat: float
    source: str
    number: int
    gates: tuple[tuple[float, float], ...] = ()
    accessible: bool | None = None
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """
    Attributes:
        places: safe places. drawings: of the map, then of the table, in the form of an extract.
        pairs: id of the map's place, number of the row in the table, metres between: the two are one.
    """

    places: tuple[Place, ...]
    drawings: Places
    pairs: tuple[tuple[str, int, float], ...] = field(default=())


def read(path: Path) -> list[Told]:
    """
    A city's table: `kind`, `name`, and `lon` and `lat` or a drawing; optional `gates` (`lon lat; lon lat`),
    `accessible` (ya, tidak), `hours`.

    Raises:
        PlacesUnreadable, PlacesMalformed, ExtraMissing.
    """
    if not path.is_file():
        raise PlacesUnreadable(file=path.name, why="no such file")
    suffix = path.suffix.lower()
    if suffix not in _LAYERS and suffix not in (".csv", ".xlsx"):
        raise PlacesUnreadable(file=path.name, why="no kind that is read")
    try:
        rows = (
            _layer(path) if suffix in _LAYERS else list(city_people.table_rows(path, ("kind", "lon", "lat")))
        )
    except city_people.PeopleUnreadable as wrong:
        raise PlacesUnreadable(**wrong.facts) from None
    except city_people.PeopleMalformed as wrong:
        raise PlacesMalformed(**wrong.facts) from None
    if len(rows) > MOST_PLACES:
        raise PlacesUnreadable(file=path.name, why="too many places", most=MOST_PLACES)
    return [_told(row, number) for number, row in enumerate(rows, start=2)]


def _layer(path: Path) -> list[Mapping[str, Any]]:
    try:
        import geopandas
        import pyarrow
        import pyogrio.errors
        import shapely
    except ImportError:
        raise ExtraMissing from None
    try:
        frame = (
            geopandas.read_parquet(path) if path.suffix.lower() == ".parquet" else geopandas.read_file(path)
        )
    except (OSError, ValueError, pyogrio.errors.DataSourceError, pyarrow.ArrowException) as wrong:
        raise PlacesUnreadable(file=path.name, why=type(wrong).__name__) from None
    if not hasattr(frame, "geometry") or frame.crs is None:
        raise PlacesUnreadable(file=path.name, why="without drawings or a coordinate system")
    frame = on_globe(frame, lambda why: PlacesUnreadable(file=path.name, why=why))
    names = {str(name): str(name).strip().lower() for name in frame.columns if name != frame.geometry.name}
    table = {lower: frame[name].tolist() for name, lower in names.items()}
    rows: list[Mapping[str, Any]] = []
    for number, shape in enumerate(frame.geometry.to_numpy()):
        if shape is None or shape.is_empty:
            raise PlacesMalformed(what="geometry", row=number + 2)
        row: dict[str, Any] = {name: values[number] for name, values in table.items()}
        if shapely.get_type_id(shape) in (3, 6):
            middle = shape.representative_point()
            row |= {"lon": middle.x, "lat": middle.y, "_shape": shape}
        else:
            middle = shape.centroid
            row |= {"lon": middle.x, "lat": middle.y}
        rows.append(row)
    return rows


def _told(row: Mapping[str, Any], number: int) -> Told:
    def text(name: str) -> str:
        found = row.get(name)
        return "" if found is None or found != found else str(found).strip()[:MOST_TEXT]

    kind = text("kind").lower().replace(" ", "_")
    if not kind:
        raise PlacesMalformed(what="kind", row=number)
    lon, lat = _degrees(row.get("lon"), 180, "lon", number), _degrees(row.get("lat"), 90, "lat", number)
    gates: list[tuple[float, float]] = []
    for one in filter(None, (part.strip() for part in text("gates").split(";"))):
        pair = one.replace(",", " ").split()
        if len(pair) != 2 or len(gates) >= MOST_GATES:
            raise PlacesMalformed(what="gates", row=number)
        gates.append((_degrees(pair[0], 180, "gates", number), _degrees(pair[1], 90, "gates", number)))
    accessible = text("accessible").lower()
    if accessible and accessible not in _YES:
        raise PlacesMalformed(what="accessible", row=number)
    return Told(
        kind, text("name"), lon, lat, row.get("_shape"), tuple(gates),
        _YES.get(accessible) if accessible else None, text("hours"),
    )  # fmt: skip


def _degrees(told: Any, most: float, what: str, row: int) -> float:
    try:
        found = float(str(told).strip().replace(",", "."))
    except (TypeError, ValueError):
        raise PlacesMalformed(what=what, row=row) from None
    if not -most <= found <= most:
        raise PlacesMalformed(what=what, row=row)
    return found


def of_map(extract: Extract, kinds: Kinds) -> list[Place]:
    """Places of the map that are of these kinds and not closed; of several kinds the first of these counts."""
    places = extract.places
    if unknown := [kind for kind in kinds.kinds if kind not in extract.kinds]:
        raise PlacesMalformed(what=f"kind {unknown[0]}")
    shut = np.zeros(len(places), np.bool_)
    for column, values in (("access", kinds.closed_access), ("fee", kinds.closed_fee)):
        codes = [code for code, value in enumerate(extract.codes[column]) if code > 1 and value in values]
        shut |= np.isin(places.tags[column], codes)
    found = []
    accessible = extract.codes["wheelchair"]
    for number in np.flatnonzero(~shut):
        bits = int(places.kinds[number])
        kind = next((one for one in kinds.kinds if bits >> extract.kinds.index(one) & 1), None)
        if kind is None:
            continue
        says = accessible[places.tags["wheelchair"][number]]
        found.append(
            Place(
                f"{_ELEMENT[int(places.element[number])]}{int(places.ids[number])}", kind, places.names[number],
                float(places.lon[number]), float(places.lat[number]), "osm", int(number),
                accessible={"yes": True, "designated": True, "no": False}.get(says),
            )
        )  # fmt: skip
    return found


def joined(extract: Extract, kinds: Kinds, table: Sequence[Told], *, metres: float, words: Words) -> Joined:
    """
    The safe places of a city: those of the map that are of these kinds, and all of its table.

    Args:
        metres: how near two of the same name are when they are one.
    """
    places = of_map(extract, kinds)
    drawings = _with(extract.places, table)
    pairs: list[tuple[str, int, float]] = []
    if not table:
        return Joined(tuple(places), drawings)
    every = of_map(extract, replace(kinds, kinds=extract.kinds))
    by_number = {one.number: at for at, one in enumerate(places)}
    taken: set[int] = set()
    for row, told in enumerate(table):
        twin, apart = _twin(told, every, extract.places, taken, metres, words)
        if twin is None:
            places.append(
                Place(f"k{row + 1}", told.kind, told.name, told.lon, told.lat, "city", len(extract.places) + row,
                      told.gates, told.accessible, told.hours)
            )  # fmt: skip
            continue
        taken.add(twin.number)
        pairs.append((twin.id, row + 2, apart))
        both = replace(
            twin, kind=told.kind, name=told.name or twin.name, source="both", gates=told.gates, hours=told.hours,
            accessible=twin.accessible if told.accessible is None else told.accessible,
        )  # fmt: skip
        at = by_number.get(twin.number)
        if at is None:
            places.append(both)
        else:
            places[at] = both
    return Joined(tuple(places), drawings, tuple(pairs))


def _twin(
    told: Told, every: Sequence[Place], drawn: Places, taken: set[int], metres: float, words: Words
) -> tuple[Place | None, float]:
    """The nearest place of the map that is near enough and called the same."""
    name = plain(told.name, words)
    if not name:
        return None, 0.0
    east = METRES_A_DEGREE * float(np.cos(np.radians(told.lat)))
    best, least = None, metres
    for one in every:
        if one.number in taken or plain(one.name, words) != name:
            continue
        its = _vertices(drawn, one.number)
        apart = float(np.hypot((its[0] - told.lon) * east, (its[1] - told.lat) * METRES_A_DEGREE).min())
        apart = min(
            apart, float(np.hypot((one.lon - told.lon) * east, (one.lat - told.lat) * METRES_A_DEGREE))
        )
        if apart <= least:
            best, least = one, apart
    return best, least


def _vertices(places: Places, number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, last = int(places.first_ring[number]), int(places.first_ring[number + 1])
    if first == last:
        return places.lon[number : number + 1], places.lat[number : number + 1]
    its = slice(int(places.first_vertex[first]), int(places.first_vertex[last]))
    return places.vertex_lon[its], places.vertex_lat[its]


def _with(places: Places, table: Sequence[Told]) -> Places:
    """The drawings of the map, and behind them those of the table; its nodes have numbers below 0."""
    rings: list[tuple[NDArray[np.float64], bool]] = []
    count = []
    for told in table:
        its = _rings(told.shape) if told.shape is not None else []
        rings += its
        count.append(len(its))
    sizes = [len(ring) for ring, _ in rings]
    points = np.concatenate([np.empty((0, 2)), *(ring for ring, _ in rings)])
    more = len(table)
    first_ring = places.first_ring[-1] + np.cumsum(np.array(count, np.int64))
    first_vertex = places.first_vertex[-1] + np.cumsum(np.array(sizes, np.int64))
    return Places(
        ids=np.append(places.ids, -1 - np.arange(more)),
        element=np.append(places.element, np.array([WAY if each else NODE for each in count], np.uint8)),
        kinds=np.append(places.kinds, np.zeros(more, np.uint64)),
        lon=np.append(places.lon, [told.lon for told in table]),
        lat=np.append(places.lat, [told.lat for told in table]),
        lost=np.append(places.lost, np.zeros(more, np.int32)),
        names=(*places.names, *(told.name for told in table)),
        tags={name: np.append(codes, np.zeros(more, np.uint8)) for name, codes in places.tags.items()},
        first_ring=np.append(places.first_ring, first_ring),
        ring_closed=np.append(places.ring_closed, np.ones(len(rings), np.bool_)),
        ring_hole=np.append(places.ring_hole, np.array([hole for _, hole in rings], np.bool_)),
        first_vertex=np.append(places.first_vertex, first_vertex),
        vertex_ids=np.append(places.vertex_ids, -1 - np.arange(len(points))),
        vertex_lon=np.append(places.vertex_lon, points[:, 0]),
        vertex_lat=np.append(places.vertex_lat, points[:, 1]),
    )


def _rings(shape: Any) -> list[tuple[NDArray[np.float64], bool]]:
    import shapely

    found = []
    for part in shapely.get_parts(shape):
        found.append((shapely.get_coordinates(part.exterior), False))
        found += [(shapely.get_coordinates(hole), True) for hole in part.interiors]
    return found
