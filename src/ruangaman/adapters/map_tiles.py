"""
The streets of a city as vector tiles for its map: `map/streets.pmtiles`, made of what `walk_files` holds.

Layer `streets`: lines; `a` the answers to all profiles, one digit each (0 safe, 1 unknown, 2 unsafe) in the order of
`profiles` in the file's metadata; `s` 0 a street, 1 and 2 the left and the right side of a big road; `c` 0 a small
street, 1 a collector, 2 a big road; `n` its name. Layer `crossings`: points where streets meet a big road; `a` and `n`
as above, of the way across. Source: Mapbox Vector Tile 2.1 (github.com/mapbox/vector-tile-spec).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import Final

from ruangaman.adapters import pmtiles
from ruangaman.adapters.pmtiles import Tile
from ruangaman.adapters.walk_files import CityWalks
from ruangaman.core.reach.walk_map import ACROSS

FILE: Final = "map/streets.pmtiles"
EXTENT: Final = 4096
MARGIN: Final = 80
FIRST_ZOOM, LAST_ZOOM = 11, 15
SMALL_FROM: Final = 13
"""Zoom from which small streets are drawn: below they would be a grey cloth."""
CROSSINGS_FROM: Final = 14
MOVE, LINE = 1, 2
POINT_KIND, LINE_KIND = 1, 2

At = tuple[float, float]
Value = str | int


@dataclass(slots=True)
class _Layer:
    """Features of one layer of one tile; keys and values are told once."""

    name: str
    features: list[bytes] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    values: dict[Value, int] = field(default_factory=dict)

    def add(self, kind: int, geometry: Sequence[int], told: Mapping[str, Value]) -> None:
        tags: list[int] = []
        for name, value in told.items():
            tags += [
                self.keys.setdefault(name, len(self.keys)),
                self.values.setdefault(value, len(self.values)),
            ]
        self.features.append(
            _bytes(2, b"".join(map(_varint, tags)))
            + _number(3, kind)
            + _bytes(4, b"".join(map(_varint, geometry)))
        )

    def packed(self) -> bytes:
        parts = [_number(15, 2), _bytes(1, self.name.encode())]
        parts += [_bytes(2, one) for one in self.features]
        parts += [_bytes(3, name.encode()) for name in self.keys]
        for value in self.values:
            told = _bytes(1, value.encode()) if isinstance(value, str) else _number(5, value)
            parts.append(_bytes(4, told))
        return b"".join([*parts, _number(5, EXTENT)])


def write(folder: Path, city: CityWalks) -> None:
    """
    Write the tiles of a city into its folder.

    Raises:
        OSError: no room, or no right to write there.
    """
    streets = city.streets
    profiles = list(streets.looks)
    kinds = len(streets.looks[profiles[0]]) if profiles else 0
    answers = [
        "".join(str(int(streets.looks[one][look].answer)) for one in profiles) for look in range(kinds)
    ]
    made: dict[Tile, dict[str, _Layer]] = {}
    lines = [
        (look, part, size, name, [_world(lon, lat) for lon, lat in line])
        for look, part, size, name, line in _lines(city)
    ]
    crossings = [(look, name, _world(lon, lat)) for look, name, lon, lat in _crossings(city)]
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        for look, part, size, name, line in lines:
            if size or zoom >= SMALL_FROM:
                told: dict[str, Value] = {"a": answers[look], "s": part, "c": size}
                if name:
                    told["n"] = name
                _draw(made, zoom, line, told)
        if zoom >= CROSSINGS_FROM:
            for look, name, (x, y) in crossings:
                side = 1 << zoom
                place = (zoom, int(x * side), int(y * side))
                spot = (round((x * side - place[1]) * EXTENT), round((y * side - place[2]) * EXTENT))
                geometry = [MOVE | 1 << 3, _zigzag(spot[0]), _zigzag(spot[1])]
                _layer(made, place, "crossings").add(POINT_KIND, geometry, {"a": answers[look], "n": name})
    tiles = {
        place: b"".join(_bytes(3, layer.packed()) for layer in layers.values())
        for place, layers in made.items()
    }
    lon, lat = streets.lon, streets.lat
    bounds = (min(lon, default=0.0), min(lat, default=0.0), max(lon, default=0.0), max(lat, default=0.0))
    layers = [
        {"id": "streets", "fields": {"a": "String", "s": "Number", "c": "Number", "n": "String"}},
        {"id": "crossings", "fields": {"a": "String", "n": "String"}},
    ]
    told_file = {
        "name": "streets",
        "vector_layers": layers,
        "profiles": profiles,
        "attribution": "© OpenStreetMap",
    }
    file = folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    pmtiles.write(file, tiles, bounds=bounds, told=told_file)


def _lines(city: CityWalks) -> Iterator[tuple[int, int, int, str, list[At]]]:
    """Look, part, size, name and line of stretches that go on without a change."""
    streets = city.streets
    row: list[At] = []
    before = (-1, -1, -1)
    for edge in range(len(streets.u)):
        if streets.part[edge] == ACROSS:
            continue
        u, v = streets.u[edge], streets.v[edge]
        one, other = (streets.lon[u], streets.lat[u]), (streets.lon[v], streets.lat[v])
        same = (streets.line[edge], streets.part[edge], streets.look[edge])
        if row and same == before and row[-1] == one:
            row.append(other)
            continue
        if row:
            yield _line(city, before, row)
        row, before = [one, other], same
    if row:
        yield _line(city, before, row)


def _line(city: CityWalks, told: tuple[int, int, int], row: list[At]) -> tuple[int, int, int, str, list[At]]:
    line, part, look = told
    streets = city.streets
    return look, part, streets.size[line], streets.names[streets.name[line]], row


def _crossings(city: CityWalks) -> Iterator[tuple[int, str, float, float]]:
    """Where a smaller street meets a big road, or a way across is not unsafe to all: the best way across, once."""
    streets = city.streets
    best: dict[At, int] = {}
    for edge in range(len(streets.u)):
        if streets.part[edge] != ACROSS:
            continue
        u, v = streets.u[edge], streets.v[edge]
        small = any(streets.part[one] == 0 for vertex in (u, v) for one in streets.edges_at(vertex))
        known = any(rows[streets.look[edge]].answer < 2 for rows in streets.looks.values())
        if not (small or known):
            continue
        at = (streets.lon[u], streets.lat[u])
        if at not in best or _sum(city, edge) < _sum(city, best[at]):
            best[at] = edge
    for (lon, lat), edge in best.items():
        yield streets.look[edge], streets.called(edge), lon, lat


def _sum(city: CityWalks, edge: int) -> int:
    return sum(int(rows[city.streets.look[edge]].answer) for rows in city.streets.looks.values())


def _world(lon: float, lat: float) -> At:
    """Web Mercator, the whole world as 0 to 1, to the east and to the south."""
    return (lon + 180) / 360, (1 - asinh(tan(radians(lat))) / pi) / 2


def _layer(made: dict[Tile, dict[str, _Layer]], place: Tile, name: str) -> _Layer:
    return made.setdefault(place, {}).setdefault(name, _Layer(name))


def _draw(
    made: dict[Tile, dict[str, _Layer]], zoom: int, line: Sequence[At], told: Mapping[str, Value]
) -> None:
    side = 1 << zoom
    xs, ys = [x * side for x, _ in line], [y * side for _, y in line]
    edge = MARGIN / EXTENT
    for column in range(int(min(xs) - edge), int(max(xs) + edge) + 1):
        for row in range(int(min(ys) - edge), int(max(ys) + edge) + 1):
            spots = [((x - column) * EXTENT, (y - row) * EXTENT) for x, y in zip(xs, ys, strict=True)]
            geometry = _geometry(_clipped(spots))
            if geometry:
                _layer(made, (zoom, column, row), "streets").add(LINE_KIND, geometry, told)


def _clipped(spots: Sequence[At]) -> Iterator[list[At]]:
    """The parts of a line within the tile and its margin (Liang and Barsky)."""
    low, high = -MARGIN, EXTENT + MARGIN
    part: list[At] = []
    for (x1, y1), (x2, y2) in pairwise(spots):
        begin, end = 0.0, 1.0
        for step, room in (
            (x1 - x2, x1 - low), (x2 - x1, high - x1), (y1 - y2, y1 - low), (y2 - y1, high - y1),
        ):  # fmt: skip
            if step == 0:
                if room < 0:
                    begin = 2.0
            elif step < 0:
                begin = max(begin, room / step)
            else:
                end = min(end, room / step)
        if begin > end:
            if part:
                yield part
            part = []
            continue
        one = (x1 + begin * (x2 - x1), y1 + begin * (y2 - y1))
        other = (x1 + end * (x2 - x1), y1 + end * (y2 - y1))
        if not part or part[-1] != one:
            if part:
                yield part
            part = [one]
        part.append(other)
        if end < 1:
            yield part
            part = []
    if part:
        yield part


def _geometry(parts: Iterable[Sequence[At]]) -> list[int]:
    out: list[int] = []
    x = y = 0
    for part in parts:
        spots = [(round(east), round(south)) for east, south in part]
        spots = [one for at, one in enumerate(spots) if not at or one != spots[at - 1]]
        if len(spots) < 2:
            continue
        for at, (east, south) in enumerate(spots):
            if at == 0:
                out.append(MOVE | 1 << 3)
            elif at == 1:
                out.append(LINE | (len(spots) - 1) << 3)
            out += [_zigzag(east - x), _zigzag(south - y)]
            x, y = east, south
    return out


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _varint(number: int) -> bytes:
    if number < 0x80:
        return bytes((number,))
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _number(field_: int, value: int) -> bytes:
    return _varint(field_ << 3) + _varint(value)


def _bytes(field_: int, content: bytes) -> bytes:
    return _varint(field_ << 3 | 2) + _varint(len(content)) + content
