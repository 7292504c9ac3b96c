"""
How many people live within reach of each place: sums of weights by walking distance, exact and without a dense table.

Weights are summed as float64. The order of a sum differs from place to place, so that two sums of the same people may
differ in their last bits; whole numbers below 2^52 come out exactly. Who is within the limit, that much included, is
decided exactly (see `graph.py`).
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ruangaman.core.reach import people_loops as loops
from ruangaman.core.reach.graph import Costs, Reading, StreetGraph
from ruangaman.core.reach.graph_errors import NotANumber, SizesDiffer
from ruangaman.core.reach.points import NOWHERE, Points, at_nodes, shares
from ruangaman.core.reach.search import checked_limit, queue, reading_of
from ruangaman.core.reach.search_loops import NOT_QUEUED

BLOCK = 1024
"""Places that a thread answers before it takes more: enough to be worth a call, few enough to end together."""


@dataclass(frozen=True, slots=True)
class Held:
    """
    Weights on the streets of a graph, ready to be summed.

    Attributes:
        first: int32 (chains + 1), the first weight of each chain.
        edge, share, by_a, by_b, upto: of the weights on chains, sorted along them: where each lies, its distance from
            both ends of the chain, the sum from end a to it.
        half, longest: float64 (junctions), weight at the junction and half of that on its chains; its longest arc.
        from_b_to_a: float64 (chains), cost of the whole chain.
        reading: the costs that were used.
        lost: the weight of points on no street.
    """

    first: NDArray[np.int32]
    edge: NDArray[np.int32]
    share: NDArray[np.float64]
    by_a: NDArray[np.float64]
    by_b: NDArray[np.float64]
    upto: NDArray[np.float64]
    half: NDArray[np.float64]
    longest: NDArray[np.float64]
    from_b_to_a: NDArray[np.float64]
    reading: Reading
    lost: float


def hold(
    graph: StreetGraph,
    points: Points,
    weights: ArrayLike,
    *,
    costs: Costs | None = None,
    towards: bool = True,
) -> Held:
    """
    Put weights, such as people, where these points are.

    Args:
        weights: shape (points,), finite.
        costs: of the edges; without them, the lengths.
        towards: people walk to the places that are asked about; else from them.

    Raises:
        SizesDiffer, IndexOutOfRange, NotANumber: bad points or weights.
    """
    reading = reading_of(graph, costs, towards=towards)
    weight = np.asarray(weights, dtype=np.float64)
    if weight.shape != (points.size,):
        raise SizesDiffer(array="weights", expected=points.size, found=weight.size)
    if not np.isfinite(weight).all():
        raise NotANumber(array="weights", at=int(np.argmin(np.isfinite(weight))))
    share = shares(graph, points)
    edge = points.edge.copy()
    half = np.zeros(graph.junctions)

    lost = edge == NOWHERE
    place = graph.place[-1 - edge[(edge < 0) & ~lost]]
    at_node = np.flatnonzero((edge < 0) & ~lost)
    on_junction = place >= 0
    half += np.bincount(place[on_junction], weight[at_node[on_junction]], graph.junctions)
    inner, at_inner = -1 - place[~on_junction], at_node[~on_junction]
    edge[at_inner] = inner + graph.inner_chain[inner]  # an inner node is the head of the edge before it
    share[at_inner] = 1.0

    on_edge = np.flatnonzero(edge >= 0)
    on_edge = on_edge[np.lexsort((share[on_edge], edge[on_edge]))]
    edge, share, held = edge[on_edge], share[on_edge], weight[on_edge]
    chains = graph.chain_a.size
    first = np.searchsorted(edge, graph.chain_first + np.arange(chains + 1)).astype(np.int32)
    by_a, by_b, upto = np.empty(edge.size), np.empty(edge.size), np.empty(edge.size)
    loops.along(
        *(edge, share, held, graph.edge_chain, graph.chain_first, reading.ahead, reading.behind),
        *(reading.inner_from_a, reading.inner_from_b, by_a, by_b, upto),
    )
    longest = np.empty(graph.junctions)
    loops.halves(graph.arc_first, graph.arc_code, reading.arc_cost, first, upto, half, longest)
    whole = np.empty(2 * chains)
    whole[graph.arc_code] = reading.arc_cost
    return Held(
        *(first, edge, share, by_a, by_b, upto, half, longest),
        *(whole[1::2].copy(), reading, float(weight[lost].sum())),
    )


def within_reach(
    graph: StreetGraph, held: Held, *, limit: float, places: Points | None = None, threads: int = 1
) -> NDArray[np.float64]:
    """
    The weight within the limit of each place.

    Memory is that of the graph's junctions for each thread, whatever the number of places and of weights.

    Args:
        limit: metres, this much included.
        places: without it, every node of the graph; one on no street gets 0.
        threads: how many work side by side.

    Returns:
        float64 (places,).

    Raises:
        SizesDiffer, IndexOutOfRange, NotANumber, NegativeLength: bad places or limit, or weights of another graph.
    """
    bound = checked_limit(limit)
    if held.half.size != graph.junctions or held.first.size != graph.chain_a.size + 1:
        raise SizesDiffer(array="held", expected=graph.junctions, found=held.half.size)
    asked = at_nodes(graph, np.arange(graph.nodes, dtype=np.int32)) if places is None else places
    share = shares(graph, asked)
    found = np.zeros(asked.size)
    reading = held.reading
    per_width, buckets = queue(reading, bound, reading.longest)
    order = _neighbours_together(graph, asked)
    blocks = iter([order[begin : begin + BLOCK] for begin in range(0, order.size, BLOCK)])

    def work(blocks: Iterable[NDArray[np.int32]]) -> None:
        metres = np.full(graph.junctions, np.inf)
        following = np.empty(graph.junctions, np.uint32)
        before = np.full(graph.junctions, NOT_QUEUED, np.uint32)
        for block in blocks:
            loops.sums(
                *(asked.edge, share, block, bound, per_width, buckets, graph.place, graph.edge_chain),
                *(graph.inner_chain, graph.chain_a, graph.chain_b, graph.chain_first),
                *(each.view(np.uint32) for each in (graph.arc_first, graph.arc_to, graph.arc_code)),
                *(reading.ahead, reading.behind, reading.arc_cost, held.from_b_to_a),
                *(
                    held.first,
                    held.edge,
                    held.share,
                    held.by_a,
                    held.by_b,
                    held.upto,
                    held.half,
                    held.longest,
                ),
                *(metres, following, before, found),
            )

    # The blocks are handed out by one iterator, and each thread writes the places of its own blocks alone.
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        for done in [pool.submit(work, blocks) for _ in range(max(threads, 1))]:
            done.result()
    return found


def _neighbours_together(graph: StreetGraph, points: Points) -> NDArray[np.int32]:
    """An order in which places near each other follow each other, so that what one search read is still at hand."""
    edge = points.edge
    near = np.zeros(edge.size, np.int32)
    on_edge = edge >= 0
    near[on_edge] = graph.chain_a[graph.edge_chain[edge[on_edge]]]
    at_node = (edge < 0) & (edge != NOWHERE)
    place = graph.place[-1 - edge[at_node]]
    inner = place < 0
    place[inner] = graph.chain_a[graph.inner_chain[-1 - place[inner]]]
    near[at_node] = place
    return np.argsort(near, kind="stable").astype(np.int32)
