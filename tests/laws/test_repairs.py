"""Whom a repair serves: the same as when all homes walk again, for each set of changes up to a size."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.osm.files import Node, Way, xml

from ruangaman.adapters import city_tables
from ruangaman.adapters.osm import reading, vocabulary
from ruangaman.core.reach import repairs, siting, walk_network, walks
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.repairs import Change, Together
from ruangaman.core.reach.siting_errors import BadInput
from ruangaman.core.reach.walk_network import Judged
from ruangaman.core.reach.walk_rules import Answer, Profile

pytestmark = pytest.mark.slow  # the first run compiles the loops

RULES = city_tables.safe_walk()
CHILD = Profile("6-12", "day", "foot")
STEP = 9_000  # 1e-7 degrees, about 100 m
SIZE = 4
MOST = 4
SMALL, BIG = {"highway": "residential"}, {"highway": "secondary", "sidewalk": "both"}
DOUBT, CLOSED = {"highway": "tertiary"}, {"highway": "primary", "sidewalk": "no"}
ZEBRA = {"highway": "crossing", "crossing": "zebra"}
LINKS = [((x, y), (x + 1, y)) for y in range(SIZE) for x in range(SIZE - 1)]
LINKS += [((x, y), (x, y + 1)) for y in range(SIZE - 1) for x in range(SIZE)]


def town(kinds, zebras=()):
    """Streets of the given kinds between the places of a grid of 100 m."""
    spots = sorted({place for link in LINKS for place in link})
    number = {place: at + 1 for at, place in enumerate(spots)}
    nodes = [Node(number[one], one[0] * STEP, one[1] * STEP, ZEBRA if one in zebras else {}) for one in spots]
    ways = [
        Way(at + 1, [number[one], number[other]], kind)
        for at, ((one, other), kind) in enumerate(zip(LINKS, kinds, strict=True))
        if kind
    ]
    extract = reading.decode(xml([*nodes, *ways]), vocabulary.own(), reading.Limits())
    network = walk_network.build(extract, RULES)
    return walks.ready(network), walk_network.judged(network, RULES, CHILD)


def again(streets, judged: Judged, homes: Points, gates: Points, changes: list[Change], limit: float) -> set:
    """The slow truth: all homes walk once more."""
    answer, cost = judged.answer.copy(), judged.cost.copy()
    entered = gates
    for change in changes:
        for edge, its in zip(change.edge.tolist(), change.cost.tolist(), strict=True):
            cost[edge] = min(its, cost[edge]) if answer[edge] == Answer.SAFE else its
            answer[edge] = Answer.SAFE
        if change.gates is not None:
            entered = Points(
                *(
                    np.concatenate([getattr(entered, name), getattr(change.gates, name)])
                    for name in ("edge", "along", "aside")
                )
            )
    found = walks.walk(
        streets,
        Judged(answer, cost, judged.because),
        homes,
        entered,
        np.zeros(entered.size, np.int32),
        limit=limit,
    )
    return set(np.flatnonzero(found.answer == Answer.SAFE).tolist())


def points(streets, where) -> Points:
    edges = np.array([edge % max(streets.graph.edges, 1) for edge, _ in where], np.int32)
    along = streets.graph.edge_length[edges] * np.array([share for _, share in where], np.float32)
    return Points(edges, along.astype(np.float32), np.zeros(len(where), np.float32))


spot = st.tuples(st.integers(0, 200), st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0]))
one_change = st.tuples(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from([0.5, 1.0, 1.5])), max_size=3),
    st.lists(spot, max_size=1),
)


kinds_of_streets = st.lists(
    st.sampled_from([None, SMALL, SMALL, BIG, DOUBT, CLOSED]), min_size=len(LINKS), max_size=len(LINKS)
)


def changes_of(streets, told):
    many, changes = len(streets.network.u), []
    for edges, doors in told:
        its = {edge % many: factor for edge, factor in edges}
        edge = np.array(list(its), np.int32)
        cost = streets.network.metres[edge] * np.array(list(its.values()), np.float32)
        changes.append(Change(edge, cost.astype(np.float32), points(streets, doors) if doors else None))
    return changes


@given(
    kinds=kinds_of_streets,
    zebras=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=2),
    homes=st.lists(spot, min_size=1, max_size=12),
    gates=st.lists(spot, max_size=2),
    told=st.lists(one_change, min_size=1, max_size=6),
    limit=st.sampled_from([0.0, 60.0, 150.0, 400.0, 2_000.0]),
)
@settings(max_examples=150, deadline=None)
def test_whom_a_change_serves_is_as_when_all_walk_again(kinds, zebras, homes, gates, told, limit):
    if not any(kinds):
        return
    streets, judged = town(kinds, zebras)
    if not streets.graph.edges:
        return
    lived, entered = points(streets, homes), points(streets, gates)
    changes = changes_of(streets, told)
    now = repairs.standing(streets, judged, lived, entered, limit=limit)
    before = again(streets, judged, lived, entered, [], limit)
    assert set(np.flatnonzero(now.served).tolist()) == before
    found = repairs.effects(now, changes)
    minimal = plain_effects(streets, judged, lived, entered, changes, limit, MOST)
    assert as_sets(found) == minimal
    assert not any(found.left_out)
    fewer = repairs.effects(now, changes, Together(most=2))
    assert as_sets(fewer) == {its: homes for its, homes in minimal.items() if len(its) <= 2}


@given(
    kinds=kinds_of_streets,
    homes=st.lists(spot, min_size=1, max_size=12),
    gates=st.lists(spot, max_size=2),
    told=st.lists(one_change, min_size=1, max_size=6),
    costs=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    budget=st.integers(0, 20),
    limit=st.sampled_from([150.0, 400.0, 2_000.0]),
)
@settings(max_examples=60, deadline=None)
def test_the_best_of_all_choices_of_so_many_changes_is_found_and_proved(
    kinds, homes, gates, told, costs, budget, limit
):
    if not any(kinds):
        return
    streets, judged = town(kinds)
    if not streets.graph.edges:
        return
    lived, entered, changes = points(streets, homes), points(streets, gates), changes_of(streets, told)
    cost = np.array(costs[: len(changes)], float)
    children = np.arange(1.0, lived.size + 1)
    now = repairs.standing(streets, judged, lived, entered, limit=limit)
    found = repairs.effects(now, changes, cost=cost, budget=budget)
    actions = repairs.as_actions(found, cost, np.ones(len(changes)), np.full(len(changes), -1, np.int32))
    demand = siting.Demand.of(children, served=now.served)
    asked = siting.problem(demand, actions, siting.Rules(budget=budget, at_most=MOST))
    plan = siting.plan(asked, siting.Effort(exact=siting.Limits(seconds=10, threads=1)))
    before = again(streets, judged, lived, entered, [], limit)
    worth = [
        children[sorted(again(streets, judged, lived, entered, [changes[one] for one in its], limit) - before)].sum()
        for size in range(MOST + 1)
        for its in combinations(range(len(changes)), size)
        if cost[list(its)].sum() <= budget
    ]  # fmt: skip
    assert plan.value == pytest.approx(max(worth))
    assert plan.bound == pytest.approx(max(worth))


def plain_effects(streets, judged, lived, entered, changes, limit, most):
    """Whom each set serves and no part of it does, by letting all walk for every set."""
    before = again(streets, judged, lived, entered, [], limit)
    serves = {(): before}
    minimal = {}
    for size in range(1, most + 1):
        for its in combinations(range(len(changes)), size):
            serves[its] = again(streets, judged, lived, entered, [changes[one] for one in its], limit)
            known = set().union(*(serves[part] for part in combinations(its, size - 1)))
            if serves[its] - known:
                minimal[its] = serves[its] - known
    return minimal


def as_sets(found):
    told = {}
    for row, its in enumerate(found.members):
        homes = found.home[found.start[row] : found.start[row + 1]].tolist()
        assert homes
        assert len(homes) == len(set(homes))
        told[tuple(its[its >= 0].tolist())] = set(homes)
    assert list(told) == sorted(told, key=lambda its: its + (-1,) * (MOST - len(its)))
    return told


def _sari():
    """Her street on the north of a big road, the park's gate on the south: a crossing is needed, and a pavement."""
    kinds = [None] * len(LINKS)
    for link in (((0, 1), (1, 1)), ((1, 1), (2, 1))):
        kinds[LINKS.index(link)] = BIG
    kinds[LINKS.index(((1, 0), (1, 1)))] = DOUBT
    kinds[LINKS.index(((1, 1), (1, 2)))] = SMALL
    streets, judged = town(kinds)
    network = streets.network
    edge_at = {}
    for segment, (left, _) in enumerate(network.segment_edges):
        ends = tuple(
            sorted(
                (round(float(network.lon[n]) * 1e7 / STEP), round(float(network.lat[n]) * 1e7 / STEP))
                for n in (network.segment_u[segment], network.segment_v[segment])
            )
        )
        edge_at[ends] = int(left)
    north, south = edge_at[(1, 1), (1, 2)], edge_at[(1, 0), (1, 1)]
    across = np.flatnonzero(network.part == walk_network.ACROSS).astype(np.int32)
    crossing = Change(across, network.metres[across])
    pavement = Change(np.array([south], np.int32), network.metres[[south]])
    home = Points(*(np.array([each], kind) for each, kind in zip(
        (streets.edge_of[north], 50, 0), (np.int32, np.float32, np.float32), strict=True)))  # fmt: skip
    gate = Points(*(np.array([each], kind) for each, kind in zip(
        (streets.edge_of[south], 50, 0), (np.int32, np.float32, np.float32), strict=True)))  # fmt: skip
    return streets, judged, home, gate, crossing, pavement


def test_a_crossing_and_a_pavement_serve_together_what_neither_serves_alone():
    streets, judged, home, gate, crossing, pavement = _sari()
    found = repairs.effects(repairs.standing(streets, judged, home, gate, limit=400), [crossing, pavement])
    assert as_sets(found) == {(0, 1): {0}}
    assert (found.of(0), found.of(1), found.of(1, 0)) == ([], [], [0])
    actions = repairs.as_actions(
        found, np.array([50.0, 30.0]), np.array([1.0, 0.6]), np.array([0, 0], np.int32)
    )
    asked = siting.problem(siting.Demand.of(np.array([10.0])), actions, siting.Rules(budget=100))
    assert (
        siting.plan(asked, siting.Effort(exact=None)).value == 6.0
    )  # a survey opens six of ten such streets
    poor = siting.problem(siting.Demand.of(np.array([10.0])), actions, siting.Rules(budget=79))
    assert siting.plan(poor, siting.Effort(exact=None)).value == 0.0


def test_two_surveys_promise_no_more_than_their_shares_overlap():
    streets, judged, home, gate, crossing, pavement = _sari()
    found = repairs.effects(repairs.standing(streets, judged, home, gate, limit=400), [crossing, pavement])
    nowhere = np.array([-1, -1], np.int32)
    told = repairs.as_actions(found, np.ones(2), np.array([0.7, 0.6]), nowhere)
    assert told.share.tolist() == pytest.approx([0.3])
    assert repairs.as_actions(found, np.ones(2), np.array([0.5, 0.5]), nowhere).need.tolist() == []


def test_sets_beyond_the_limit_are_told_and_bad_costs_refused():
    streets, judged, home, gate, crossing, pavement = _sari()
    now = repairs.standing(streets, judged, home, gate, limit=400)
    assert repairs.effects(now, [crossing, pavement], Together(tried=0)).left_out == (0, 1)
    assert repairs.effects(now, []).home.tolist() == []
    with pytest.raises(BadInput):
        repairs.effects(now, [Change(crossing.edge, crossing.cost[:-1])])


def test_of_more_sets_than_are_tried_the_cheapest_are_and_none_beyond_the_budget():
    streets, judged, home, gate, crossing, pavement = _sari()
    now = repairs.standing(streets, judged, home, gate, limit=400)
    dear = [crossing, pavement, pavement]
    cost = np.array([50.0, 40.0, 30.0])
    both = as_sets(repairs.effects(now, dear, cost=cost, budget=90.0))
    assert both == {(0, 1): {0}, (0, 2): {0}}
    two = repairs.effects(
        now, dear, Together(tried=2), cost=cost
    )  # the two pavements, and the cheaper with a crossing
    assert (as_sets(two), two.left_out) == ({(0, 2): {0}}, (0, 1, 0))
    assert as_sets(repairs.effects(now, dear, cost=cost, budget=89.0)) == {(0, 2): {0}}
    assert as_sets(repairs.effects(now, dear, cost=cost, budget=79.0)) == {}
