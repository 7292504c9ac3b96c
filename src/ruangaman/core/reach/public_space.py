"""
SDG 11.7.1: how much of the built-up area is open public space and streets, and who reaches open public space.

Part a: open public space and streets over built-up land. Part b: people within 400 m along the streets of a gate of
open public space. The city is where its people are: cells of 1 km2 that are dense and touch.

Source: UN-Habitat, metadata of SDG 11.7.1; Degree of Urbanisation (urban clusters). The cells here are anchored at the
point 0, 0 of a local plane and not at an official grid, and that is told beside the value.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.snapping import METRES_A_DEGREE


class PublicSpaceMismatch(RuangAmanError):
    """Arrays of different sizes, or numbers that are none."""

    code = "city.public-space-mismatch"


@dataclass(frozen=True, slots=True)
class Plane:
    """Local metres: east and north of 0, 0, east scaled at one latitude."""

    latitude: float

    def metres(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        east = METRES_A_DEGREE * np.cos(np.radians(self.latitude))
        return lon * east, lat * METRES_A_DEGREE


@dataclass(frozen=True, slots=True)
class Cells:
    """
    Where the city is.

    Attributes:
        side: metres. east, north: int64 (cells,), numbers of the cells. people: float64 (cells,).
    """

    side: float
    east: NDArray[np.int64]
    north: NDArray[np.int64]
    people: NDArray[np.float64]

    def hold(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points of the plane lie in one of the cells."""
        return np.isin(_number(x, y, self.side), self.east * _ROOM + self.north)


_ROOM = 1 << 24
"""More cells than lie between the poles, so that two numbers of a cell make one."""


def _number(x: NDArray[np.float64], y: NDArray[np.float64], side: float) -> NDArray[np.int64]:
    column, row = (np.floor(one / side).astype(np.int64) for one in (x, y))
    return column * _ROOM + row


def urban(
    x: NDArray[np.float64], y: NDArray[np.float64], people: NDArray[np.float64], *,
    side: float, density: float, together: float,
) -> Cells:  # fmt: skip
    """
    Cells with enough people, of groups of touching ones (at sides or corners) that hold enough together.

    Args:
        x, y: float64 (points,), metres. people: float64 (points,).
        side: of a cell, metres. density: people in a km2, this much included. together: people of a group, included.

    Raises:
        PublicSpaceMismatch.
    """
    if not len(x) == len(y) == len(people) or not side > 0 or (people < 0).any():
        raise PublicSpaceMismatch(points=len(x), people=len(people))
    numbers, back = np.unique(_number(x, y, side), return_inverse=True)
    north = (numbers + _ROOM // 2) % _ROOM - _ROOM // 2
    cells = np.column_stack([(numbers - north) // _ROOM, north])
    held = np.zeros(len(cells))
    if len(cells):
        held += np.bincount(back, people, len(cells))
    least = density * side * side / 1e6
    dense = {(int(a), int(b)): at for at, (a, b) in enumerate(cells) if held[at] >= least}
    kept: list[int] = []
    left = dict(dense)
    while left:
        group, front = [], [left.popitem()]
        while front:
            (a, b), at = front.pop()
            group.append(at)
            for one in ((a + i, b + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                if one in left:
                    front.append((one, left.pop(one)))
        if held[group].sum() >= together:
            kept += group
    its = np.array(sorted(kept), np.int64)
    chosen = cells[its] if len(its) else np.empty((0, 2), np.int64)
    return Cells(side, chosen[:, 0], chosen[:, 1], held[its])


def streets_area(metres: NDArray[np.floating], width: NDArray[np.floating]) -> float:
    """Square metres of streets: length by width, the same stretch once."""
    if len(metres) != len(width):
        raise PublicSpaceMismatch(streets=len(metres), widths=len(width))
    return float((metres.astype(np.float64) * width).sum())


def share_of_land(open_space_m2: float, streets_m2: float, built_m2: float) -> float | None:
    """Part a, 0 to 1 (it may be above where layers do not fit together); None without built-up land."""
    if min(open_space_m2, streets_m2, built_m2) < 0:
        raise PublicSpaceMismatch(what="an area below 0")
    return (open_space_m2 + streets_m2) / built_m2 if built_m2 > 0 else None


def share_of_people(weight: NDArray[np.float64], within: NDArray[np.bool_]) -> float | None:
    """Part b, 0 to 1; None where nobody is counted."""
    if len(weight) != len(within):
        raise PublicSpaceMismatch(people=len(weight), within=len(within))
    total = float(weight.sum())
    return float(weight[within].sum()) / total if total > 0 else None
