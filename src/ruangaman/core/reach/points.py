"""Places on the streets of a graph: at a node, or somewhere along an edge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ruangaman.core.reach.graph import DEGREE, StreetGraph, indexes, lengths
from ruangaman.core.reach.graph_errors import IndexOutOfRange, SizesDiffer

NOWHERE = np.int32(-(2**31))
"""The edge of a point that lies on no street."""


@dataclass(frozen=True, slots=True)
class Points:
    """
    Places on streets.

    Attributes:
        edge: int32 (points), an edge; below 0 the point is at the node -1 - edge; NOWHERE: on no street.
        along: float32 (points), metres from the edge's tail, 0 at a node.
        aside: float32 (points), metres between the street and what was snapped to it; no search adds them by itself.
    """

    edge: NDArray[np.int32]
    along: NDArray[np.float32]
    aside: NDArray[np.float32]

    @property
    def size(self) -> int:
        return self.edge.size

    @property
    def snapped(self) -> NDArray[np.bool_]:
        """Which of them lie on a street."""
        return np.not_equal(self.edge, NOWHERE)


def at_nodes(graph: StreetGraph, nodes: ArrayLike) -> Points:
    """
    Points at nodes.

    Raises:
        SizesDiffer, NotANumber, IndexOutOfRange: `nodes` is not 1-D, not of whole numbers, or out of range.
    """
    found = indexes("nodes", nodes, graph.nodes)
    return Points(-1 - found, np.zeros(found.size, np.float32), np.zeros(found.size, np.float32))


def on_edges(graph: StreetGraph, edges: ArrayLike, along: ArrayLike) -> Points:
    """
    Points on edges, `along` metres from their tails; beyond the head is at the head.

    Raises:
        SizesDiffer, NotANumber, NegativeLength, IndexOutOfRange: bad arrays.
    """
    found = indexes("edges", edges, graph.edges)
    metres = np.asarray(along, dtype=np.float32)
    lengths("along", metres, finite=True, size=found.size)
    return Points(found, np.minimum(metres, graph.edge_length[found]), np.zeros(found.size, np.float32))


def shares(graph: StreetGraph, points: Points) -> NDArray[np.float64]:
    """
    What part of its edge lies between the tail and each point: float64 (points), 0 to 1, 0 at a node.

    Raises:
        SizesDiffer, IndexOutOfRange: the points do not belong to this graph.
    """
    if points.along.shape != points.edge.shape or points.edge.ndim != 1:
        raise SizesDiffer(array="along", expected=points.edge.size, found=points.along.size)
    outside = (points.edge >= graph.edges) | ((points.edge < -graph.nodes) & (points.edge != NOWHERE))
    if outside.any():
        raise IndexOutOfRange(array="edge", at=int(np.argmax(outside)))
    on_edge = points.edge >= 0
    found = np.zeros(points.size, np.float64)
    found[on_edge] = points.along[on_edge].astype(np.float64) / graph.edge_length[points.edge[on_edge]]
    return np.clip(found, 0.0, 1.0)


def positions(graph: StreetGraph, points: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Where points lie, to draw them: longitude and latitude, float64 (points), degrees; NaN where they are NOWHERE.

    Raises:
        SizesDiffer, IndexOutOfRange: the points do not belong to this graph.
    """
    share = shares(graph, points)
    node, on_edge = -1 - points.edge, points.edge >= 0
    tail, head = np.where(on_edge, 0, node), np.where(on_edge, 0, node)
    tail[on_edge], head[on_edge] = (
        graph.edge_tail[points.edge[on_edge]],
        graph.edge_head[points.edge[on_edge]],
    )
    snapped = points.snapped
    found = np.full((2, points.size), np.nan)
    for row, of_nodes in enumerate((graph.lon, graph.lat)):
        begin, end = of_nodes[tail[snapped]] / DEGREE, of_nodes[head[snapped]] / DEGREE
        end -= 360 * np.round(
            (end - begin) / 360
        )  # a street across the 180th meridian is no longer than others
        found[row, snapped] = begin + share[snapped] * (end - begin)
    found[0] -= 360 * (np.abs(found[0]) > 180) * np.sign(found[0])
    return found[0], found[1]
