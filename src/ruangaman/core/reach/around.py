"""
Many small searches over a graph: the weight around places that have several gates, and what one stretch would change.

`people.py` answers points one by one, faster; here a place is reached at any of its gates, and nobody is counted twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import around_loops as loops
from ruangaman.core.reach import graph_loops
from ruangaman.core.reach.graph import Costs, StreetGraph
from ruangaman.core.reach.points import Points, shares

Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Around:
    """
    A graph and its homes, made ready; homes on no street are left out.

    Attributes:
        first, incident: int32, the edges at each node.
        home: int64 (kept,), the homes by edge; edge: int32, share: float64 (kept,). home_first: int32 (edges + 1,).
    """

    graph: StreetGraph
    first: Ints
    incident: Ints
    home: NDArray[np.int64]
    edge: Ints
    share: Doubles
    home_first: Ints


def ready(graph: StreetGraph, homes: Points) -> Around:
    """Made once; homes lie on edges, as `snap` puts them."""
    first, incident = np.zeros(graph.nodes + 1, np.int32), np.empty(2 * graph.edges, np.int32)
    graph_loops.incidence(graph.edge_tail, graph.edge_head, first, incident)
    home, edge, share, home_first = _by_edge(graph, homes)
    return Around(graph, first, incident, home, edge, share, home_first)


def _by_edge(graph: StreetGraph, points: Points) -> tuple[NDArray[np.int64], Ints, Doubles, Ints]:
    """Points on edges in the order of their edges: which, edge, share, and where each edge's begin."""
    on_edge = np.flatnonzero(points.edge >= 0)
    order = on_edge[np.argsort(points.edge[on_edge], kind="stable")]
    edge = points.edge[order]
    first = np.searchsorted(edge, np.arange(graph.edges + 1)).astype(np.int32)
    return order, np.ascontiguousarray(edge), shares(graph, points)[order], first


def within(
    around: Around, gates: Points, place: Ints, places: int, weights: Doubles, *, costs: Costs, limit: float
) -> Doubles:
    """
    The weight of homes within the limit of each place, at any of its gates.

    Args:
        place: int (gates,), whose gate it is. weights: float64 (homes,). costs: the same in both directions.
        limit: metres, this much included.

    Returns:
        float64 (places,).
    """
    graph = around.graph
    share = shares(graph, gates)
    its = np.flatnonzero(gates.edge >= 0)
    order = its[np.argsort(place[its], kind="stable")]
    gate_first = np.searchsorted(place[order], np.arange(places + 1)).astype(np.int32)
    found = np.zeros(places)
    loops.sums(
        *(gate_first, np.ascontiguousarray(gates.edge[order]), share[order], around.first, around.incident),
        *(graph.edge_tail, graph.edge_head, costs.towards.ahead, float(limit)),
        *(around.home_first, around.share, weights[around.home], *_room(graph)),
        *(np.full(graph.edges, -1, np.int32), found),
    )
    return found


def _room(graph: StreetGraph) -> tuple[Doubles, Ints, Ints, Ints, Ints, Doubles]:
    """far, parent, heap, where, touched, before."""
    nodes = graph.nodes
    return (
        np.full(nodes, np.inf), np.full(nodes, loops.NO_EDGE, np.int32), np.empty(nodes, np.int32),
        np.full(nodes, loops.UNTOUCHED, np.int32), np.empty(nodes, np.int32), np.empty(nodes),
    )  # fmt: skip


def flow(around: Around, gates: Points, weights: Doubles, *, costs: Costs, limit: float) -> Doubles:
    """
    The weight that walks over each edge when every home takes its best walk: float64 (edges,).

    Args:
        weights: float64 (homes,); of homes beyond the limit 0.
    """
    graph = around.graph
    _, _, share, first = _by_edge(graph, gates)
    far, parent, heap, where, touched, before = _room(graph)
    cost = costs.towards.ahead
    reached = loops.from_gates(
        *(first, share, around.first, around.incident, graph.edge_tail, graph.edge_head, cost, float(limit)),
        *(far, parent, heap, where, touched, before),
    )
    order = touched[:reached]
    order = np.ascontiguousarray(order[np.argsort(-far[order], kind="stable")])
    found = np.zeros(graph.edges)
    loops.flows(
        *(order, graph.edge_tail, graph.edge_head, cost, parent, far),
        *(around.edge, around.share, weights[around.home], found),
    )
    return found


def would_serve(
    around: Around, gates: Points, weights: Doubles, *, safe: Costs, price: NDArray[np.float32],
    units: list[NDArray[np.int32]], limit: float,
) -> Doubles:  # fmt: skip
    """
    The weight of homes that would come within the limit if the edges of one unit were open, each by itself, exactly.

    Args:
        weights: float64 (homes,); 0 for homes that are within the limit already.
        safe: what is open now. price: float32 (edges,), what an edge costs when it is open.
        units: closed edges of the graph.

    Returns:
        float64 (units,).
    """
    graph = around.graph
    _, _, share, gate_first = _by_edge(graph, gates)
    room = _room(graph)
    cost = safe.towards.ahead.copy()
    streets = (around.first, around.incident, graph.edge_tail, graph.edge_head)
    loops.from_gates(gate_first, share, *streets, cost, float(limit), *room)
    unit_first = np.zeros(len(units) + 1, np.int32)
    np.cumsum([len(unit) for unit in units], out=unit_first[1:])
    unit_edge = np.concatenate([np.empty(0, np.int32), *units]).astype(np.int32)
    found = np.zeros(len(units))
    loops.opened(
        *(unit_first, unit_edge, price, cost, *streets, float(limit), gate_first, share),
        *(around.home_first, around.share, weights[around.home], *room),
        *(np.full(graph.edges, -1, np.int32), found),
    )
    return found
