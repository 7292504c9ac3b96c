"""
Areas of a city from layers (GeoPackage, GeoJSON, GeoParquet, Shapefile), keyed by Kemendagri codes.

A layer tells codes, or names, which are matched inside their parents (`core.reach.area_names`). An area that finds no
code keeps its drawing under a key of its own, and is named among what was not matched. Needs `ruangaman[city]`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.osm.errors import ExtraMissing
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach import area_names
from ruangaman.core.reach.area_names import STEPS, Found, Register, Words
from ruangaman.core.reach.build_rules import LEVELS

MOST_AREAS: Final = 200_000
MOST_BYTES: Final = 1 << 30
_DOTS: Final = {"kecamatan": 2, "kelurahan": 3, "rw": 4}
_STEPS_TO: Final = {"city": 1, "kecamatan": 2, "kelurahan": 3, "rw": 3}
_WORLD: Final = "EPSG:4326"
_MOST_DEGREES: Final = (180.0001, 90.0001)  # what is drawn to the end of the globe may be a little beyond


class AreasUnreadable(RuangAmanError):
    """The file is not there, of no kind that is read, broken, or above a limit; `why` says which."""

    code = "city.areas-unreadable"


class AreasMalformed(RuangAmanError):
    """A column is missing, a level is none, or there is nothing to know areas by; `what` names it."""

    code = "city.areas-malformed"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An area without a code: where it stands, the key it got, why, and what was looked for."""

    file: str
    level: str
    key: str
    name: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class Areas:
    """
    All areas, the city first, then by level, then as in the files.

    Attributes:
        code, level, name, parent: (areas,). The city's parent is "".
        shape: shapely geometries (areas,), degrees; None for a city that no layer bounds.
        unmatched: without a code. twice: codes that were drawn more than once, whose drawings are joined.
        mended: how many drawings crossed themselves and were mended.
        drawn: levels that a layer draws; others are put together from smaller ones.
    """

    code: tuple[str, ...]
    level: tuple[str, ...]
    name: tuple[str, ...]
    parent: tuple[str, ...]
    shape: NDArray[np.object_]
    unmatched: tuple[Unmatched, ...]
    twice: tuple[str, ...]
    mended: int
    drawn: tuple[str, ...]

    def at(self, level: str) -> NDArray[np.int64]:
        """Which of the areas are of this level."""
        return np.flatnonzero(np.array(self.level) == level)

    def whole(self) -> NDArray[np.int32]:
        """int32 (areas,), the number of each area's parent; -1 where it is none of these."""
        number = {code: at for at, code in enumerate(self.code)}
        return np.array([number.get(parent, -1) for parent in self.parent], np.int32)


@dataclass(slots=True)
class _Layer:
    """Areas of one level as they are found."""

    code: dict[str, int]
    names: list[str]
    parents: list[str]
    shapes: list[list[Any]]


def read(
    files: Sequence[tuple[str, Path]], *, scope: str = "", name: str = "", table: Register | None = None,
    words: Words, columns: Mapping[str, str] | None = None,
) -> Areas:  # fmt: skip
    """
    Areas of some layers.

    Args:
        files: level ("" to tell it by the columns) and file.
        scope: the code of the city (or of the province that is one). name: of the city; else as the table has it.
        columns: what a column tells (`code`, `bps`, `kab`, `kec`, `kel`, `rw`, `name`) -> its name in these layers.

    Raises:
        AreasUnreadable, AreasMalformed, ExtraMissing.
    """
    register = table or area_names.NO_REGISTER
    layers: dict[str, _Layer] = {level: _Layer({}, [], [], []) for level in LEVELS}
    unmatched: list[Unmatched] = []
    twice: list[str] = []
    mended, drawn = 0, set[str]()
    missing = set((columns or {}).values()) if files else set[str]()
    for level, path in files:
        frame = _frame(path)
        found = _columns(frame, words, columns or {})
        missing -= {name for name in missing if name.lower() in {str(one).lower() for one in frame.columns}}
        level = level or _level_of(found, path)
        if level not in LEVELS:
            raise AreasMalformed(what=level)
        drawn.add(level)
        shapes, mends = _mended(frame)
        _some(shapes, path)
        mended += mends
        for row, told in enumerate(_rows(frame, found)):
            if shapes[row] is None or shapes[row].is_empty:
                continue
            key, why, parent = _key(told, level, scope, register, words)
            label = _label(told, level)
            if why.code is None:
                unmatched.append(Unmatched(path.name, level, key, label, why.why, why.at))
            _add(layers[level], key, _name_of(key, label, register), parent, shapes[row], twice)
    if missing:
        raise AreasMalformed(what=f"column {min(missing)}")
    city = scope or _common([*layers["kecamatan"].code, *layers["kelurahan"].code, *layers["rw"].code])
    _derive(layers, "kelurahan", "rw", register)
    _derive(layers, "kecamatan", "kelurahan", register)
    return _together(layers, city, name, register, unmatched, twice, mended, drawn)


def _frame(path: Path) -> Any:
    try:
        import geopandas
        import pyarrow
        import pyogrio.errors
    except ImportError:
        raise ExtraMissing from None
    if not path.is_file():
        raise AreasUnreadable(file=path.name, why="no such file")
    if path.stat().st_size > MOST_BYTES:
        raise AreasUnreadable(file=path.name, why="too large")
    try:
        frame = (
            geopandas.read_parquet(path) if path.suffix.lower() == ".parquet" else geopandas.read_file(path)
        )
    except (OSError, ValueError, pyogrio.errors.DataSourceError, pyarrow.ArrowException) as wrong:
        raise AreasUnreadable(file=path.name, why=type(wrong).__name__) from None
    if not hasattr(frame, "geometry") or frame.crs is None:
        raise AreasUnreadable(file=path.name, why="without drawings or a coordinate system")
    if len(frame) > MOST_AREAS:
        raise AreasUnreadable(file=path.name, why="too many areas", most=MOST_AREAS)
    return on_globe(frame, lambda why: AreasUnreadable(file=path.name, why=why))


def on_globe(frame: Any, refused: Callable[[str], RuangAmanError]) -> Any:
    """A layer in degrees and without heights; raises what `refused` makes of the reason."""
    import shapely
    from pyproj.exceptions import ProjError

    try:
        frame = frame.to_crs(_WORLD)
    except ProjError:
        raise refused("a coordinate system that is on no globe") from None
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=_WORLD)
    corners = shapely.get_coordinates(frame.geometry.to_numpy())
    if not (np.abs(corners) <= _MOST_DEGREES).all():  # and not for what is no number
        raise refused("drawings that are on no globe; is the coordinate system the right one?")
    return frame


def _mended(frame: Any) -> tuple[NDArray[np.object_], int]:
    """Drawings that cross themselves, made whole by their own lines; points and lines are no areas."""
    import shapely

    shapes = frame.geometry.to_numpy().astype(object)
    there = ~shapely.is_missing(shapes)
    broken = np.flatnonzero(there & ~shapely.is_valid(shapes))
    shapes[broken] = shapely.make_valid(shapes[broken])
    kind = shapely.get_type_id(shapes)
    for row in np.flatnonzero(there & ~np.isin(kind, (3, 6))):
        parts = [one for one in shapely.get_parts(shapes[row]) if shapely.get_type_id(one) in (3, 6)]
        shapes[row] = shapely.union_all(parts) if parts else None
    return shapes, len(broken)


def _some(shapes: NDArray[np.object_], path: Path) -> None:
    if all(shape is None or shape.is_empty for shape in shapes):
        raise AreasMalformed(what="no area is drawn", file=path.name)


def _columns(frame: Any, words: Words, asked: Mapping[str, str]) -> dict[str, str]:
    """What the columns tell -> their names in the frame."""
    by_name = {str(name).lower(): str(name) for name in frame.columns if name != frame.geometry.name}
    found = {}
    for tells, names in words.columns.items():
        given = asked.get(tells)
        if given is not None and given.lower() in by_name:
            found[tells] = by_name[given.lower()]
        else:
            known = next((name for name in names if name in by_name), None)
            if known is not None:
                found[tells] = by_name[known]
    return found


def _level_of(found: Mapping[str, str], path: Path) -> str:
    for tells, level in (("rw", "rw"), ("kel", "kelurahan"), ("kec", "kecamatan"), ("kab", "city")):
        if tells in found:
            return level
    raise AreasMalformed(what="level", file=path.name)


def _rows(frame: Any, found: Mapping[str, str]) -> list[dict[str, str]]:
    table = {tells: frame[column].tolist() for tells, column in found.items()}
    return [
        {tells: _text(values[row]) for tells, values in table.items()}
        for row in range(len(frame))
    ]  # fmt: skip


def _text(value: Any) -> str:
    """A cell; of a number that came as 3273011001.0 the whole."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _key(
    told: Mapping[str, str], level: str, scope: str, table: Register, words: Words
) -> tuple[str, Found, str]:
    """The area's key, whether it is a code and why not, and its parent ("" where only the city is)."""
    steps = [(step, told[step]) for step in STEPS[: _STEPS_TO[level]] if told.get(step)]
    own = _label(told, level)
    if level != "rw" and own and not any(step == STEPS[_STEPS_TO[level] - 1] for step, _ in steps):
        steps.append((STEPS[_STEPS_TO[level] - 1], own))
    if told.get("code"):
        base = area_names.coded(table, told["code"].partition(".RW")[0])
    elif told.get("bps"):
        base = area_names.of_bps(table, told["bps"])
    elif not table.names:
        base = Found(None, "no-code", own)
    elif not steps or (level != "city" and steps[-1][0] != STEPS[_STEPS_TO[level] - 1]):
        base = Found(None, "parent-not-told", own)
    else:
        base = area_names.find(table, words, scope, steps)
    if base.code is not None and scope and base.code != scope and not base.code.startswith(f"{scope}."):
        base = Found(None, "outside", f"{base.code} {scope}")
    number = told.get("rw") or told.get("name") or ""
    slug = area_names.slug(*(name for _, name in steps), number if level == "rw" else "")
    if base.code is None:
        return slug, base, ""
    if level == "rw":
        own_number = area_names.rw(number)
        if base.code.count(".") != 3 or own_number is None:
            return slug, Found(None, "no-number" if own_number is None else "no-code", own), base.code
        return f"{base.code}.{own_number}", base, base.code
    if level != "city" and base.code.count(".") != _DOTS[level]:
        return slug, Found(None, "other-level", base.code), ""
    return base.code, base, base.code.rpartition(".")[0] if level == "kelurahan" else ""


def _label(told: Mapping[str, str], level: str) -> str:
    order = {
        "rw": ("rw", "name", "kel"),
        "kelurahan": ("kel", "name"),
        "kecamatan": ("kec", "name"),
        "city": ("kab", "name"),
    }
    return next((told[tells] for tells in order[level] if told.get(tells)), "")


def _name_of(key: str, label: str, table: Register) -> str:
    if key in table.names:
        return table.names[key]
    number = area_names.rw(label)
    return f"RW {number[2:]}" if number and ".RW" in key else label or key


def _add(layer: _Layer, key: str, name: str, parent: str, shape: Any, twice: list[str]) -> None:
    at = layer.code.get(key)
    if at is None:
        layer.code[key] = len(layer.names)
        layer.names.append(name)
        layer.parents.append(parent)
        layer.shapes.append([shape])
        return
    if not key.startswith("?") and len(layer.shapes[at]) == 1:
        twice.append(key)
    layer.shapes[at].append(shape)


def _derive(layers: Mapping[str, _Layer], level: str, smaller: str, table: Register) -> None:
    """Areas of a level that no layer draws, from the smaller ones inside."""
    if layers[level].code or not layers[smaller].code:
        return
    inside = layers[smaller]
    for key, at in inside.code.items():
        parent = key.rpartition(".")[0]
        if not key.startswith("?") and parent.count(".") == _DOTS[level]:
            upper = parent.rpartition(".")[0] if level == "kelurahan" else ""
            for shape in inside.shapes[at]:
                _add(layers[level], parent, table.names.get(parent, parent), upper, shape, [])


def _common(codes: Sequence[str]) -> str:
    """The regency or province that all codes share; "" when they share none."""
    dotted = [code.split(".") for code in codes if not code.startswith("?")]
    for depth in (2, 1):
        heads = {".".join(one[:depth]) for one in dotted}
        if len(heads) == 1:
            return heads.pop()
    return ""


def _together(
    layers: Mapping[str, _Layer], scope: str, name: str, table: Register, unmatched: list[Unmatched],
    twice: list[str], mended: int, drawn: set[str],
) -> Areas:  # fmt: skip
    import shapely

    given = layers["city"].shapes
    largest = next((layers[level] for level in LEVELS[1:] if layers[level].code), None)
    whole: Any = None
    if given:
        whole = shapely.union_all([shape for shapes in given for shape in shapes])
    elif largest is not None:
        whole = shapely.union_all([shape for shapes in largest.shapes for shape in shapes])
    label = name or table.names.get(scope, "") or (layers["city"].names[0] if given else "") or "Kota"
    city = scope or area_names.slug(label)
    code, level, names, parents, shapes = [city], ["city"], [label], [""], [whole]
    known = {city}
    for one in LEVELS[1:]:
        layer = layers[one]
        for key, at in layer.code.items():
            parent = layer.parents[at]
            code.append(key)
            level.append(one)
            names.append(layer.names[at])
            parents.append(parent if parent in known else city)
            shapes.append(
                shapely.union_all(layer.shapes[at]) if len(layer.shapes[at]) > 1 else layer.shapes[at][0]
            )
        known |= layer.code.keys()
    found = np.empty(len(shapes), object)
    found[:] = shapes
    return Areas(
        tuple(code), tuple(level), tuple(names), tuple(parents), found,
        tuple(unmatched), tuple(twice), mended, tuple(one for one in LEVELS if one in drawn),
    )  # fmt: skip


def assign(areas: Areas, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> dict[str, NDArray[np.int32]]:
    """
    The area of each level in which each point lies: int32 (points,), its number among all areas, -1 for none; of
    several the first.
    """
    import shapely

    tree = shapely.STRtree(shapely.points(lon, lat)) if len(lon) else None
    told = {}
    for level in LEVELS:
        numbers = areas.at(level)
        found = np.full(len(lon), -1, np.int32)
        if level == "city" and areas.shape[0] is None:
            found[:] = 0
        elif len(numbers) and tree is not None:
            area, point = tree.query(areas.shape[numbers], predicate="intersects")
            found[point[::-1]] = numbers[area[::-1]]  # written from the last, so that the first stays
        told[level] = found
    return told


def shapes_of(path: Path) -> NDArray[np.object_]:
    """
    The areas that a layer draws, whatever they are called, in degrees.

    Raises:
        AreasUnreadable, ExtraMissing.
    """
    shapes, _ = _mended(_frame(path))
    _some(shapes, path)
    import shapely

    return np.asarray(shapes[~shapely.is_missing(shapes)])
