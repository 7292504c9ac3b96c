"""
From homes to places: safe, unknown or unsafe, for each home and profile.

A home is safe when some place is within reach over safe stretches alone; unknown when only with stretches of which not
enough is known; unsafe otherwise, and also when nothing is in reach at all. A home that no street comes near is
unknown: what is not on the map says nothing.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ruangaman.core.reach import graph as graphs
from ruangaman.core.reach import search, snapping
from ruangaman.core.reach.graph import Costs, StreetGraph
from ruangaman.core.reach.paths import nearest_of_points
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.snapping import StreetIndex, Walls
from ruangaman.core.reach.walk_network import ACROSS, LEFT, RIGHT, Judged, Network
from ruangaman.core.reach.walk_rules import Answer

UNREACHED: Final = np.float32(np.inf)


class Why(IntEnum):
    """Why a home is not safe."""

    SAFE = 0
    NOT_SURVEYED = 1  # a walk is there, of which not enough is known
    BARRIER = 2  # a walk is there that is not safe
    TOO_FAR = 3  # no place within reach by any walk
    OFF_STREET = 4  # no street near enough
    HOW_NOT_TOLD = 5  # nobody says how such a child moves, and it makes a difference: see `between`


@dataclass(frozen=True, slots=True)
class Streets:
    """
    A network made ready to search.

    Attributes:
        edge_of: int32 (network's edges,), the graph's edge; -1 for one from a vertex to itself.
        segment_of: int32 (graph's edges,), the segment; -1 across a big road.
        with_segment: bool (graph's edges,), whether the graph's edge runs as the way does.
        may_start: bool (graph's edges,), where homes and gates lie: not in the middle of a crossing.
        edge_at: int32 (vertices,), an edge of the graph that ends there, one where homes lie if there is one; or -1.
        corners: int64 (nodes + 1,), where the vertices of each node begin.
        walls: what no home or gate is joined to a street across.
    """

    network: Network
    graph: StreetGraph
    index: StreetIndex
    edge_of: NDArray[np.int32]
    segment_of: NDArray[np.int32]
    with_segment: NDArray[np.bool_]
    may_start: NDArray[np.bool_]
    edge_at: NDArray[np.int32]
    corners: NDArray[np.int64]
    walls: Walls


@dataclass(frozen=True, slots=True)
class Walked:
    """
    What each home finds.

    Attributes:
        answer: uint8 (homes,), `Answer`. why: uint8 (homes,), `Why`.
        safe_cost, known_cost, any_cost: float32 (homes,), metres of walking cost over safe stretches; over safe and
            unknown ones; metres over any street; inf beyond the limit.
        site: int32 (homes,), the nearest place by the best walk that there is, -1 for none.
    """

    answer: NDArray[np.uint8]
    why: NDArray[np.uint8]
    safe_cost: NDArray[np.float32]
    known_cost: NDArray[np.float32]
    any_cost: NDArray[np.float32]
    site: NDArray[np.int32]


def ready(network: Network) -> Streets:
    """Build graph and index; once for a city."""
    node = network.vertex_node
    graph = graphs.build(
        network.lon[node], network.lat[node], network.u, network.v, network.metres,
        edge_class=network.part, keep_parallel=True,
    )  # fmt: skip
    return of_graph(network, graph)


def of_graph(network: Network, graph: StreetGraph) -> Streets:
    """The same around a graph that was built of this network before."""
    node = network.vertex_node
    edge_of = np.full(len(network.u), -1, np.int32)
    edge_of[graph.edge_id] = np.arange(graph.edges, dtype=np.int32)
    segment = np.full(len(network.u), -1, np.int32)
    segment[network.segment_edges[:, 0]] = np.arange(len(network.segment_u))
    segment[network.segment_edges[:, 1]] = np.arange(len(network.segment_u))
    may_start = network.part[graph.edge_id] != ACROSS
    edge_at = np.full(len(node), -1, np.int32)
    for edges in (np.flatnonzero(~may_start), np.flatnonzero(may_start)):  # the latter count
        edge_at[graph.edge_tail[edges]] = edge_at[graph.edge_head[edges]] = edges
    index = snapping.index(graph)
    return Streets(
        network,
        graph,
        index,
        edge_of,
        segment[graph.edge_id],
        graph.edge_turned == 0,
        may_start,
        edge_at,
        np.searchsorted(node, np.arange(len(network.lon) + 1)).astype(np.int64),
        snapping.walls(index, network.wall_lon, network.wall_lat),
    )


def priced(streets: Streets, judged: Judged, at_worst: Answer) -> Costs:
    """Walking costs over what is at worst this; everything else is closed."""
    kept = judged.answer[streets.graph.edge_id] <= at_worst
    return graphs.priced(streets.graph, judged.cost[streets.graph.edge_id], closed=~kept)


def snap(
    streets: Streets, lon: ArrayLike, lat: ArrayLike, *, limit: float, least_component: int = 1
) -> Points:
    """
    The nearest point of a street for each position, across no wall; beside a big road on the position's own side.

    Args:
        lon, lat: shape (points,), degrees. limit: metres.
        least_component: only streets that hang together with so many vertices.
    """
    longitude, latitude = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    found = snapping.snap(
        streets.graph, streets.index, longitude, latitude,
        limit=limit, least_component=least_component, allowed=streets.may_start, walled=streets.walls,
    )  # fmt: skip
    if not streets.graph.edges:
        return found
    return _own_side(streets, found, longitude, latitude)


def _own_side(streets: Streets, found: Points, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Points:
    network, graph = streets.network, streets.graph
    edge = found.edge.copy()
    along = found.along.copy()
    of_graph = graph.edge_id[np.maximum(edge, 0)]
    rows = np.flatnonzero((edge >= 0) & np.isin(network.part[of_graph], (LEFT, RIGHT)))
    if len(rows):
        segment = streets.segment_of[edge[rows]]
        u, v = network.segment_u[segment], network.segment_v[segment]
        turn = _east(network, u, network.lon[v]) * (lat[rows] - network.lat[u]) - (
            network.lat[v] - network.lat[u]
        ) * _east(network, u, lon[rows])
        chosen = streets.edge_of[network.segment_edges[segment, (turn < 0).astype(np.int64)]]
        # A side that loops back to its own corner is no edge; then the one that was found stays.
        chosen = np.where(chosen >= 0, chosen, edge[rows])
        as_way = np.where(
            streets.with_segment[edge[rows]], along[rows], graph.edge_length[edge[rows]] - along[rows]
        )
        along[rows] = np.where(streets.with_segment[chosen], as_way, graph.edge_length[chosen] - as_way)
        edge[rows] = chosen
    _own_corner(streets, found, lon, lat, edge, along)
    return Points(edge, np.maximum(along, 0), found.aside)


@dataclass(frozen=True, slots=True)
class Costed:
    """
    The nearest gate of each home, over safe stretches, over safe and unknown ones, over any street.

    Attributes:
        safe, known, any: float32 (homes,), metres of walking cost, of `any` metres; inf beyond the limit.
        safe_gate, known_gate, any_gate: int32 (homes,), -1 for none.
        snapped: bool (homes,), whether a street is near.
    """

    safe: NDArray[np.float32]
    known: NDArray[np.float32]
    any: NDArray[np.float32]
    safe_gate: NDArray[np.int32]
    known_gate: NDArray[np.int32]
    any_gate: NDArray[np.int32]
    snapped: NDArray[np.bool_]


def costed(
    streets: Streets, judged: Judged, homes: Points, gates: Points, *,
    limit: float, plain: Costed | None = None, surely: Points | None = None, maybe: Points | None = None,
) -> Costed:  # fmt: skip
    """
    What each home finds within the limit, to be answered for any reach up to it.

    Args:
        gates: where places are entered; one on no street is never reached.
        limit: metres of walking cost, this much included.
        plain: of the same homes, gates and limit for another profile: any street is the same to all.
        surely, maybe: the same gates in the same order, NOWHERE those that are known not to let such a child in, and
            for `surely` those of which nobody knows.
    """
    sure, may_be = surely or gates, maybe or gates
    safe, safe_gate = _told(streets, homes, sure, priced(streets, judged, Answer.SAFE), limit)
    known, known_gate = _told(streets, homes, may_be, priced(streets, judged, Answer.UNKNOWN), limit)
    if plain is None:
        any_, any_gate = _told(streets, homes, gates, streets.graph.costs, limit)
    else:
        any_, any_gate = plain.any, plain.any_gate
    return Costed(safe, known, any_, safe_gate, known_gate, any_gate, homes.snapped)


def answered(found: Costed, site: ArrayLike, *, limit: float) -> Walked:
    """
    What each home is told for a reach.

    Args:
        site: int (gates,), whose gate it is.
        limit: metres, not above the limit of `found`.
    """
    belongs = np.asarray(site, np.int32)
    told = [
        (np.where(metres <= limit, metres, UNREACHED), np.where(metres <= limit, gate, -1))
        for metres, gate in (
            (found.safe, found.safe_gate), (found.known, found.known_gate), (found.any, found.any_gate)
        )
    ]  # fmt: skip
    (safe, safe_gate), (known, known_gate), (any_, any_gate) = told
    gate = np.where(safe_gate >= 0, safe_gate, np.where(known_gate >= 0, known_gate, any_gate))
    why = np.select(
        [~found.snapped, np.isfinite(safe), np.isfinite(known), np.isfinite(any_)],
        [Why.OFF_STREET, Why.SAFE, Why.NOT_SURVEYED, Why.BARRIER],
        Why.TOO_FAR,
    ).astype(np.uint8)
    nearest = (
        np.where(gate >= 0, belongs[np.maximum(gate, 0)], -1) if len(belongs) else np.full(len(gate), -1)
    )
    return Walked(_ANSWER_TO[why], why, safe, known, any_, nearest.astype(np.int32))


def between(on_foot: Walked, rolling: Walked) -> Walked:
    """
    What is known of a child that walks or uses a wheelchair, where nobody says which: what both find, or unknown.

    Distances are those of the wheelchair, the worse of the two.
    """
    same = on_foot.answer == rolling.answer
    return replace(
        rolling,
        answer=np.where(same, rolling.answer, np.uint8(Answer.UNKNOWN)),
        why=np.where(same, rolling.why, np.uint8(Why.HOW_NOT_TOLD)),
    )


def _own_corner(
    streets: Streets, found: Points, lon: NDArray[np.float64], lat: NDArray[np.float64],
    edge: NDArray[np.int32], along: NDArray[np.float32],
) -> None:  # fmt: skip
    """
    Put who is nearest to a junction of big roads into the corner in which the position lies.

    The side of one of its roads does not tell it: beside a sharp bend a position may be left of the one and right of
    the other, and a street on the far side comes just as near.
    """
    network, graph = streets.network, streets.graph
    own = np.maximum(found.edge, 0)
    at_tail, at_head = found.along <= 0, found.along >= graph.edge_length[own]
    vertex = np.where(at_tail, graph.edge_tail[own], graph.edge_head[own])
    node = network.vertex_node[vertex] if len(network.vertex_node) else vertex
    first, size = streets.corners[node], streets.corners[node + 1] - streets.corners[node]
    rows = np.flatnonzero((found.edge >= 0) & (at_tail | at_head) & (size > 1))
    if not len(rows):
        return
    node, first, size = node[rows], first[rows], size[rows]
    angle = np.arctan2(lat[rows] - network.lat[node], _east(network, node, lon[rows]))
    row = np.repeat(np.arange(len(rows)), size)
    rank = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    behind = np.mod(angle[row] - network.vertex_from[first[row] + rank], 2 * np.pi)
    # Of corners that begin at the same angle all but the last are empty; the first corner begins at the last arm.
    order = np.lexsort((-np.mod(rank - 1, size[row]), behind, row))
    chosen = first + rank[order[np.cumsum(size) - size]]
    edges = streets.edge_at[chosen]
    there = edges >= 0
    rows, chosen, edges = rows[there], chosen[there], edges[there]
    edge[rows] = edges
    along[rows] = np.where(graph.edge_tail[edges] == chosen, 0, graph.edge_length[edges])


def _east(network: Network, node: NDArray[np.int32], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far east of a node, in degrees of latitude."""
    return np.asarray((lon - network.lon[node]) * np.cos(np.radians(network.lat[node])))


def walk(
    streets: Streets, judged: Judged, homes: Points, gates: Points, site: ArrayLike, *, limit: float
) -> Walked:
    """
    What each home finds within the limit.

    Args:
        gates: where places are entered; one on no street is never reached. site: int (gates,), whose gate it is.
        limit: metres of walking cost, this much included.
    """
    return answered(costed(streets, judged, homes, gates, limit=limit), site, limit=limit)


_ANSWER_TO: Final = np.array(
    [Answer.SAFE, Answer.UNKNOWN, Answer.UNSAFE, Answer.UNSAFE, Answer.UNKNOWN], np.uint8
)


def _told(
    streets: Streets, homes: Points, gates: Points, costs: Costs, limit: float
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    found = search.nearest(streets.graph, gates, limit=limit, costs=costs)
    return nearest_of_points(streets.graph, found, homes)
