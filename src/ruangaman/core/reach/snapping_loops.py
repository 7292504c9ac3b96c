"""The loops that find the nearest street, in metres east and north of a corner of the city."""

import numpy as np

from ruangaman.core.reach.compiled import BOOL, F4, F4_OUT, F8, FLOAT, I4, I4_OUT, INT, NONE, U1, compiled
from ruangaman.core.reach.graph_loops import Bytes, Doubles, Ints, Singles

SLACK = 1e-6
"""Metres by which an edge is taken to be wider than it is: rounding may add a cell, and never loses one."""


@compiled(INT, F8, F8, I4, I4, FLOAT, INT, INT, I4_OUT, I4_OUT)
def into_cells(
    x: Doubles,
    y: Doubles,
    tail: Ints,
    head: Ints,
    cell: float,
    columns: int,
    rows: int,
    count: Ints,
    edge: Ints,
) -> int:
    """
    Put every edge into the cells that it crosses.

    Called twice: with an empty `edge` it only adds to `count` (cells) how many edges each cell gets; then `count` is
    where each cell's edges begin, and is counted up.

    Returns:
        How many entries there are.
    """
    many = 0
    for e in range(tail.size):
        x0, y0, x1, y1 = x[tail[e]], y[tail[e]], x[head[e]], y[head[e]]
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        lowest = max(int((y0 - SLACK) / cell), 0)
        highest = min(int((y1 + SLACK) / cell), rows - 1)
        for row in range(lowest, highest + 1):
            # The part of the edge within this row, a little more at both ends.
            begin, end = 0.0, 1.0
            if y1 - y0 > SLACK:
                begin = max((row * cell - SLACK - y0) / (y1 - y0), 0.0)
                end = min(((row + 1) * cell + SLACK - y0) / (y1 - y0), 1.0)
            xa, xb = x0 + begin * (x1 - x0), x0 + end * (x1 - x0)
            first = max(int((min(xa, xb) - SLACK) / cell), 0)
            last = min(int((max(xa, xb) + SLACK) / cell), columns - 1)
            for column in range(first, last + 1):
                at = row * columns + column
                if edge.size:
                    edge[count[at]] = e
                count[at] += 1
                many += 1
    return many


@compiled(FLOAT, *[FLOAT] * 6)
def _turn(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> float:
    """Above 0 where a point lies left of the line from a to b."""
    found: float = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    return found


@compiled(BOOL, *[FLOAT] * 4, *[F8] * 4, FLOAT, FLOAT, FLOAT, INT, INT, I4, I4)
def walled(
    px: float, py: float, qx: float, qy: float,
    ax: Doubles, ay: Doubles, bx: Doubles, by: Doubles,
    left: float, low: float, cell: float, columns: int, rows: int, first: Ints, edge: Ints,
) -> bool:  # fmt: skip
    """
    Whether the line from p to q passes through a wall, from a to b; one that only touches it does not.

    A line through the joint of two walls passes through one of them: a joint counts as left of the line.
    """
    west, east = (min(px, qx) - left) / cell, (max(px, qx) - left) / cell
    south, north = (min(py, qy) - low) / cell, (max(py, qy) - low) / cell
    if east < 0 or north < 0 or west > columns or south > rows:
        return False
    for row in range(max(int(south), 0), min(int(north), rows - 1) + 1):
        for column in range(max(int(west), 0), min(int(east), columns - 1) + 1):
            for at in range(first[row * columns + column], first[row * columns + column + 1]):
                w = edge[at]
                one = _turn(px, py, qx, qy, ax[w], ay[w]) >= 0
                other = _turn(px, py, qx, qy, bx[w], by[w]) >= 0
                if one != other:
                    here = _turn(ax[w], ay[w], bx[w], by[w], px, py)
                    there = _turn(ax[w], ay[w], bx[w], by[w], qx, qy)
                    if (here > 0 and there < 0) or (here < 0 and there > 0):
                        return True
    return False


@compiled(
    NONE,
    *(F8, F8, FLOAT, F8, F8, I4, I4, F4, U1),
    *(FLOAT, INT, INT, I4, I4),
    *(*[F8] * 4, FLOAT, FLOAT, FLOAT, INT, INT, I4, I4),
    *(INT, INT, I4_OUT, F4_OUT, F4_OUT),
)
def nearest_edges(
    px: Doubles,
    py: Doubles,
    limit: float,
    x: Doubles,
    y: Doubles,
    tail: Ints,
    head: Ints,
    length: Singles,
    allowed: Bytes,
    cell: float,
    columns: int,
    rows: int,
    first: Ints,
    edge: Ints,
    wall_ax: Doubles,
    wall_ay: Doubles,
    wall_bx: Doubles,
    wall_by: Doubles,
    wall_left: float,
    wall_low: float,
    wall_cell: float,
    wall_columns: int,
    wall_rows: int,
    wall_first: Ints,
    wall_edge: Ints,
    begin: int,
    end: int,
    found: Ints,
    along: Singles,
    aside: Singles,
) -> None:
    """
    The nearest edge of the points [begin, end), the lower of equally near ones, no further than the limit, and none
    behind a wall.

    Looks at the cells around a point ring by ring, until the next ring is further than what was found.
    """
    for i in range(begin, end):
        column, row = int(np.floor(px[i] / cell)), int(np.floor(py[i] / cell))
        border = min(px[i] - column * cell, (column + 1) * cell - px[i])
        border = max(min(border, py[i] - row * cell, (row + 1) * cell - py[i]), 0.0)
        best, which, share = limit * limit, -1, 0.0
        ring = max(0, -column, column - columns + 1, -row, row - rows + 1)
        last = max(abs(column), abs(columns - 1 - column), abs(row), abs(rows - 1 - row))
        while ring <= last:
            if ring > 0:
                nearest = (ring - 1) * cell + border - SLACK
                if nearest > 0.0 and nearest * nearest > best:
                    break
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                whole_row = r == row - ring or r == row + ring
                for c in range(max(column - ring, 0), min(column + ring, columns - 1) + 1):
                    if not whole_row and c != column - ring and c != column + ring:
                        continue
                    for at in range(first[r * columns + c], first[r * columns + c + 1]):
                        e = edge[at]
                        if not allowed[e]:
                            continue
                        dx, dy = x[head[e]] - x[tail[e]], y[head[e]] - y[tail[e]]
                        ex, ey = px[i] - x[tail[e]], py[i] - y[tail[e]]
                        span = dx * dx + dy * dy
                        t = min(max((ex * dx + ey * dy) / span, 0.0), 1.0) if span > 0.0 else 0.0
                        ex -= t * dx
                        ey -= t * dy
                        far = ex * ex + ey * ey
                        if far < best or (far == best and (which < 0 or e < which)):
                            if wall_edge.size:
                                # an end of the edge is taken as it stands, so that a wall in the same place is touched
                                qx = x[head[e]] if t == 1.0 else x[tail[e]] + t * dx
                                qy = y[head[e]] if t == 1.0 else y[tail[e]] + t * dy
                                if walled(
                                    px[i], py[i], qx, qy, wall_ax, wall_ay, wall_bx, wall_by, wall_left, wall_low,
                                    wall_cell, wall_columns, wall_rows, wall_first, wall_edge,
                                ):  # fmt: skip
                                    continue
                            best, which, share = far, e, t
            ring += 1
        if which >= 0:
            found[i], along[i], aside[i] = which, share * length[which], np.sqrt(best)
        else:
            found[i], along[i], aside[i] = -2147483648, 0.0, np.inf
