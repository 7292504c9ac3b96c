"""
Where a child can walk: streets cut into segments, big ones into their two sides, and crossings between the sides.

A big road is walked along one of its sides. Around each of its nodes the space between two arms of big roads is one
corner: smaller streets lead into the corner that they lie in, sides of big roads run from corner to corner, and the
way across an arm leads from one corner to the next. So nobody reaches the other side by touching a junction, and what
a crossing opens is exactly the way across the arm on which it lies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.compiled import kept
from ruangaman.core.reach.extract import NUMBER_ABSENT, NUMBER_OTHER, Extract, Lines
from ruangaman.core.reach.graph import DEGREE
from ruangaman.core.reach.unjoined import RAISED, unjoined
from ruangaman.core.reach.walk_rules import MISSING, Answer, Profile, WalkRules, judge

STREET: Final = 0
LEFT: Final = 1
RIGHT: Final = 2
ACROSS: Final = 3
"""What an edge is: a street, a side of a big road as its way runs, the way across a big road."""

EARTH_RADIUS_M: Final = 6_371_008.8
SHORTEST_M: Final = 0.001
_NO_CROSSING, _UNMARKED, _MARKED = 0, 1, 2
_CROSSING: Final = (MISSING, "unmarked", "marked")
_OTHER: Final = "other"
_ROOM: Final = 1 << 62

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Network:
    """
    Vertices and edges to walk.

    Attributes:
        lon, lat: float64 (nodes,), degrees, of the nodes of streets.
        segment_u, segment_v: int32 (segments,), nodes, in the direction of the way. segment_line: int32 (segments,),
            which street of the extract. segment_m: float32 (segments,), metres.
        segment_edges: int32 (segments, 2), the edges of its left and its right side; the same twice for a small street.
        vertex_node: int32 (vertices,), the node in which a vertex lies; those of one node stand together.
        vertex_from: float64 (vertices,), radians, east is 0: where the corner of a vertex begins, counter-clockwise.
        u, v: int32 (edges,), vertices. metres: float32 (edges,). part: uint8 (edges,), STREET, LEFT, RIGHT, ACROSS.
        line: int32 (edges,), the street; of ACROSS the one that is crossed.
        look: int32 (edges,), index into `looks`.
        looks: the facts of each kind of edge, as the rules ask for them.
        wall_lon, wall_lat: float64 (walls, 2), degrees, ends of what nobody comes across on the way to a street: big
            roads that nobody walks, rails, water.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    segment_u: NDArray[np.int32]
    segment_v: NDArray[np.int32]
    segment_line: NDArray[np.int32]
    segment_m: NDArray[np.float32]
    segment_edges: NDArray[np.int32]
    vertex_node: NDArray[np.int32]
    vertex_from: NDArray[np.float64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    metres: NDArray[np.float32]
    part: NDArray[np.uint8]
    line: NDArray[np.int32]
    look: NDArray[np.int32]
    looks: tuple[Facts, ...]
    wall_lon: NDArray[np.float64]
    wall_lat: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """
    The edges of a network to one profile.

    Attributes:
        answer: uint8 (edges,), `Answer`. cost: float32 (edges,), metres of walking cost.
        because: of each look, the rules that fit.
    """

    answer: NDArray[np.uint8]
    cost: NDArray[np.float32]
    because: tuple[tuple[str, ...], ...]


def judged(network: Network, rules: WalkRules, profile: Profile) -> Judged:
    """What every edge is to this profile."""
    verdicts = [judge(rules, facts, profile) for facts in network.looks]
    answers = np.array([one.answer for one in verdicts], np.uint8)
    factors = np.array([one.factor for one in verdicts], np.float32)
    added = np.array([one.metres for one in verdicts], np.float32)
    if not verdicts:
        return Judged(np.empty(0, np.uint8), np.empty(0, np.float32), ())
    cost = network.metres * factors[network.look] + added[network.look]
    return Judged(answers[network.look], cost, tuple(one.because for one in verdicts))


def build(extract: Extract, rules: WalkRules) -> Network:
    """The network of an extract."""
    streets = extract.streets
    closed, big = _closed_lines(extract, rules), _big_lines(extract, rules)
    u, v, line = _neighbours(extract.streets, ~closed | big)
    walked = ~closed[line]
    flags = _flags(extract, rules)
    u, v, line, walked = _without_length(extract, u, v, line, walked, flags)
    walked &= ~(flags.shut[u] | flags.shut[v])
    lon, lat = extract.nodes.lon, extract.nodes.lat
    metres = _haversine(lon[u], lat[u], lon[v], lat[v])
    corners = _corners(lon, lat, u, v, big[line], _underground(extract)[line])
    crossing = _crossings(u, v, metres, big[line], corners, flags.crossing, rules.crossing_within)

    keep = np.flatnonzero(walked)
    split = big[line[keep]]
    one, two = keep[~split], keep[split]
    left = (corners.after_u[two], corners.before_v[two])
    right = (corners.before_u[two], corners.after_v[two])
    arms = np.flatnonzero(corners.arm_across)
    arm_edge = corners.arm_edge[arms]
    width = np.array(
        [_width(extract, rules, code) for code in range(len(extract.codes["highway"]))], np.float32
    )
    parts = [
        np.full(len(each), kind, np.uint8)
        for each, kind in ((one, STREET), (two, LEFT), (two, RIGHT), (arms, ACROSS))
    ]
    edge_line = np.concatenate([line[one], line[two], line[two], line[arm_edge]]).astype(np.int32)
    rails = flags.rails[u] | flags.rails[v]
    meets = (
        unjoined(
            np.rint(lon * DEGREE),
            np.rint(lat * DEGREE),
            u,
            v,
            _level(extract.streets, extract)[line],
            big[line],
        )
        & ~flags.crossing_ways[line]
    )
    none = np.zeros(len(arms), np.bool_)
    look, looks = _looks(
        extract, rules, edge_line, np.concatenate(parts),
        np.concatenate([rails[one], rails[two], rails[two], none]),
        np.concatenate([meets[one], meets[two], meets[two], none]),
        np.concatenate([np.zeros(len(one) + 2 * len(two), np.uint8), crossing[arms]]),
    )  # fmt: skip
    shut = big[line] & closed[line] & (_level(extract.streets, extract)[line] == 0)
    walls = np.concatenate([np.stack([u[shut], v[shut]], axis=1), _water_and_rails(extract, rules)])
    place = np.empty((len(u), 2), np.int32)
    first = np.arange(len(one) + 2 * len(two), dtype=np.int32)
    place[one, 0] = place[one, 1] = first[: len(one)]
    place[two, 0] = first[len(one) : len(one) + len(two)]
    place[two, 1] = first[len(one) + len(two) :]
    return Network(
        lon=lon,
        lat=lat,
        segment_u=u[keep],
        segment_v=v[keep],
        segment_line=line[keep],
        segment_m=metres[keep].astype(np.float32),
        segment_edges=place[keep],
        vertex_node=corners.vertex_node,
        vertex_from=corners.vertex_from,
        u=np.concatenate([corners.after_u[one], left[0], right[0], corners.arm_before[arms]]).astype(
            np.int32
        ),
        v=np.concatenate([corners.after_v[one], left[1], right[1], corners.arm_after[arms]]).astype(np.int32),
        metres=np.concatenate(
            [metres[one], metres[two], metres[two], width[streets.tags["highway"][line[arm_edge]]]]
        ).astype(np.float32),
        part=np.concatenate(parts),
        line=edge_line,
        look=look,
        looks=looks,
        wall_lon=lon[walls],
        wall_lat=lat[walls],
    )


def _closed_lines(extract: Extract, rules: WalkRules) -> NDArray[np.bool_]:
    """Streets that nobody walks."""
    tags = extract.streets.tags
    told = {
        column: np.isin(tags[column], _codes(extract, column, rules.closed[column]))
        for column in ("foot", "access", "highway", "area")
    }
    opened = np.isin(tags["foot"], _codes(extract, "foot", rules.opens))
    unlisted = tags["highway"] <= 1  # a street of no known kind is no street to walk
    shut: NDArray[np.bool_] = (
        unlisted | told["highway"] | told["foot"] | told["area"] | (told["access"] & ~opened)
    )
    return shut


def _big_lines(extract: Extract, rules: WalkRules) -> NDArray[np.bool_]:
    tags = extract.streets.tags
    named = np.isin(tags["highway"], _codes(extract, "highway", rules.big))
    wide = extract.streets.numbers["lanes"] >= rules.big_lanes
    wide &= ~np.isin(tags["highway"], _codes(extract, "highway", rules.never_big))
    area = np.isin(tags["area"], _codes(extract, "area", rules.closed["area"]))
    big: NDArray[np.bool_] = (named | wide) & ~area & ~_underground(extract)
    return big


def _underground(extract: Extract) -> NDArray[np.bool_]:
    return np.isin(extract.streets.tags["tunnel"], _codes(extract, "tunnel", frozenset({"yes"})))


def _raised(lines: Lines, extract: Extract) -> NDArray[np.bool_]:
    """Bridges and tunnels, of any kind."""
    tags, no = lines.tags, frozenset({"no"})
    raised = [
        (tags[column] > 0) & ~np.isin(tags[column], _codes(extract, column, no))
        for column in ("bridge", "tunnel")
    ]
    return np.asarray(raised[0] | raised[1])


def _level(lines: Lines, extract: Extract) -> NDArray[np.int32]:
    layer = lines.numbers["layer"].astype(np.int32)
    layer[layer <= NUMBER_OTHER] = 0
    return np.where(_raised(lines, extract), RAISED, layer).astype(np.int32)


def _water_and_rails(extract: Extract, rules: WalkRules) -> NDArray[np.int32]:
    """int32 (walls, 2), nodes: stretches of barriers at the level of the ground that nobody comes across."""
    lines = extract.barriers
    wanted = np.zeros(len(lines), np.bool_)
    for column, values in rules.walls.items():
        if column not in lines.tags:
            continue  # a city's own table of tags may leave it out
        wanted |= np.isin(lines.tags[column], _codes(extract, column, values))
    wanted &= _level(lines, extract) == 0
    u, v, _ = _neighbours(lines, wanted)
    return np.stack([u, v], axis=1)


def _codes(extract: Extract, column: str, values: frozenset[str]) -> NDArray[np.uint8]:
    listed = extract.codes[column]
    return np.array([code for code in range(2, len(listed)) if listed[code] in values], np.uint8)


def _neighbours(
    lines: Lines, wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Neighbouring vertices of the wanted lines: from, to, line. A vertex without location breaks the line."""
    count = np.diff(lines.first)
    line = np.repeat(np.arange(len(lines), dtype=np.int32), count)
    u, v = lines.vertices[:-1], lines.vertices[1:]
    fits = (
        (line[:-1] == line[1:]) & (u >= 0) & (v >= 0) & (u != v) & wanted[line[:-1]]
        if len(line)
        else np.empty(0, np.bool_)
    )
    return u[fits], v[fits], line[:-1][fits]


@dataclass(frozen=True, slots=True)
class _Flags:
    """Of nodes: `crossing` uint8; a gate that is shut; rails. Of streets: whether it is a marked crossing."""

    crossing: NDArray[np.uint8]
    shut: NDArray[np.bool_]
    rails: NDArray[np.bool_]
    crossing_ways: NDArray[np.bool_]


def _without_length(
    extract: Extract, u: NDArray[np.int32], v: NDArray[np.int32], line: NDArray[np.int32],
    walked: NDArray[np.bool_], flags: "_Flags",
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:  # fmt: skip
    """Segments of no length, which lead in no direction, left out: their nodes become the lowest of them."""
    lon, lat = extract.nodes.lon, extract.nodes.lat
    none = (lon[u] == lon[v]) & (lat[u] == lat[v])
    if not none.any():
        return u, v, line, walked
    number = np.arange(len(lon), dtype=np.int32)
    for one, other in zip(u[none].tolist(), v[none].tolist(), strict=True):
        number[number == max(number[one], number[other])] = min(number[one], number[other])
    for of_nodes in (flags.crossing, flags.shut, flags.rails):
        np.maximum.at(of_nodes, number, of_nodes.copy())
    u, v = number[u], number[v]
    kept = u != v
    return u[kept], v[kept], line[kept], walked[kept]


def _flags(extract: Extract, rules: WalkRules) -> _Flags:
    nodes, points, tags = len(extract.nodes.ids), extract.points, extract.points.tags
    for_crossing, marked_ways = _crossing_ways(extract, rules)
    found = _Flags(
        np.zeros(nodes, np.uint8), np.zeros(nodes, np.bool_), np.zeros(nodes, np.bool_), marked_ways
    )
    there = points.node >= 0

    def told(column: str, values: frozenset[str]) -> NDArray[np.bool_]:
        return np.isin(tags[column], _codes(extract, column, values))

    marked = told("crossing", rules.marked)
    crosses = (told("highway", frozenset({"crossing"})) | (tags["crossing"] > 0)) & ~told(
        "crossing", rules.no_crossing
    )
    # Where rails are crossed, `crossing` speaks of the rails.
    crosses &= ~told("railway", rules.rails) | told("highway", frozenset({"crossing"}))
    _raise(found.crossing, points.node[there & crosses], _UNMARKED)
    _raise(found.crossing, points.node[there & crosses & marked], _MARKED)
    shut = (tags["barrier"] > 0) & (
        told("foot", rules.closed["foot"])
        | (told("access", rules.closed["access"]) & ~told("foot", rules.opens))
        | told("locked", rules.closed["locked"])
    )
    found.shut[points.node[there & shut]] = True
    found.rails[points.node[there & told("railway", rules.rails)]] = True
    for lines, kind in ((for_crossing, _UNMARKED), (marked_ways, _MARKED)):
        its = np.repeat(lines, np.diff(extract.streets.first))
        vertices = extract.streets.vertices[its]
        _raise(found.crossing, vertices[vertices >= 0], kind)
    return found


def _crossing_ways(extract: Extract, rules: WalkRules) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Streets that are crossings, and those that are marked ones; a bridge or a tunnel crosses nothing at its level."""
    tags = extract.streets.tags
    crosses = np.isin(tags["footway"], _codes(extract, "footway", frozenset({"crossing"})))
    crosses |= np.isin(tags["path"], _codes(extract, "path", frozenset({"crossing"})))
    crosses &= ~np.isin(tags["crossing"], _codes(extract, "crossing", rules.no_crossing)) & ~_raised(
        extract.streets, extract
    )
    return crosses, crosses & np.isin(tags["crossing"], _codes(extract, "crossing", rules.marked))


def _raise(values: NDArray[np.uint8], at: NDArray[np.int32], to: int) -> None:
    values[at] = np.maximum(values[at], to)


@dataclass(frozen=True, slots=True)
class _Corners:
    """
    Vertices, and which of them each segment and each arm of a big road touches.

    Attributes:
        vertex_node: int32 (vertices,). vertex_from: float64 (vertices,), radians.
        before_u, after_u, before_v, after_v: int32 (segments,), the corners clockwise and counter-clockwise of the
            segment where it leaves u and v; the same for a small street.
        arm_edge: int64 (arms,), the segment; two arms a segment, as it leaves u and as it leaves v.
        arm_node: int32 (arms,).
        arm_before, arm_after: int32 (arms,), its corners. arm_across: bool (arms,), whether they differ, of a big road.
    """

    vertex_node: NDArray[np.int32]
    vertex_from: NDArray[np.float64]
    before_u: NDArray[np.int32]
    after_u: NDArray[np.int32]
    before_v: NDArray[np.int32]
    after_v: NDArray[np.int32]
    arm_edge: NDArray[np.int64]
    arm_node: NDArray[np.int32]
    arm_before: NDArray[np.int32]
    arm_after: NDArray[np.int32]
    arm_across: NDArray[np.bool_]


def _corners(
    lon: NDArray[np.float64], lat: NDArray[np.float64],
    u: NDArray[np.int32], v: NDArray[np.int32], big: NDArray[np.bool_], underground: NDArray[np.bool_],
) -> _Corners:  # fmt: skip
    nodes, segments = len(lon), len(u)
    node = np.concatenate([u, v]).astype(np.int64)
    other = np.concatenate([v, u])
    edge = np.concatenate([np.arange(segments), np.arange(segments)])
    of_big = np.concatenate([big, big])
    east = (lon[other] - lon[node]) * np.cos(np.radians(lat[node]))
    angle = np.arctan2(lat[other] - lat[node], east)
    # Of streets that lie on one another each keeps its place: what is left of another at one end is right of it at the
    # other, as both look outwards. Else a road that is drawn twice would lead from its one side to its other.
    turn = np.where(node < other, 1, -1)
    order = np.lexsort((edge * turn, ~of_big * turn, angle, node))
    node, edge, of_big = node[order], edge[order], of_big[order]
    arms_before = np.cumsum(of_big) - of_big  # of all nodes
    count = np.bincount(node[of_big], minlength=nodes)
    first = np.cumsum(count) - count
    rank = arms_before - first[node]  # big arms of the same node that lie clockwise of this one
    # A big road that just ends, as at the edge of a file, is not walked around: what lies behind is not known. Nor is
    # one that goes on underground.
    above = ~np.concatenate([underground, underground])[order]
    least, most = np.full(nodes, nodes), np.full(nodes, -1)
    np.minimum.at(least, node[above], other[order][above])
    np.maximum.at(most, node[above], other[order][above])
    ends = (count > 0) & (least == most) & (count == np.bincount(node[above], minlength=nodes))
    corners = np.maximum(count, 1) + ends
    base = np.cumsum(corners) - corners
    modulus = corners[node]
    before = (base[node] + rank % modulus).astype(np.int32)
    after = np.where(of_big, base[node] + (rank + 1) % modulus, before).astype(np.int32)
    begins = np.zeros(int(corners.sum()))
    begins[after[of_big]] = angle[order][of_big]
    begins[base[ends]] = begins[base[ends] + 1] + np.pi  # the two sides of an end meet behind it
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    at_u, at_v = back[:segments], back[segments:]
    return _Corners(
        vertex_node=np.repeat(np.arange(nodes, dtype=np.int32), corners),
        vertex_from=begins,
        before_u=before[at_u],
        after_u=after[at_u],
        before_v=before[at_v],
        after_v=after[at_v],
        arm_edge=edge,
        arm_node=node.astype(np.int32),
        arm_before=before,
        arm_after=after,
        arm_across=of_big & (before != after),
    )


def _crossings(
    u: NDArray[np.int32], v: NDArray[np.int32], metres: NDArray[np.float64], big: NDArray[np.bool_],
    corners: _Corners, at_node: NDArray[np.uint8], within: float,
) -> NDArray[np.uint8]:  # fmt: skip
    """uint8 (arms,): the best crossing on an arm, so many metres along the big road from its node, or at the node."""
    arm = np.flatnonzero(big[corners.arm_edge])
    node = corners.arm_node[arm]
    begins = np.searchsorted(node, np.arange(len(at_node) + 1)).astype(np.int64)
    edge = corners.arm_edge[arm]
    other = np.where(u[edge] == node, v[edge], u[edge]).astype(np.int32)
    found = _along(begins, node, other, edge, metres, at_node, within)
    result = np.zeros(len(corners.arm_edge), np.uint8)
    result[arm] = found
    return result


@kept
def _along(
    begins: NDArray[np.int64], node: NDArray[np.int32], other: NDArray[np.int32], edge: NDArray[np.int64],
    metres: NDArray[np.float64], at_node: NDArray[np.uint8], within: float,
) -> NDArray[np.uint8]:  # pragma: no cover  # fmt: skip
    """From each arm outwards, through nodes with two arms, until a crossing, a junction or the limit."""
    found = np.zeros(len(node), np.uint8)
    for arm in range(len(node)):
        best = at_node[node[arm]]
        at, came, gone = other[arm], edge[arm], metres[edge[arm]]
        while best < 2 and gone <= within:
            best = max(best, at_node[at])
            if begins[at + 1] - begins[at] != 2:
                break
            onward = begins[at] if edge[begins[at]] != came else begins[at] + 1
            if other[onward] == node[arm]:
                break
            came = edge[onward]
            gone += metres[came]
            at = other[onward]
        found[arm] = best
    return found


def _haversine(
    lon_1: NDArray[np.float64],
    lat_1: NDArray[np.float64],
    lon_2: NDArray[np.float64],
    lat_2: NDArray[np.float64],
) -> NDArray[np.float64]:
    a, b = np.radians(lat_1), np.radians(lat_2)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon_2 - lon_1) / 2) ** 2
    return np.asarray(np.maximum(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)), SHORTEST_M))


def _width(extract: Extract, rules: WalkRules, code: int) -> float:
    otherwise = rules.widths["otherwise"]
    return rules.widths.get(extract.codes["highway"][code], otherwise)


def _looks(
    extract: Extract, rules: WalkRules, line: NDArray[np.int32], part: NDArray[np.uint8],
    rails: NDArray[np.bool_], meets: NDArray[np.bool_], crossing: NDArray[np.uint8],
) -> tuple[NDArray[np.int32], tuple[Facts, ...]]:  # fmt: skip
    """Edges that no rule tells apart share a look."""
    streets = extract.streets
    asked = {column for rule in (*rules.bases, *rules.besides) for column in rule.when}
    columns = sorted(asked & streets.tags.keys())
    left, right = _pavements(extract, rules)
    both = np.where(left == right, left, np.where((left == _YES) | (right == _YES), _YES, _SAYS_NOTHING))
    # What a small street says: yes where one side has one, no where neither has.
    sides = np.stack([both, left, right, np.full_like(both, _SAYS_NOTHING)])
    parts: list[NDArray[np.int64]] = [streets.tags[column][line].astype(np.int64) for column in columns]
    parts += [
        streets.numbers["maxspeed"][line].astype(np.int64),
        streets.numbers["lanes"][line].astype(np.int64),
    ]
    parts += [
        sides[part, line].astype(np.int64),
        (part == ACROSS).astype(np.int64),
        rails.astype(np.int64),
        meets.astype(np.int64),
        crossing.astype(np.int64),
    ]
    key, examples = _together(parts)
    looks = []
    for row in examples:
        facts: dict[str, str | int] = {}
        for column, values in zip(columns, parts, strict=False):
            code = int(values[row])
            if code:
                facts[column] = extract.codes[column][code] if code > 1 else _OTHER
        for name, values in zip(("speed", "lanes"), parts[len(columns) :], strict=False):
            number = int(values[row])
            if number != NUMBER_ABSENT:
                facts[name] = _OTHER if number == NUMBER_OTHER else number
        facts["class"] = str(facts.get("highway", MISSING)).removesuffix("_link")
        facts["part"] = "crossing" if part[row] == ACROSS else "street"
        if part[row] == ACROSS:
            facts["crossing"] = _CROSSING[crossing[row]]
            facts.pop("kerb", None)
        else:
            facts["pavement"] = _PAVEMENT[sides[part[row], line[row]]]
            facts["rails"] = "yes" if rails[row] else "no"
            facts["unjoined"] = "yes" if meets[row] else "no"
            facts.pop("crossing", None)
        looks.append(facts)
    return key, tuple(looks)


_SAYS_NOTHING, _NO, _YES = 0, 1, 2
_PAVEMENT: Final = (MISSING, "no", "yes")


def _pavements(extract: Extract, rules: WalkRules) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """uint8 (streets,), left and right: yes where one tag says so, no where one says so and none says yes."""
    tags = extract.streets.tags

    def by(column: str, says: Mapping[str, str]) -> NDArray[np.uint8]:
        table = np.array(
            [_PAVEMENT.index(says.get(value, MISSING)) for value in extract.codes[column]], np.uint8
        )
        return table[tags[column]]

    found = []
    for side, own in enumerate(("sidewalk:left", "sidewalk:right")):
        general = by("sidewalk", {value: sides[side] for value, sides in rules.sidewalk.items()})
        found.append(
            np.maximum(
                np.maximum(general, by("sidewalk:both", rules.sidewalk_side)), by(own, rules.sidewalk_side)
            )
        )
    return found[0], found[1]


def _together(columns: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """One number for each row that differs from others, and one row of each number."""
    key, size = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        least = int(column.min(initial=0))
        span = int(column.max(initial=0)) - least + 1
        if size * span >= _ROOM:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            size = int(key.max(initial=0)) + 1
        key = key * span + (column - least)
        size *= span
    _, rows, number = np.unique(key, return_index=True, return_inverse=True)
    return number.astype(np.int32), rows


def share(network: Network, found: Judged) -> dict[Answer, float]:
    """Metres of streets by answer; both sides of a big road count half."""
    weight = (
        np.where(network.part == STREET, 1.0, np.where(network.part == ACROSS, 0.0, 0.5)) * network.metres
    )
    return {answer: float(weight[found.answer == answer].sum()) for answer in Answer}
