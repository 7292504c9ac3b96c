"""What pages draw: streets by answer, areas, places, as GeoJSON with six digits and no more vertices than one sees."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.city_areas import Areas
from ruangaman.core.reach.extract import Extract
from ruangaman.core.reach.snapping import METRES_A_DEGREE
from ruangaman.core.reach.walk_network import ACROSS, Judged, Network
from ruangaman.core.reach.walk_rules import Profile, WalkRules

DIGITS: Final = 6
_CROSSINGS: Final = ("marked", "unmarked")


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    Streets as they are drawn: neighbouring segments of one way that are alike, as one line.

    Attributes:
        first: int64 (lines,), its first segment; `segments`: how many. metres: float64 (lines,).
        left, right: int32 (lines,), the look of each side; the same for a small street.
        way: int32 (lines,), the street.
        start: int64 (lines + 1,), x, y: float64 (vertices,), degrees, simplified.
        crossing_look, crossing_x, crossing_y: of crossings on big roads, once for each node and look.
    """

    first: NDArray[np.int64]
    segments: NDArray[np.int64]
    metres: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    way: NDArray[np.int32]
    start: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    crossing_look: NDArray[np.int32]
    crossing_x: NDArray[np.float64]
    crossing_y: NDArray[np.float64]


def drawn(network: Network, *, metres: float) -> Drawn:
    """Streets to draw, no vertex left out that would move a line by more than `metres`."""
    import shapely

    left = network.look[network.segment_edges[:, 0]]
    right = network.look[network.segment_edges[:, 1]]
    u, v, way = network.segment_u, network.segment_v, network.segment_line
    begins = np.ones(len(u), np.bool_)
    begins[1:] = (
        (way[1:] != way[:-1]) | (left[1:] != left[:-1]) | (right[1:] != right[:-1]) | (u[1:] != v[:-1])
    )
    first = np.flatnonzero(begins)
    count = np.diff(np.append(first, len(u)))
    line = np.repeat(np.arange(len(first)), count + 1)
    node = np.insert(v, first, u[first])
    lines = shapely.linestrings(np.column_stack([network.lon[node], network.lat[node]]), indices=line)
    lines = shapely.simplify(lines, metres / METRES_A_DEGREE)
    places, of = shapely.get_coordinates(lines, return_index=True)
    start = np.searchsorted(of, np.arange(len(first) + 1)).astype(np.int64)
    across = np.flatnonzero(network.part == ACROSS)
    there = [at for at, look in enumerate(network.looks) if look.get("crossing") in _CROSSINGS]
    across = across[np.isin(network.look[across], there)]
    at = network.vertex_node[network.u[across]]
    pairs = np.unique(np.column_stack([at, network.look[across]]), axis=0)
    return Drawn(
        first, count, np.add.reduceat(network.segment_m.astype(np.float64), first) if len(first) else np.empty(0),
        left[first], right[first], way[first], start, places[:, 0], places[:, 1],
        pairs[:, 1].astype(np.int32), network.lon[pairs[:, 0]], network.lat[pairs[:, 0]],
    )  # fmt: skip


def coordinates(lines: Drawn) -> list[str]:
    """Each line's coordinates as JSON, written once for all files."""
    x, y = lines.x.round(DIGITS).tolist(), lines.y.round(DIGITS).tolist()
    pairs = [f"[{a},{b}]" for a, b in zip(x, y, strict=True)]
    start = lines.start.tolist()
    return [f"[{','.join(pairs[start[at] : start[at + 1]])}]" for at in range(len(lines.first))]


def write_walks(
    path: Path, lines: Drawn, written: Sequence[str], extract: Extract, network: Network, judged: Judged
) -> None:
    """Streets with `answer` (0 safe, 1 unknown, 2 unsafe), `rules` and `name`; each `side` where the two differ."""
    answers = np.full(len(network.looks), 0, np.int64)
    answers[network.look] = judged.answer
    because = [json.dumps(list(rules)) for rules in judged.because]
    names = extract.streets.names
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[')
        before = ""
        for at, (left, right, way) in enumerate(
            zip(lines.left.tolist(), lines.right.tolist(), lines.way.tolist(), strict=True)
        ):
            name = f',"name":{json.dumps(names[way], ensure_ascii=False)}' if names and names[way] else ""
            both = answers[left] == answers[right] and judged.because[left] == judged.because[right]
            for side, look in (("", left),) if both else (("left", left), ("right", right)):
                beside = f',"side":"{side}"' if side else ""
                out.write(
                    f'{before}\n{{"type":"Feature","properties":{{"answer":{answers[look]},"rules":{because[look]}'
                    f'{name}{beside}}},"geometry":{{"type":"LineString","coordinates":{written[at]}}}}}'
                )
                before = ","
        for look, x, y in zip(
            lines.crossing_look.tolist(), lines.crossing_x.round(DIGITS).tolist(),
            lines.crossing_y.round(DIGITS).tolist(), strict=True,
        ):  # fmt: skip
            out.write(
                f'{before}\n{{"type":"Feature","properties":{{"answer":{answers[look]},"rules":{because[look]},'
                f'"crossing":"{network.looks[look]["crossing"]}"}},'
                f'"geometry":{{"type":"Point","coordinates":[{x},{y}]}}}}'
            )
            before = ","
        out.write("\n]}\n")


def segments(
    lines: Drawn, extract: Extract, network: Network, rules: WalkRules,
    judged: Sequence[tuple[Profile, Judged]],
) -> dict[str, Any]:  # fmt: skip
    """
    The same streets once for all profiles.

    `looks`: kinds of streets, `answers` one digit for each of `profiles`, `rules` for each a place in `because`.
    `lines`: name (a place in `names`), left and right look, metres, then longitude and latitude in millionths of a
    degree, the first as it is, each next as the step from the one before.
    """
    used = np.unique(np.concatenate([lines.left, lines.right, lines.crossing_look]))
    number = {int(look): at for at, look in enumerate(used)}
    because: dict[tuple[str, ...], int] = {}
    answers = []
    for _, one in judged:
        told = np.zeros(len(network.looks), np.int64)
        told[network.look] = one.answer
        answers.append(told)
    looks = []
    for look in used.tolist():
        reasons = [because.setdefault(one.because[look], len(because)) for _, one in judged]
        looks.append({"answers": "".join(str(told[look]) for told in answers), "rules": reasons})
    names: dict[str, int] = {"": 0}
    x, y = (np.rint(one * 1e6).astype(np.int64) for one in (lines.x, lines.y))
    listed = []
    for at in range(len(lines.first)):
        its = slice(int(lines.start[at]), int(lines.start[at + 1]))
        path = np.column_stack([x[its], y[its]])
        path[1:] -= path[:-1].copy()
        way = int(lines.way[at])
        name = names.setdefault(extract.streets.names[way] if extract.streets.names else "", len(names))
        listed.append(
            [name, number[int(lines.left[at])], number[int(lines.right[at])], round(float(lines.metres[at]), 1),
             *path.ravel().tolist()]
        )  # fmt: skip
    ids = sorted({rule for reasons in because for rule in reasons})
    return {
        "format": 1,
        "profiles": [_profile(profile) for profile, _ in judged],
        "rules": {rule: dict(rules.reason(rule)) for rule in ids},
        "because": [list(reasons) for reasons in because],
        "looks": looks,
        "names": list(names),
        "lines": listed,
        "crossings": [
            [number[look], x_, y_]
            for look, x_, y_ in zip(
                lines.crossing_look.tolist(), np.rint(lines.crossing_x * 1e6).astype(int).tolist(),
                np.rint(lines.crossing_y * 1e6).astype(int).tolist(), strict=True,
            )
        ],
    }  # fmt: skip


def _profile(profile: Profile) -> dict[str, str]:
    return {"age": profile.age, "light": profile.light, "mobility": profile.mobility}


def areas_drawn(areas: Areas, *, metres: float) -> dict[str, Any]:
    """Areas with `code`, `level`, `name`, `parent`; where a level's areas share their borders they go on to do so."""
    import shapely

    features: list[dict[str, Any]] = []
    for level in dict.fromkeys(areas.level):
        numbers = areas.at(level)
        shapes = areas.shape[numbers]
        there = ~shapely.is_missing(shapes)
        numbers, shapes = numbers[there], shapes[there]
        if not len(numbers):
            continue
        for at, shape in zip(numbers.tolist(), _simplified(shapes, metres / METRES_A_DEGREE), strict=True):
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "code": areas.code[at], "level": areas.level[at],
                        "name": areas.name[at], "parent": areas.parent[at],
                    },
                    "geometry": _geometry(shape),
                }
            )  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _simplified(shapes: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    import shapely

    # Areas that overlap or leave gaps, as most layers do, share no borders that one could keep.
    whole = shapely.coverage_is_valid(shapes)
    found = shapely.coverage_simplify(shapes, tolerance) if whole else shapely.simplify(shapes, tolerance)
    empty = shapely.is_empty(found) | shapely.is_missing(found)
    found[empty] = shapes[empty]
    return np.asarray(found)


def _geometry(shape: Any) -> Mapping[str, Any]:
    import shapely

    told: Mapping[str, Any] = json.loads(
        shapely.to_geojson(shapely.set_precision(shape, 10.0**-DIGITS, mode="pointwise"))
    )
    return {"type": told["type"], "coordinates": _rounded(told["coordinates"])}


def _rounded(told: Any) -> Any:
    return [_rounded(one) for one in told] if isinstance(told, list) else round(told, DIGITS)


def places_drawn(places: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Places as points with `id`, `kind`, `name`, `area`, `gates` (how many), `source`."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "id": one["id"], "kind": one["kind"], "name": one["name"], "area": one["area"],
                    "source": one["source"], "gates": len(one["gates"]),
                },
                "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"]]},
            }
            for one in places
        ],
    }  # fmt: skip
