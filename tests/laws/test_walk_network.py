"""Sides, corners and crossings of big roads: nobody reaches the other side but by a crossing."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from tests.osm.files import Element, Node, Way, xml

from ruangaman.adapters import city_tables
from ruangaman.adapters.osm import reading, vocabulary
from ruangaman.core.reach import walk_network
from ruangaman.core.reach.unjoined import RAISED, unjoined
from ruangaman.core.reach.walk_network import ACROSS, LEFT, RIGHT, STREET, Network
from ruangaman.core.reach.walk_rules import Answer, Profile

pytestmark = pytest.mark.slow  # the first run compiles the loops

RULES = city_tables.safe_walk()
CHILD, TEEN = Profile("6-12", "day", "foot"), Profile("13-17", "day", "foot")
STEP = 9_000  # 1e-7 degrees, about 100 m
SMALL, BIG = {"highway": "residential"}, {"highway": "secondary", "sidewalk": "both"}
Place = tuple[int, int]


def network(elements: Iterable[Element]) -> Network:
    extract = reading.decode(xml(elements), vocabulary.own(), reading.Limits())
    return walk_network.build(extract, RULES)


def drawn(
    streets: Sequence[tuple[Sequence[Place], Mapping[str, str]]],
    points: Mapping[Place, Mapping[str, str]] | None = None,
) -> Network:
    """Streets through places of a grid of 100 m; points are tags of places."""
    places = sorted({place for path, _ in streets for place in path})
    number = {place: at + 1 for at, place in enumerate(places)}
    nodes = [
        Node(number[place], place[0] * STEP, place[1] * STEP, (points or {}).get(place, {}))
        for place in places
    ]
    ways = [Way(at + 1, [number[one] for one in path], tags) for at, (path, tags) in enumerate(streets)]
    return network([*nodes, *ways])


def regions(found: Network, profile: Profile = CHILD, at_worst: Answer = Answer.SAFE) -> np.ndarray:
    """int (vertices,): which vertices reach each other."""
    open_ = walk_network.judged(found, RULES, profile).answer <= at_worst
    u, v, size = found.u[open_], found.v[open_], len(found.vertex_node)
    return connected_components(coo_matrix((np.ones(len(u)), (u, v)), (size, size)), directed=False)[1]


def joined(found: Network, one: Place, other: Place, **how) -> bool:
    """Whether two places that lie at no big road reach each other."""
    label = regions(found, **how)
    ends = []
    for x, y in (one, other):
        near = np.hypot(found.lon - x * STEP / 1e7, found.lat - y * STEP / 1e7)
        (vertex,) = np.flatnonzero(found.vertex_node == near.argmin())
        ends.append(label[vertex])
    return ends[0] == ends[1]


ROAD = ([(-2, 0), (-1, 0), (0, 0), (1, 0), (2, 0)], BIG)
NORTH, SOUTH = ([(0, 0), (0, 1)], SMALL), ([(0, 0), (0, -1)], SMALL)


def test_a_junction_is_no_way_across_a_big_road():
    assert not joined(drawn([ROAD, NORTH, SOUTH]), (0, 1), (0, -1))
    assert joined(drawn([(ROAD[0], SMALL), NORTH, SOUTH]), (0, 1), (0, -1))


def test_a_crossing_at_the_junction_or_within_30_metres_along_the_road_is_one():
    zebra = {"highway": "crossing", "crossing": "zebra"}
    assert joined(drawn([ROAD, NORTH, SOUTH], {(0, 0): zebra}), (0, 1), (0, -1))
    for metres, reaches in ((28, True), (33, False)):
        near = Node(99, round(metres / 0.0111195), 0, zebra)
        nodes = [Node(at + 1, x * STEP, 0) for at, x in enumerate((-1, 0, 1))]
        ends = [Node(11, 0, STEP), Node(12, 0, -STEP)]
        ways = [Way(1, [1, 2, 99, 3], BIG), Way(2, [2, 11], SMALL), Way(3, [2, 12], SMALL)]
        found = network([*nodes, near, *ends, *ways])
        # At 33 m it is walked to along the pavement and crossed there; so only the way across at the junction differs.
        at_junction = (found.part == ACROSS) & np.isin(found.vertex_node[found.u], [1])
        answers = walk_network.judged(found, RULES, CHILD).answer[at_junction]
        assert (Answer.SAFE in answers) == reaches
        assert joined(found, (0, 1), (0, -1))


def test_a_crossing_opens_the_arm_on_which_it_lies_and_no_other():
    across = ([(0, -2), (0, -1), (0, 0), (0, 1), (0, 2)], BIG)
    corner = [
        ([(1, 1), (1, 0)], SMALL),
        ([(1, -1), (1, 0)], SMALL),
        ([(-1, 1), (-1, 0)], SMALL),
        ([(-1, -1), (-1, 0)], SMALL),
    ]
    zebra = {(1, 0): {"highway": "crossing", "crossing": "marked"}}
    found = drawn([ROAD, across, *corner], zebra)
    assert joined(found, (1, 1), (1, -1))
    assert not joined(found, (1, 1), (-1, 1))
    assert not joined(found, (-1, 1), (-1, -1))


@pytest.mark.parametrize(
    ("tags", "child", "teen"),
    [
        ({"highway": "crossing", "crossing": "traffic_signals"}, Answer.SAFE, Answer.SAFE),
        ({"highway": "crossing"}, Answer.UNKNOWN, Answer.UNKNOWN),
        ({"highway": "crossing", "crossing": "unmarked"}, Answer.UNKNOWN, Answer.UNKNOWN),
        ({"highway": "crossing", "crossing": "no"}, Answer.UNSAFE, Answer.UNKNOWN),
        ({}, Answer.UNSAFE, Answer.UNKNOWN),
    ],
)
def test_what_is_not_known_of_a_crossing_is_never_safe(tags, child, teen):
    found = drawn([ROAD, NORTH, SOUTH], {(0, 0): tags})
    at = (found.part == ACROSS) & (np.abs(found.lon[found.vertex_node[found.u]]) < 1e-9)
    for profile, expected in ((CHILD, child), (TEEN, teen)):
        judged = walk_network.judged(found, RULES, profile)
        assert set(judged.answer[at].tolist()) == {expected}
        if not tags and profile == TEEN:
            assert judged.cost[at].min() == pytest.approx(RULES.widths["secondary"] + 120)


def test_a_way_for_crossing_that_meets_the_road_is_a_crossing():
    way = ([(0, -1), (0, 0), (0, 1)], {"highway": "footway", "footway": "crossing", "crossing": "zebra"})
    assert joined(drawn([ROAD, way]), (0, 1), (0, -1))
    assert not joined(drawn([ROAD, (way[0], {"highway": "footway"})]), (0, 1), (0, -1))


def test_a_street_over_or_under_the_road_shares_no_place_with_it():
    nodes = [Node(1, -STEP, 0), Node(2, STEP, 0), Node(3, 0, STEP), Node(4, 0, -STEP)]
    found = network([*nodes, Way(1, [1, 2], BIG), Way(2, [3, 4], SMALL | {"bridge": "yes"})])
    assert joined(found, (0, 1), (0, -1))


def test_each_side_has_its_own_pavement():
    road = (ROAD[0], {"highway": "secondary", "sidewalk": "left"})
    found = drawn([road, NORTH, SOUTH])
    judged = walk_network.judged(found, RULES, CHILD)
    assert set(judged.cost[found.part == LEFT] / found.metres[found.part == LEFT]) == {np.float32(1.2)}
    assert set(judged.cost[found.part == RIGHT] / found.metres[found.part == RIGHT]) == {np.float32(2.5)}


def test_a_road_that_ends_at_the_edge_of_the_file_is_not_walked_around():
    stub = ([(0, 0), (1, 0)], BIG)
    around = [([(0, 0), (0, 1)], SMALL), ([(0, 0), (0, -1)], SMALL), ([(0, 0), (-1, 0)], BIG)]
    assert not joined(drawn([stub, *around]), (0, 1), (0, -1))


def test_a_road_that_nobody_may_walk_is_still_in_the_way():
    road = (ROAD[0], {"highway": "trunk", "foot": "no"})
    found = drawn([road, NORTH, SOUTH])
    assert not joined(found, (0, 1), (0, -1))
    assert not np.isin(found.part, [LEFT, RIGHT]).any()


def test_a_gate_that_is_locked_breaks_the_way_and_one_that_is_not_does_not():
    path = [([(0, 1), (0, 2), (0, 3)], {"highway": "footway"})]
    assert joined(drawn(path, {(0, 2): {"barrier": "gate"}}), (0, 1), (0, 3))
    for shut in ({"locked": "yes"}, {"access": "private"}, {"foot": "no"}):
        found = drawn(
            [*path, ([(0, 1), (1, 1)], SMALL), ([(0, 3), (1, 3)], SMALL)],
            {(0, 2): {"barrier": "gate"} | shut},
        )
        assert not joined(found, (1, 1), (1, 3))


def test_rails_are_not_known_to_be_safe_for_the_younger():
    path = [([(0, 1), (0, 2), (0, 3)], SMALL)]
    found = drawn(path, {(0, 2): {"railway": "level_crossing"}})
    assert not joined(found, (0, 1), (0, 3))
    assert joined(found, (0, 1), (0, 3), at_worst=Answer.UNKNOWN)
    assert joined(found, (0, 1), (0, 3), profile=TEEN)


UNBUILT = ["proposed", "construction", "abandoned", "platform"]


@pytest.mark.parametrize(("kind", "free"), [*((kind, True) for kind in UNBUILT), ("busway", False)])
def test_lanes_make_no_big_road_of_what_is_not_there(kind, free):
    road = (ROAD[0], {"highway": kind, "lanes": "6"})
    assert joined(drawn([road, NORTH, SOUTH]), (0, 1), (0, -1)) == free


@pytest.mark.parametrize("again", [ROAD[0], ROAD[0][::-1]])
def test_a_road_that_is_drawn_twice_leads_nobody_across(again):
    assert not joined(drawn([ROAD, (again, BIG), NORTH, SOUTH]), (0, 1), (0, -1))
    zebra = {(0, 0): {"highway": "crossing", "crossing": "zebra"}}
    assert joined(drawn([ROAD, (again, BIG), NORTH, SOUTH], zebra), (0, 1), (0, -1))


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3), (2, 3, 1)])
def test_a_street_that_is_drawn_on_a_road_leads_nobody_across(order):
    """The street lies on the middle of the road, whose ends are elsewhere, however its nodes are numbered."""
    west, middle, east = (10 + one for one in order)
    nodes = [
        Node(1, -2 * STEP, 0),
        Node(west, -STEP, 0),
        Node(middle, 0, 0),
        Node(east, STEP, 0),
        Node(2, 2 * STEP, 0),
    ]
    nodes += [Node(5, 0, STEP), Node(6, 0, -STEP), Node(7, -STEP, STEP), Node(8, STEP, -STEP)]
    ways = [
        Way(1, [1, west, middle, east, 2], BIG), Way(2, [west, middle, east], SMALL), Way(3, [middle, 5], SMALL),
        Way(4, [middle, 6], SMALL), Way(5, [west, 7], SMALL), Way(6, [east, 8], SMALL),
    ]  # fmt: skip
    found = network([*nodes, *ways])
    for north in ((0, 1), (-1, 1)):
        for south in ((0, -1), (1, -1)):
            assert not joined(found, north, south)


def test_a_stretch_of_no_length_leads_nobody_across():
    nodes = [
        Node(1, -STEP, 0),
        Node(2, 0, 0),
        Node(22, 0, 0),
        Node(3, STEP, 0),
        Node(5, 0, STEP),
        Node(6, 0, -STEP),
    ]
    ways = [Way(1, [1, 2, 22, 3], BIG), Way(2, [2, 5], SMALL), Way(3, [22, 6], SMALL)]
    assert not joined(network([*nodes, *ways]), (0, 1), (0, -1))
    nodes[1] = Node(2, 0, 0, {"highway": "crossing", "crossing": "zebra"})
    assert joined(network([*nodes, *ways]), (0, 1), (0, -1))


def test_where_a_road_goes_underground_its_sides_do_not_meet_and_above_it_one_walks_freely():
    below = ([(0, 0), (1, 0), (2, 0)], BIG | {"tunnel": "yes", "layer": "-1"})
    mouth = [([(-1, 0), (-1, 1)], SMALL), ([(-1, 0), (-1, -1)], SMALL)]
    above = [([(1, 0), (1, 1)], SMALL), ([(1, 0), (1, -1)], SMALL)]
    found = drawn([([(-2, 0), (-1, 0), (0, 0)], BIG), below, *mouth, *above])
    assert not joined(found, (-1, 1), (-1, -1))
    assert joined(found, (1, 1), (1, -1))


@pytest.mark.parametrize("raised", [{"bridge": "yes"}, {"tunnel": "yes"}, {"bridge": "yes", "layer": "1"}])
def test_a_way_for_crossing_over_or_under_the_road_is_none_at_its_level(raised):
    way = (
        [(0, -1), (0, 0), (0, 1)],
        {"highway": "footway", "footway": "crossing", "crossing": "zebra"} | raised,
    )
    assert not joined(drawn([ROAD, NORTH, SOUTH, way]), (0, 1), (0, -1))


@pytest.mark.parametrize("kind", ["level_crossing", "crossing"])
def test_a_crossing_of_rails_is_none_of_the_road(kind):
    """Rails along which the street runs, so that the street itself is not asked about them."""
    tags = {"railway": kind, "crossing": "uncontrolled"}
    found = drawn([ROAD, NORTH, SOUTH], {(0, 0): tags})
    assert not joined(found, (0, 1), (0, -1), at_worst=Answer.UNKNOWN)
    assert joined(
        drawn([ROAD, NORTH, SOUTH], {(0, 0): tags | {"highway": "crossing"}}), (0, 1), (0, -1), profile=TEEN
    )


def over(road: Mapping[str, str], street: Mapping[str, str], *, stacked: bool = False) -> Network:
    """A street straight over a road, without a node in common; stacked: with a node of each at the same place."""
    nodes = [Node(1, -STEP, 0), Node(2, STEP, 0), Node(3, 0, STEP), Node(4, 0, -STEP)]
    nodes += [Node(5, 0, 0), Node(6, 0, 0)] if stacked else []
    ways = [Way(1, [1, *[5] * stacked, 2], road), Way(2, [3, *[6] * stacked, 4], street)]
    return network([*nodes, *ways])


@pytest.mark.parametrize("stacked", [False, True])
def test_a_street_that_meets_the_road_without_a_junction_is_not_known_to_be_safe(stacked):
    for street in (SMALL, {"highway": "footway", "footway": "crossing"}):
        found = over(BIG, street, stacked=stacked)
        assert not joined(found, (0, 1), (0, -1))
        assert joined(found, (0, 1), (0, -1), at_worst=Answer.UNKNOWN)
        facts = walk_network.judged(found, RULES, CHILD).because
        assert "walk/meets-a-big-road" in {rule for because in facts for rule in because}
    assert joined(over(SMALL, SMALL, stacked=stacked), (0, 1), (0, -1))


@pytest.mark.parametrize(
    ("road", "street"),
    [
        ({}, {"bridge": "yes"}),
        ({}, {"tunnel": "building_passage"}),
        ({"bridge": "viaduct"}, {}),
        ({"layer": "1"}, {}),
        ({}, {"layer": "-1"}),
        ({}, {"footway": "crossing", "crossing": "marked"}),
    ],
)
def test_a_bridge_a_tunnel_another_layer_or_a_marked_crossing_says_how(road, street):
    assert joined(over(BIG | road, {"highway": "footway"} | street), (0, 1), (0, -1))


def test_a_street_that_only_comes_near_the_road_does_not_meet_it():
    nodes = [Node(1, -STEP, 0), Node(2, STEP, 0), Node(3, 0, STEP), Node(4, 0, 1), Node(5, STEP, STEP // 2)]
    found = network([*nodes, Way(1, [1, 2], BIG), Way(2, [3, 4, 5], SMALL)])
    assert joined(found, (0, 1), (1, 0.5))


WHERE = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(
    st.lists(st.tuples(WHERE, WHERE, st.booleans(), st.sampled_from([0, 1, RAISED])), min_size=1, max_size=12)
)
@settings(max_examples=300, deadline=None)
def test_segments_that_meet_a_road_are_those_of_shapely(told):
    places = sorted({place for one, other, _, _ in told for place in (one, other)})
    told = [each for each in told if each[0] != each[1]]
    u, v = (np.array([places.index(each[end]) for each in told], np.int32) for end in (0, 1))
    level, big = np.array([each[3] for each in told], np.int32), np.array([each[2] for each in told], bool)
    x, y = np.array(places, np.float64).T
    found = unjoined(x, y, u, v, level, big)
    lines = [shapely.LineString(each[:2]) for each in told]
    for at, line in enumerate(lines):
        assert found[at] == any(
            big[road] and level[road] == level[at] != RAISED and not {u[at], v[at]} & {u[road], v[road]}
            and line.intersects(lines[road])
            for road in range(len(told))
        )  # fmt: skip


SIZE = 4
PAIRS = [((x, y), (x + 1, y)) for y in range(SIZE) for x in range(SIZE - 1)]
PAIRS += [((x, y), (x, y + 1)) for y in range(SIZE - 1) for x in range(SIZE)]
PIXELS = 8


@given(
    kinds=st.lists(st.sampled_from([None, SMALL, BIG]), min_size=len(PAIRS), max_size=len(PAIRS)),
    flip=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_who_reaches_whom_is_as_on_a_drawing(kinds, flip):
    """The slow truth: roads as walls on a picture, filled with colour; what is one colour is one region."""
    told = [
        (pair[::-1] if flip else pair, kind)
        for pair, kind in zip(PAIRS, kinds, strict=True)
        if kind is not None
    ]
    if not told:
        return
    found = drawn(told)
    label = regions(found)
    picture, colours = _picture(told)
    seen: dict[int, set[int]] = {}
    for segment, (left, right) in enumerate(found.segment_edges):
        ends = [_place(found, node) for node in (found.segment_u[segment], found.segment_v[segment])]
        for edge in {int(left), int(right)}:
            assert label[found.u[edge]] == label[found.v[edge]]
            pixel = _pixel(ends, int(found.part[edge]))
            assert colours[pixel]
            seen.setdefault(int(colours[pixel]), set()).add(int(label[found.u[edge]]))
    assert picture.any()
    assert all(len(labels) == 1 for labels in seen.values())
    assert len(set.union(*seen.values())) == len(seen)


def _place(found: Network, node: int) -> Place:
    return round(float(found.lon[node]) * 1e7 / STEP), round(float(found.lat[node]) * 1e7 / STEP)


def _pixel(ends: Sequence[Place], part: int) -> Place:
    """Where an edge shows on the picture: its middle, or one pixel to its side."""
    (x_1, y_1), (x_2, y_2) = ((x + 1, y + 1) for x, y in ends)
    middle = ((x_1 + x_2) * PIXELS // 2, (y_1 + y_2) * PIXELS // 2)
    if part == STREET:
        return middle
    turn = 1 if part == LEFT else -1
    return middle[0] - turn * (y_2 - y_1), middle[1] + turn * (x_2 - x_1)


def _picture(told) -> tuple[np.ndarray, np.ndarray]:
    shape = ((SIZE + 1) * PIXELS, (SIZE + 1) * PIXELS)
    wall, street = np.zeros(shape, bool), np.zeros(shape, bool)
    arms: dict[Place, list[Place]] = {}
    for (one, other), kind in told:
        (x_1, y_1), (x_2, y_2) = sorted(
            [
                ((one[0] + 1) * PIXELS, (one[1] + 1) * PIXELS),
                ((other[0] + 1) * PIXELS, (other[1] + 1) * PIXELS),
            ]
        )
        (wall if kind is BIG else street)[x_1 : x_2 + 1, y_1 : y_2 + 1] = True
        for here, there in ((one, other), (other, one)):
            arms.setdefault(here, []).append((there[0] - here[0], there[1] - here[1]))
    beside = ndimage.binary_dilation(wall, np.ones((3, 3)))
    blocked = wall.copy()
    for (x, y), leaving in arms.items():
        end = ((x + 1) * PIXELS, (y + 1) * PIXELS)
        if len(leaving) == 1 and wall[end]:
            for away in (1, 2):
                blocked[end[0] - away * leaving[0][0], end[1] - away * leaving[0][1]] = True
    free = (street | beside) & ~blocked
    return wall | street, ndimage.label(free)[0]


def test_rows_that_follow_each_other_hold():
    found = drawn([ROAD, NORTH, SOUTH])
    assert all(a != b for a, b in pairwise(found.looks))
    assert (found.metres > 0).all()
    assert found.segment_edges.shape == (len(found.segment_u), 2)
