"""A city's folder, read again for planning: streets, homes, gates and areas, without the files that it was made of."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters import street_files
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach import repair_sites, walks
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.repair_costs import GATE, PLACE, Kind
from ruangaman.core.reach.repair_plan import Town
from ruangaman.core.reach.repair_sites import Candidate
from ruangaman.core.reach.walk_network import Network
from ruangaman.core.reach.walk_rules import WalkRules

LEVELS: Final = ("kelurahan", "kecamatan", "city")
MOST_JSON: Final = 256 << 20
MOST_ROWS: Final = 20_000
MOST_CSV: Final = 8 << 20
NETWORK: Final = tuple(one.name for one in fields(Network) if one.name != "looks")


class CityFolderIncomplete(RuangAmanError):
    """What `ruangaman city build` writes is missing from the folder, or is not as it wrote it; `file` names it."""

    code = "city.folder-incomplete"


class TableRefused(RuangAmanError):
    """A table of candidates or weights cannot be read; `line` names the line, `why` what is wrong."""

    code = "city.table-refused"


@dataclass(frozen=True, slots=True)
class CityFolder:
    """
    Attributes:
        head: city.json. town: for `repair_plan`. level: of its areas. areas: of each {code, name, parent}.
        streets: the name of each street, "" without one.
        children: (age, mobility) -> float64 (homes,), in groups of the least count (`core.reach.groups`).
    """

    head: Mapping[str, Any]
    town: Town
    level: str
    areas: Sequence[Mapping[str, str]]
    streets: Sequence[str]
    children: Mapping[tuple[str, str], NDArray[np.float64]]

    @property
    def error(self) -> float:
        """Relative, of the counts of children of such areas."""
        return float(self.head["thresholds"]["count_error"][self.level])

    @property
    def least_count(self) -> float:
        """Counts below this are kept back."""
        return float(self.head["thresholds"]["least_children"])


def read_json(folder: Path, name: str) -> Any:
    """A file of the folder. Raises CityFolderIncomplete."""
    try:
        with (folder / name).open("rb") as opened:
            content = opened.read(MOST_JSON + 1)
        if len(content) > MOST_JSON:
            raise CityFolderIncomplete(file=name)
        return json.loads(content)
    except (OSError, ValueError, RecursionError):
        raise CityFolderIncomplete(file=name) from None


def read(folder: Path, rules: WalkRules) -> CityFolder:
    """
    A city's folder.

    Args:
        rules: the table of safe walks by which it was built.

    Raises:
        CityFolderIncomplete: a file is missing or not as it was written, or other rules were used.
        StreetFileUnreadable, StreetFileOfAnotherVersion: the streets.
    """
    head = read_json(folder, "city.json")
    try:
        if head["format"] != 1 or head["thresholds"]["walk_rules"] != rules.version:
            raise CityFolderIncomplete(file="city.json")
        looks = read_json(folder, "work/looks.json")
        its = looks["looks"] if isinstance(looks, dict) else looks
        arrays, homes, gates, areas = (
            _arrays(folder / "work" / f"{name}.npz") for name in ("network", "homes", "gates", "areas")
        )
        network = Network(**{name: arrays[name] for name in NETWORK}, looks=tuple(dict(one) for one in its))
        graph = street_files.load(folder / "streets.bin")
        streets = walks.of_graph(network, graph)
        level = next(one for one in LEVELS if one == "city" or bool((areas["level"] == one).any()))
        number = np.flatnonzero(areas["level"] == level)
        place = np.full(len(areas["level"]) + 1, -1, np.int32)  # the last for homes in none
        place[number] = np.arange(len(number))
        told = read_json(folder, "results/places.json")["places"]
        town = Town(
            streets, rules, Points(homes["edge"], homes["along"], homes["aside"]), homes["lon"], homes["lat"],
            place[homes[f"area_{level}"]], len(number), Points(gates["edge"], gates["along"], gates["aside"]),
            gates["place"],
            np.array([float(one["lon"]) for one in told]), np.array([float(one["lat"]) for one in told]),
            np.arange(len(told), dtype=np.int32), tuple(str(one["name"] or "") for one in told),
        )  # fmt: skip
        _check(town)
        return CityFolder(
            head, town, level,
            tuple(
                {name: str(areas[name][at]) for name in ("code", "name", "parent")} for at in number.tolist()
            ),
            arrays["line_name"].tolist(),
            {
                (age, mobility): homes[f"{told}:{age}:{mobility}"]
                for told, age, mobility in (name.split(":") for name in homes if name.startswith("told:"))
            },
        )  # fmt: skip
    except (KeyError, IndexError, TypeError, ValueError, StopIteration):
        raise CityFolderIncomplete(file="work") from None


def kept_back(folder: Path, age: str, mobility: str) -> frozenset[str]:
    """
    Codes of the areas of which the build told no counts of this age and way of moving: those with few children, and
    whatever it hid so that they are not found by subtraction, also in a larger area that is kept back.

    Raises:
        CityFolderIncomplete: no such table, or it tells nothing of this age.
    """
    name = "results/coverage.json"
    told = read_json(folder, name)
    try:
        at = {column: place for place, column in enumerate(told["columns"])}
        rows = [row for row in told["rows"] if (row[at["age"]], row[at["mobility"]]) == (age, mobility)]
        found = frozenset(str(row[at["code"]]) for row in rows if int(row[at["kept_back"]] or 0))
    except (KeyError, IndexError, TypeError, ValueError):
        raise CityFolderIncomplete(file=name) from None
    if not rows:
        raise CityFolderIncomplete(file=f"{name}: {age}")
    return found


def _arrays(file: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(file, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        raise CityFolderIncomplete(file=f"work/{file.name}") from None


def _check(town: Town) -> None:
    """Whether every number points to something: the loops do not look."""
    network, graph = town.streets.network, town.streets.graph
    edges, vertices, nodes = len(network.u), len(network.vertex_node), len(network.lon)
    bounds = (
        (network.u, vertices), (network.v, vertices), (network.vertex_node, nodes), (network.segment_u, nodes),
        (network.segment_v, nodes), (network.segment_edges, edges), (network.look, len(network.looks)),
        (town.whose, len(town.place_names)), (graph.edge_id, edges),
    )  # fmt: skip
    if graph.nodes != vertices:
        raise ValueError("streets.bin")
    if not all(not each.size or (each.min() >= 0 and each.max() < most) for each, most in bounds):
        raise ValueError("network.npz")
    if not len(town.lon) == len(town.lat) == town.homes.size == len(town.area):
        raise ValueError("homes.npz")
    for points in (town.homes, town.gates):
        if not points.along.shape == points.edge.shape == points.aside.shape:
            raise ValueError("points")


def _rows(file: Path, columns: set[str]) -> list[dict[str, str]]:
    """A small CSV with these columns at least. Raises TableRefused."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_CSV + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise TableRefused(line=0, why="no such file, or no UTF-8") from None
    if len(content) > MOST_CSV:
        raise TableRefused(line=0, why="more than 8 MiB")
    try:
        reader = csv.DictReader(io.StringIO(text), strict=True)
        rows = [row for row, _ in zip(reader, range(MOST_ROWS + 1), strict=False)]
    except csv.Error:
        raise TableRefused(line=0, why="no CSV") from None
    if len(rows) > MOST_ROWS:
        raise TableRefused(line=MOST_ROWS, why="too many lines")
    if not columns <= set(reader.fieldnames or ()):
        raise TableRefused(line=1, why=f"columns {', '.join(sorted(columns))} are needed")
    return rows


def _number(row: Mapping[str, str | None], name: str, line: int, least: float, most: float) -> float:
    try:
        found = float(row.get(name) or "")
    except ValueError:
        raise TableRefused(line=line, why=name) from None
    if not least <= found <= most:
        raise TableRefused(line=line, why=name)
    return found


def weights(file: Path, areas: Sequence[Mapping[str, str]]) -> NDArray[np.float64]:
    """
    What a child of each area counts, from a CSV of `code` and `weight`; 1 for those that it leaves out.

    Raises:
        TableRefused: a code that is none of these areas, or a weight that is not from 0 to 100.
    """
    place = {one["code"]: at for at, one in enumerate(areas)}
    found = np.ones(len(areas))
    for line, row in enumerate(_rows(file, {"code", "weight"}), 2):
        code = (row["code"] or "").strip()
        if code not in place:
            raise TableRefused(line=line, why="code")
        found[place[code]] = _number(row, "weight", line, 0.0, 100.0)
    return found


def candidates(file: Path, town: Town, kinds: Mapping[str, Kind]) -> list[Candidate]:
    """
    Places and gates that the city thinks of, from a CSV of `kind`, `name`, `lon`, `lat` and, where it is known, `cost`.

    Raises:
        TableRefused: another kind, a position or a cost that is none, or no street near enough.
    """
    found = []
    for line, row in enumerate(_rows(file, {"kind", "name", "lon", "lat"}), 2):
        name, kind = (row["name"] or "").strip()[:80], (row["kind"] or "").strip()
        if kind not in (PLACE, GATE):
            raise TableRefused(line=line, why="kind")
        if kind not in kinds:
            continue
        lon, lat = _number(row, "lon", line, -180, 180), _number(row, "lat", line, -90, 90)
        made = repair_sites.entered_at(town.streets, kind, lon, lat, name, kinds[kind])
        if made is None:
            raise TableRefused(line=line, why="no street near")
        if (row.get("cost") or "").strip():
            made = repair_sites.at_cost(made, _number(row, "cost", line, 0.0, 1e15))
        found.append(made)
    return found
