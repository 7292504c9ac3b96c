"""
Where people live, from what a city has: a raster, points, or areas with numbers; and how many of them are children.

A raster or a layer may hold counts, or only weights, in which case the total must be told. Needs `ruangaman[city]`.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.city_areas import on_globe
from ruangaman.adapters.osm.errors import ExtraMissing
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.snapping import METRES_A_DEGREE

MOST_CELLS: Final = 400_000_000
MOST_POINTS: Final = 20_000_000
MOST_ROWS: Final = 1_000_000
MOST_TABLE_BYTES: Final = 256 << 20
STEP_METRES: Final = 100.0
"""People of an area are spread over points so far apart."""
OLDEST: Final = 150
_SEXES: Final = {"": "", "p": "f", "f": "f", "perempuan": "f", "l": "m", "m": "m", "laki-laki": "m"}
_WORLD: Final = "EPSG:4326"
_EQUAL: Final = "EPSG:6933"  # metres of equal area, for spreading people over an area
_NO_SHEET: Final = (AttributeError, KeyError, IndexError, SyntaxError, TypeError, ValueError)
"""What openpyxl raises when parts of a workbook are missing or broken; that XML is none is a SyntaxError."""
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_NO_AMOUNTS: Final = frozenset({"code", "kind", "name", "lon", "lat", "gates", "hours"})
_LAYERS: Final = frozenset({".gpkg", ".geojson", ".json", ".shp", ".parquet", ".fgb"})


class PeopleUnreadable(RuangAmanError):
    """The file is not there, of no kind that is read, broken, or above a limit; `why` says which."""

    code = "city.people-unreadable"


class PeopleMalformed(RuangAmanError):
    """A column is missing, or a number is none; `what` names it, `row` where."""

    code = "city.people-malformed"


@dataclass(frozen=True, slots=True)
class People:
    """
    People as points.

    Attributes:
        lon, lat: float64 (points,), degrees. people: float64 (points,), expected numbers, above 0.
        of: what the numbers were, "counts" or "weights".
        cell_metres: how far apart the points are, 0 where that varies.
        land: float64 (points,), square metres of the cell or area that each stands for; 0 where the file has points.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    people: NDArray[np.float64]
    of: str
    cell_metres: float
    land: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Band:
    """
    Children of whole years `first` to `last`, both included, in one area: a count, or a share of its people.

    Attributes:
        sex: `f` or `m`; "" for all. disabled: the share of them with a disability, 0 to 1; None where nobody says.
        wheelchair: the share of them who use a wheelchair, none of them without a disability; None where nobody says.
    """

    area: str
    first: int
    last: int
    count: float | None
    share: float | None
    sex: str = ""
    disabled: float | None = None
    wheelchair: float | None = None


def read(path: Path, *, column: str = "people", total: float | None = None) -> People:
    """
    People from a raster (GeoTIFF), a layer of points or areas (GeoPackage, GeoJSON, GeoParquet, Shapefile), or a table
    with `lon` and `lat` (CSV, Parquet).

    Args:
        column: holds the numbers, of a layer or table.
        total: how many live there in all; the numbers then are weights and are scaled to it.

    Raises:
        PeopleUnreadable, PeopleMalformed, ExtraMissing.
    """
    if total is not None and not (math.isfinite(total) and total > 0):
        raise PeopleMalformed(what="total")
    suffix = path.suffix.lower()
    if not path.is_file():
        raise PeopleUnreadable(file=path.name, why="no such file")
    if suffix in (".tif", ".tiff"):
        lon, lat, people, apart, land = _raster(path)
    elif suffix in _LAYERS or suffix == ".csv":
        lon, lat, people, apart, land = _layer(path, column)
    else:
        raise PeopleUnreadable(file=path.name, why="no kind that is read")
    kept = people > 0
    if not kept.any():
        raise PeopleMalformed(what=column, why="nobody lives there")
    lon, lat, people, land = lon[kept], lat[kept], people[kept], land[kept]
    if len(people) > MOST_POINTS:
        raise PeopleUnreadable(file=path.name, why="too many points", most=MOST_POINTS)
    if total is not None:
        people = people * (total / people.sum())
    return People(lon, lat, people, "counts" if total is None else "weights", apart, land)


Found = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float, NDArray[np.float64]]
"""Longitude, latitude, people; how far apart; the land of each."""


def _raster(path: Path) -> Found:
    try:
        import rasterio
        from rasterio import warp
    except ImportError:
        raise ExtraMissing from None
    lon, lat, people = [], [], []
    try:
        with rasterio.open(path) as opened:
            if opened.crs is None:
                raise PeopleUnreadable(file=path.name, why="without a coordinate system")
            if opened.width * opened.height > MOST_CELLS:
                raise PeopleUnreadable(file=path.name, why="too many cells", most=MOST_CELLS)
            if not (opened.crs.is_geographic or opened.crs.is_projected):
                raise PeopleUnreadable(file=path.name, why="a coordinate system that is on no globe")
            for _, window in opened.block_windows(1):
                values = opened.read(1, window=window, masked=True).astype(np.float64)
                there = ~np.ma.getmaskarray(values) & np.isfinite(values.data) & (values.data > 0)
                rows, columns = np.nonzero(there)
                if not len(rows):
                    continue
                across, down = (
                    columns + window.col_off + 0.5,
                    rows + window.row_off + 0.5,
                )  # the middle of each cell
                grid = opened.transform
                lon.append(grid.c + across * grid.a + down * grid.b)
                lat.append(grid.f + across * grid.d + down * grid.e)
                people.append(values.data[there])
            crs, (wide, high) = opened.crs, _sides(opened)
    except rasterio.errors.RasterioError as wrong:
        raise PeopleUnreadable(file=path.name, why=type(wrong).__name__) from None
    every = [np.concatenate([np.empty(0), *one]) for one in (lon, lat, people)]
    if crs.to_epsg() != 4326 and len(every[0]):
        every[0], every[1] = (np.asarray(one) for one in warp.transform(crs, _WORLD, every[0], every[1]))
    return every[0], every[1], every[2], max(wide, high), np.full(len(every[2]), wide * high)


def _sides(opened: Any) -> tuple[float, float]:
    """Metres of a cell from west to east, in the middle of the raster, and from south to north."""
    wide, high = abs(opened.transform.a), abs(opened.transform.e)
    if not opened.crs.is_geographic:
        return float(wide), float(high)
    middle = math.radians((opened.bounds.top + opened.bounds.bottom) / 2)
    return METRES_A_DEGREE * float(wide * math.cos(middle)), METRES_A_DEGREE * float(high)


def _layer(path: Path, column: str) -> Found:
    try:
        import geopandas
        import pyarrow.parquet
        import pyogrio.errors
        import shapely
    except ImportError:
        raise ExtraMissing from None
    if path.suffix.lower() == ".csv":
        needed = ("lon", "lat", column.lower())
        rows = list(table_rows(path, needed))
        return _points([_numbers(rows, name) for name in needed])
    try:
        if path.suffix.lower() == ".parquet" and b"geo" not in (
            pyarrow.parquet.read_schema(path).metadata or {}
        ):
            table = pyarrow.parquet.read_table(path)
            missing = {"lon", "lat", column} - set(table.column_names)
            if missing:
                raise PeopleMalformed(what=min(missing))
            told = [np.asarray(table[name].to_numpy(), np.float64) for name in ("lon", "lat", column)]
            return _points(told)
        frame = (
            geopandas.read_parquet(path) if path.suffix.lower() == ".parquet" else geopandas.read_file(path)
        )
    except (OSError, ValueError, pyogrio.errors.DataSourceError, pyarrow.ArrowException) as wrong:
        if isinstance(wrong, RuangAmanError):
            raise
        raise PeopleUnreadable(file=path.name, why=type(wrong).__name__) from None
    if column not in frame.columns:
        raise PeopleMalformed(what=column)
    if frame.crs is None:
        raise PeopleUnreadable(file=path.name, why="without a coordinate system")
    try:
        people = np.asarray(frame[column].to_numpy(np.float64, na_value=np.nan))
    except (TypeError, ValueError):
        raise PeopleMalformed(what=column, why="not all are numbers") from None
    frame = on_globe(frame, lambda why: PeopleUnreadable(file=path.name, why=why))
    if not frame.geom_type.isin(["Point"]).all():
        return _spread(frame, people, shapely)
    points = frame.geometry
    return _points([points.x.to_numpy(), points.y.to_numpy(), people])


def _points(told: Sequence[NDArray[np.float64]]) -> Found:
    return *_checked(told), 0.0, np.zeros(len(told[0]))


def _spread(frame: Any, people: NDArray[np.float64], shapely: Any) -> Found:
    """People of areas, evenly over points inside, `STEP_METRES` apart; one point where an area is smaller."""
    areas = frame.to_crs(_EQUAL).geometry.to_numpy()
    x, y, each, land = [], [], [], []
    for area, number in zip(areas, people.tolist(), strict=True):
        if not number > 0 or area is None or area.is_empty:
            continue
        west, south, east, north = area.bounds
        across = np.arange(west + STEP_METRES / 2, east, STEP_METRES)
        up = np.arange(south + STEP_METRES / 2, north, STEP_METRES)
        if len(across) * len(up) > MOST_POINTS:
            raise PeopleUnreadable(why="an area too large", most=MOST_POINTS)
        grid_x, grid_y = (one.ravel() for one in np.meshgrid(across, up))
        inside = shapely.contains_xy(area, grid_x, grid_y)
        if not inside.any():
            middle = area.representative_point()
            grid_x, grid_y, inside = np.array([middle.x]), np.array([middle.y]), np.array([True])
        x.append(grid_x[inside])
        y.append(grid_y[inside])
        each.append(np.full(int(inside.sum()), number / inside.sum()))
        land.append(np.full(int(inside.sum()), area.area / inside.sum()))
    from geopandas import points_from_xy

    points = points_from_xy(
        np.concatenate([np.empty(0), *x]), np.concatenate([np.empty(0), *y]), crs=_EQUAL
    ).to_crs(_WORLD)
    found = _checked([np.asarray(points.x), np.asarray(points.y), np.concatenate([np.empty(0), *each])])
    return *found, STEP_METRES, np.concatenate([np.empty(0), *land])


def _checked(
    columns: Sequence[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    lon, lat, people = columns
    if np.isnan(lon).any() or np.isnan(lat).any() or (np.abs(lon) > 180).any() or (np.abs(lat) > 90).any():
        raise PeopleMalformed(what="lon or lat")
    if (people < 0).any() or np.isinf(people).any():
        raise PeopleMalformed(what="people", why="a number below 0, or infinite")
    return lon, lat, np.nan_to_num(people)


def children(path: Path) -> list[Band]:
    """
    How many children live in each area: a table (CSV, XLSX) with `code` (Kemendagri, dotted), `age_from`, `age_to`,
    and `children` (a count) or `share` (of the people, 0 to 1); optional `sex` (p or f, l or m), `disability_share` (of
    these children, 0 to 1) and `wheelchair_share` (of these children, no more than have a disability).

    Raises:
        PeopleUnreadable, PeopleMalformed, ExtraMissing.
    """
    found = []
    for row, told in enumerate(table_rows(path, ("code", "age_from", "age_to")), start=2):
        first, last = _whole(told, "age_from", row), _whole(told, "age_to", row)
        count, share = (_optional(told, name, row) for name in ("children", "share"))
        area = str(told.get("code") or "").strip()
        if not area or not 0 <= first <= last <= OLDEST or (count is None) == (share is None):
            raise PeopleMalformed(what="code, ages, or one of children and share", row=row)
        if share is not None and share > 1:
            raise PeopleMalformed(what="share", row=row)
        sex = str(told.get("sex") or "").strip().lower()
        disabled = _optional(told, "disability_share", row)
        if sex not in _SEXES or (disabled is not None and disabled > 1):
            raise PeopleMalformed(what="sex or disability_share", row=row)
        wheelchair = _optional(told, "wheelchair_share", row)
        if wheelchair is not None and (disabled is None or wheelchair > disabled):
            raise PeopleMalformed(what="wheelchair_share above disability_share", row=row)
        found.append(Band(area, first, last, count, share, _SEXES[sex], disabled, wheelchair))
    taken: dict[tuple[str, str], list[Band]] = {}
    told_by_sex = {band.area for band in found if band.sex}
    for band in found:
        if not band.sex and band.area in told_by_sex:
            raise PeopleMalformed(what="sex that is told of some only", area=band.area)
        beside = taken.setdefault((band.area, band.sex), [])
        if any(one.first <= band.last and band.first <= one.last for one in beside):
            raise PeopleMalformed(what="ages that overlap", area=band.area)
        beside.append(band)
    return found


def table_rows(path: Path, needs: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """
    Rows of a table with a head, names without spaces around them, in lower case.

    Raises:
        PeopleUnreadable, ExtraMissing. PeopleMalformed: its head names not all that it needs, so that a table without
            a head does not lose its first row.
    """
    try:
        if path.stat().st_size > MOST_TABLE_BYTES:
            raise PeopleUnreadable(file=path.name, why="too large")
        yield from _sheet(path, needs) if path.suffix.lower() == ".xlsx" else _commas(path, needs)
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise PeopleUnreadable(file=path.name, why=type(wrong).__name__) from None


def _head(told: Iterable[object], needs: Iterable[str]) -> list[str]:
    head = [str(name or "").strip().lower() for name in told]
    if missing := [name for name in needs if name not in head]:
        raise PeopleMalformed(what=missing[0], row=1)
    return head


def _commas(path: Path, needs: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        first = opened.readline()
        opened.seek(0)
        # Indonesian spreadsheets write semicolons between columns, for the comma is theirs in numbers.
        semicolons = first.count(";") > first.count(",")
        table = csv.reader(opened, delimiter=";" if semicolons else ",")
        head = _head(next(table, []), needs)
        for number, row in enumerate(table):
            if number >= MOST_ROWS:
                raise PeopleUnreadable(file=path.name, why="too many rows", most=MOST_ROWS)
            if any(cell.strip() for cell in row):
                told = dict(zip(head, row, strict=False))
                if semicolons:
                    _no_thousands(told, number + 2)
                yield told


def _no_thousands(told: Mapping[str, str], row: int) -> None:
    """The same spreadsheets write 1.200 for what others write 1200; nobody knows which one wrote this."""
    for name, cell in told.items():
        if name not in _NO_AMOUNTS and _THOUSANDS.fullmatch(cell.strip()):
            raise PeopleMalformed(
                what=name, row=row, why="a point that may stand for thousands; write it without"
            )


def _sheet(path: Path, needs: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise ExtraMissing from None
    from zipfile import BadZipFile

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, *_NO_SHEET) as wrong:
        raise PeopleUnreadable(file=path.name, why=type(wrong).__name__) from None
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        head = _head(next(rows, ()), needs)
        for number, row in enumerate(rows):
            if number >= MOST_ROWS:
                raise PeopleUnreadable(file=path.name, why="too many rows", most=MOST_ROWS)
            if any(cell not in (None, "") for cell in row):
                yield dict(zip(head, row, strict=False))
    except _NO_SHEET as wrong:
        raise PeopleUnreadable(file=path.name, why=type(wrong).__name__) from None
    finally:
        book.close()


def _numbers(rows: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.float64]:
    return np.array([_needed(told, name, row) for row, told in enumerate(rows, start=2)], np.float64)


def _needed(told: Mapping[str, Any], name: str, row: int) -> float:
    found = _optional(told, name, row)
    if found is None:
        raise PeopleMalformed(what=name, row=row)
    return found


def _optional(told: Mapping[str, Any], name: str, row: int) -> float | None:
    """A number, written with a point or, alone, with a comma; None for an empty cell."""
    cell = told.get(name)
    if cell is None or str(cell).strip() == "":
        return None
    try:
        number = float(str(cell).strip().replace(",", ".", 1) if isinstance(cell, str) else cell)
    except (TypeError, ValueError):
        raise PeopleMalformed(what=name, row=row) from None
    if not math.isfinite(number) or (number < 0 and name not in ("lon", "lat")):
        raise PeopleMalformed(what=name, row=row)
    return number


def _whole(told: Mapping[str, Any], name: str, row: int) -> int:
    number = _needed(told, name, row)
    if number != int(number):
        raise PeopleMalformed(what=name, row=row)
    return int(number)
