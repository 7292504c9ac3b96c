"""What the house needs for one child's walk and for the map, without the extra: streets, tiles, ground, rows."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ruangaman.adapters import map_ground, map_tiles, walk_files
from ruangaman.adapters.city_build.answers import COLUMNS
from ruangaman.adapters.city_build.homes import Homes
from ruangaman.adapters.city_places import Joined
from ruangaman.core.reach import gates as entering
from ruangaman.core.reach.build_rules import BuildRules
from ruangaman.core.reach.extract import Extract
from ruangaman.core.reach.gates import Gates
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.walk_rules import WalkRules
from ruangaman.core.reach.walks import Streets

_ELEMENTS = "nwr"
SHOWN = (
    "code", "level", "name", "parent", "of", "children", "low", "high", "share_low", "share_high",
    "how_not_told", "kept_back",
)  # fmt: skip


def write(
    out: Path, extract: Extract, streets: Streets, joined: Joined, gates: Gates, homes: Homes | None,
    rows: Sequence[Sequence[object]], walk_rules: WalkRules, rules: BuildRules,
) -> None:  # fmt: skip
    """
    Write them into the folder: safe places, and beside them schools and whatever else a page may ask a walk to.

    Children's homes, in groups, stand in `work/walk.npz`: the house reads them and gives them to nobody.
    """
    places = [
        {"id": one.id, "kind": one.kind, "name": one.name, "lon": one.lon, "lat": one.lat}
        for one in joined.places
    ]
    more, numbers = _more(extract, {one.id for one in joined.places})
    entered = entering.gates(extract, streets, walk_rules, np.array(numbers, np.int64), rules.gates)
    points = Points(
        *(
            np.concatenate([getattr(gates.points, name), getattr(entered.points, name)])
            for name in ("edge", "along", "aside")
        )
    )
    nobody = Points(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32))
    walk_files.write(
        out, extract, streets, walk_rules,
        places=[*places, *more],
        gates=points,
        gate_place=np.concatenate([gates.place, entered.place + len(places)]).astype(np.int32),
        gate_lon=np.concatenate([gates.lon, entered.lon]),
        gate_lat=np.concatenate([gates.lat, entered.lat]),
        homes=nobody if homes is None else homes.points,
        children={
            age.id: np.zeros(0 if homes is None else homes.points.size) if homes is None or age.id not in homes.kids
            else homes.kids[age.id].expected
            for age in walk_rules.ages
        },
    )  # fmt: skip
    _tables(out, rows)
    map_ground.write(out, extract)
    map_tiles.write(out, walk_files.read(out))


def _tables(out: Path, rows: Sequence[Sequence[object]]) -> None:
    """`map/rows-AGE-LIGHT-MOBILITY-REACH.json`: of `coverage.json` what a page shows, for one profile and reach."""
    profile = [COLUMNS.index(name) for name in ("age", "light", "mobility", "reach")]
    shown = [COLUMNS.index(name) for name in SHOWN]
    tables: dict[str, list[list[object]]] = {}
    for row in rows:
        name = "-".join(str(row[at]) for at in profile)
        tables.setdefault(name, []).append([row[at] for at in shown])
    for name, its in tables.items():
        told = {"format": 1, "columns": list(SHOWN), "rows": its}
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        (out / "map" / f"rows-{name}.json").write_text(text, encoding="utf-8")


def _more(extract: Extract, known: set[str]) -> tuple[list[dict[str, object]], list[int]]:
    """Places of the map that a page may ask a walk to and that are no safe places of this city."""
    wanted = {kind for goal in walk_files.goals().goals for kind in goal.kinds}
    bits = [(bit, kind) for bit, kind in enumerate(extract.kinds) if kind in wanted]
    # What is no safe place here, closed perhaps, is not offered as one: parks stay out, schools and clinics come in.
    play = next(goal.kinds for goal in walk_files.goals().goals if goal.id == "park")
    places, numbers = [], []
    for number in range(len(extract.places)):
        its = int(extract.places.kinds[number])
        kind = next((kind for bit, kind in bits if its >> bit & 1 and kind not in play), "")
        id_ = f"{_ELEMENTS[extract.places.element[number]]}{extract.places.ids[number]}"
        if not kind or id_ in known:
            continue
        places.append(
            {
                "id": id_, "kind": kind, "name": extract.places.names[number],
                "lon": float(extract.places.lon[number]), "lat": float(extract.places.lat[number]),
            }
        )  # fmt: skip
        numbers.append(number)
    return places, numbers
