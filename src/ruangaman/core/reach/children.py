"""
How many children of an age live at each point: an area's numbers, spread as its people live.

Numbers by bands of ages are cut to the years that are asked for, a band's children being as many in each of its years.
What an area does not tell is not guessed: its children are counted nowhere, and it is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.coverage import NO_AREA, CoverageMismatch


@dataclass(frozen=True, slots=True)
class Told:
    """Children of whole years `first` to `last`, both included, in one area: a count, or a share of its people."""

    area: int
    first: int
    last: int
    count: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Children:
    """
    Attributes:
        expected: float64 (points,), children at each point, 0 where nothing is told.
        untold: areas with people of which not every year that was asked for is told.
        unplaced: area -> children that are told of an area where nobody lives by the other file.
    """

    expected: NDArray[np.float64]
    untold: tuple[int, ...]
    unplaced: dict[int, float]


def spread(
    people: NDArray[np.float64],
    area: NDArray[np.int32],
    told: Sequence[Told],
    *,
    areas: int,
    first: int,
    last: int,
) -> Children:
    """
    Children of whole years `first` to `last` at each point.

    Args:
        people: float64 (points,), 0 or more. area: int (points,), 0 to areas - 1, or NO_AREA.
        told: bands of one area do not overlap.

    Raises:
        CoverageMismatch: sizes differ, an area is out of range, ages or numbers are none, or bands overlap.
    """
    if len(people) != len(area) or first > last or first < 0:
        raise CoverageMismatch(points=len(people), areas=len(area))
    if (
        (len(area) and (area.min() < NO_AREA or area.max() >= areas))
        or (people < 0).any()
        or not np.isfinite(people).all()
    ):
        raise CoverageMismatch(what="an area or a number of people")
    lived = np.bincount(area[area >= 0], people[area >= 0], areas).astype(np.float64)
    number, years = np.zeros(areas), np.zeros(areas, np.int64)
    taken: dict[int, list[Told]] = {}
    for band in told:
        _check(band, taken.setdefault(band.area, []), areas)
        taken[band.area].append(band)
        common = min(last, band.last) - max(first, band.first) + 1
        if common <= 0:
            continue
        whole = band.count if band.count is not None else (band.share or 0.0) * lived[band.area]
        number[band.area] += whole * common / (band.last - band.first + 1)
        years[band.area] += common
    rate = np.divide(number, lived, out=np.zeros(areas), where=lived > 0)
    expected = (
        np.where(area >= 0, people * rate[np.maximum(area, 0)], 0.0) if areas else np.zeros(len(people))
    )
    untold = np.flatnonzero((lived > 0) & (years < last - first + 1))
    unplaced = np.flatnonzero((lived == 0) & (number > 0))
    return Children(expected, tuple(untold.tolist()), {int(one): float(number[one]) for one in unplaced})


def _check(band: Told, beside: Sequence[Told], areas: int) -> None:
    if (
        not 0 <= band.area < areas
        or not 0 <= band.first <= band.last
        or (band.count is None) == (band.share is None)
    ):
        raise CoverageMismatch(area=band.area, first=band.first, last=band.last)
    value = band.count if band.count is not None else band.share
    if value is None or not np.isfinite(value) or value < 0 or (band.share is not None and value > 1):
        raise CoverageMismatch(area=band.area, what="a count or share")
    if any(one.first <= band.last and band.first <= one.last for one in beside):
        raise CoverageMismatch(area=band.area, what="ages told twice")
