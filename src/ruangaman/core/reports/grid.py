"""
Rough places: a position is rounded to a cell of a grid before anything else happens to it.

Rows are so many metres of latitude; columns so many metres along the middle of their row. The same cell follows from
every position in it, and nothing of the position remains.
"""

from dataclasses import dataclass
from math import cos, floor, hypot, radians
from typing import Final

from ruangaman.core.errors import RuangAmanError

DEGREE: Final = 111_194.93
"""Metres of a degree of latitude, on a sphere of 6,371,008.8 m."""
FURTHEST: Final = 80.0
"""Degrees of latitude: beyond them a cell would be no square; no city lies there."""
EDGE: Final = 179.0
"""Degrees of longitude: the grid does not close around the earth."""
MOST_DIGITS: Final = 8


class NoCell(RuangAmanError):
    """No such cell: not two whole numbers, or beyond the earth."""

    code = "places.no-cell"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One square of the grid; `metres` is its side."""

    row: int
    column: int
    metres: int

    def __str__(self) -> str:
        return f"{self.row}:{self.column}"


def cell_of(longitude: float, latitude: float, metres: int) -> Cell:
    """
    The cell in which a position lies.

    Args:
        longitude, latitude: degrees.

    Raises:
        NoCell: no position of a city.

    >>> str(cell_of(106.8272, -6.1754, 100))
    '-6867:118093'
    """
    if not (abs(latitude) <= FURTHEST and abs(longitude) <= EDGE):
        raise NoCell
    row = floor(latitude * DEGREE / metres)
    return Cell(row, floor(longitude / _width(row, metres)), metres)


def read(text: str, metres: int) -> Cell:
    """
    A cell as a form sends it, `row:column`.

    Raises:
        NoCell
    """
    row, colon, column = text.partition(":")
    if not colon or not all(_whole(part) for part in (row, column)):
        raise NoCell
    found = Cell(int(row), int(column), metres)
    longitude, latitude = centre(found)
    if cell_of(longitude, latitude, metres) != found:
        raise NoCell
    return found


def _whole(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS


def _width(row: int, metres: int) -> float:
    """Degrees of longitude of a column of this row."""
    return metres / (DEGREE * cos(radians((row + 0.5) * metres / DEGREE)))


def centre(cell: Cell) -> tuple[float, float]:
    """Longitude and latitude of its middle; raises NoCell beyond the earth."""
    latitude = (cell.row + 0.5) * cell.metres / DEGREE
    if abs(latitude) > FURTHEST + 0.01:
        raise NoCell
    return (cell.column + 0.5) * _width(cell.row, cell.metres), latitude


def ring(cell: Cell) -> list[list[float]]:
    """Its corners as GeoJSON has them: counter-clockwise, the first once more at the end, seven decimals."""
    width = _width(cell.row, cell.metres)
    west, east = cell.column * width, (cell.column + 1) * width
    south, north = (cell.row * cell.metres / DEGREE, (cell.row + 1) * cell.metres / DEGREE)
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[round(x, 7), round(y, 7)] for x, y in corners]


def metres_between(one: Cell, other: Cell) -> float:
    """Metres between the middles of two cells of a city."""
    (x1, y1), (x2, y2) = centre(one), centre(other)
    return hypot((x2 - x1) * cos(radians((y1 + y2) / 2)), y2 - y1) * DEGREE
