"""
What the pages of a city need to answer one child's walk: `map/walk.json` and `work/walk.npz` of the city's folder.

The house reads them without the extra `ruangaman[city]`. Both are written beside and renamed.
"""

import json
import tokenize
import zipfile
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import yaml
from numpy.typing import NDArray

from ruangaman.adapters import city_costs, whole_files
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.walk_map import ACROSS, Entrance, Homes, Look, WalkMap
from ruangaman.core.reach.walk_rules import Answer, Profile, WalkRules, judge

if TYPE_CHECKING:
    from ruangaman.core.reach.extract import Extract
    from ruangaman.core.reach.points import Points
    from ruangaman.core.reach.walks import Streets

FORMAT: Final = 1
WORDS: Final = "map/walk.json"
ARRAYS: Final = "work/walk.npz"
"""Children stand in it by home: under `work`, of which nothing is given out."""
MOST_JSON_BYTES: Final = 64 << 20
MOST_ARRAY_BYTES: Final = 512 << 20
MOST_EDGES: Final = 5_000_000
DEGREE: Final = 10_000_000
_BROKEN: Final = (
    OSError, EOFError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, MemoryError,
    RecursionError, NotImplementedError, SyntaxError, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What JSON, zip and NumPy's own form are known to raise on odd bytes."""
GOALS: Final = Path(__file__).resolve().parents[1] / "data" / "walk_goals.yaml"


class WalkFilesUnreadable(RuangAmanError):
    """A city's files for walks are not there, broken, or of another version; `why` says which."""

    code = "city.walk-files-unreadable"


@dataclass(frozen=True, slots=True)
class Goal:
    """Where one may ask to walk to; texts by language."""

    id: str
    kinds: frozenset[str]
    name: Mapping[str, str]
    to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Goals:
    """
    The table of goals.

    Attributes:
        far: metres within which a way is looked for. repairs: action -> facts of a repaired stretch, as in the costs.
        error: relative, of counts of children. least: counts below are not told.
        bands: shares at which an area is drawn otherwise, ascending.
    """

    goals: tuple[Goal, ...]
    far: float
    repairs: Mapping[str, Mapping[str, str]]
    error: float
    least: float
    bands: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """A group of ages, whole years, both included."""

    id: str
    first: int
    last: int
    with_adult: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child may want to go; degrees."""

    id: str
    kind: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class CityWalks:
    """
    A city, read.

    Attributes:
        reach: by reach id, metres by group of ages. rules: id -> sentence by language.
        answers: rule -> what it says of a stretch.
        starts: vertices at which streets meet; start_names: the names that meet there.
        roads: of each look the kind of road, "" where that is not known.
    """

    streets: WalkMap
    homes: Homes
    places: tuple[Place, ...]
    ages: tuple[Age, ...]
    lights: tuple[str, ...]
    mobility: tuple[str, ...]
    reach: Mapping[str, Mapping[str, float]]
    rules: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, Answer]
    starts: Mapping[int, tuple[str, ...]]
    roads: tuple[str, ...] = ()


@cache
def goals() -> Goals:
    """Our table of goals."""
    told = yaml.safe_load(GOALS.read_text(encoding="utf-8"))
    return Goals(
        tuple(
            Goal(str(one["id"]), frozenset(one["kinds"]), dict(one["name"]), dict(one["to"]))
            for one in told["goals"]
        ),
        float(told["far_m"]["value"]),
        {action: dict(kind.sets) for action, kind in city_costs.ours()[1].items() if kind.sets},
        float(told["count_error"]["value"]),
        float(told["least_children"]["value"]),
        tuple(float(one) for one in told["share_bands"]["value"]),
    )


def key(profile: Profile) -> str:
    """A profile as one word."""
    return f"{profile.age}/{profile.light}/{profile.mobility}"


def write(
    folder: Path, extract: "Extract", streets: "Streets", rules: WalkRules, *,
    places: Sequence[Mapping[str, Any]], gates: "Points", gate_place: NDArray[np.int32],
    gate_lon: NDArray[np.float64], gate_lat: NDArray[np.float64],
    homes: "Points", children: Mapping[str, NDArray[np.float64]],
) -> None:  # fmt: skip
    """
    Write both files of a city.

    Args:
        extract: read with street names. places: each with id, kind, name, lon, lat.
        gates: on streets, of `places`; gate_place: int32 (gates,). homes: on streets, or on none.
        children: by group of ages, float64 (homes,), expected numbers.

    Raises:
        OSError: no room, or no right to write there.
    """
    network = streets.network
    names, name = _names(extract)
    node = network.vertex_node
    gate_edge, gate_along = _as_network(streets, gates)
    home_edge, home_along = _as_network(streets, homes)
    on = np.flatnonzero(home_edge >= 0)
    on = on[np.argsort(home_edge[on], kind="stable")]
    start, start_first, start_name = _starts(
        len(node), network.u, network.v, network.line, network.part, name
    )
    arrays: dict[str, NDArray[Any]] = {
        "lon": np.round(network.lon[node] * DEGREE).astype(np.int32),
        "lat": np.round(network.lat[node] * DEGREE).astype(np.int32),
        "u": network.u.astype(np.int32),
        "v": network.v.astype(np.int32),
        "metres": network.metres.astype(np.float32),
        "part": network.part,
        "line": network.line.astype(np.int32),
        "look": network.look.astype(np.int32),
        "name": name,
        "size": _sizes(extract, rules),
        "gate_place": gate_place.astype(np.int32),
        "gate_edge": gate_edge,
        "gate_along": gate_along,
        "gate_lon": np.round(gate_lon * DEGREE).astype(np.int32),
        "gate_lat": np.round(gate_lat * DEGREE).astype(np.int32),
        "home_edge": home_edge[on],
        "home_along": home_along[on],
        "start": start,
        "start_first": start_first,
        "start_name": start_name,
    }
    for age, number in children.items():
        arrays[f"children {age}"] = number[on].astype(np.float32)
    told = _words(rules, network.looks, names, places)
    file = folder / ARRAYS
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole_files.beside(file) as fresh, fresh.open("wb") as opened:
        np.savez_compressed(opened, **cast("Any", arrays))
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    whole_files.write(folder / WORDS, text.encode())


def _names(extract: "Extract") -> tuple[list[str], NDArray[np.int32]]:
    """Every name once, "" first, and for each street which."""
    every = extract.streets.names or ("",) * len(extract.streets)
    number: dict[str, int] = {"": 0}
    of_line = np.array([number.setdefault(one.strip()[:80], len(number)) for one in every], np.int32)
    return list(number), of_line


def _sizes(extract: "Extract", rules: WalkRules) -> NDArray[np.uint8]:
    """Of each street: 0 small, 1 a collector, 2 one that is crossed at crossings alone."""
    by_code = np.array(
        [
            2 if value in rules.big else int(value.removesuffix("_link") == "tertiary")
            for value in extract.codes["highway"]
        ],
        np.uint8,
    )
    found = by_code[extract.streets.tags["highway"]]
    found[extract.streets.numbers["lanes"] >= rules.big_lanes] = 2
    return found


def _as_network(streets: "Streets", points: "Points") -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Edge of the network and metres from its first end; -1 for a point on no street."""
    graph = streets.graph
    there = points.edge >= 0
    at = np.maximum(points.edge, 0)
    length = graph.edge_length[at] if graph.edges else np.zeros(len(at), np.float32)
    turned = graph.edge_turned[at] != 0 if graph.edges else np.zeros(len(at), np.bool_)
    along = np.where(turned, length - points.along, points.along)
    edge = np.where(there, graph.edge_id[at] if graph.edges else -1, -1)
    return edge.astype(np.int32), np.clip(along, 0, length).astype(np.float32)


def _starts(
    vertices: int, u: NDArray[np.int32], v: NDArray[np.int32], line: NDArray[np.int32], part: NDArray[np.uint8],
    name: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:  # fmt: skip
    """Vertices where two streets meet, of which one at least has a name, and their names: a corner, never a home."""
    walked = part != ACROSS
    at = np.concatenate([u[walked], v[walked]]).astype(np.int64)
    its = np.concatenate([line[walked], line[walked]]).astype(np.int64)
    pairs = (
        np.unique(np.stack([at, name[its].astype(np.int64)], axis=1), axis=0)
        if len(at)
        else np.empty((0, 2), np.int64)
    )
    count = np.bincount(pairs[:, 0], minlength=vertices)
    named = np.bincount(pairs[:, 0], pairs[:, 1] > 0, minlength=vertices) > 0
    chosen = (count >= 2) & named
    kept = pairs[chosen[pairs[:, 0]] & (pairs[:, 1] > 0)]
    start, first = np.unique(kept[:, 0], return_index=True)
    return start.astype(np.int32), np.append(first, len(kept)).astype(np.int32), kept[:, 1].astype(np.int32)


def _words(
    rules: WalkRules,
    looks: Sequence[Mapping[str, str | int]],
    names: Sequence[str],
    places: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    every = (*rules.bases, *rules.besides)
    number = {one.id: at for at, one in enumerate(every)}
    repairs = goals().repairs

    def table(change: Mapping[str, str] | None, part: str) -> dict[str, list[list[Any]]]:
        found = {}
        for profile in rules.profiles:
            rows = []
            for facts in looks:
                told = {**facts, **change} if change and facts.get("part") == part else dict(facts)
                said = judge(rules, told, profile)
                because = [number[one] for one in said.because if one in number]
                rows.append([int(said.answer), round(said.factor, 6), round(said.metres, 3), because])
            found[key(profile)] = rows
        return found

    return {
        "format": FORMAT,
        "rules": [{"id": one.id, "answer": int(one.answer), "why": dict(one.why)} for one in every],
        "ages": [
            {"id": one.id, "from": one.first, "to": one.last, "with_adult": one.with_adult} for one in rules.ages
        ],
        "lights": list(rules.lights),
        "mobility": list(rules.mobility),
        "reach": {one.id: dict(one.metres) for one in rules.reaches},
        "names": list(names),
        "looks": table(None, ""),
        "roads": [str(facts.get("highway", "")) for facts in looks],
        "repaired": {
            action: table(change, "crossing" if action == "crossing" else "street")
            for action, change in repairs.items()
        },
        "places": [
            {"id": str(one["id"]), "kind": str(one["kind"]), "name": str(one["name"])[:120],
             "lon": round(float(one["lon"]), 7), "lat": round(float(one["lat"]), 7)}
            for one in places
        ],
    }  # fmt: skip


def read(folder: Path) -> CityWalks:
    """
    Both files of a city.

    Raises:
        WalkFilesUnreadable.
    """
    try:
        for file, most in ((folder / WORDS, MOST_JSON_BYTES), (folder / ARRAYS, MOST_ARRAY_BYTES)):
            if file.stat().st_size > most:
                raise WalkFilesUnreadable(why="too large", file=file.name)
        told = json.loads((folder / WORDS).read_bytes())
        if told["format"] != FORMAT:
            raise WalkFilesUnreadable(why="another version")
        with zipfile.ZipFile(folder / ARRAYS) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_ARRAY_BYTES:
                raise WalkFilesUnreadable(why="too large", file=ARRAYS)
        with np.load(folder / ARRAYS, allow_pickle=False) as opened:
            arrays = {name: opened[name] for name in opened.files}
        return _read(told, arrays)
    except FileNotFoundError:
        raise WalkFilesUnreadable(why="not there") from None
    except _BROKEN as wrong:
        raise WalkFilesUnreadable(why=type(wrong).__name__) from None


def _read(told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> CityWalks:
    vertices, edges = len(arrays["lon"]), len(arrays["u"])
    names = [str(one) for one in told["names"]]
    if edges > MOST_EDGES or not _fits(arrays, vertices, edges, len(names), len(told["places"])):
        raise ValueError("sizes or numbers do not fit")
    rules = [str(one["id"]) for one in told["rules"]]
    looks = {profile: _looks(rows, rules) for profile, rows in told["looks"].items()}
    repaired = {
        action: {profile: _looks(rows, rules) for profile, rows in tables.items()}
        for action, tables in told["repaired"].items()
    }
    kinds = int(arrays["look"].max(initial=-1)) + 1
    if any(len(rows) < kinds for rows in looks.values()) or any(
        table.keys() != looks.keys() or any(len(rows) < kinds for rows in table.values())
        for table in repaired.values()
    ):
        raise ValueError("kinds of streets are missing")
    around_first, around = _around(arrays["u"], arrays["v"], vertices)
    entrances = tuple(
        Entrance(place, edge, along, lon / DEGREE, lat / DEGREE)
        for place, edge, along, lon, lat in zip(
            *(arrays[f"gate_{one}"].tolist() for one in ("place", "edge", "along", "lon", "lat")), strict=True
        )
    )
    at_edge: dict[int, list[int]] = {}
    for number, one in enumerate(entrances):
        at_edge.setdefault(one.edge, []).append(number)
    home_edge = arrays["home_edge"]
    first = np.searchsorted(home_edge, np.arange(edges + 1)).astype(np.int32)
    children = {
        name.removeprefix("children "): _floats(one)
        for name, one in arrays.items()
        if name.startswith("children ")
    }
    streets = WalkMap(
        array("d", (arrays["lon"] / DEGREE).astype(np.float64).tobytes()),
        array("d", (arrays["lat"] / DEGREE).astype(np.float64).tobytes()),
        _ints(arrays["u"]), _ints(arrays["v"]), _floats(arrays["metres"]), array("B", arrays["part"].tobytes()),
        _ints(arrays["line"]), _ints(arrays["name"]), array("B", arrays["size"].tobytes()), _ints(arrays["look"]),
        names, looks, repaired,
        around_first, around, entrances, at_edge,
    )  # fmt: skip
    bounds, its = arrays["start_first"].tolist(), arrays["start_name"].tolist()
    starts = {
        vertex: tuple(sorted(names[one] for one in its[bounds[at] : bounds[at + 1]]))
        for at, vertex in enumerate(arrays["start"].tolist())
    }
    return CityWalks(
        streets,
        Homes(_ints(first), _floats(arrays["home_along"]), children),
        tuple(
            Place(str(one["id"]), str(one["kind"]), str(one["name"]), float(one["lon"]), float(one["lat"]))
            for one in told["places"]
        ),
        tuple(
            Age(str(one["id"]), int(one["from"]), int(one["to"]), bool(one["with_adult"]))
            for one in told["ages"]
        ),
        tuple(map(str, told["lights"])),
        tuple(map(str, told["mobility"])),
        {name: {age: float(metres) for age, metres in of.items()} for name, of in told["reach"].items()},
        {str(one["id"]): cast("dict[str, str]", one["why"]) for one in told["rules"]},
        {str(one["id"]): Answer(one["answer"]) for one in told["rules"]},
        starts,
        tuple(str(one)[:40] for one in told.get("roads", ())),
    )


def _looks(rows: Sequence[Sequence[Any]], rules: Sequence[str]) -> tuple[Look, ...]:
    return tuple(
        Look(Answer(one[0]), float(one[1]), float(one[2]), tuple(rules[rule] for rule in one[3]))
        for one in rows
    )


def _ints(told: NDArray[Any]) -> "array[int]":
    return array("i", np.ascontiguousarray(told, np.int32).tobytes())


def _floats(told: NDArray[Any]) -> "array[float]":
    return array("f", np.ascontiguousarray(told, np.float32).tobytes())


def _around(u: NDArray[np.int32], v: NDArray[np.int32], vertices: int) -> tuple["array[int]", "array[int]"]:
    at = np.concatenate([u, v])
    order = np.argsort(at, kind="stable")
    first = np.searchsorted(at[order], np.arange(vertices + 1))
    return _ints(first), _ints(order % max(len(u), 1))


def _fits(arrays: Mapping[str, NDArray[Any]], vertices: int, edges: int, names: int, places: int) -> bool:
    """Whether every number points to something."""
    lines = len(arrays["name"])
    gates, homes = len(arrays["gate_place"]), len(arrays["home_edge"])
    sizes = {
        "lat": vertices, **dict.fromkeys(("v", "metres", "part", "line", "look"), edges),
        **dict.fromkeys(("gate_edge", "gate_along", "gate_lon", "gate_lat"), gates), "home_along": homes, "size": lines,
        **{name: homes for name in arrays if name.startswith("children ")},
        "start_first": len(arrays["start"]) + 1,
    }  # fmt: skip
    if any(arrays[name].shape != (size,) for name, size in sizes.items()):
        return False
    below = {
        "u": vertices, "v": vertices, "line": lines, "name": names, "gate_place": places, "gate_edge": edges,
        "home_edge": edges, "start": vertices, "start_name": names,
    }  # fmt: skip
    if any(
        len(arrays[name]) and not 0 <= arrays[name].min() <= arrays[name].max() < most
        for name, most in below.items()
    ):
        return False
    bounds = arrays["start_first"]
    return bool(
        (np.diff(arrays["home_edge"]) >= 0).all()
        and (np.diff(bounds) >= 0).all()
        and bounds[-1] == len(arrays["start_name"])
        and all(np.isfinite(arrays[name]).all() for name in ("metres", "gate_along", "home_along"))
        and (arrays["metres"] >= 0).all()
        and (arrays["look"] >= 0).all()
    )
