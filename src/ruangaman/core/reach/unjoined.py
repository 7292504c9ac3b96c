"""
Streets that meet a big road on the map and share no node with it, as where a map was drawn without its junctions.

Such a street may pass over or under the road, or people may run across; the map does not say which. Where a bridge, a
tunnel or another layer says it, there is no doubt.
"""

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.compiled import F8, FLOAT, I4, INT, NONE, U1_OUT, compiled
from ruangaman.core.reach.graph_loops import Bytes, Doubles, Ints
from ruangaman.core.reach.snapping import grid

RAISED = 1 << 20
"""The level of a bridge or tunnel: above or below whatever it meets."""


@compiled(FLOAT, F8, F8, INT, INT, INT)
def _turn(x: Doubles, y: Doubles, a: int, b: int, c: int) -> float:
    """Above 0 where c lies left of the line from a to b, 0 on it; exact within six degrees."""
    found: float = (x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a])
    return found


@compiled(NONE, F8, F8, I4, I4, I4, I4, I4, I4, FLOAT, INT, INT, I4, I4, U1_OUT)
def _meeting(
    x: Doubles, y: Doubles, u: Ints, v: Ints, level: Ints, big_u: Ints, big_v: Ints, big_level: Ints,
    cell: float, columns: int, rows: int, first: Ints, edge: Ints, found: Bytes,
) -> None:  # fmt: skip
    for s in range(u.size):
        if level[s] == RAISED:
            continue
        a, b = np.int64(u[s]), np.int64(v[s])
        west, east = min(x[a], x[b]), max(x[a], x[b])
        south, north = min(y[a], y[b]), max(y[a], y[b])
        for row in range(max(int(south / cell), 0), min(int(north / cell), rows - 1) + 1):
            for column in range(max(int(west / cell), 0), min(int(east / cell), columns - 1) + 1):
                for at in range(first[row * columns + column], first[row * columns + column + 1]):
                    road = edge[at]
                    c, d = np.int64(big_u[road]), np.int64(big_v[road])
                    if big_level[road] != level[s] or a in (c, d) or b in (c, d):
                        continue
                    if max(x[c], x[d]) < west or min(x[c], x[d]) > east:
                        continue
                    if max(y[c], y[d]) < south or min(y[c], y[d]) > north:
                        continue
                    if _turn(x, y, a, b, c) * _turn(x, y, a, b, d) > 0:
                        continue
                    if _turn(x, y, c, d, a) * _turn(x, y, c, d, b) <= 0:
                        found[s] = 1
                        break


def unjoined(
    x: NDArray[np.float64], y: NDArray[np.float64], u: NDArray[np.int32], v: NDArray[np.int32],
    level: NDArray[np.int32], big: NDArray[np.bool_],
) -> NDArray[np.bool_]:  # fmt: skip
    """
    Which segments meet a big road where they share no node with it and nothing says that one is above the other.

    Args:
        x, y: float64 (nodes,), whole numbers, 1e-7 degrees.
        u, v: int32 (segments,), nodes. level: int32 (segments,), the layer, or RAISED. big: bool (segments,).

    Returns:
        bool (segments,).
    """
    found = np.zeros(len(u), np.uint8)
    roads = np.flatnonzero(big)
    if not len(roads):
        return found.astype(np.bool_)
    east, north = x - x.min(), y - y.min()
    tail, head = np.ascontiguousarray(u[roads]), np.ascontiguousarray(v[roads])
    cell, columns, rows, first, edge = grid(east, north, tail, head)
    _meeting(
        east, north, u, v, level, tail, head, level[roads], cell, columns, rows, first, edge, found
    )  # fmt: skip
    return found.astype(np.bool_)
