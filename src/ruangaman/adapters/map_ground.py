"""What lies below the streets of a map: the outlines of parks, schools and other places, as `map/ground.geojson`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ruangaman.adapters import whole_files

if TYPE_CHECKING:
    from ruangaman.core.reach.extract import Extract, Places

FILE: Final = "map/ground.geojson"
DIGITS: Final = 6
"""Of degrees: a tenth of a metre."""


def write(folder: Path, extract: "Extract") -> None:
    """
    Write the outlines of an extract's places; a ring that does not close bounds nothing.

    Raises:
        OSError: no room, or no right to write there.
    """
    places = extract.places
    features = []
    for number in range(len(places)):
        rings = _polygons(places, number)
        if not rings:
            continue
        bits = int(places.kinds[number])
        kinds = [kind for bit, kind in enumerate(extract.kinds) if bits >> bit & 1]
        told = {"kind": kinds[0] if kinds else "", "name": places.names[number][:120]}
        geometry: dict[str, Any] = {"type": "MultiPolygon", "coordinates": rings}
        if len(rings) == 1:
            geometry = {"type": "Polygon", "coordinates": rings[0]}
        features.append({"type": "Feature", "properties": told, "geometry": geometry})
    file = folder / FILE
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
    whole_files.write(file, text.encode())


def _polygons(places: "Places", number: int) -> list[list[list[list[float]]]]:
    found: list[list[list[list[float]]]] = []
    for ring in range(places.first_ring[number], places.first_ring[number + 1]):
        its = slice(places.first_vertex[ring], places.first_vertex[ring + 1])
        line = [
            [round(float(lon), DIGITS), round(float(lat), DIGITS)]
            for lon, lat in zip(places.vertex_lon[its], places.vertex_lat[its], strict=True)
        ]
        if not places.ring_closed[ring] or len(line) < 4:
            continue
        if places.ring_hole[ring]:
            if found:
                found[-1].append(line)
        else:
            found.append([line])
    return found
