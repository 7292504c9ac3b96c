"""Where the safe places of a city are entered: their gates, those that its own table tells first."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ruangaman.adapters.city_places import Place
from ruangaman.core.reach import gates as entering
from ruangaman.core.reach import walks
from ruangaman.core.reach.extract import Extract, Places
from ruangaman.core.reach.gates import GateLimits, Gates, Known
from ruangaman.core.reach.points import NOWHERE, Points
from ruangaman.core.reach.walk_rules import WalkRules
from ruangaman.core.reach.walks import Streets


def for_wheelchairs(gates: Gates, places: Sequence[Place]) -> tuple[Points, Points]:
    """The gates of places that let wheelchairs in, and those of places that may; the others lie nowhere."""
    says = np.array([-1 if place.accessible is None else int(place.accessible) for place in places], np.int8)
    its = says[gates.place] if len(places) else np.zeros(0, np.int8)
    points = gates.points
    return (
        Points(np.where(its == 1, points.edge, NOWHERE), points.along, points.aside),
        Points(np.where(its != 0, points.edge, NOWHERE), points.along, points.aside),
    )


def gates(
    extract: Extract,
    drawings: Places,
    places: Sequence[Place],
    streets: Streets,
    rules: WalkRules,
    limits: GateLimits,
) -> Gates:
    """The gates of these places; `Gates.place` counts in them."""
    wanted = np.array([place.number for place in places], np.int64)
    found = entering.gates(replace(extract, places=drawings), streets, rules, wanted, limits)
    own = [(at, lon, lat) for at, place in enumerate(places) for lon, lat in place.gates]
    if not own:
        return found
    place = np.array([at for at, _, _ in own], np.int32)
    lon, lat = (np.array([one[column] for one in own], np.float64) for column in (1, 2))
    points = walks.snap(streets, lon, lat, limit=limits.entrance)
    near = points.snapped
    kept = ~np.isin(found.place, place)
    every = np.concatenate([found.place[kept], place[near]])
    reached = np.zeros(len(places), np.bool_)
    reached[every] = True
    return Gates(
        Points(
            np.concatenate([found.points.edge[kept], points.edge[near]]),
            np.concatenate([found.points.along[kept], points.along[near]]),
            np.concatenate([found.points.aside[kept], points.aside[near]]),
        ),
        every,
        np.concatenate([found.known[kept], np.full(int(near.sum()), Known.MAPPED, np.uint8)]),
        np.concatenate([found.lon[kept], lon[near]]),
        np.concatenate([found.lat[kept], lat[near]]),
        np.flatnonzero(~reached).astype(np.int32),
    )
