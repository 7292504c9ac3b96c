"""What the blocks of a file gave, put together: vertices to nodes, ways to lines and places, relations to areas."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.osm import lookup, rings
from ruangaman.adapters.osm.elements import UNLOCATED
from ruangaman.adapters.osm.vocabulary import Vocabulary
from ruangaman.core.reach.extract import NODE, RELATION, WAY, Extract, Lines, Nodes, Places, Points

DEGREE = 1e7
"""Units of a location in a degree."""

_STREETS = ("highway",)
_BARRIERS = ("railway", "waterway", "barrier")


@dataclass(frozen=True, slots=True)
class Rows:
    """
    Elements of one use.

    Attributes:
        places: int64 (rows,), where each stands among all nodes or ways of the file.
        codes, numbers, kinds: as in `elements.Rows`. names: of places, and of lines where they are asked for.
    """

    places: NDArray[np.int64]
    codes: NDArray[np.uint8]
    numbers: NDArray[np.int16]
    kinds: NDArray[np.uint64]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A multipolygon that is a place; `members` int64, ids of ways."""

    id: int
    kinds: np.uint64
    codes: NDArray[np.uint8]
    name: str
    members: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class File:
    """
    All that is kept of a file, in its order.

    Attributes:
        node_ids, node_x, node_y: of all nodes; `written` of them, the first, were told by ways and are no nodes.
        way_ids, way_count, refs: of all ways.
        points, place_nodes: among nodes. lines, place_ways: among ways.
        totals: nodes, ways and relations.
    """

    node_ids: NDArray[np.int64]
    node_x: NDArray[np.int32]
    node_y: NDArray[np.int32]
    written: int
    way_ids: NDArray[np.int64]
    way_count: NDArray[np.int64]
    refs: NDArray[np.int64]
    points: Rows
    place_nodes: Rows
    lines: Rows
    place_ways: Rows
    relations: Sequence[Relation]
    totals: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Place:
    id: int
    element: int
    kinds: np.uint64
    lon: float
    lat: float
    lost: int
    name: str
    codes: NDArray[np.uint8]
    rings: Sequence[rings.Ring]


@dataclass(frozen=True, slots=True)
class _Located:
    """Located nodes by ascending id, each once."""

    ids: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]


def extract(file: File, vocabulary: Vocabulary) -> Extract:
    """The extract of a file."""
    located = _located(file.node_ids, file.node_x, file.node_y)
    first = np.cumsum(file.way_count) - file.way_count
    vertices = lookup.places_of(located.ids, file.refs)
    columns = {name: at for at, name in enumerate(vocabulary.columns)}
    streets = _of_lines(file, vocabulary, columns, "streets", _STREETS, first, vertices)
    barriers = _of_lines(file, vocabulary, columns, "barriers", _BARRIERS, first, vertices)
    places = _places(file, vocabulary, columns, located, first, vertices)
    old, new = lookup.renumber(len(located.ids), streets.vertices, barriers.vertices)
    return Extract(
        nodes=Nodes(located.ids[old], located.x[old] / DEGREE, located.y[old] / DEGREE),
        streets=streets,
        barriers=barriers,
        points=_points(file, vocabulary, columns, located, new),
        places=places,
        codes=vocabulary.codes(),
        kinds=tuple(vocabulary.kinds),
        in_file=file.totals,
    )


def _located(ids: NDArray[np.int64], x: NDArray[np.int32], y: NDArray[np.int32]) -> _Located:
    there = lookup.located(x)
    if not there.all():
        ids, x, y = ids[there], x[there], y[there]
    if lookup.ascending(ids):
        return _Located(ids, x, y)
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    last = np.append(ids[1:] != ids[:-1], [True] * bool(len(ids)))
    return _Located(ids[last], x[order[last]], y[order[last]])


def _of_lines(
    file: File, vocabulary: Vocabulary, columns: dict[str, int], name: str, keys: Iterable[str],
    first: NDArray[np.int64], vertices: NDArray[np.int32],
) -> Lines:  # fmt: skip
    wanted = [columns[key] for key in keys if key in columns]
    rows = np.flatnonzero((file.lines.codes[:, wanted] > 0).any(axis=1))
    ways = file.lines.places[rows]
    count = file.way_count[ways]
    used = np.empty(int(count.sum()), np.int32)
    lookup.gather(first, file.way_count, ways, vertices, used)
    codes = file.lines.codes[rows]
    numbers = file.lines.numbers[rows]
    return Lines(
        ids=file.way_ids[ways],
        first=np.concatenate([[0], np.cumsum(count)]),
        vertices=used,
        tags={column: codes[:, columns[column]].copy() for column in vocabulary.lists[name]},
        numbers={column: numbers[:, at].copy() for at, column in enumerate(vocabulary.numbers)},
        names=tuple(file.lines.names[row] for row in rows) if file.lines.names else (),
    )


def _points(
    file: File, vocabulary: Vocabulary, columns: dict[str, int], located: _Located, new: NDArray[np.int32]
) -> Points:
    at = file.points.places + file.written
    ids = file.node_ids[at]
    x, y = file.node_x[at], file.node_y[at]
    there = x != UNLOCATED
    place = lookup.places_of(located.ids, ids)
    node = np.where(place >= 0, new[place], -1).astype(np.int32) if len(new) else place
    return Points(
        ids=ids,
        lon=np.where(there, x / DEGREE, np.nan),
        lat=np.where(there, y / DEGREE, np.nan),
        node=node,
        tags={column: file.points.codes[:, columns[column]].copy() for column in vocabulary.lists["points"]},
    )


def _places(
    file: File, vocabulary: Vocabulary, columns: dict[str, int], located: _Located,
    first: NDArray[np.int64], vertices: NDArray[np.int32],
) -> Places:  # fmt: skip
    found = [
        *_place_nodes(file),
        *_place_ways(file, located, first, vertices),
        *_place_relations(file, located, first, vertices),
    ]
    every = [ring for place in found for ring in place.rings]
    used = np.concatenate([np.empty(0, np.int32), *(ring.vertices for ring in every)])
    shown = [columns[column] for column in vocabulary.lists["places"]]
    codes = np.array([place.codes[shown] for place in found], np.uint8).reshape(len(found), len(shown))
    return Places(
        ids=np.array([place.id for place in found], np.int64),
        element=np.array([place.element for place in found], np.uint8),
        kinds=np.array([place.kinds for place in found], np.uint64),
        lon=np.array([place.lon for place in found], np.float64),
        lat=np.array([place.lat for place in found], np.float64),
        lost=np.array([place.lost for place in found], np.int32),
        names=tuple(place.name for place in found),
        tags={column: codes[:, at].copy() for at, column in enumerate(vocabulary.lists["places"])},
        first_ring=_begins([len(place.rings) for place in found]),
        ring_closed=np.array([ring.closed for ring in every], np.bool_),
        ring_hole=np.array([ring.hole for ring in every], np.bool_),
        first_vertex=_begins([len(ring.vertices) for ring in every]),
        vertex_ids=located.ids[used],
        vertex_lon=located.x[used] / DEGREE,
        vertex_lat=located.y[used] / DEGREE,
    )


def _begins(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.array(sizes, np.int64))]).astype(np.int64)


def _place_nodes(file: File) -> Iterator[_Place]:
    for row, at in enumerate(file.place_nodes.places + file.written):
        if file.node_x[at] == UNLOCATED:
            continue
        yield _Place(
            int(file.node_ids[at]), NODE, file.place_nodes.kinds[row],
            file.node_x[at] / DEGREE, file.node_y[at] / DEGREE, 0,
            file.place_nodes.names[row], file.place_nodes.codes[row], (),
        )  # fmt: skip


def _place_ways(
    file: File, located: _Located, first: NDArray[np.int64], vertices: NDArray[np.int32]
) -> Iterator[_Place]:
    ways = file.place_ways.places
    lon, lat, lost = lookup.middles(first, file.way_count, ways, vertices, located.x, located.y)
    for row in np.flatnonzero(~np.isnan(lon)):
        way = ways[row]
        yield _Place(
            int(file.way_ids[way]), WAY, file.place_ways.kinds[row], lon[row], lat[row], int(lost[row]),
            file.place_ways.names[row], file.place_ways.codes[row],
            (rings.of_way(vertices[first[way] : first[way] + file.way_count[way]]),),
        )  # fmt: skip


def _place_relations(
    file: File, located: _Located, first: NDArray[np.int64], vertices: NDArray[np.int32]
) -> Iterator[_Place]:
    if not file.relations:
        return
    wanted = np.unique(np.concatenate([relation.members for relation in file.relations]))
    at = np.flatnonzero(np.isin(file.way_ids, wanted))
    way_of = dict(zip(file.way_ids[at].tolist(), at.tolist(), strict=True))
    for relation in file.relations:
        ways, lost = [], 0
        for member in dict.fromkeys(relation.members.tolist()):
            way = way_of.get(member)
            if way is None:
                lost += 1
                continue
            its = vertices[first[way] : first[way] + file.way_count[way]]
            lost += int(np.sum(its < 0))
            ways.append(its)
        found = rings.nested(rings.joined(ways), located.x, located.y)
        outer = [ring.vertices for ring in found if not ring.hole]
        if outer:
            every = np.concatenate(outer)
            one = np.zeros(1, np.int64)
            lon, lat, _ = lookup.middles(one, one + len(every), one, every, located.x, located.y)
            yield _Place(
                relation.id, RELATION, relation.kinds, lon[0], lat[0], lost,
                relation.name, relation.codes, found,
            )  # fmt: skip
