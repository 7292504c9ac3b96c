"""
From a position to the nearest point on a street.

Distances are straight, in local metres: east-west is scaled by the cosine of the nodes' mean latitude. That suits a
city. One that lies across the 180th meridian is measured from its own western end. A street is as far as its nearest
point, not as its nearest node.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ruangaman.core.reach import snapping_loops as loops
from ruangaman.core.reach.graph import DEGREE, StreetGraph
from ruangaman.core.reach.graph_errors import NegativeLength, NotANumber, OutsideTheEarth, SizesDiffer
from ruangaman.core.reach.points import Points

METRES_A_DEGREE = 111_194.93
"""On a sphere of 6,371 km."""
MOST_DEGREES = 180.0
HALF_THE_GLOBE = 180.0
CELLS_AN_EDGE = 4
"""The grid has at most so many cells for each edge, however far its streets lie apart."""


@dataclass(frozen=True, slots=True)
class StreetIndex:
    """
    A grid over the edges of a graph.

    Attributes:
        x, y: float64 (nodes), metres east and north of the south-western corner.
        first: int32 (cells + 1), `edge`: int32, the edges that cross each cell, row by row from the south.
        west, south: degrees of the corner; `metres_east`: of a degree of longitude.
        across: whether the streets lie across the 180th meridian, so that -179 is two degrees east of 179.
        cell: side in metres; `columns`, `rows`: of the grid.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    first: NDArray[np.int32]
    edge: NDArray[np.int32]
    west: float
    south: float
    metres_east: float
    cell: float
    columns: int
    rows: int
    across: bool = False


def index(graph: StreetGraph) -> StreetIndex:
    """The grid with which positions are snapped to the streets of this graph; made once."""
    across = lies_across(graph.lon / DEGREE)
    of_west = graph.lon[graph.lon >= 0] if across else graph.lon
    west, south = float(of_west.min(initial=180 * DEGREE)), float(graph.lat.min(initial=90 * DEGREE))
    middle = float(graph.lat.mean()) / DEGREE if graph.nodes else 0.0
    metres_east = METRES_A_DEGREE * float(np.cos(np.radians(middle)))
    east = graph.lon.astype(np.float64) - west
    if across:
        east[graph.lon < 0] += 360 * DEGREE
    x = east * (metres_east / DEGREE)
    y = (graph.lat.astype(np.float64) - south) * (METRES_A_DEGREE / DEGREE)
    cell, columns, rows, first, edge = grid(x, y, graph.edge_tail, graph.edge_head)
    return StreetIndex(
        x=x,
        y=y,
        first=first,
        edge=edge,
        west=west / DEGREE,
        south=south / DEGREE,
        metres_east=metres_east,
        cell=cell,
        columns=columns,
        rows=rows,
        across=across,
    )


def lies_across(lon: NDArray[np.float64]) -> bool:
    """Whether positions reach over more than half the globe, as the two sides of the 180th meridian do."""
    return bool(lon.size) and float(lon.max() - lon.min()) > HALF_THE_GLOBE


def _east(streets: StreetIndex, lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees east of the corner, below 0 to the west of it."""
    east = lon - streets.west
    return (east + HALF_THE_GLOBE) % 360 - HALF_THE_GLOBE if streets.across else east


def grid(
    x: NDArray[np.float64], y: NDArray[np.float64], tail: NDArray[np.int32], head: NDArray[np.int32]
) -> tuple[float, int, int, NDArray[np.int32], NDArray[np.int32]]:
    """Side, columns and rows of a grid from 0, 0, and which edges cross each of its cells."""
    wide, high = float(x.max(initial=0.0)), float(y.max(initial=0.0))
    span = np.hypot(x[head] - x[tail], y[head] - y[tail])
    most = CELLS_AN_EDGE * max(len(tail), 1)
    cell = max(
        float(span.mean()) if span.size else 1.0, (wide * high / most) ** 0.5, wide / most, high / most, 1.0
    )
    columns, rows = int(wide / cell) + 1, int(high / cell) + 1
    count, none = np.zeros(columns * rows, np.int32), np.empty(0, np.int32)
    streets = (x, y, tail, head, cell, columns, rows)
    entries = loops.into_cells(*streets, count, none)
    first = np.zeros(count.size + 1, np.int32)
    np.cumsum(count, out=first[1:])
    edge = np.empty(entries, np.int32)
    if entries:
        loops.into_cells(*streets, first[:-1].copy(), edge)
    return cell, columns, rows, first, edge


@dataclass(frozen=True, slots=True)
class Walls:
    """
    What nobody is snapped across, from a to b, and a grid over it.

    Attributes:
        ax, ay, bx, by: float64 (walls,), metres as in the index of the streets.
        left, low, cell, columns, rows, first, edge: the grid, as in `StreetIndex`; it begins at left, low.
    """

    ax: NDArray[np.float64]
    ay: NDArray[np.float64]
    bx: NDArray[np.float64]
    by: NDArray[np.float64]
    left: float
    low: float
    cell: float
    columns: int
    rows: int
    first: NDArray[np.int32]
    edge: NDArray[np.int32]


def walls(streets: StreetIndex, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Walls:
    """
    Walls beside these streets.

    Args:
        lon, lat: float64 (walls, 2), degrees, of both ends.
    """
    x = (_east(streets, lon) * streets.metres_east).T.ravel()
    y = ((lat - streets.south) * METRES_A_DEGREE).T.ravel()
    many = len(lon)
    left, low = (float(each.min()) if many else 0.0 for each in (x, y))
    tail = np.arange(many, dtype=np.int32)
    cells = grid(x - left, y - low, tail, tail + np.int32(many))
    return Walls(x[:many], y[:many], x[many:], y[many:], left, low, *cells)


def snap(
    graph: StreetGraph,
    streets: StreetIndex,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    limit: float,
    least_component: int = 1,
    allowed: ArrayLike | None = None,
    walled: Walls | None = None,
    threads: int = 1,
) -> Points:
    """
    The nearest point on a street for each position.

    Args:
        streets: `index(graph)`.
        lon, lat: shape (points,), degrees.
        limit: metres, this much included; what is further from every street is NOWHERE, and its `aside` inf.
        least_component: only streets that hang together with so many nodes; a home must not land on a stray footpath.
        allowed: shape (edges,), true where one may come onto the street at all; without it, everywhere.
        walled: what no position is snapped across.
        threads: how many work side by side.

    Raises:
        SizesDiffer, NotANumber, OutsideTheEarth, NegativeLength: bad arrays, a limit that is not finite or below 0.
    """
    longitude, latitude = (np.ascontiguousarray(each, dtype=np.float64) for each in (lon, lat))
    if longitude.ndim != 1 or latitude.shape != longitude.shape:
        raise SizesDiffer(array="lat", expected=longitude.size, found=latitude.size)
    for name, each in (("lon", longitude), ("lat", latitude)):
        if not np.isfinite(each).all():
            raise NotANumber(array=name, at=int(np.argmin(np.isfinite(each))))
        if (np.abs(each) > MOST_DEGREES).any():
            raise OutsideTheEarth(array=name, at=int(np.argmax(np.abs(each) > MOST_DEGREES)))
    if not np.isfinite(limit):
        raise NotANumber(array="limit")
    if limit < 0:
        raise NegativeLength(array="limit")
    if streets.x.size != graph.nodes:
        raise SizesDiffer(array="streets", expected=graph.nodes, found=streets.x.size)
    may = (
        np.ones(graph.edges, np.uint8)
        if allowed is None
        else np.asarray(allowed, dtype=bool).astype(np.uint8)
    )
    if may.shape != (graph.edges,):
        raise SizesDiffer(array="allowed", expected=graph.edges, found=may.size)
    if least_component > 1:
        may &= graph.component_size[graph.component[graph.edge_tail]] >= least_component

    x = _east(streets, longitude) * streets.metres_east
    y = (latitude - streets.south) * METRES_A_DEGREE
    if walled is None:
        walled = walls(streets, np.empty((0, 2)), np.empty((0, 2)))
    many = longitude.size
    edge, along, aside = np.empty(many, np.int32), np.empty(many, np.float32), np.empty(many, np.float32)

    def some(begin: int, end: int) -> None:
        loops.nearest_edges(
            *(
                x,
                y,
                float(limit),
                streets.x,
                streets.y,
                graph.edge_tail,
                graph.edge_head,
                graph.edge_length,
                may,
            ),
            *(streets.cell, streets.columns, streets.rows, streets.first, streets.edge),
            *(walled.ax, walled.ay, walled.bx, walled.by, walled.left, walled.low),
            *(walled.cell, walled.columns, walled.rows, walled.first, walled.edge),
            *(begin, end, edge, along, aside),
        )

    bounds = np.linspace(0, many, max(threads, 1) + 1).astype(int)
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        for done in [pool.submit(some, int(a), int(b)) for a, b in pairwise(bounds)]:
            done.result()
    return Points(edge, along, aside)
