"""
What a planner needs again without the files of the city: arrays by number, in NumPy's own form.

Not for publishing: homes stand here with the children that are expected at each.
"""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_build import folder
from ruangaman.adapters.city_build.answers import FOOT, WHEELCHAIR, Profiled
from ruangaman.adapters.city_build.homes import WHEELS, Homes
from ruangaman.core.reach.extract import Extract
from ruangaman.core.reach.gates import Gates
from ruangaman.core.reach.walks import Streets


def write(
    out: Path, extract: Extract, streets: Streets, areas: Areas, gates: Gates, homes: Homes | None,
    shown: Homes | None, profiled: Sequence[Profiled],
) -> None:  # fmt: skip
    """
    `network.npz`: all arrays of the network (`core.reach.walk_network.Network` without `looks`), whose graph is
    streets.bin, `line_id` (OpenStreetMap's), `line_name`, and for each profile `answer:AGE:LIGHT:MOBILITY` and
    `cost:...` by edge of the network.
    `looks.json`: `looks`, the facts by which the rules judge, and `because`, for each profile the rules that fit each.
    `gates.npz`: `edge`, `along`, `aside` on the graph, `place` (number in places.json), `known`, `lon`, `lat`,
    `without`.
    `homes.npz`: `lon`, `lat`, `people`, `edge`, `along`, `aside`, `area_LEVEL` (number in areas.npz, -1 for none), and
    `children:AGE`, `disabled:AGE` where they are told; `told:AGE:MOBILITY`, in groups all children or, where they are
    told, those who use a wheelchair: of these alone plans tell.
    `areas.npz`: `code`, `level`, `name`, `parent`.
    """
    out.mkdir(exist_ok=True)
    network = streets.network
    arrays: dict[str, Any] = {
        one.name: getattr(network, one.name) for one in fields(network) if one.name != "looks"
    }
    judged: dict[str, Any] = {}
    because = {}
    for one in profiled:
        name = f"{one.profile.age}:{one.profile.light}:{one.profile.mobility}"
        judged[f"answer:{name}"] = one.judged.answer
        judged[f"cost:{name}"] = one.judged.cost
        because[name] = [list(rules) for rules in one.judged.because]
    folder.write_json(out / "looks.json", {"looks": [dict(one) for one in network.looks], "because": because})
    np.savez(
        out / "network.npz", **arrays, **judged, line_id=extract.streets.ids,
        line_name=np.array(extract.streets.names or [""] * len(extract.streets.ids), np.str_),
    )  # fmt: skip
    np.savez(
        out / "gates.npz", edge=gates.points.edge, along=gates.points.along, aside=gates.points.aside,
        place=gates.place, known=gates.known, lon=gates.lon, lat=gates.lat, without=gates.without,
    )  # fmt: skip
    texts: dict[str, Any] = {
        name: np.array(getattr(areas, name), np.str_) for name in ("code", "level", "name", "parent")
    }
    np.savez(out / "areas.npz", **texts)
    if homes is None or shown is None:
        return
    kids: dict[str, Any] = {f"area_{level}": its for level, its in homes.area.items()}
    for age, its in shown.kids.items():
        kids[f"told:{age}:{FOOT}"] = its.expected
        if its.wheelchair_told.any():
            kids[f"told:{age}:{WHEELCHAIR}"] = its.moving(WHEELS)
    for age, its in homes.kids.items():
        kids[f"children:{age}"] = its.expected
        if its.disability_told.any():
            kids[f"disabled:{age}"] = its.disabled
    np.savez(
        out / "homes.npz", lon=homes.lon, lat=homes.lat, people=homes.people, edge=homes.points.edge,
        along=homes.points.along, aside=homes.points.aside,
        **kids,
    )  # fmt: skip
