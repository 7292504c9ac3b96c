"""
Where places are entered: at their gates, never in their middle.

A place with mapped entrances on its edge is entered there and nowhere else. Without any, it is entered wherever its
edge comes within some metres of a street or path. A place that is a single point is entered from the nearest street.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.extract import NODE, Extract, Places
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.snapping import METRES_A_DEGREE
from ruangaman.core.reach.walk_rules import WalkRules
from ruangaman.core.reach.walks import Streets, snap


class Known(IntEnum):
    """How a gate is known."""

    MAPPED = 0  # an entrance on the place's edge
    BESIDE_A_WAY = 1  # its edge is near a street
    ONE_POINT = 2  # the place is a point near a street


@dataclass(frozen=True, slots=True)
class GateLimits:
    """
    Metres.

    Attributes:
        beside: how near a street must come to an edge without entrances.
        entrance: how near to a mapped entrance. one_point: how near to a place that is a point.
        step: how densely an edge is looked along.
        apart: a place beside the same piece of street for long is entered at least so densely, and where that ends.
    """

    beside: float = 20.0
    entrance: float = 20.0
    one_point: float = 50.0
    step: float = 10.0
    apart: float = 40.0


@dataclass(frozen=True, slots=True)
class Gates:
    """
    Attributes:
        points: on streets. known: uint8 (gates,), `Known`.
        place: int32 (gates,), the place in the list that was asked about.
        lon, lat: float64 (gates,), degrees, where it stands.
        without: int32, places that cannot be entered from any street; all others have a gate.
    """

    points: Points
    place: NDArray[np.int32]
    known: NDArray[np.uint8]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    without: NDArray[np.int32]


def gates(
    extract: Extract, streets: Streets, rules: WalkRules, wanted: NDArray[np.int64], limits: GateLimits
) -> Gates:
    """
    The gates of some places of an extract.

    Args:
        wanted: int64, their numbers in `extract.places`; `Gates.place` counts in this list.
    """
    entrances = _entrances(extract, rules)
    lon, lat, place, known = [], [], [], []
    for at, number in enumerate(wanted):
        if extract.places.element[number] == NODE:
            found = extract.places.lon[number : number + 1], extract.places.lat[number : number + 1]
            kind = Known.ONE_POINT
        else:
            found, kind = _of_edge(extract.places, int(number), entrances, limits.step)
        lon.append(found[0])
        lat.append(found[1])
        place.append(np.full(len(found[0]), at, np.int32))
        known.append(np.full(len(found[0]), kind, np.uint8))
    longitude, latitude = np.concatenate([np.empty(0), *lon]), np.concatenate([np.empty(0), *lat])
    places = np.concatenate([np.empty(0, np.int32), *place])
    kinds = np.concatenate([np.empty(0, np.uint8), *known])
    widest = max(limits.beside, limits.entrance, limits.one_point)
    snapped = snap(streets, longitude, latitude, limit=widest)
    near = np.array([limits.entrance, limits.beside, limits.one_point])[kinds]
    kept = np.flatnonzero(snapped.snapped & (snapped.aside <= near))
    nearby = Points(snapped.edge[kept], snapped.along[kept], snapped.aside[kept])
    kept = kept[_apart(places[kept], nearby, kinds[kept], limits.apart)]
    reached = np.zeros(len(wanted), np.bool_)
    reached[places[kept]] = True
    return Gates(
        Points(snapped.edge[kept], snapped.along[kept], snapped.aside[kept]),
        places[kept], kinds[kept], longitude[kept], latitude[kept],
        np.flatnonzero(~reached).astype(np.int32),
    )  # fmt: skip


def _entrances(extract: Extract, rules: WalkRules) -> frozenset[int]:
    """Nodes that are entrances or gates and not shut."""
    tags, codes = extract.points.tags, extract.codes

    def told(column: str, values: frozenset[str]) -> NDArray[np.bool_]:
        return np.isin(
            tags[column], [code for code in range(2, len(codes[column])) if codes[column][code] in values]
        )

    opens = (tags["entrance"] > 0) & ~told("entrance", rules.no_entrance)
    opens |= told("barrier", rules.gates)
    shut = told("foot", rules.closed["foot"]) | told("locked", rules.closed["locked"])
    shut |= told("access", rules.closed["access"]) & ~told("foot", rules.opens)
    return frozenset(extract.points.ids[opens & ~shut].tolist())


def _of_edge(
    places: Places, number: int, entrances: frozenset[int], step: float
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], Known]:
    """Entrances on the outer rings; without any, points along them."""
    lon, lat, doors = [], [], []
    for ring in range(places.first_ring[number], places.first_ring[number + 1]):
        if places.ring_hole[ring]:
            continue
        its = slice(places.first_vertex[ring], places.first_vertex[ring + 1])
        ends = its.stop - bool(places.ring_closed[ring])  # a closed ring tells its first vertex again
        doors += [at for at in range(its.start, ends) if int(places.vertex_ids[at]) in entrances]
        longitude, latitude = _along(places.vertex_lon[its], places.vertex_lat[its], step)
        lon.append(longitude)
        lat.append(latitude)
    if doors:
        return (places.vertex_lon[doors], places.vertex_lat[doors]), Known.MAPPED
    return (np.concatenate([np.empty(0), *lon]), np.concatenate([np.empty(0), *lat])), Known.BESIDE_A_WAY


def _along(
    lon: NDArray[np.float64], lat: NDArray[np.float64], step: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Its vertices, and points between them, `step` metres apart or less."""
    if len(lon) < 2:
        return lon, lat
    east = METRES_A_DEGREE * np.cos(np.radians(lat[0]))
    metres = np.hypot(np.diff(lon) * east, np.diff(lat) * METRES_A_DEGREE)
    pieces = np.maximum(np.ceil(metres / step), 1).astype(np.int64)
    at = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(len(at)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[at]
    return (
        np.append(lon[at] + share * (lon[at + 1] - lon[at]), lon[-1]),
        np.append(lat[at] + share * (lat[at + 1] - lat[at]), lat[-1]),
    )


def _apart(
    place: NDArray[np.int32], points: Points, known: NDArray[np.uint8], apart: float
) -> NDArray[np.int64]:
    """
    Of points of one place on one edge the nearest of each stretch of half of `apart` metres, so that no two neighbours
    are further apart than that, and the first and the last of all; every mapped entrance stays.

    One for the whole edge would not do: a child who lives along a park does not walk to its middle to get in.
    """
    stretch = np.floor(points.along / (apart / 2)).astype(np.int64)
    alone = np.where(known == Known.MAPPED, -1 - np.arange(len(place)), stretch)
    metre = np.round(points.along)  # a corner's neighbours lie beside the same spot: of those the nearest
    kept = np.zeros(len(place), np.bool_)
    for order, same in (
        (np.lexsort((points.aside, alone, points.edge, place)), (place, points.edge, alone)),
        (np.lexsort((points.aside, metre, points.edge, place)), (place, points.edge)),
        (np.lexsort((points.aside, -metre, points.edge, place)), (place, points.edge)),
    ):
        first = np.ones(len(order), np.bool_)
        first[1:] = np.logical_or.reduce([one[order][1:] != one[order][:-1] for one in same])
        kept[order[first]] = True
    return np.flatnonzero(kept)
