"""
What a file of OpenStreetMap tells about a city, as plain arrays: the value between a reader and a builder of graphs.

Coordinates are degrees, WGS 84, as the file has them: multiples of 1e-7.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ABSENT, OTHER = 0, 1
"""Codes of every column of tags: the tag is not there; it is there, with a value that the vocabulary does not list."""

NUMBER_ABSENT, NUMBER_OTHER = -32768, -32767
"""The same for columns of numbers: no such tag; a value that is no number."""

NODE, WAY, RELATION = 0, 1, 2
"""What a place is in the file."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """
    The located nodes that lines use.

    Attributes:
        ids: int64 (nodes,), ids of OpenStreetMap, ascending, each once.
        lon, lat: float64 (nodes,), degrees.
    """

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lines:
    """
    Ways, in the order of the file.

    Attributes:
        ids: int64 (lines,); an id that stands twice in the file stands twice here.
        first: int64 (lines + 1,); the vertices of line i are `vertices[first[i] : first[i + 1]]`.
        vertices: int32 (vertices,), index into `Nodes`, or -1: the file has no location for it, and the line breaks.
        tags: column -> uint8 (lines,), the code of the value: ABSENT, OTHER, or its place in `Extract.codes`.
        numbers: column -> int16 (lines,): `maxspeed` in km/h, rounded, `lanes`, `layer`; NUMBER_ABSENT, NUMBER_OTHER.
        names: the `name` of each, "" without one; none at all where the reader was not asked for names.
    """

    ids: NDArray[np.int64]
    first: NDArray[np.int64]
    vertices: NDArray[np.int32]
    tags: Mapping[str, NDArray[np.uint8]]
    numbers: Mapping[str, NDArray[np.int16]]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Points:
    """
    Nodes that say something about walking: crossings, barriers, entrances, kerbs.

    Attributes:
        ids: int64 (points,); in the order of the file.
        lon, lat: float64 (points,), degrees; NaN without location.
        node: int32 (points,), index into `Nodes`, or -1: on no line that is kept.
        tags: column -> uint8 (points,), codes as in `Lines`.
    """

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    node: NDArray[np.int32]
    tags: Mapping[str, NDArray[np.uint8]]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Places:
    """
    Where a child could want to go: nodes, then ways, then multipolygon relations, each in the order of the file.

    A place without any located vertex is left out. The rings of place i are those from `first_ring[i]` to
    `first_ring[i + 1]`; the vertices of ring r are those from `first_vertex[r]` to `first_vertex[r + 1]`. A closed ring
    ends with its first vertex again; one that does not close holds what there is of it, and bounds no area.

    Attributes:
        ids: int64 (places,).
        element: uint8 (places,), NODE, WAY or RELATION.
        kinds: uint64 (places,), bit k stands for `Extract.kinds[k]`; a place may be of several kinds.
        lon, lat: float64 (places,), degrees: the node; or the mean of the distinct located vertices of outer rings.
        lost: int32 (places,), vertices without location and members that are not in the file.
        names: the `name` of each, "" without one.
        tags: column -> uint8 (places,), codes as in `Lines`.
        first_ring: int64 (places + 1,).
        ring_closed: bool (rings,).
        ring_hole: bool (rings,); a hole lies behind the outer ring that it is in.
        first_vertex: int64 (rings + 1,).
        vertex_ids: int64 (vertices,), the nodes' ids, by which entrances on the ring are found.
        vertex_lon, vertex_lat: float64 (vertices,), degrees.
    """

    ids: NDArray[np.int64]
    element: NDArray[np.uint8]
    kinds: NDArray[np.uint64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    lost: NDArray[np.int32]
    names: tuple[str, ...]
    tags: Mapping[str, NDArray[np.uint8]]
    first_ring: NDArray[np.int64]
    ring_closed: NDArray[np.bool_]
    ring_hole: NDArray[np.bool_]
    first_vertex: NDArray[np.int64]
    vertex_ids: NDArray[np.int64]
    vertex_lon: NDArray[np.float64]
    vertex_lat: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Extract:
    """
    One file, read.

    Attributes:
        nodes: what `streets` and `barriers` stand on.
        streets: ways with `highway`.
        barriers: ways with `railway`, `waterway` or `barrier`; a way may stand here and among the streets.
        points: nodes that say something about walking.
        places: of the kinds that were asked for.
        codes: column of tags -> its values by code; the first two stand for ABSENT and OTHER.
        kinds: the kinds of places by bit.
        in_file: how many nodes, ways and relations the file has.
    """

    nodes: Nodes
    streets: Lines
    barriers: Lines
    points: Points
    places: Places
    codes: Mapping[str, tuple[str, ...]]
    kinds: tuple[str, ...]
    in_file: tuple[int, int, int]

    def code(self, column: str, value: str) -> int:
        """The code of a value; raises KeyError for an unknown column, ValueError for a value that is not listed."""
        return self.codes[column].index(value)
