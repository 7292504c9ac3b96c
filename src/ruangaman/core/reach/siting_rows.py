"""From points and covering sets to the rows of maximal cover: compiled loops over compressed lists."""

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.compiled import kept

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Made = tuple[Floats, Floats, Ints, Longs, Ints]


loop = kept


@loop
def transposed(start: Longs, item: Ints, columns: int) -> tuple[Longs, Ints]:
    """Lists of columns per row -> ascending lists of rows per column."""
    turned = np.zeros(columns + 1, np.int64)
    for each in item:
        turned[each + 1] += 1
    for column in range(columns):
        turned[column + 1] += turned[column]
    place = turned[:-1].copy()
    listed = np.empty(len(item), np.int32)
    for row in range(len(start) - 1):
        for at in range(start[row], start[row + 1]):
            column = item[at]
            listed[place[column]] = row
            place[column] += 1
    return turned, listed


@loop
def _next(above: float, point: int, start: Longs, listed: Ints, share: Floats) -> float:
    """The smallest share above this one by which a point can be served; 2 if there is none."""
    least = 2.0
    for at in range(start[point], start[point + 1]):
        one = share[listed[at]]
        if above < one < least:
            least = one
    return least


@loop
def _sizes(
    start: Longs, listed: Ints, share: Floats, wanted: NDArray[np.bool_], served: Floats
) -> tuple[int, int]:
    """How many rows the points become, and how many entries these have at most."""
    rows = 0
    entries = 0
    for point in range(len(served)):
        if not wanted[point]:
            continue
        level = _next(served[point], point, start, listed, share)
        while level <= 1.0:
            rows += 1
            entries += start[point + 1] - start[point]
            level = _next(level, point, start, listed, share)
    return rows, entries


@loop
def _steps(
    start: Longs,
    listed: Ints,
    share: Floats,
    weight: Floats,
    head: Floats,
    wanted: NDArray[np.bool_],
    served: Floats,
    where: Ints,
) -> tuple[Floats, Floats, Ints, Longs, Ints]:
    size, entries = _sizes(start, listed, share, wanted, served)
    value = np.empty(size)
    children = np.empty(size)
    kelurahan = np.empty(size, np.int32)
    row_start = np.zeros(size + 1, np.int64)
    row_set = np.empty(entries, np.int32)
    row = 0
    entry = 0
    for point in range(len(weight)):
        if not wanted[point]:
            continue
        below = served[point]
        level = _next(below, point, start, listed, share)
        while level <= 1.0:
            last = -1  # a set that lists a point twice covers it once
            for at in range(start[point], start[point + 1]):
                one = listed[at]
                if share[one] >= level and one != last:
                    row_set[entry] = one
                    entry += 1
                    last = one
            value[row] = weight[point] * (level - below)
            children[row] = head[point] * (level - below)
            kelurahan[row] = where[point]
            row += 1
            row_start[row] = entry
            below = level
            level = _next(below, point, start, listed, share)
    return value, children, kelurahan, row_start, row_set[:entry].copy()


def split(
    set_start: Longs, point: Ints, share: Floats, weight: Floats, head: Floats, served: Floats, where: Ints
) -> Made:
    """Value, children, kelurahan and covering sets of the rows that points become; rows worth nothing are left out."""
    start, listed = transposed(set_start, point, len(weight))
    wanted = (weight > 0) | ((head > 0) & (where >= 0))
    return _steps(start, listed, share, weight, head, wanted, served, where)


@loop
def _marks(kelurahan: Ints, start: Longs, item: Ints, columns: int) -> NDArray[np.uint64]:
    """One number a row, the same for rows with the same list and kelurahan; seldom the same for others."""
    key = np.empty(columns, np.uint64)
    for column in range(columns):
        mixed = np.uint64(column + 1) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        key[column] = mixed ^ (mixed >> np.uint64(31))
    marks = np.empty(len(kelurahan), np.uint64)
    for row in range(len(kelurahan)):
        mark = np.uint64(kelurahan[row] + 2) * np.uint64(0xD6E8FEB86659FD93)
        for at in range(start[row], start[row + 1]):
            mark += key[item[at]]
        marks[row] = mark
    return marks


@loop
def _same(one: int, other: int, kelurahan: Ints, start: Longs, item: Ints) -> bool:
    size = start[one + 1] - start[one]
    if kelurahan[one] != kelurahan[other] or start[other + 1] - start[other] != size:
        return False
    for step in range(size):  # noqa: SIM110 - numba has no generators here
        if item[start[one] + step] != item[start[other] + step]:
            return False
    return True


@loop
def _joined(
    order: Longs,
    marks: NDArray[np.uint64],
    value: Floats,
    children: Floats,
    kelurahan: Ints,
    start: Longs,
    item: Ints,
) -> tuple[Floats, Floats, Ints, Longs, Ints]:
    leader = np.empty(len(order), np.int64)
    size = 0
    entries = 0
    ahead = -1
    for row in order:
        if ahead >= 0 and marks[row] == marks[ahead] and _same(row, ahead, kelurahan, start, item):
            leader[row] = ahead
        else:
            leader[row] = row
            ahead = row
            size += 1
            entries += start[row + 1] - start[row]
    new = np.empty(len(order), np.int64)
    made_value = np.zeros(size)
    made_children = np.zeros(size)
    made_kelurahan = np.empty(size, np.int32)
    made_start = np.zeros(size + 1, np.int64)
    made_item = np.empty(entries, np.int32)
    count = 0
    for row in range(len(order)):
        if leader[row] == row:
            new[row] = count
            made_kelurahan[count] = kelurahan[row]
            length = start[row + 1] - start[row]
            made_start[count + 1] = made_start[count] + length
            made_item[made_start[count] : made_start[count + 1]] = item[start[row] : start[row + 1]]
            count += 1
    for row in range(len(order)):
        made_value[new[leader[row]]] += value[row]
        made_children[new[leader[row]]] += children[row]
    return made_value, made_children, made_kelurahan, made_start, made_item


def gathered(
    value: Floats, children: Floats, kelurahan: Ints, start: Longs, item: Ints, columns: int
) -> Made:
    """The same rows, those with the same list (ascending, of columns below `columns`) and kelurahan added up."""
    marks = _marks(kelurahan, start, item, columns)
    return _joined(np.argsort(marks, kind="stable"), marks, value, children, kelurahan, start, item)
