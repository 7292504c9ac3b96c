"""
What stands in a city's folder, read once and kept until the folder changes; the house writes nothing there.

Every file may be missing: a page then says what is not known yet.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor, isfinite
from pathlib import Path
from typing import Any, Final

from ruangaman.adapters import city_costs, walk_files
from ruangaman.adapters.walk_files import CityWalks, WalkFilesUnreadable
from ruangaman.core.reach.repair_costs import CostsMalformed, Kind
from ruangaman.core.reach.walk_map import ACROSS
from ruangaman.rooms.places import config

MOST_BYTES: Final = 64 << 20
KEPT: Final = 6
"""Cities in memory at once; Jakarta takes some 30 MB."""
CELL: Final = 0.005
"""Degrees: some 550 m."""
LEVELS: Final = ("city", "kecamatan", "kelurahan", "rw")


@dataclass(frozen=True, slots=True)
class Streets:
    """
    A city's streets.

    Attributes:
        lines: street as mapped -> its edges, those across big roads left out.
        cells: cell of CELL degrees -> edges that begin or end there.
    """

    city: CityWalks
    lines: Mapping[int, Sequence[int]]
    cells: Mapping[tuple[int, int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Row:
    """
    The numbers of an area for one profile; None where they are kept back or nothing is known.

    Attributes:
        of: what shares are of: `children`, or `people` where no table tells of children, or `not_told`.
        children, low, high: counts. share_low, share_high: 0 to 1.
        how_not_told: of those who are not surely safe, whose way of moving nobody tells; None where no file says it.
    """

    code: str
    level: str
    name: str
    parent: str
    of: str
    children: float | None
    low: float | None
    high: float | None
    share_low: float | None
    share_high: float | None
    kept_back: bool
    how_not_told: float | None = None


def stamp(folder: Path, name: str) -> str:
    """What changes when a file of the folder does; "" when it is not there."""
    try:
        told = (folder / name).stat()
    except OSError:
        return ""
    return f"{told.st_mtime_ns:x}-{told.st_size:x}"


def streets(slug: str) -> Streets | None:
    """The streets of a city; None when they are not there or cannot be read."""
    folder = config.folder(slug)
    mark = stamp(folder, walk_files.WORDS) + stamp(folder, walk_files.ARRAYS)
    return _streets(folder, mark) if mark else None


@lru_cache(maxsize=KEPT)
def _streets(folder: Path, _mark: str) -> Streets | None:
    try:
        city = walk_files.read(folder)
    except WalkFilesUnreadable:
        return None
    lines: dict[int, list[int]] = {}
    for edge, line in enumerate(city.streets.line):
        if city.streets.part[edge] != ACROSS:
            lines.setdefault(line, []).append(edge)
    return Streets(city, lines, _cells(city))


def _cells(city: CityWalks) -> dict[tuple[int, int], list[int]]:
    lon, lat = city.streets.lon, city.streets.lat
    found: dict[tuple[int, int], list[int]] = {}
    for edge, (u, v) in enumerate(zip(city.streets.u, city.streets.v, strict=True)):
        for cell in {(floor(lon[at] / CELL), floor(lat[at] / CELL)) for at in (u, v)}:
            found.setdefault(cell, []).append(edge)
    return found


def edges_in(found: Streets, box: tuple[float, float, float, float]) -> list[int]:
    """Edges that begin or end in the cells that a window (west, south, east, north) touches; the longer ones too."""
    west, south, east, north = (floor(one / CELL) for one in box)
    cells = ((x, y) for x in range(west - 1, east + 2) for y in range(south - 1, north + 2))
    return sorted({edge for cell in cells for edge in found.cells.get(cell, ())})


def told(slug: str, name: str) -> dict[str, Any]:
    """A JSON file of the folder; empty when it is not there or no object of format 1."""
    folder = config.folder(slug)
    mark = stamp(folder, name)
    return _told(folder, name, mark) if mark else {}


@lru_cache(maxsize=KEPT * 4)
def _told(folder: Path, name: str, _mark: str) -> dict[str, Any]:
    return _read(folder / name)


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MOST_BYTES:
            return {}
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {"rows": found} if isinstance(found, list) else {}


def rows(slug: str, age: str, light: str, mobility: str, reach: str) -> dict[str, Row]:
    """The numbers of every area for a profile, by code, in the order of the file."""
    folder = config.folder(slug)
    name = f"map/rows-{age}-{light}-{mobility}-{reach}.json"
    mark = stamp(folder, name)
    return _rows(folder, name, mark) if mark else {}


@lru_cache(maxsize=KEPT * 4)
def _rows(folder: Path, name: str, _mark: str) -> dict[str, Row]:
    table = _read(folder / name)
    try:
        at = {column: number for number, column in enumerate(table["columns"])}
        found = {}
        for one in table["rows"]:
            row = _row({column: one[number] for column, number in at.items()})
            found[row.code] = row
        return found
    except (KeyError, TypeError, IndexError, ValueError):
        return {}


def _row(told: Mapping[str, Any]) -> Row:
    def number(name: str) -> float | None:
        value = told.get(name)
        return None if value is None or value == "" else float(value)

    return Row(
        str(told["code"]), str(told["level"]), str(told["name"]), str(told["parent"] or ""), str(told["of"]),
        number("children"), number("low"), number("high"), number("share_low"), number("share_high"),
        bool(int(told["kept_back"] or 0)), number("how_not_told"),
    )  # fmt: skip


def least(slug: str) -> float:
    """Counts of children below this are not told: the larger of the house's least and that of the city's build."""
    ours = walk_files.goals().least
    thresholds = told(slug, "city.json").get("thresholds")
    its = thresholds.get("least_children") if isinstance(thresholds, dict) else None
    return max(ours, float(its)) if isinstance(its, int | float) and isfinite(its) else ours


def areas(slug: str) -> list[dict[str, Any]]:
    """Features of `map/areas.geojson`."""
    found = told(slug, "map/areas.geojson").get("features")
    return found if isinstance(found, list) else []


def survey_first(slug: str, area: str = "", *, most: int) -> list[dict[str, Any]]:
    """What to survey first, in an area (its code) or in the whole city."""
    every = told(slug, "results/quality.json").get("survey_first")
    if not isinstance(every, list):
        return []
    inside = [one for one in every if isinstance(one, dict) and _within(str(one.get("area") or ""), area)]
    return inside[:most]


def _within(code: str, area: str) -> bool:
    return not area or code == area or code.startswith(f"{area}.")


@dataclass(frozen=True, slots=True)
class Costs:
    """What each kind of action costs, as plans have it; `own`: by the city's own table, not our orders of magnitude."""

    kinds: Mapping[str, Kind]
    own: bool


def costs(slug: str) -> Costs:
    """The costs that plans of this city use too; without any where the city's own table cannot be read."""
    folder = config.folder(slug)
    return _costs(folder, stamp(folder, city_costs.OWN))


@lru_cache(maxsize=KEPT)
def _costs(folder: Path, _mark: str) -> Costs:
    try:
        _, kinds, own = city_costs.of_city(folder)
    except CostsMalformed:
        return Costs({}, own=True)
    return Costs(kinds, own)


def being_built(slug: str) -> bool:
    """Whether somebody computes this city right now."""
    return config.folder(slug).with_suffix(".sedang-dihitung").exists()
