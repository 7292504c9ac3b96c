"""Rings of multipolygon relations: ways joined where their ends meet, holes told from outer rings by where they lie."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.compiled import kept

MAX_NESTED = 2_000
"""Rings of one relation whose place in each other is looked at; beyond, all count as outer ones."""

_LEAST_CLOSED = 4  # a triangle, its first vertex written again


@dataclass(frozen=True, slots=True)
class Ring:
    """
    Attributes:
        vertices: int32 (vertices,), places of located nodes; a closed ring ends with its first again.
    """

    vertices: NDArray[np.int32]
    closed: bool
    hole: bool = False


def of_way(vertices: NDArray[np.int32]) -> list[Ring]:
    """
    The ring of one way; where a vertex has no location (-1) it does not close, and breaks: nobody drew a line there.
    """
    located = vertices >= 0
    if located.all():
        closed = len(vertices) >= _LEAST_CLOSED and vertices[0] == vertices[-1]
        return [Ring(vertices, bool(closed))]
    pieces = np.split(vertices, np.flatnonzero(np.diff(located)) + 1)
    return [Ring(piece, closed=False) for piece in pieces if piece[0] >= 0]


def joined(ways: Sequence[NDArray[np.int32]]) -> list[Ring]:
    """
    Join ways to rings by their ends, whatever their roles say.

    Where more than two ends meet, a ring is closed as soon as the chain comes back to a place where it was. A way with
    a vertex that has no location joins nothing. What does not close comes as it is, not closed.

    Args:
        ways: int32 arrays of places of located nodes, -1 without location.
    """
    rings = [
        ring
        for way in ways
        if len(way) and (way[0] == way[-1] or bool(np.any(way < 0)))
        for ring in of_way(way)
    ]
    open_ways = [way for way in ways if len(way) > 1 and way[0] != way[-1] and bool(np.all(way >= 0))]
    at_end: dict[int, list[int]] = defaultdict(list)
    for number, way in enumerate(open_ways):
        at_end[int(way[0])].append(number)
        at_end[int(way[-1])].append(number)
    unused = set(range(len(open_ways)))
    for start in range(len(open_ways)):
        if start not in unused:
            continue
        unused.discard(start)
        rings += _walk(open_ways, at_end, unused, open_ways[start])
    return [ring for ring in rings if len(ring.vertices)]


def _walk(
    ways: Sequence[NDArray[np.int32]],
    at_end: dict[int, list[int]],
    unused: set[int],
    first: NDArray[np.int32],
) -> list[Ring]:
    """One chain from a way on; when its one end leads no further, from the other."""
    rings: list[Ring] = []
    chain = [first]
    begins = {int(first[0]): 0}
    turned = False
    while chain:
        end = int(chain[-1][-1])
        back = begins.get(end)
        if (
            back is not None
        ):  # the chain came back to where one of its ways begins: what lies between is a ring
            rings.append(_closing(chain[back:]))
            for way in chain[back:]:
                del begins[int(way[0])]
            chain = chain[:back]
            continue
        following = next((number for number in at_end[end] if number in unused), None)
        if following is not None:
            unused.discard(following)
            way = ways[following]
            begins[end] = len(chain)
            chain.append(way if int(way[0]) == end else way[::-1])
            turned = False
        elif not turned:
            chain = [way[::-1] for way in reversed(chain)]
            begins = {int(way[0]): at for at, way in enumerate(chain)}
            turned = True
        else:
            rings.append(Ring(_closing(chain).vertices, closed=False))
            break
    return rings


def _closing(chain: Sequence[NDArray[np.int32]]) -> Ring:
    vertices = np.concatenate([*(way[:-1] for way in chain), chain[-1][-1:]])
    return Ring(vertices, closed=len(vertices) >= _LEAST_CLOSED)


def nested(rings: Sequence[Ring], x: NDArray[np.int32], y: NDArray[np.int32]) -> list[Ring]:
    """
    Outer rings, each with the holes in it behind it; what does not close comes last.

    A ring inside an odd number of others is a hole of the smallest of them: an island in a lake is an outer ring again.

    Args:
        rings: of one relation.
        x, y: int32, 1e-7 degrees, of all located nodes.
    """
    closed = [ring for ring in rings if ring.closed]
    others = [ring for ring in rings if not ring.closed]
    if len(closed) < 2 or len(closed) > MAX_NESTED:
        return closed + others
    shapes = [(x[ring.vertices], y[ring.vertices]) for ring in closed]
    boxes = np.array([(sx.min(), sy.min(), sx.max(), sy.max()) for sx, sy in shapes], np.int64)
    around: list[list[int]] = []
    for inner in range(len(closed)):
        in_box = np.flatnonzero(
            np.all(boxes[:, :2] <= boxes[inner, :2], axis=1)
            & np.all(boxes[:, 2:] >= boxes[inner, 2:], axis=1)
        )
        around.append(
            [
                int(outer)
                for outer in in_box
                if outer != inner
                and _inside(*shapes[inner], closed[inner].vertices, *shapes[outer], closed[outer].vertices)
            ]
        )
    found: list[Ring] = []
    for outer, holders in enumerate(around):
        if len(holders) % 2:
            continue
        found.append(closed[outer])
        found += [
            Ring(closed[hole].vertices, closed=True, hole=True)
            for hole, its in enumerate(around)
            if len(its) == len(holders) + 1 and outer in its
        ]
    return found + others


@kept
def _holds(ring_x: NDArray[np.int32], ring_y: NDArray[np.int32], x: float, y: float) -> bool:
    """Whether a ray from the point crosses the ring an odd number of times."""
    odd = False
    for at in range(1, len(ring_x)):
        ax, ay = np.float64(ring_x[at - 1]), np.float64(ring_y[at - 1])
        bx, by = np.float64(ring_x[at]), np.float64(ring_y[at])
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


@kept
def _on_edge(ring_x: NDArray[np.int32], ring_y: NDArray[np.int32], x: float, y: float) -> bool:
    for at in range(1, len(ring_x)):
        ax, ay = np.float64(ring_x[at - 1]), np.float64(ring_y[at - 1])
        bx, by = np.float64(ring_x[at]), np.float64(ring_y[at])
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if across == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
    return False


@kept
def _inside(
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    own: NDArray[np.int32],
    outer_x: NDArray[np.int32],
    outer_y: NDArray[np.int32],
    outer: NDArray[np.int32],
) -> bool:
    """Whether a ring lies in another, by one of its vertices that is not on it, else by the middle of an edge."""
    on = np.sort(outer)
    for at in range(len(own)):
        place = np.searchsorted(on, own[at])
        if place == len(on) or on[place] != own[at]:
            return _holds(outer_x, outer_y, np.float64(x[at]), np.float64(y[at]))
    for at in range(1, len(own)):
        if x[at] != x[at - 1] or y[at] != y[at - 1]:
            middle_x = (np.float64(x[at]) + np.float64(x[at - 1])) / 2
            middle_y = (np.float64(y[at]) + np.float64(y[at - 1])) / 2
            if not _on_edge(outer_x, outer_y, middle_x, middle_y):
                return _holds(outer_x, outer_y, middle_x, middle_y)
    return False
