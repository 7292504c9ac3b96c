"""Compiled loops that join what a file keeps apart: ids to places in arrays, ways to the nodes that they use."""

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.osm.elements import UNLOCATED
from ruangaman.core.reach.compiled import kept

Ids = NDArray[np.int64]
Places = NDArray[np.int32]
Middles = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]

_IDS_A_DRAWER = 2


@kept
def ascending(ids: Ids) -> bool:
    """Whether each id is above the one before."""
    for at in range(1, len(ids)):  # noqa: SIM110  compiled
        if ids[at] <= ids[at - 1]:
            return False
    return True


@kept
def places_of(ids: Ids, wanted: Ids) -> Places:
    """
    Where each wanted id stands among ascending ids; int32, -1 for one that does not.

    A chest of drawers by the ids' leading bits, then a bisection inside the drawer: ids of a file lie evenly enough
    that a drawer holds few, and whatever they are it costs no more than a bisection of all.
    """
    found = np.full(len(wanted), -1, np.int32)
    if len(ids) == 0:
        return found
    least, most = ids[0], ids[-1]
    shift = 0
    # the width may be beyond a signed number; ids beyond 62 bits are left to one drawer
    width = most - least
    if width < 0:
        shift = 63
    else:
        while (width >> shift) > len(ids) // _IDS_A_DRAWER + 16:
            shift += 1
    drawers = (width >> shift) + 1 if shift < 63 else 1
    begin = np.empty(drawers + 1, np.int64)
    drawer = 0
    for at in range(len(ids)):
        own = (ids[at] - least) >> shift if shift < 63 else 0
        while drawer <= own:
            begin[drawer] = at
            drawer += 1
    while drawer <= drawers:
        begin[drawer] = len(ids)
        drawer += 1
    for at in range(len(wanted)):
        number = wanted[at]
        if number < least or number > most:
            continue
        own = (number - least) >> shift if shift < 63 else 0
        low, high = begin[own], begin[own + 1]
        while low < high:
            middle = (low + high) >> 1
            if ids[middle] < number:
                low = middle + 1
            else:
                high = middle
        if low < len(ids) and ids[low] == number:
            found[at] = low
    return found


@kept
def gather(
    first: Ids,
    size: Ids,
    chosen: Ids,
    values: Places,
    into: Places,
) -> None:
    """Put the runs of the chosen rows one behind the other."""
    at = 0
    for row in chosen:
        for place in range(first[row], first[row] + size[row]):
            into[at] = values[place]
            at += 1


@kept
def renumber(size: int, one: Places, other: Places) -> tuple[Ids, Places]:
    """
    Keep the places that two arrays of places use, numbered anew in their order; -1 stays.

    Returns:
        int64 (kept,), the old places; int32 (size,), the new number of each old place, or -1.
    """
    new = np.full(size, -1, np.int32)
    for place in one:
        if place >= 0:
            new[place] = 0
    for place in other:
        if place >= 0:
            new[place] = 0
    kept = 0
    for place in range(size):
        kept += new[place] == 0
    old = np.empty(kept, np.int64)
    kept = 0
    for place in range(size):
        if new[place] == 0:
            new[place] = kept
            old[kept] = place
            kept += 1
    for at in range(len(one)):
        if one[at] >= 0:
            one[at] = new[one[at]]
    for at in range(len(other)):
        if other[at] >= 0:
            other[at] = new[other[at]]
    return old, new


@kept
def middles(first: Ids, size: Ids, chosen: Ids, vertices: Places, x: Places, y: Places) -> Middles:
    """
    The middle of each chosen run of vertices: the mean of its distinct located ones.

    Summed one by one in the order in which they come first: where two nodes are equally near, which is so with every
    rectangle among straight streets, the last bit of the mean decides, and others sum like that.

    Returns:
        float64 (chosen,) longitudes and latitudes in degrees, NaN where no vertex has a location; int64 (chosen,), how
        many vertices have none.
    """
    lon, lat = np.full(len(chosen), np.nan), np.full(len(chosen), np.nan)
    lost = np.zeros(len(chosen), np.int64)
    seen = np.full(len(x), -1, np.int32)  # the last run that used a node
    for row in range(len(chosen)):
        run = chosen[row]
        sum_lon, sum_lat, number = 0.0, 0.0, 0
        for at in range(first[run], first[run] + size[run]):
            place = vertices[at]
            if place < 0:
                lost[row] += 1
            elif seen[place] != row:
                seen[place] = row
                sum_lon += x[place] / 1e7
                sum_lat += y[place] / 1e7
                number += 1
        if number:
            lon[row], lat[row] = sum_lon / number, sum_lat / number
    return lon, lat, lost


@kept
def located(x: Places) -> NDArray[np.bool_]:
    """Whether each has a location."""
    found = np.empty(len(x), np.bool_)
    for at in range(len(x)):
        found[at] = x[at] != UNLOCATED
    return found
