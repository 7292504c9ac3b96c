"""What a search has found, for points on edges and as ways to draw; and what one place reaches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import paths_loops as loops
from ruangaman.core.reach.graph import Costs, StreetGraph, indexes
from ruangaman.core.reach.graph_errors import NoPath
from ruangaman.core.reach.points import Points, shares
from ruangaman.core.reach.search import Nearest, nearest
from ruangaman.core.reach.search_loops import part


@dataclass(frozen=True, slots=True)
class Path:
    """
    A way from a node to its nearest site.

    Attributes:
        nodes: int32, from the node itself to the last node before the site, or at it; where the site lies on an edge,
            the way goes on to it from there.
        site: its number; `metres`: what the search found, the site's own start included.
    """

    nodes: NDArray[np.int32]
    site: int
    metres: float


def nearest_of_points(
    graph: StreetGraph, found: Nearest, points: Points
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """
    The nearest site of points on edges, such as homes, by the same search.

    Returns:
        float32 (points,), metres along the streets (without `aside`), inf where no site is within the limit; int32
        (points,), its number or -1.

    Raises:
        SizesDiffer, IndexOutOfRange: the points do not belong to this graph.
    """
    share = shares(graph, points)
    metres, site = np.empty(points.size, np.float32), np.empty(points.size, np.int32)
    on_edge = np.flatnonzero(found.sites.edge >= 0).astype(np.int32)
    on_edge = on_edge[np.argsort(found.sites.edge[on_edge], kind="stable")]
    loops.tell_points(
        *(points.edge, share, found.limit),
        *(found.sites.edge[on_edge], found.share[on_edge], on_edge, found.start[on_edge]),
        *(graph.place, graph.edge_chain, graph.inner_chain, graph.chain_a, graph.chain_b, graph.chain_first),
        *(found.reading.ahead, found.reading.behind, found.reading.inner_from_a, found.reading.inner_from_b),
        *(found.junction_metres, found.junction_site, found.inner_metres, found.inner_site, metres, site),
    )
    return metres, site


def reachable(
    graph: StreetGraph, place: Points, *, limit: float, costs: Costs | None = None, towards: bool = False
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """
    The nodes within the limit of one place, in their order, and their distances in metres.

    Args:
        place: one point (of several, the nodes that any of them reaches).
        towards: those who can walk to the place; else those to whom one can walk from it.

    Raises:
        as `nearest`.
    """
    found = nearest(graph, place, limit=limit, costs=costs, towards=towards)
    nodes = np.flatnonzero(found.site >= 0).astype(np.int32)
    return nodes, found.metres[nodes]


def path(graph: StreetGraph, found: Nearest, node: int) -> Path:
    """
    The way from a node to its nearest site (or from the site, if the search went away from it, told backwards).

    Sums are exact, so the next step is the one whose distance fits to the last bit; nothing but the distances is kept
    for it. Of ways of equal length it is one.

    Raises:
        NotANumber, IndexOutOfRange: there is no such node.
        NoPath: no site is within the limit.
    """
    indexes("node", [node], graph.nodes)
    if found.site[node] < 0:
        raise NoPath(node=node)
    site = int(found.site[node])
    nodes = [node]
    place = int(graph.place[node])
    if place < 0:
        inner = -1 - place
        place, walked = _off_the_chain(graph, found, inner)
        nodes += walked
    while place >= 0:
        place, walked = _next_junction(graph, found, place)
        nodes += walked
    return Path(np.array(nodes, np.int32), site, float(found.metres[node]))


ARRIVED = -1


def _off_the_chain(graph: StreetGraph, found: Nearest, inner: int) -> tuple[int, list[int]]:
    """From an inner node to the junction, or the site, that its distance came from; the nodes on the way."""
    chain = int(graph.inner_chain[inner])
    first, last = int(graph.chain_first[chain]), int(graph.chain_first[chain + 1])
    a, b = int(graph.chain_a[chain]), int(graph.chain_b[chain])
    best, site = loops.of_place(
        *(-1 - inner, graph.inner_chain, graph.chain_a, graph.chain_b),
        *(found.reading.inner_from_a, found.reading.inner_from_b),
        *(found.junction_metres, found.junction_site, found.inner_metres, found.inner_site),
    )
    if (
        found.junction_site[a] == site
        and found.junction_metres[a] + found.reading.inner_from_a[inner] == best
    ):
        return a, [*_inner_nodes(graph, chain, range(inner - 1, first - 1, -1)), int(graph.junction_node[a])]
    if (
        found.junction_site[b] == site
        and found.junction_metres[b] + found.reading.inner_from_b[inner] == best
    ):
        return b, [*_inner_nodes(graph, chain, range(inner + 1, last)), int(graph.junction_node[b])]
    edge, _, node = _of_site(graph, found, site)
    if edge <= inner + chain:
        return ARRIVED, _inner_nodes(graph, chain, range(inner - 1, edge - chain - 1, -1))
    return ARRIVED, _inner_nodes(graph, chain, range(inner + 1, edge - chain + node))


def _next_junction(graph: StreetGraph, found: Nearest, junction: int) -> tuple[int, list[int]]:
    """From a junction to the one, or the site, that its distance came from; the nodes on the way."""
    metres, site = found.junction_metres[junction], int(found.junction_site[junction])
    reading = found.reading
    for at in range(graph.arc_first[junction], graph.arc_first[junction + 1]):
        other, code = int(graph.arc_to[at]), int(graph.arc_code[at])
        if found.junction_site[other] != site or not found.junction_metres[other] < metres:
            continue
        back = np.flatnonzero(graph.arc_code[graph.arc_first[other] : graph.arc_first[other + 1]] == code ^ 1)
        if found.junction_metres[other] + reading.arc_cost[graph.arc_first[other] + back[0]] == metres:
            chain = code >> 1
            inner = range(int(graph.chain_first[chain]), int(graph.chain_first[chain + 1]))
            walked = _inner_nodes(graph, chain, inner[::-1] if code & 1 else inner)
            return other, [*walked, int(graph.junction_node[other])]
    # No junction: the site lies here, or on a chain that ends here.
    edge, share, node = _of_site(graph, found, site)
    if edge < 0:
        return ARRIVED, []
    chain = int(graph.edge_chain[edge])
    first, last = int(graph.chain_first[chain]), int(graph.chain_first[chain + 1])
    far = float(found.start[site]) + part(reading.behind[edge], share)
    far += float(reading.behind[first + chain : edge].sum(dtype=np.float64))
    if graph.chain_a[chain] == junction and far == metres:
        return ARRIVED, _inner_nodes(graph, chain, range(first, edge - chain + node))
    return ARRIVED, _inner_nodes(graph, chain, range(last - 1, edge - chain - 1, -1))


def _of_site(graph: StreetGraph, found: Nearest, site: int) -> tuple[int, float, int]:
    """Edge and share of a site, and 0; at an inner node the edge that ends there, and 1; at a junction edge -1."""
    edge = int(found.sites.edge[site])
    if edge >= 0:
        return edge, float(found.share[site]), 0
    place = int(graph.place[-1 - edge])
    return (-1, 0.0, 0) if place >= 0 else (-1 - place + int(graph.inner_chain[-1 - place]), 1.0, 1)


def _inner_nodes(graph: StreetGraph, chain: int, inner: range) -> list[int]:
    return [int(graph.edge_head[k + chain]) for k in inner]
