"""
One child's walk over a city's judged streets, and what a repair would change, in plain Python: no compiled loop.

It answers what a page asks about one start or one repair, and looks no further than the walk may go. Whole cities are
the work of `search` and `walks`; both follow the same rules, and a test holds them against each other.
"""

import heapq
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, inf, radians
from typing import Final

from ruangaman.core.reach.walk_rules import Answer

METRES_A_DEGREE: Final = 111_194.93
ACROSS: Final = 3
"""The part of an edge that leads across a big road; the others are a street and a side."""
AUDIT: Final = "audit"
SHORTEST: Final = 0.001
"""Metres: no edge is shorter."""


@dataclass(frozen=True, slots=True)
class Look:
    """
    What one kind of edge is to one profile.

    Attributes:
        answer: of it. factor: by which its metres count. metres: that are added once.
        because: rules that fit, in their order.
    """

    answer: Answer
    factor: float
    metres: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where a place is entered: on an edge, so many metres from its first end."""

    place: int
    edge: int
    along: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Homes:
    """
    Where children are expected, never one child.

    Attributes:
        first: int32 (edges + 1,): the homes of edge e are those from `first[e]` to `first[e + 1]`.
        along: float32 (homes,), metres from the first end of its edge.
        children: of each group of ages, float32 (homes,), expected numbers.
    """

    first: "array[int]"
    along: "array[float]"
    children: "Mapping[str, array[float]]"


@dataclass(frozen=True, slots=True)
class WalkMap:
    """
    Streets as a page needs them.

    Attributes:
        lon, lat: float64 (vertices,), degrees.
        u, v: int32 (edges,), vertices. metres: float32 (edges,). part: uint8 (edges,).
        line: int32 (edges,), the street as it was mapped. name: int32 (lines,), into `names`.
        size: uint8 (lines,), 0 a small street, 1 a collector, 2 a big road.
        look: int32 (edges,), into `looks` and `repaired`.
        names: what streets are called, "" first.
        looks: by profile ("6-12/day/foot"), by look. repaired: by action, by profile, by look.
        around_first, around: int32: the edges that meet a vertex.
        entrances: of all places. at_edge: edge -> its entrances.
    """

    lon: "array[float]"
    lat: "array[float]"
    u: "array[int]"
    v: "array[int]"
    metres: "array[float]"
    part: "array[int]"
    line: "array[int]"
    name: "array[int]"
    size: "array[int]"
    look: "array[int]"
    names: Sequence[str]
    looks: Mapping[str, Sequence[Look]]
    repaired: Mapping[str, Mapping[str, Sequence[Look]]]
    around_first: "array[int]"
    around: "array[int]"
    entrances: Sequence[Entrance]
    at_edge: Mapping[int, Sequence[int]]

    def edges_at(self, vertex: int) -> "array[int]":
        return self.around[self.around_first[vertex] : self.around_first[vertex + 1]]

    def called(self, edge: int) -> str:
        """The name of an edge's street, "" without one."""
        line = self.line[edge]
        return self.names[self.name[line]] if line >= 0 else ""


@dataclass(frozen=True, slots=True)
class Path:
    """
    A walk from a vertex to an entrance.

    Attributes:
        edges: one after the other, each with the share of it that is walked.
        vertices: where they meet, the start first.
        entrance: its number. cost: metres of walking cost. metres: that are walked.
    """

    edges: tuple[tuple[int, float], ...]
    vertices: tuple[int, ...]
    entrance: int
    cost: float
    metres: float


Repairs = Mapping[int, str]
"""Edge -> the action that repairs it; a survey (AUDIT) that is hoped to find it safe."""


@dataclass(frozen=True, slots=True)
class Gain:
    """
    Children who walk safely after repairs and do not before.

    Attributes:
        sure: over stretches that are known to be safe. possible: and over those of which not enough is known.
        unknown: streets of which not enough is known, on the way of those who are only possible.
    """

    sure: float
    possible: float
    unknown: frozenset[str]


def looked(city: WalkMap, profile: str, edge: int, repairs: Repairs) -> Look:
    """What an edge is to a profile once the repairs are made."""
    action = repairs.get(edge)
    now = city.looks[profile][city.look[edge]]
    if action is None:
        return now
    if action == AUDIT:
        return replace(now, answer=Answer.SAFE) if now.answer == Answer.UNKNOWN else now
    after = city.repaired[action][profile][city.look[edge]]
    return after if after.answer <= now.answer else now


def walk(
    city: WalkMap, profile: str, start: int, wanted: Iterable[int], *,
    at_worst: Answer, limit: float, repairs: Repairs | None = None, plain: bool = False,
) -> Path | None:  # fmt: skip
    """
    The cheapest walk from a vertex to one of the wanted entrances; None where there is none within the limit.

    Args:
        at_worst: edges that are worse are closed. limit: metres of walking cost, this much included.
        plain: costs are metres, whatever the rules add.
    """
    fixed = repairs or {}
    targets: dict[int, list[int]] = {}
    for one in wanted:
        targets.setdefault(city.entrances[one].edge, []).append(one)
    cost = {start: 0.0}
    came: dict[int, tuple[int, int]] = {}
    done: set[int] = set()
    heap = [(0.0, start)]
    best, last = inf, (-1, -1, -1.0)
    while heap:
        gone, vertex = heapq.heappop(heap)
        if gone > min(limit, best):
            break
        if vertex in done:
            continue
        done.add(vertex)
        for edge in city.edges_at(vertex):
            look = looked(city, profile, edge, fixed)
            length = city.metres[edge]
            for one in targets.get(edge, ()):
                along = city.entrances[one].along
                ahead = along if city.u[edge] == vertex else length - along
                total = gone + _cost(look, ahead, length, at_worst, plain)
                if total < best and total <= limit:
                    best, last = total, (one, vertex, ahead / length if length else 0.0)
            onward = city.v[edge] if city.u[edge] == vertex else city.u[edge]
            total = gone + _cost(look, max(length, SHORTEST), length, at_worst, plain)
            if onward not in done and total <= limit and total < cost.get(onward, inf):
                cost[onward] = total
                came[onward] = (vertex, edge)
                heapq.heappush(heap, (total, onward))
    if best == inf:
        return None
    return _path(city, came, start, last, best)


def _cost(look: Look, walked: float, length: float, at_worst: Answer, plain: bool = False) -> float:
    """
    Of a part of an edge; inf where it is closed. What is added once is added by the share that is walked, as the
    compiled search has it, and what lies at the end of an edge lies at its vertex, whatever the edge is.
    """
    if walked <= 0:
        return 0.0
    if look.answer > at_worst:
        return inf
    return walked if plain else walked * look.factor + look.metres * walked / length


def _path(
    city: WalkMap, came: Mapping[int, tuple[int, int]], start: int, last: tuple[int, int, float], cost: float
) -> Path:
    entrance, vertex, share = last
    edges = [(city.entrances[entrance].edge, share)]
    vertices = [vertex]
    while vertex != start:
        vertex, edge = came[vertex]
        edges.append((edge, 1.0))
        vertices.append(vertex)
    edges.reverse()
    vertices.reverse()
    metres = sum(city.metres[edge] * part for edge, part in edges)
    return Path(tuple(edges), tuple(vertices), entrance, cost, metres)


def gained(
    city: WalkMap, homes: Homes, profile: str, wanted: Sequence[int], repairs: Repairs, *,
    limit: float, hoped: Repairs | None = None,
) -> Gain:  # fmt: skip
    """
    What repairs bring, looked for no further than their effect may go.

    Args:
        wanted: entrances of the places that count.
        hoped: surveys: edges that may turn out to be safe; they count for what is possible, not for what is sure.
    """
    age = homes.children[profile.partition("/")[0]]
    every = {**repairs, **(hoped or {})}
    if not every:
        return Gain(0.0, 0.0, frozenset())
    near = list(_near(city, wanted, every, 2 * limit))
    safe_before = _reached(city, homes, profile, near, {}, Answer.SAFE, limit)[0]
    known_before = _reached(city, homes, profile, near, {}, Answer.UNKNOWN, limit)[0]
    safe_after = _reached(city, homes, profile, near, repairs, Answer.SAFE, limit)[0]
    hoped_after = _reached(city, homes, profile, near, every, Answer.SAFE, limit)[0]
    known_after, tree = _reached(city, homes, profile, near, every, Answer.UNKNOWN, limit)
    sure = safe_after - safe_before
    possible = (safe_after | hoped_after | (known_after - known_before)) - safe_before
    unknown = frozenset(_not_known(city, homes, profile, possible - safe_after, tree, repairs))
    return Gain(sum(age[one] for one in sure), sum(age[one] for one in possible), unknown)


def served(
    city: WalkMap, homes: Homes, profile: str, wanted: Sequence[int], *, at_worst: Answer, limit: float
) -> set[int]:
    """Homes with an entrance within the limit, over edges that are at worst this."""
    return _reached(city, homes, profile, wanted, {}, at_worst, limit)[0]


def _near(city: WalkMap, wanted: Sequence[int], repairs: Repairs, metres: float) -> Iterator[int]:
    """Entrances that lie near enough to a repair, in a straight line."""
    spots = [(city.lon[city.u[edge]], city.lat[city.u[edge]]) for edge in repairs]
    for one in wanted:
        entrance = city.entrances[one]
        east = METRES_A_DEGREE * cos(radians(entrance.lat))
        if any(
            hypot((entrance.lon - lon) * east, (entrance.lat - lat) * METRES_A_DEGREE) <= metres
            for lon, lat in spots
        ):
            yield one


Tree = dict[int, tuple[int, int]]


def _reached(
    city: WalkMap,
    homes: Homes,
    profile: str,
    wanted: Sequence[int],
    repairs: Repairs,
    at_worst: Answer,
    limit: float,
) -> tuple[set[int], Tree]:
    """Homes within the limit of an entrance, and from where each vertex was reached: (vertex or -1, edge)."""
    cost: dict[int, float] = {}
    came: Tree = {}
    heap: list[tuple[float, int]] = []
    found: set[int] = set()

    def offer(vertex: int, total: float, origin: int, edge: int) -> None:
        if total <= limit and total < cost.get(vertex, inf):
            cost[vertex] = total
            came[vertex] = (origin, edge)
            heapq.heappush(heap, (total, vertex))

    def homes_on(edge: int, look: Look, origin: float, total: float) -> None:
        length = city.metres[edge]
        for home in range(homes.first[edge], homes.first[edge + 1]):
            if total + _cost(look, abs(homes.along[home] - origin), length, at_worst) <= limit:
                found.add(home)

    for one in wanted:
        entrance = city.entrances[one]
        look = looked(city, profile, entrance.edge, repairs)
        length = city.metres[entrance.edge]
        homes_on(entrance.edge, look, entrance.along, 0.0)
        offer(city.u[entrance.edge], _cost(look, entrance.along, length, at_worst), -1, entrance.edge)
        offer(
            city.v[entrance.edge], _cost(look, length - entrance.along, length, at_worst), -1, entrance.edge
        )
    done: set[int] = set()
    while heap:
        gone, vertex = heapq.heappop(heap)
        if vertex in done:
            continue
        done.add(vertex)
        for edge in city.edges_at(vertex):
            look = looked(city, profile, edge, repairs)
            length = city.metres[edge]
            from_u = city.u[edge] == vertex
            homes_on(edge, look, 0.0 if from_u else length, gone)
            onward = city.v[edge] if from_u else city.u[edge]
            offer(onward, gone + _cost(look, max(length, SHORTEST), length, at_worst), vertex, edge)
    return found, came


def _not_known(
    city: WalkMap, homes: Homes, profile: str, those: set[int], tree: Tree, made: Repairs
) -> Iterator[str]:
    """Names of streets of which not enough is known, on the ways of these homes."""
    edges = {_edge_of(homes, home) for home in those}
    seen: set[int] = set()
    ways = set(edges)
    for edge in edges:
        for vertex in (city.u[edge], city.v[edge]):
            while vertex in tree and vertex not in seen:
                seen.add(vertex)
                vertex, through = tree[vertex]
                ways.add(through)
    for edge in ways:
        if looked(city, profile, edge, made).answer == Answer.UNKNOWN and edge not in made:
            yield city.called(edge) or f"#{city.line[edge]}"


def _edge_of(homes: Homes, home: int) -> int:
    low, high = 0, len(homes.first) - 1
    while low < high:
        middle = (low + high) // 2
        if homes.first[middle + 1] > home:
            high = middle
        else:
            low = middle + 1
    return low
