"""
Maps as SVG, for paper. Of areas: shades from light to dark, dots where most is not known, numbers of a table. Of a city
without areas: its streets by their answer, and the places.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 1000.0
TALLEST: Final = 1100.0
SHADES: Final = ("#FFFFFF", "#D9ECE8", "#9CCFC6", "#4E9A94", "#0A5F63")
"""Light to dark; white stands for the least share. Read in black and white, too."""
_LINE, _DOT, _INK = "#667A7E", "#46585E", "#14242A"
STROKES: Final = (
    'stroke="#22672C" stroke-width="2.5"',
    f'stroke="{_LINE}" stroke-width="2.5" stroke-dasharray="2 6" stroke-linecap="round"',
    'stroke="#A3391F" stroke-width="4" stroke-dasharray="12 5"',
)
"""Safe, unknown, unsafe: solid, dotted, dashed, so that black and white tells them apart."""


@dataclass(frozen=True, slots=True)
class Area:
    """
    Attributes:
        geometry: Polygon or MultiPolygon of GeoJSON, degrees.
        shade: index into SHADES; None where nothing is told. opened: most is not known. number: of the table.
    """

    geometry: Mapping[str, Any]
    shade: int | None
    opened: bool
    number: int | None


Point = Sequence[float]
Placed = Callable[[Point], tuple[float, float]]


def svg(areas: Sequence[Area]) -> str:
    """All areas, north up, in local equirectangular metres."""
    place, wide, high = _frame([point for area in areas for ring in _rings(area.geometry) for point in ring])
    shapes, labels = [], []
    for area in areas:
        path = "".join(_path([place(point) for point in ring]) for ring in _rings(area.geometry))
        fill = "url(#none)" if area.shade is None else SHADES[area.shade]
        shapes.append(
            f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{_LINE}" stroke-width="1"/>'
        )
        if area.opened:
            shapes.append(f'<path d="{path}" fill="url(#open)" fill-rule="evenodd"/>')
        if area.number is not None:
            x, y = _middle([place(point) for point in max(_rings(area.geometry), key=_size)])
            labels.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="17" fill="#F4B431" stroke="{_INK}" stroke-width="2"/>'
                f'<text x="{x:.1f}" y="{y + 7:.1f}" font-size="20" font-weight="bold" text-anchor="middle" '
                f'fill="{_INK}" font-family="Roboto, Liberation Sans, DejaVu Sans">{area.number}</text>'
            )
    return _whole(wide, high, f"{_PATTERNS}{''.join(shapes)}{''.join(labels)}")


def streets(lines: Sequence[tuple[int, Sequence[Point]]], places: Sequence[Point]) -> str:
    """
    Streets by their answer, what is not safe on top, and dots for places.

    Args:
        lines: answer (0 safe, 1 unknown, 2 unsafe) and points of each. places: where safe places are.
    """
    place, wide, high = _frame([*(point for _, points in lines for point in points), *places])
    parts = []
    for answer, stroke in enumerate(STROKES):
        paths = [_line([place(point) for point in points]) for told, points in lines if told == answer]
        parts.append(f'<path d="{"".join(paths)}" fill="none" {stroke}/>')
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="#F4B431" stroke="{_INK}" stroke-width="2"/>'
        for x, y in map(place, places)
    ]
    return _whole(wide, high, "".join(parts))


def stroke(answer: int) -> str:
    """A field of the legend: a line as the map draws this answer."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="30" viewBox="0 0 48 30">'
        f'<path d="M2 15H46" fill="none" {STROKES[answer]}/></svg>'
    )


def _frame(every: Sequence[Point]) -> tuple[Placed, float, float]:
    """Where a point stands in the picture, and how wide and high it is."""
    west, east = min(point[0] for point in every), max(point[0] for point in every)
    south, north = min(point[1] for point in every), max(point[1] for point in every)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min(WIDTH / max((east - west) * narrow, 1e-9), TALLEST / max(north - south, 1e-9))

    def place(point: Point) -> tuple[float, float]:
        return (point[0] - west) * narrow * scale, (north - point[1]) * scale

    return place, (east - west) * narrow * scale, (north - south) * scale


def _whole(wide: float, high: float, content: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide + 4:.0f}" height="{high + 4:.0f}" '
        f'viewBox="-2 -2 {wide + 4:.1f} {high + 4:.1f}">{content}</svg>'
    )


def swatch(*, opened: bool) -> str:
    """A field of the legend: dots for what is not known, strokes for what is not told."""
    pattern = "open" if opened else "none"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="30" viewBox="0 0 48 30">'
        f'{_PATTERNS}<rect x="1" y="1" width="46" height="28" fill="url(#{pattern})" stroke="{_LINE}"/></svg>'
    )


_PATTERNS: Final = (
    '<defs><pattern id="open" width="9" height="9" patternUnits="userSpaceOnUse">'
    f'<circle cx="4.5" cy="4.5" r="1.7" fill="{_DOT}"/></pattern>'
    '<pattern id="none" width="10" height="10" patternUnits="userSpaceOnUse">'
    '<rect width="10" height="10" fill="#F4F6F5"/>'
    f'<path d="M0 10 L10 0" stroke="#CBD7D2" stroke-width="1.5"/></pattern></defs>'
)


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from polygon


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _line(points: Sequence[tuple[float, float]]) -> str:
    """A line, without the points that lie on the one before; nothing of one that is too short to be seen."""
    kept: list[str] = []
    for x, y in points:
        told = f"{x:.0f} {y:.0f}"
        if not kept or told != kept[-1]:
            kept.append(told)
    return "M" + "L".join(kept) if len(kept) > 1 else ""


def _size(ring: Sequence[Sequence[float]]) -> float:
    """Twice the area, without sign; in square degrees, which is enough to compare."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)))


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of a ring's area; the mean of its points when it has none."""
    twice, x, y = 0.0, 0.0, 0.0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        twice, x, y = twice + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(twice) < 1e-9:
        return sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points)
    return x / (3 * twice), y / (3 * twice)
