"""Sari's street, the big road, the park behind it: who walks there safely, who does not, and why."""

from itertools import product

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from tests.osm.files import Node, Way, xml

from ruangaman.adapters import city_tables
from ruangaman.adapters.osm import reading, vocabulary
from ruangaman.core.reach import gates, walk_network, walks
from ruangaman.core.reach.gates import GateLimits, Known
from ruangaman.core.reach.walk_rules import Answer, Profile
from ruangaman.core.reach.walks import Why

pytestmark = pytest.mark.slow  # the first run compiles the loops

RULES = city_tables.safe_walk()
CHILD, TEEN = Profile("6-12", "day", "foot"), Profile("13-17", "day", "foot")
METRE = 1 / 0.0111195  # units of 1e-7 degrees, near the equator
SMALL, BIG = {"highway": "residential"}, {"highway": "secondary", "sidewalk": "both"}
ZEBRA = {"highway": "crossing", "crossing": "zebra"}


def at(number: int, east: float, north: float, tags=None) -> Node:
    return Node(number, round(east * METRE), round(north * METRE), tags or {})


class Town:
    """
    Metres from the junction: a road from 500 m west to 500 m east; Sari's street to 200 m north, one to 100 m south
    that passes the western edge of a park, 10 m from it.
    """

    def __init__(self, *, crossing=None, road=BIG, park=None, points=(), doors=None):
        doors = doors or {}
        nodes = [
            at(1, -500, 0), at(2, -300, 0, crossing), at(3, 0, 0), at(4, 500, 0), at(5, 0, 200), at(6, 0, -100),
            at(7, 10, -50, doors.get(7)), at(8, 210, -50, doors.get(8)), at(9, 210, -250, doors.get(9)),
            at(10, 10, -250, doors.get(10)), *points,
        ]  # fmt: skip
        ways = [
            Way(1, [1, 2, 3, 4], road), Way(2, [3, 5], SMALL), Way(3, [3, 6], SMALL),
            Way(4, [7, 8, 9, 10, 7], {"leisure": "park", "name": "Taman"} if park is None else park),
        ]  # fmt: skip
        self.extract = reading.decode(xml([*nodes, *ways]), vocabulary.own(), reading.Limits())
        self.network = walk_network.build(self.extract, RULES)
        self.streets = walks.ready(self.network)

    def gates(self, **limits) -> gates.Gates:
        wanted = np.arange(len(self.extract.places))
        return gates.gates(self.extract, self.streets, RULES, wanted, GateLimits(**limits))

    def homes(self, *places: tuple[float, float], limit: float = 60):
        east, north = np.array(places, float).T
        return walks.snap(self.streets, east * METRE / 1e7, north * METRE / 1e7, limit=limit)

    def walk(self, *places: tuple[float, float], profile: Profile = CHILD, limit: float = 1_000):
        judged = walk_network.judged(self.network, RULES, profile)
        entered = self.gates()
        return walks.walk(
            self.streets, judged, self.homes(*places), entered.points, entered.place, limit=limit
        )


HOME = (5.0, 150.0)


def test_sari_cannot_walk_to_the_park_and_the_road_is_why():
    found = Town().walk(HOME)
    assert found.answer.tolist() == [Answer.UNSAFE]
    assert found.why.tolist() == [Why.BARRIER]
    assert found.site.tolist() == [0]
    # To the junction, across 10 m, and down the street to where the park's edge begins beside it.
    assert found.any_cost[0] == pytest.approx(150 + 10 + 50, abs=1)


def test_a_crossing_300_metres_away_is_walked_to():
    found = Town(crossing=ZEBRA).walk(HOME)
    assert found.answer.tolist() == [Answer.SAFE]
    # Both ways along the pavement count 1.2 times, for it is a big road.
    assert found.safe_cost[0] == pytest.approx(150 + 2 * 300 * 1.2 + 10 + 50, abs=2)
    assert Town(crossing=ZEBRA).walk(HOME, limit=900).answer.tolist() == [Answer.UNSAFE]


def test_what_is_not_known_of_the_way_is_said_and_is_not_safe():
    found = Town(crossing=ZEBRA, road={"highway": "secondary"}).walk(HOME, limit=2_000)
    assert found.answer.tolist() == [Answer.UNKNOWN]
    assert found.why.tolist() == [Why.NOT_SURVEYED]
    teen = Town().walk(HOME, profile=TEEN)
    assert teen.why.tolist() == [Why.NOT_SURVEYED]
    assert teen.known_cost[0] == pytest.approx(150 + 10 + 120 + 50, abs=1)


def test_too_far_and_off_the_streets_are_told_apart():
    found = Town().walk(HOME, (0.0, 400.0), limit=100)
    assert found.why.tolist() == [Why.TOO_FAR, Why.OFF_STREET]
    assert found.answer.tolist() == [Answer.UNSAFE, Answer.UNKNOWN]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_home_on_the_road_begins_on_its_own_side(backwards):
    town = Town()
    if backwards:  # the way drawn from east to west
        nodes = [at(1, 500, 0), at(2, 0, 0), at(3, -500, 0), at(6, 0, -100), at(5, 0, 200)]
        ring = [at(7, 10, -50), at(8, 210, -50), at(9, 210, -250), at(10, 10, -250)]
        ways = [
            Way(1, [1, 2, 3], BIG),
            Way(2, [2, 5], SMALL),
            Way(3, [2, 6], SMALL),
            Way(4, [7, 8, 9, 10, 7], {"leisure": "park"}),
        ]
        town.extract = reading.decode(xml([*nodes, *ring, *ways]), vocabulary.own(), reading.Limits())
        town.network = walk_network.build(town.extract, RULES)
        town.streets = walks.ready(town.network)
    found = town.walk((100.0, -8.0), (100.0, 8.0), (-100.0, -8.0), (-100.0, 8.0))
    assert found.answer.tolist() == [Answer.SAFE, Answer.UNSAFE, Answer.SAFE, Answer.UNSAFE]
    assert found.safe_cost[[0, 2]] == pytest.approx([100 * 1.2 + 50] * 2, abs=2)


@pytest.mark.parametrize("wedge", [25, 60, 90, 135, 180, 300])
@pytest.mark.parametrize("turned", [0, 100, 170, 260])
def test_a_home_at_a_bend_of_a_big_road_begins_on_its_own_side(wedge, turned):
    """A road that bends in a junction; a street and a playground within the wedge; homes all around, 12 m away."""

    def away(degrees: float, metres: float) -> tuple[float, float]:
        angle = np.radians(turned + degrees)
        return float(np.cos(angle) * metres), float(np.sin(angle) * metres)

    inside = away(wedge / 2, 200)
    town = Town()
    nodes = [at(1, *away(0, 300)), at(3, 0, 0), at(4, *away(wedge, 300)), at(5, *inside)]
    nodes += [at(20, *inside, {"leisure": "playground"})]
    ways = [Way(1, [1, 3, 4], BIG), Way(2, [3, 5], SMALL)]
    town.extract = reading.decode(xml([*nodes, *ways]), vocabulary.own(), reading.Limits())
    town.network = walk_network.build(town.extract, RULES)
    town.streets = walks.ready(town.network)
    angles = [degrees for degrees in range(3, 360, 6) if degrees != wedge]
    found = town.walk(*(away(degrees, 12) for degrees in angles))
    expected = [Answer.SAFE if degrees < wedge else Answer.UNSAFE for degrees in angles]
    assert found.answer.tolist() == expected


def test_a_home_at_the_end_of_a_big_road_begins_on_its_own_side():
    """At the edge of a file, where the two sides do not meet."""
    for turned in range(0, 360, 10):
        town, cos, sin = Town(), np.cos(np.radians(turned)), np.sin(np.radians(turned))
        told = {1: (0, 0), 2: (100, 0), 3: (300, 0), 4: (100, 200), 5: (100, 200)}
        tags = {5: {"leisure": "playground"}}
        nodes = [at(n, x * cos - y * sin, x * sin + y * cos, tags.get(n)) for n, (x, y) in told.items()]
        ways = [Way(1, [1, 2, 3], BIG), Way(2, [2, 4], SMALL)]
        town.extract = reading.decode(xml([*nodes, *ways]), vocabulary.own(), reading.Limits())
        town.network = walk_network.build(town.extract, RULES)
        town.streets = walks.ready(town.network)
        homes = [(-10, 3), (-3, 10), (-10, -3), (-3, -10)]
        found = town.walk(*((x * cos - y * sin, x * sin + y * cos) for x, y in homes))
        assert found.answer.tolist() == [Answer.SAFE] * 2 + [Answer.UNSAFE] * 2, turned


def town_of(*elements) -> Town:
    town = Town()
    town.extract = reading.decode(xml(elements), vocabulary.own(), reading.Limits())
    town.network = walk_network.build(town.extract, RULES)
    town.streets = walks.ready(town.network)
    return town


WALLS = [
    {"highway": "trunk", "foot": "no"},
    {"railway": "rail"},
    {"waterway": "river"},
]


@pytest.mark.parametrize("wall", WALLS)
def test_a_home_is_not_joined_to_the_street_behind_a_wall(wall):
    """A street 20 m north of the wall, another 45 m south of it, homes on both sides and on the wall's joints."""
    nodes = [
        at(1, -300, 0),
        at(2, 0, 0),
        at(3, 300, 0),
        at(4, -300, 20),
        at(5, 300, 20),
        at(6, -300, -45),
        at(7, 300, -45),
    ]
    streets = [Way(2, [4, 5], SMALL), Way(3, [6, 7], SMALL)]
    town = town_of(*nodes, Way(1, [1, 2, 3], wall), *streets)
    homes = town.homes((0, -5), (10, -5), (0, 5), (0, 0), (310, -5), limit=60)
    assert homes.aside == pytest.approx([40, 40, 15, 20, np.hypot(10, 25)], abs=0.2)
    assert town.homes((0, -5), limit=30).snapped.tolist() == [False]
    for free in ({"bridge": "viaduct"}, {"tunnel": "yes"}, {"layer": "1"}):
        raised = town_of(*nodes, Way(1, [1, 2, 3], wall | free), *streets)
        assert raised.homes((0, -5)).aside == pytest.approx([25], abs=0.2)


def test_a_home_beside_a_wall_is_joined_to_the_street_that_ends_at_it_on_its_own_side():
    """The street's end is a node of a trunk road that nobody walks."""
    wall = Way(1, [1, 2, 3], {"highway": "trunk", "foot": "no"})
    nodes = [
        at(1, -300, 0),
        at(2, 0, 0),
        at(3, 300, 0),
        at(5, 0, 200),
        at(20, 0, 200, {"leisure": "playground"}),
    ]
    found = town_of(*nodes, wall, Way(2, [2, 5], SMALL)).walk((0, -10), (0, 10))
    assert found.answer.tolist() == [Answer.UNSAFE, Answer.SAFE]
    assert found.why.tolist() == [Why.BARRIER, Why.SAFE]


@pytest.mark.parametrize("seed", range(3))
def test_whom_walls_keep_from_a_street_is_as_shapely_says(seed):
    chance = np.random.default_rng(seed)
    ends = chance.uniform(-500, 500, (40, 2)).round()
    away = ends + chance.uniform(-120, 120, (40, 2)).round()
    nodes = [
        at(2 * n + k + 1, *each)
        for n, pair in enumerate(zip(ends, away, strict=True))
        for k, each in enumerate(pair)
    ]
    ways = [Way(n + 1, [2 * n + 1, 2 * n + 2], SMALL if n < 20 else {"waterway": "canal"}) for n in range(40)]
    town = town_of(*nodes, *ways)
    homes = chance.uniform(-500, 500, (300, 2))
    found = town.homes(*map(tuple, homes), limit=150)
    lines = [shapely.LineString(pair) for pair in zip(ends, away, strict=True)]
    for home, aside in zip(homes, found.aside, strict=True):
        point, best = shapely.Point(home), np.inf
        for street in lines[:20]:
            way = shapely.shortest_line(point, street)
            if way.length <= 150 and not any(way.crosses(wall) for wall in lines[20:]):
                best = min(best, way.length)
        assert aside == pytest.approx(best, abs=0.1)


def test_a_park_without_entrances_is_entered_where_a_street_comes_near_and_not_in_its_middle():
    found = Town().gates()
    assert set(found.known.tolist()) == {Known.BESIDE_A_WAY}
    assert np.abs(found.lon / METRE * 1e7 - 10).max() < 11  # the western edge, or the corner beside it
    assert found.without.tolist() == []
    assert Town().gates(beside=5.0).without.tolist() == [0]


@pytest.mark.parametrize("turned", [False, True])
def test_a_child_who_lives_along_a_park_does_not_walk_to_its_middle(turned):
    """A park 10 m beside one straight street of 600 m without a vertex between, from 100 to 500 m along it."""
    ends = [2, 1] if turned else [1, 2]
    nodes = [at(1, 0, 0), at(2, 0, 600), at(7, 10, 100), at(8, 110, 100), at(9, 110, 500), at(10, 10, 500)]
    town = Town()
    ways = [Way(1, ends, SMALL), Way(2, [7, 8, 9, 10, 7], {"leisure": "park"})]
    town.extract = reading.decode(xml([*nodes, *ways]), vocabulary.own(), reading.Limits())
    town.network = walk_network.build(town.extract, RULES)
    town.streets = walks.ready(town.network)
    found = town.walk(*((-3.0, float(north)) for north in range(0, 601, 25)))
    expected = np.array([max(100 - north, 0, north - 500) for north in range(0, 601, 25)], float)
    walked = found.any_cost  # plain metres
    assert (walked >= expected - 0.5).all()
    assert (walked <= expected + 20.5).all()
    assert walked[0] == pytest.approx(100, abs=0.5)
    assert walked[-1] == pytest.approx(100, abs=0.5)
    assert len(town.gates().place) <= 400 / 20 + 3


def test_a_mapped_entrance_is_the_only_one():
    found = Town(doors={7: {"entrance": "main"}}).gates()
    assert found.known.tolist() == [Known.MAPPED]
    assert (found.lon[0] / METRE * 1e7, found.lat[0] / METRE * 1e7) == pytest.approx((10, -50), abs=0.1)
    far = Town(doors={9: {"barrier": "gate"}}).gates()  # no street comes near it
    assert far.without.tolist() == [0]


def test_where_the_edge_of_a_park_is_cut_off_nobody_drew_a_gate():
    """The park's ring goes far around, but its eastern part is outside the file; a street runs through the gap."""
    town = Town()
    nodes = [
        at(1, -100, 0),
        at(2, 100, 0),
        at(7, 0, 300),
        at(8, -400, 300),
        at(9, -400, -300),
        at(10, 0, -300),
    ]
    ways = [Way(1, [1, 2], SMALL), Way(2, [7, 8, 9, 10, 77, 7], {"leisure": "park"})]
    town.extract = reading.decode(xml([*nodes, *ways]), vocabulary.own(), reading.Limits())
    town.network = walk_network.build(town.extract, RULES)
    town.streets = walks.ready(town.network)
    assert town.gates().without.tolist() == [0]
    whole = [*nodes, ways[0], Way(2, [7, 8, 9, 10, 7], {"leisure": "park"})]
    town.extract = reading.decode(xml(whole), vocabulary.own(), reading.Limits())
    assert town.gates().place.tolist() == [0]


@pytest.mark.parametrize("shut", [{"access": "private"}, {"locked": "yes"}, {"foot": "no"}])
def test_a_gate_that_is_shut_is_no_entrance(shut):
    assert set(Town(doors={9: {"barrier": "gate"} | shut}).gates().known.tolist()) == {Known.BESIDE_A_WAY}


def test_a_place_that_is_a_point_is_entered_from_the_street():
    town = Town(park={"landuse": "grass"}, points=[at(20, 40, -60, {"leisure": "playground"})])
    assert town.gates().known.tolist() == [Known.ONE_POINT]
    assert town.gates(one_point=30.0).without.tolist() == [0]


@pytest.mark.parametrize("profile", [CHILD, TEEN, Profile("0-5", "dusk", "wheelchair")])
def test_costs_are_those_of_dijkstra_over_the_same_edges(profile):
    town = Town(crossing=ZEBRA, road={"highway": "secondary", "sidewalk": "left", "lit": "yes"})
    judged = walk_network.judged(town.network, RULES, profile)
    entered, homes = town.gates(), town.homes(HOME, (-490.0, 1.0), (5.0, 20.0))
    found = walks.walk(town.streets, judged, homes, entered.points, entered.place, limit=5_000)
    for at_worst, told in ((Answer.SAFE, found.safe_cost), (Answer.UNKNOWN, found.known_cost)):
        assert told == pytest.approx(
            _slow(town, judged, homes, entered.points, at_worst), abs=0.01, nan_ok=True
        )


def _slow(town: Town, judged, homes, places, at_worst) -> list[float]:
    """Each home and gate as a node of its own in the middle of its edge; SciPy for the rest."""
    graph, many = town.streets.graph, len(town.network.vertex_node)
    cost, answer = judged.cost[graph.edge_id], judged.answer[graph.edge_id]
    links: dict[tuple[int, int], float] = {}

    def link(one: int, other: int, metres: float) -> None:
        links[one, other] = min(links.get((one, other), np.inf), max(metres, 1e-9))

    for edge in range(graph.edges):
        if answer[edge] <= at_worst:
            link(int(graph.edge_tail[edge]), int(graph.edge_head[edge]), float(cost[edge]))
    dots = [
        (int(e), float(a))
        for e, a in zip((*homes.edge, *places.edge), (*homes.along, *places.along), strict=True)
    ]
    for number, (edge, along) in enumerate(dots):
        if answer[edge] > at_worst:
            continue
        share = along / float(graph.edge_length[edge])
        link(many + number, int(graph.edge_tail[edge]), float(cost[edge]) * share)
        link(many + number, int(graph.edge_head[edge]), float(cost[edge]) * (1 - share))
        for other, (its, along_it) in enumerate(dots):
            if its == edge and other != number:
                link(
                    many + number,
                    many + other,
                    float(cost[edge]) * abs(along - along_it) / float(graph.edge_length[edge]),
                )
    size = many + len(dots)
    rows, columns = zip(*links, strict=True) if links else ((), ())
    found = dijkstra(csr_matrix((list(links.values()), (rows, columns)), (size, size)), directed=False)
    return found[many : many + homes.size, many + homes.size :].min(axis=1).tolist()


def test_a_child_of_whom_nobody_says_how_it_moves_is_told_what_both_ways_have_in_common():
    ways = list(product(Answer, Answer))
    why = {Answer.SAFE: Why.SAFE, Answer.UNKNOWN: Why.NOT_SURVEYED, Answer.UNSAFE: Why.BARRIER}

    def walked(answers):
        metres = np.arange(len(answers), dtype=np.float32)
        return walks.Walked(
            np.array(answers, np.uint8), np.array([why[one] for one in answers], np.uint8), metres, metres, metres,
            np.zeros(len(answers), np.int32),
        )  # fmt: skip

    found = walks.between(walked([one for one, _ in ways]), walked([other for _, other in ways]))
    for at, (foot, wheels) in enumerate(ways):
        if foot == wheels:
            assert (found.answer[at], found.why[at]) == (foot, why[foot])
        else:
            assert (found.answer[at], found.why[at]) == (Answer.UNKNOWN, Why.HOW_NOT_TOLD)
