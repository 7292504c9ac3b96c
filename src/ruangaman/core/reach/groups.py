"""
Children in groups: the one way in which numbers of children leave a city.

Before anything is counted, the children of a city are brought together in groups of the least count: along a line that
leads from area to area and from neighbour to neighbour, every so many children are a group, and it stands where the one
in its middle lives. Whatever is told is counted of these groups. So the city in which children live in such groups
tells exactly the same, in every table, plan and what-if, and nobody can rule it out: of no children, whichever tables
are taken from one another, can it be told that they are few and not none. Every number here follows from streets and
areas, which everybody may know, and from the groups.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.rounding import NEARLY

CELLS: Final = 1 << 16
"""Of the square around all homes, from side to side: neighbours stand next to each other along the line."""


def line(
    areas: Sequence[NDArray[np.int32]], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.int64]:
    """
    Homes in the order of the line: by the largest area first, by the smallest last, then by the curve of Morton.

    It asks nothing of how many children live there, so that it says nothing of it; nor of streets, so that a city that
    is built anew with repaired streets has the same groups.

    Args:
        areas: for each level, from the largest to the smallest, int32 (homes,), the area's number, -1 for none.
        lon, lat: float64 (homes,), degrees.

    Returns:
        int64 (homes,), numbers of homes.
    """
    side = max(float(np.ptp(lon)), float(np.ptp(lat)), 1e-12) if len(lon) else 1.0
    curve = np.zeros(len(lon), np.int64)
    for shift, along in enumerate((lon, lat)):
        cell = (
            np.minimum((along - along.min()) / side * CELLS, CELLS - 1).astype(np.int64)
            if len(lon)
            else curve
        )
        for bit in range(16):
            curve |= (cell >> bit & 1) << (2 * bit + shift)
    # The last key counts first.
    keys: list[NDArray[Any]] = [lat, lon, curve, *areas[::-1]]
    return np.lexsort(keys)


def grouped(
    children: NDArray[np.float64], order: NDArray[np.int64], size: float, *, beside: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:  # fmt: skip
    """
    The same children in groups of `size`: float64 (homes,), multiples of it; the children themselves where it is 0.

    Homes that follow each other along the line, an area for instance, hold less than `size` more or fewer than before;
    with `beside` somewhat more.

    INVARIANT: groups that are grouped again stay as they are. So all that is told of them is told of a city that lives
    in groups as well.

    Args:
        children: float64 (homes,), 0 or more. order: int64 (homes,), of `line`.
        beside: float64 (homes,), groups of some of these children: only the others are given, so that both together
            are as many as all of them.

    Raises:
        ValueError: sizes differ, a count is negative or no number, or the size is.
    """
    if (
        len(children) != len(order)
        or not np.isfinite(children).all()
        or (children < 0).any()
        or not size >= 0
    ):
        raise ValueError("a count, or the size of a group")
    taken = np.zeros(len(children)) if beside is None else beside
    if not size:
        return np.maximum(children - taken, 0.0)
    upto = np.floor(np.cumsum(children[order]) / size + 0.5 + NEARLY) - np.rint(
        np.cumsum(taken[order]) / size
    )
    found = np.zeros(len(children))
    found[order] = np.diff(np.maximum.accumulate(np.maximum(upto, 0.0)), prepend=0.0) * size
    return found
