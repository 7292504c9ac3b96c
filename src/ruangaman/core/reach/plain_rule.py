"""
The plain rule: a walk graph and answers that anybody can repeat with few lines of SciPy, to check readers by numbers.

Every vertex of a walk way is a node; edges go both ways; places stand at the node that is nearest. What a city is told
goes further. The rule's words and numbers are data: `PlainRule`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.compiled import kept
from ruangaman.core.reach.extract import NODE, WAY, Extract

Answer = dict[str, int | float]


@dataclass(frozen=True, slots=True)
class PlainRule:
    """
    Attributes:
        not_highway, not_foot, not_access, not_area: values with which a way is no walk way.
        foot_opens_access: values of `foot` with which `access` says nothing.
        crossing: key and value of a node that is counted as a crossing.
        earth_radius_m: of the haversine.
        metre_per_degree: when places are snapped.
        shortest_edge_m: metres, no edge is shorter.
        limits_m: metres, ascending, for each of which the answers are given.
    """

    not_highway: tuple[str, ...]
    not_foot: tuple[str, ...]
    not_access: tuple[str, ...]
    not_area: tuple[str, ...]
    foot_opens_access: tuple[str, ...]
    crossing: tuple[str, str]
    earth_radius_m: float
    metre_per_degree: float
    shortest_edge_m: float
    limits_m: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlainGraph:
    """
    The walk graph.

    Attributes:
        ids: int64 (nodes,), ascending ids of OpenStreetMap.
        lon, lat: float64 (nodes,), degrees.
        u, v: int32 (edges,), u < v, sorted by u and then v, each pair once.
        length_m: float64 (edges,), metres.
        walk_ways: how many ways were kept.
    """

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    length_m: NDArray[np.float64]
    walk_ways: int


def graph(extract: Extract, rule: PlainRule) -> PlainGraph:
    """The walk graph of an extract; a node without location breaks a way, and what is left of it stays."""
    streets = extract.streets
    walked = ~_one_of(extract, "highway", rule.not_highway)
    walked &= ~_one_of(extract, "foot", rule.not_foot)
    opened = _one_of(extract, "foot", rule.foot_opens_access)
    walked &= ~_one_of(extract, "access", rule.not_access) | opened
    walked &= ~_one_of(extract, "area", rule.not_area)
    new, pairs = _pairs(walked, streets.first, streets.vertices, len(extract.nodes.ids))
    kept = np.flatnonzero(new >= 0)
    lon, lat = extract.nodes.lon[kept], extract.nodes.lat[kept]
    u, v = _distinct(pairs, len(kept))
    length = _lengths(u, v, np.radians(lon), np.radians(lat), rule.earth_radius_m, rule.shortest_edge_m)
    return PlainGraph(extract.nodes.ids[kept], lon, lat, u, v, length, int(walked.sum()))


def answers(extract: Extract, rule: PlainRule) -> dict[str, object]:
    """
    All that `ruangaman city check` says about one file.

    Returns:
        `counts` without those that are zero; `nodes`, `undirected_edges`, `km`, `components`, `largest`; for each kind
        that has a place and each limit `<kind>_<limit>m`: `facilities`, `source_nodes`, `nodes_within` the limit and
        `mean_m`, their mean distance in metres. No rows of kinds where there is nowhere to walk.
    """
    walk = graph(extract, rule)
    component = components(walk.u, walk.v, len(walk.ids))
    sizes = np.bincount(component) if len(component) else np.zeros(0, np.int64)
    told: dict[str, object] = {
        "counts": _counts(extract, walk, rule),
        "nodes": len(walk.ids),
        "undirected_edges": len(walk.u),
        "km": round(float(walk.length_m.sum()) / 1000, 3),
        "components": len(sizes),
        "largest": int(sizes.max()) if len(sizes) else 0,
    }
    if not len(walk.ids):
        return told
    beside = _beside(walk.u, walk.v, walk.length_m, len(walk.ids))
    for kind, places in _places(extract).items():
        if len(places):
            at = nearest_nodes(walk, extract.places.lon[places], extract.places.lat[places], rule)
            sources = np.unique(at)
            distance = _search(*beside, sources, float(max(rule.limits_m)))
            for limit in rule.limits_m:
                told[f"{kind}_{limit}m"] = _within(distance, limit, len(places), len(sources))
    return told


def _one_of(extract: Extract, column: str, values: Sequence[str]) -> NDArray[np.bool_]:
    return np.isin(extract.streets.tags[column], [extract.code(column, value) for value in values])


def _places(extract: Extract) -> Mapping[str, NDArray[np.int64]]:
    """Kind -> its nodes and ways, relations left out."""
    plain = (extract.places.element == NODE) | (extract.places.element == WAY)
    return {
        kind: np.flatnonzero(plain & (extract.places.kinds >> np.uint64(bit) & np.uint64(1)).astype(np.bool_))
        for bit, kind in enumerate(extract.kinds)
    }


def _counts(extract: Extract, walk: PlainGraph, rule: PlainRule) -> dict[str, int]:
    key, value = rule.crossing
    found = {
        "crossings": int(np.sum(extract.points.tags[key] == extract.code(key, value))),
        "highway_ways": len(extract.streets),
        "walk_ways": walk.walk_ways,
    }
    for kind, places in _places(extract).items():
        element = extract.places.element[places]
        found[f"{kind}_node"] = int(np.sum(element == NODE))
        found[f"{kind}_way"] = int(np.sum(element == WAY))
    return {name: number for name, number in found.items() if number}


def _within(distance: NDArray[np.float64], limit: float, facilities: int, sources: int) -> Answer:
    reached = distance[distance <= limit]
    return {
        "facilities": facilities,
        "source_nodes": sources,
        "nodes_within": len(reached),
        "mean_m": round(float(reached.mean()), 2),
    }


def nearest_nodes(
    walk: PlainGraph, lon: NDArray[np.float64], lat: NDArray[np.float64], rule: PlainRule
) -> NDArray[np.int64]:
    """
    The node nearest to each place, in metres of a plane: x shrunk by the cosine of the nodes' mean latitude.

    Of several at the same distance the one with the smallest id.

    Args:
        lon, lat: float64 (places,), degrees.

    Returns:
        int64 (places,), index into the graph's nodes.
    """
    shrunk = cos(radians(float(walk.lat.mean()))) * rule.metre_per_degree
    x, y = walk.lon * shrunk, walk.lat * rule.metre_per_degree
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    place_x = lon * shrunk
    return _nearest(x, y, order, place_x, lat * rule.metre_per_degree, np.searchsorted(x, place_x))


@kept
def _nearest(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    order: NDArray[np.int64],
    place_x: NDArray[np.float64],
    place_y: NDArray[np.float64],
    middle: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Sweep from each place to both sides along x, until x alone is further than the best."""
    found = np.empty(len(place_x), np.int64)
    for place in range(len(place_x)):
        best, nearest = np.inf, np.int64(-1)
        for step in (1, -1):
            at = middle[place] if step == 1 else middle[place] - 1
            while 0 <= at < len(x):
                across = x[at] - place_x[place]
                if across * across > best:
                    break
                along = y[at] - place_y[place]
                squared = across * across + along * along
                if squared < best or (squared == best and order[at] < nearest):
                    best, nearest = squared, order[at]
                at += step
        found[place] = nearest
    return found


@kept
def _pairs(
    walked: NDArray[np.bool_], first: NDArray[np.int64], vertices: NDArray[np.int32], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """New number of each node that a walk way has, else -1; and neighbours (pairs, 2) in new numbers, no loops."""
    new = np.full(size, np.int32(-1), np.int32)
    number = 0
    for way in range(len(walked)):
        if walked[way]:
            number += first[way + 1] - first[way]
            for at in range(first[way], first[way + 1]):
                if vertices[at] >= 0:
                    new[vertices[at]] = 0
    kept = np.int32(0)
    for node in range(size):
        if new[node] == 0:
            new[node] = kept
            kept += 1
    pairs = np.empty((number, 2), np.int32)
    number = 0
    for way in range(len(walked)):
        if not walked[way]:
            continue
        for at in range(first[way] + 1, first[way + 1]):
            one, other = vertices[at - 1], vertices[at]
            if one >= 0 and other >= 0 and one != other:
                pairs[number, 0] = min(new[one], new[other])
                pairs[number, 1] = max(new[one], new[other])
                number += 1
    return new, pairs[:number]


@kept
def _distinct(pairs: NDArray[np.int32], size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Each pair once, sorted: by counting for the first of a pair, by insertion for the few that share it."""
    first = np.zeros(size + 1, np.int64)
    for at in range(len(pairs)):
        first[pairs[at, 0] + 1] += 1
    for node in range(size):
        first[node + 1] += first[node]
    filled = np.zeros(size, np.int32)
    other = np.empty(len(pairs), np.int32)
    for at in range(len(pairs)):
        node, target = pairs[at, 0], pairs[at, 1]
        begin = first[node]
        place = begin + filled[node]
        while place > begin and other[place - 1] > target:
            place -= 1
        if place > begin and other[place - 1] == target:
            continue
        for moved in range(begin + filled[node], place, -1):
            other[moved] = other[moved - 1]
        other[place] = target
        filled[node] += 1
    number = 0
    for node in range(size):
        number += filled[node]
    u, v = np.empty(number, np.int32), np.empty(number, np.int32)
    number = 0
    for node in range(size):
        for place in range(first[node], first[node] + filled[node]):
            u[number], v[number] = node, other[place]
            number += 1
    return u, v


@kept
def _lengths(
    u: NDArray[np.int32],
    v: NDArray[np.int32],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    radius_m: float,
    shortest_m: float,
) -> NDArray[np.float64]:
    """Haversine; `lon` and `lat` in radians."""
    shrunk = np.cos(lat)
    found = np.empty(len(u), np.float64)
    for at in range(len(u)):
        one, other = u[at], v[at]
        up = np.sin((lat[other] - lat[one]) / 2)
        across = np.sin((lon[other] - lon[one]) / 2)
        share = up * up + shrunk[one] * shrunk[other] * across * across
        found[at] = max(2 * radius_m * np.arcsin(np.sqrt(min(share, 1.0))), shortest_m)
    return found


@kept
def components(u: NDArray[np.int32], v: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """The component of each node, int32 (nodes,), numbered by its first node."""
    above = np.arange(size).astype(np.int32)
    for at in range(len(u)):
        one, other = u[at], v[at]
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        while above[other] != other:
            above[other] = above[above[other]]
            other = above[other]
        if one < other:
            above[other] = one
        else:
            above[one] = other
    number = np.int32(0)
    found = np.empty(size, np.int32)
    for node in range(size):  # whoever is above stands before
        if above[node] == node:
            found[node] = number
            number += 1
        else:
            found[node] = found[above[node]]
    return found


@kept
def _beside(
    u: NDArray[np.int32], v: NDArray[np.int32], length: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Neighbours of each node: where they begin, who they are, how far."""
    first = np.zeros(size + 1, np.int64)
    for at in range(len(u)):
        first[u[at] + 1] += 1
        first[v[at] + 1] += 1
    for node in range(size):
        first[node + 1] += first[node]
    free = first[:-1].copy()
    neighbour, metres = np.empty(2 * len(u), np.int32), np.empty(2 * len(u), np.float64)
    for at in range(len(u)):
        for one, other in ((u[at], v[at]), (v[at], u[at])):
            neighbour[free[one]] = other
            metres[free[one]] = length[at]
            free[one] += 1
    return first, neighbour, metres


@kept
def _search(
    first: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    metres: NDArray[np.float64],
    sources: NDArray[np.int64],
    limit: float,
) -> NDArray[np.float64]:
    """Distance of each node to its nearest source, inf beyond the limit: Dijkstra's algorithm with a binary heap."""
    distance = np.full(len(first) - 1, np.inf)
    heap_node = np.empty(len(sources) + len(neighbour) + 1, np.int32)
    heap_key = np.empty(len(sources) + len(neighbour) + 1, np.float64)
    size = 0
    for source in sources:  # all keys are 0: any order is a heap
        distance[source] = 0.0
        heap_node[size], heap_key[size] = source, 0.0
        size += 1
    while size:
        node, key = heap_node[0], heap_key[0]
        size -= 1
        last_node, last_key = heap_node[size], heap_key[size]
        at = 0
        while True:
            child = 2 * at + 1
            if child >= size:
                break
            if child + 1 < size and heap_key[child + 1] < heap_key[child]:
                child += 1
            if heap_key[child] >= last_key:
                break
            heap_node[at], heap_key[at] = heap_node[child], heap_key[child]
            at = child
        heap_node[at], heap_key[at] = last_node, last_key
        if key > distance[node]:
            continue
        for edge in range(first[node], first[node + 1]):
            reached = key + metres[edge]
            other = neighbour[edge]
            if reached <= limit and reached < distance[other]:
                distance[other] = reached
                at = size
                size += 1
                while at and heap_key[(at - 1) // 2] > reached:
                    heap_node[at], heap_key[at] = heap_node[(at - 1) // 2], heap_key[(at - 1) // 2]
                    at = (at - 1) // 2
                heap_node[at], heap_key[at] = other, reached
    return distance
