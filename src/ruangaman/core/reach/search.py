"""
The nearest of many sites, for every node and for points on edges, no further than a limit.

Distances are float64 inside and exact (see `graph.py`), float32 in the answer. Of sites at equal distance the one with
the lower number is nearest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ruangaman.core.reach import search_loops as loops
from ruangaman.core.reach.graph import MOST_BUCKETS, Costs, Reading, StreetGraph
from ruangaman.core.reach.graph_errors import NegativeLength, NotANumber, SizesDiffer
from ruangaman.core.reach.points import Points, shares

MOST_METRES = float(np.finfo(np.float64).max)
"""What no limit means: everything but the inf of a closed edge is within it."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """
    Which site is nearest, and how far it is.

    Attributes:
        metres: float32 (nodes), inf where no site is within the limit.
        site: int32 (nodes), number of the site, -1 where none is within the limit.
        junction_metres, junction_site: the same of the graph's junctions, float64 and int32; where none is within the
            limit they are the limit and NOBODY.
        inner_metres, inner_site: the same of inner nodes, as far as a site lies on their own chain.
        sites, share, start: what was asked, and where on their edges the sites lie.
        reading: the costs that were used; `limit`: metres.
    """

    metres: NDArray[np.float32]
    site: NDArray[np.int32]
    junction_metres: NDArray[np.float64]
    junction_site: NDArray[np.int32]
    inner_metres: NDArray[np.float64]
    inner_site: NDArray[np.int32]
    sites: Points
    share: NDArray[np.float64]
    start: NDArray[np.float64]
    reading: Reading
    limit: float


def nearest(
    graph: StreetGraph,
    sites: Points,
    *,
    limit: float,
    costs: Costs | None = None,
    start: ArrayLike | None = None,
    towards: bool = True,
) -> Nearest:
    """
    The nearest site of every node.

    Args:
        sites: where they are; one on no street is nobody's nearest.
        limit: metres (of `costs`), this much included; inf for none.
        costs: of the edges; without them, the lengths.
        start: shape (sites,), metres that each site adds; without it 0.
        towards: walk to the site; else from it. The two differ only where costs differ by direction.

    Raises:
        SizesDiffer, IndexOutOfRange, NotANumber, NegativeLength: bad points, limit or start.
    """
    reading = reading_of(graph, costs, towards=towards)
    bound = checked_limit(limit)
    share, begin = shares(graph, sites), starts(start, sites.size)
    metres, site = np.full(graph.junctions, bound), np.full(graph.junctions, loops.NOBODY, np.int32)
    inner_metres = np.full(graph.inner_chain.size, bound)
    inner_site = np.full(graph.inner_chain.size, loops.NOBODY, np.int32)
    seeds = np.empty(2 * sites.size, np.int32)
    many = loops.place_sites(
        *(sites.edge, share, begin, bound, graph.place, graph.edge_chain, graph.inner_chain),
        *(graph.chain_a, graph.chain_b, graph.chain_first, reading.ahead, reading.behind),
        *(metres, site, inner_metres, inner_site, seeds),
    )
    if many:
        seeds = seeds[:many]
        per_width, buckets = queue(reading, bound, float(np.ptp(metres[seeds])))
        loops.spread(
            *(graph.arc_first.view(np.uint32), graph.arc_to.view(np.uint32), reading.arc_cost),
            *(seeds.view(np.uint32), per_width, buckets, metres, site),
        )
    node_metres, node_site = np.empty(graph.nodes, np.float32), np.empty(graph.nodes, np.int32)
    loops.tell_nodes(
        *(graph.junction_node, graph.edge_head, graph.chain_a, graph.chain_b, graph.chain_first),
        *(reading.inner_from_a, reading.inner_from_b),
        *(metres, site, inner_metres, inner_site, node_metres, node_site),
    )
    return Nearest(
        *(node_metres, node_site, metres, site, inner_metres, inner_site),
        *(sites, share, begin, reading, bound),
    )


def reading_of(graph: StreetGraph, costs: Costs | None, *, towards: bool) -> Reading:
    """
    The costs to search with.

    Raises:
        SizesDiffer: the costs belong to another graph.
    """
    chosen = graph.costs if costs is None else costs
    reading = chosen.towards if towards else chosen.away
    if reading.ahead.size != graph.edges or reading.arc_cost.size != graph.arc_to.size:
        raise SizesDiffer(array="costs", expected=graph.edges, found=reading.ahead.size)
    return reading


def checked_limit(limit: float) -> float:
    """
    A limit in metres; inf is one.

    Raises:
        NotANumber, NegativeLength: it is NaN or below 0.
    """
    if np.isnan(limit):
        raise NotANumber(array="limit")
    if limit < 0:
        raise NegativeLength(array="limit")
    return min(float(limit), MOST_METRES)


def starts(given: ArrayLike | None, size: int) -> NDArray[np.float64]:
    """Starting distances, made multiples of what all costs are multiples of. Raises as `nearest`."""
    if given is None:
        return np.zeros(size)
    found = np.asarray(given, dtype=np.float64)
    if found.shape != (size,):
        raise SizesDiffer(array="start", expected=size, found=found.size)
    if not np.isfinite(found).all():
        raise NotANumber(array="start", at=int(np.argmin(np.isfinite(found))))
    if (found < 0).any():
        raise NegativeLength(array="start", at=int(np.argmax(found < 0)))
    return np.asarray(np.rint(found * loops.FINEST) / loops.FINEST)


def queue(reading: Reading, limit: float, apart: float) -> tuple[float, int]:
    """
    1 / the width of a bucket, and how many buckets a search needs: a power of two.

    Args:
        apart: how far the distances that it begins with lie apart.
    """
    widest = min(max(reading.longest, apart), limit)
    width = max(reading.width, widest / (MOST_BUCKETS - 2))
    return 1 / width, 1 << int(widest / width + 1).bit_length()
