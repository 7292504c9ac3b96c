"""
The compact graph of a city's streets: nodes, undirected edges, and the chains of edges between junctions.

A search looks at junctions alone, the nodes where other than two edges meet. The nodes between two junctions are inner
nodes of a chain; they, and every point on an edge, keep their distance from both of its ends. Edges are stored chain
after chain, each in its chain's direction, so that a place along a chain follows from the number of its edge.

Lengths and costs are float32, at least LEAST; sums are float64. A float32 of LEAST or more is a multiple of 2^-33, and
so a sum below 2^20 metres loses nothing: it does not depend on the order of its terms, two ways of equal length are
known to be equal, and a contracted graph gives the same answer as the plain one, to the last bit.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ruangaman.core.reach import graph_loops as loops
from ruangaman.core.reach.graph_errors import (
    GraphTooLarge,
    IndexOutOfRange,
    NegativeLength,
    NotANumber,
    OutsideTheEarth,
    SizesDiffer,
)

Whole = TypeVar("Whole", np.int64, np.uint8)

LEAST = np.float32(0.001)
"""Metres: shorter edges are made this long."""
DEGREE = 10_000_000
"""Coordinates are whole numbers, so many to a degree."""
MOST_NODES = MOST_EDGES = 2**30 - 1
"""So that twice as many arcs and both signs fit 32 bits."""
BUCKETS_TO_THE_MEAN = 4
"""A bucket of the search is the mean chain's cost divided by this: narrow enough that few nodes are settled twice."""
MOST_BUCKETS = 4096


@dataclass(frozen=True, slots=True)
class Reading:
    """
    Costs along the chains, read in one direction of walking.

    Attributes:
        ahead, behind: float32 (edges), from tail to head and back; inf where the edge is closed.
        arc_cost: float64 (arcs), from the arc's junction to its other end.
        inner_from_a, inner_from_b: float64 (inner nodes), from the ends of their chain.
        width: of a bucket of the search; `longest`: the most that a walk along one chain can cost.
    """

    ahead: NDArray[np.float32]
    behind: NDArray[np.float32]
    arc_cost: NDArray[np.float64]
    inner_from_a: NDArray[np.float64]
    inner_from_b: NDArray[np.float64]
    width: float
    longest: float


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of one way of walking, `away` from where a search begins and `towards` it; one object if they are equal."""

    away: Reading
    towards: Reading


@dataclass(frozen=True, slots=True)
class StreetGraph:
    """
    A graph of streets; make one by `build`.

    Attributes:
        lon, lat: int32 (nodes), in 1e-7 degrees.
        component: int32 (nodes), the connected part; `component_size`: int32 (parts), its nodes.
        place: int32 (nodes), the node's junction, or -1 - its number among the inner nodes.
        junction_node: int32 (junctions).
        edge_tail, edge_head: int32 (edges), nodes.
        edge_length: float32 (edges), metres.
        edge_id: int64 (edges), as given to `build`; `edge_turned`: uint8, 1 where the edge was given from head to tail.
        edge_class: uint8 (edges), as given.
        edge_chain: int32 (edges).
        chain_a, chain_b: int32 (chains), the junctions at its ends.
        chain_first: int32 (chains + 1), its first inner node. Its edges begin at chain_first[c] + c.
        inner_chain: int32 (inner nodes).
        arc_first: int32 (junctions + 1); `arc_to`, `arc_code`: int32 (arcs), the junction at the other end, and
            2 * chain, + 1 where the arc leaves the chain's end b.
        costs: lengths as costs.
    """

    lon: NDArray[np.int32]
    lat: NDArray[np.int32]
    component: NDArray[np.int32]
    component_size: NDArray[np.int32]
    place: NDArray[np.int32]
    junction_node: NDArray[np.int32]
    edge_tail: NDArray[np.int32]
    edge_head: NDArray[np.int32]
    edge_length: NDArray[np.float32]
    edge_id: NDArray[np.int64]
    edge_turned: NDArray[np.uint8]
    edge_class: NDArray[np.uint8]
    edge_chain: NDArray[np.int32]
    chain_a: NDArray[np.int32]
    chain_b: NDArray[np.int32]
    chain_first: NDArray[np.int32]
    inner_chain: NDArray[np.int32]
    arc_first: NDArray[np.int32]
    arc_to: NDArray[np.int32]
    arc_code: NDArray[np.int32]
    costs: Costs

    @property
    def nodes(self) -> int:
        return self.lon.size

    @property
    def edges(self) -> int:
        return self.edge_tail.size

    @property
    def junctions(self) -> int:
        return self.arc_first.size - 1


def build(
    lon: ArrayLike,
    lat: ArrayLike,
    u: ArrayLike,
    v: ArrayLike,
    length: ArrayLike,
    *,
    edge_id: ArrayLike | None = None,
    edge_class: ArrayLike | None = None,
    keep_parallel: bool = False,
) -> StreetGraph:
    """
    The graph of these nodes and undirected edges.

    Args:
        lon, lat: shape (nodes,), degrees as floats, or 1e-7 degrees as whole numbers.
        u, v: shape (edges,), nodes; an edge from a node to itself is left out.
        length: shape (edges,), metres, 0 or more; what is below LEAST becomes LEAST.
        edge_id: shape (edges,), int64, to know edges by; without it their place in these arrays.
        edge_class: shape (edges,), 0 to 255; without it 0.
        keep_parallel: keep every edge between two nodes; else the shortest of each class (the first of equal ones).

    Raises:
        SizesDiffer, IndexOutOfRange, NotANumber, NegativeLength, OutsideTheEarth, GraphTooLarge: a bad array.
    """
    longitude, latitude = _coordinates("lon", lon, 180), _coordinates("lat", lat, 90)
    nodes = longitude.size
    if latitude.size != nodes:
        raise SizesDiffer(array="lat", expected=nodes, found=latitude.size)
    if nodes > MOST_NODES:
        raise GraphTooLarge(nodes=nodes, most=MOST_NODES)
    metres = lengths("length", length, finite=True)
    edges = metres.size
    if edges > MOST_EDGES:
        raise GraphTooLarge(edges=edges, most=MOST_EDGES)
    tail, head = indexes("u", u, nodes, edges), indexes("v", v, nodes, edges)
    ids = np.arange(edges, dtype=np.int64) if edge_id is None else whole("edge_id", edge_id, np.int64, edges)
    classes = (
        np.zeros(edges, np.uint8) if edge_class is None else whole("edge_class", edge_class, np.uint8, edges)
    )

    kept = tail != head
    if not keep_parallel:
        kept &= _shortest(nodes, tail, head, metres, classes)
    if not kept.all():
        tail, head, metres, ids, classes = (each[kept] for each in (tail, head, metres, ids, classes))
        edges = tail.size

    first, incident = np.zeros(nodes + 1, np.int32), np.empty(2 * edges, np.int32)
    loops.incidence(tail, head, first, incident)
    junctions = np.flatnonzero(np.diff(first) != 2).astype(np.int32)
    junctions = junctions[np.argsort(_curve(longitude[junctions], latitude[junctions]), kind="stable")]

    place, junction_node = np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    order, turned, edge_chain = (
        np.empty(edges, np.int32),
        np.empty(edges, np.uint8),
        np.empty(edges, np.int32),
    )
    chain_a, chain_b = np.empty(edges, np.int32), np.empty(edges, np.int32)
    chain_first = np.empty(edges + 1, np.int32)
    chains = loops.chains(
        *(tail, head, first, incident, junctions),
        *(place, junction_node, order, turned, edge_chain, chain_a, chain_b, chain_first),
    )
    chain_a, chain_b = chain_a[:chains].copy(), chain_b[:chains].copy()
    chain_first = chain_first[: chains + 1].copy()
    inner = int(chain_first[-1])

    arc_first = np.zeros(nodes - inner + 1, np.int32)
    arc_to, arc_code = np.empty(2 * chains, np.int32), np.empty(2 * chains, np.int32)
    loops.arcs(chain_a, chain_b, arc_first, arc_to, arc_code)
    component = np.empty(nodes, np.int32)
    loops.components(tail, head, component)

    back = turned.astype(bool)
    metres = metres[order]
    away = read(metres, metres, chain_first, arc_code, inner)
    return StreetGraph(
        lon=longitude,
        lat=latitude,
        component=component,
        component_size=np.bincount(component).astype(np.int32),
        place=place,
        junction_node=junction_node[: nodes - inner].copy(),
        edge_tail=np.where(back, head[order], tail[order]),
        edge_head=np.where(back, tail[order], head[order]),
        edge_length=metres,
        edge_id=ids[order],
        edge_turned=turned,
        edge_class=classes[order],
        edge_chain=edge_chain,
        chain_a=chain_a,
        chain_b=chain_b,
        chain_first=chain_first,
        inner_chain=np.repeat(np.arange(chains, dtype=np.int32), np.diff(chain_first)),
        arc_first=arc_first,
        arc_to=arc_to,
        arc_code=arc_code,
        costs=Costs(away, away),
    )


def priced(
    graph: StreetGraph,
    forward: ArrayLike | None = None,
    backward: ArrayLike | None = None,
    *,
    closed: ArrayLike | None = None,
) -> Costs:
    """
    Other costs for the same graph, which stays as it is.

    Args:
        forward: shape (edges,), cost of each of the graph's edges from tail to head, 0 or more, inf where nobody may
            pass; without it, the lengths. What is below LEAST becomes LEAST.
        backward: the same from head to tail; without it, as forward.
        closed: shape (edges,), true where the edge is a barrier in both directions.

    Raises:
        SizesDiffer, NotANumber, NegativeLength: a bad array.
    """
    ahead = (
        graph.edge_length if forward is None else lengths("forward", forward, finite=False, size=graph.edges)
    )
    behind = ahead if backward is None else lengths("backward", backward, finite=False, size=graph.edges)
    if closed is not None:
        barrier = np.asarray(closed, dtype=bool)
        if barrier.shape != (graph.edges,):
            raise SizesDiffer(array="closed", expected=graph.edges, found=barrier.size)
        same = behind is ahead
        ahead = np.where(barrier, np.float32(np.inf), ahead)
        behind = ahead if same else np.where(barrier, np.float32(np.inf), behind)
    inner = graph.inner_chain.size
    away = read(ahead, behind, graph.chain_first, graph.arc_code, inner)
    if behind is ahead:
        return Costs(away, away)
    return Costs(away, read(behind, ahead, graph.chain_first, graph.arc_code, inner))


def as_given(
    graph: StreetGraph, forward: NDArray[np.float32], backward: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    Costs by the arrays given to `build` (without `edge_id`), from u to v and back, as costs of the graph's edges.

    Args:
        forward, backward: shape (edges given to `build`,).

    Raises:
        IndexOutOfRange: the arrays are shorter than those given to `build`.
    """
    most = int(graph.edge_id.max(initial=-1))
    for name, each in (("forward", forward), ("backward", backward)):
        if each.size <= most:
            raise IndexOutOfRange(array=name, at=most)
    there, back, turned = forward[graph.edge_id], backward[graph.edge_id], graph.edge_turned.astype(bool)
    return np.where(turned, back, there), np.where(turned, there, back)


def read(
    ahead: NDArray[np.float32],
    behind: NDArray[np.float32],
    chain_first: NDArray[np.int32],
    arc_code: NDArray[np.int32],
    inner: int,
) -> Reading:
    """Sum these costs along the chains."""
    arc_cost = np.empty(arc_code.size, np.float64)
    from_a, from_b = np.empty(inner, np.float64), np.empty(inner, np.float64)
    longest = loops.along_chains(ahead, behind, chain_first, arc_code, arc_cost, from_a, from_b)
    passable = np.isfinite(arc_cost)
    mean = float(arc_cost.mean(where=passable)) if passable.any() else float(LEAST)
    return Reading(ahead, behind, arc_cost, from_a, from_b, mean / BUCKETS_TO_THE_MEAN, longest)


def lengths(name: str, given: ArrayLike, *, finite: bool, size: int | None = None) -> NDArray[np.float32]:
    """
    An array of lengths or costs as float32, none below LEAST; `name` stands in the refusal.

    Raises:
        SizesDiffer, NotANumber, NegativeLength: not 1-D or not of `size`; NaN (or inf if `finite`); below 0.
    """
    found = np.ascontiguousarray(given, dtype=np.float32)
    if found.ndim != 1 or (size is not None and found.size != size):
        raise SizesDiffer(array=name, expected=-1 if size is None else size, found=found.size)
    if not found.size:
        return found
    if not (found >= 0).all():
        at = int(np.argmin(found >= 0))
        raise NotANumber(array=name, at=at) if np.isnan(found[at]) else NegativeLength(array=name, at=at)
    if finite and not np.isfinite(found).all():
        raise NotANumber(array=name, at=int(np.argmin(np.isfinite(found))))
    return np.maximum(found, LEAST)


def indexes(name: str, given: ArrayLike, below: int, size: int | None = None) -> NDArray[np.int32]:
    """
    An array of numbers from 0 to `below` - 1 as int32.

    Raises:
        SizesDiffer, NotANumber, IndexOutOfRange: not 1-D or not of `size`; not whole numbers; out of range.
    """
    found = np.asarray(given)
    if found.ndim != 1 or (size is not None and found.size != size):
        raise SizesDiffer(array=name, expected=-1 if size is None else size, found=found.size)
    if not found.size:
        return np.empty(0, np.int32)
    if found.dtype.kind not in "iu":
        raise NotANumber(array=name)
    outside = (found < 0) | (found >= below)
    if outside.any():
        raise IndexOutOfRange(array=name, at=int(np.argmax(outside)), below=below)
    return np.ascontiguousarray(found, dtype=np.int32)


def whole(name: str, given: ArrayLike, kind: type[Whole], size: int) -> NDArray[Whole]:
    """An array of `size` whole numbers that fit `kind`. Raises as `indexes`."""
    found = np.asarray(given)
    if found.shape != (size,):
        raise SizesDiffer(array=name, expected=size, found=found.size)
    if found.size and found.dtype.kind not in "iub":
        raise NotANumber(array=name)
    bounds = np.iinfo(kind)
    outside = (found < bounds.min) | (found > bounds.max)
    if outside.any():
        raise IndexOutOfRange(array=name, at=int(np.argmax(outside)))
    return found.astype(kind)


def _coordinates(name: str, given: ArrayLike, most: int) -> NDArray[np.int32]:
    found = np.asarray(given)
    if found.ndim != 1:
        raise SizesDiffer(array=name, expected=-1, found=found.size)
    if found.dtype.kind == "f" or not found.size:
        if not np.isfinite(found).all():
            raise NotANumber(array=name, at=int(np.argmin(np.isfinite(found))))
        found = np.rint(found.astype(np.float64) * DEGREE)
    elif found.dtype.kind not in "iu":
        raise NotANumber(array=name)
    outside = np.abs(found) > most * DEGREE
    if outside.any():
        raise OutsideTheEarth(array=name, at=int(np.argmax(outside)))
    return found.astype(np.int32)


def _shortest(
    nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    metres: NDArray[np.float32],
    classes: NDArray[np.uint8],
) -> NDArray[np.bool_]:
    """Which edges no other one of the same class and nodes makes needless."""
    first, incident = np.zeros(nodes + 1, np.int32), np.empty(2 * tail.size, np.int32)
    loops.incidence(tail, head, first, incident)
    twin = np.zeros(tail.size, np.uint8)
    loops.twins(tail, head, first, incident, twin)
    among = np.flatnonzero(twin)
    kept = np.ones(tail.size, dtype=bool)
    if not among.size:
        return kept
    low, high = np.minimum(tail[among], head[among]), np.maximum(tail[among], head[among])
    order = np.lexsort((metres[among], classes[among], high, low))
    low, high, among = low[order], high[order], among[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (classes[among[1:]] == classes[among[:-1]])
    kept[among[1:][same]] = False
    return kept


def _curve(lon: NDArray[np.int32], lat: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Place on Morton's curve through the box of these coordinates: near places get near numbers."""
    if not lon.size:
        return np.empty(0, np.uint64)
    span = max(int(np.ptp(lon.astype(np.int64))), int(np.ptp(lat.astype(np.int64))), 1)
    mixed = np.zeros(lon.size, np.uint64)
    for shift, each in ((0, lon), (1, lat)):
        cell = ((each.astype(np.int64) - int(each.min())) * 65535 // span).astype(np.uint64)
        for step, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
            cell = (cell | (cell << np.uint64(step))) & np.uint64(mask)
        mixed |= cell << np.uint64(shift)
    return mixed
