"""Who is around a place with several gates, and whom one stretch would serve: beside SciPy on small graphs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from ruangaman.core.reach import around, graph
from ruangaman.core.reach.graph import priced
from ruangaman.core.reach.points import NOWHERE, Points

pytestmark = pytest.mark.slow  # the first run compiles the loops

LIMITS = st.sampled_from([1.0, 3.0, 12.0])


@st.composite
def towns(draw):
    """Streets with lengths of quarters of a metre, some closed; homes and gates at eighths of a street."""
    nodes = draw(st.integers(2, 7))
    pairs = [(a, b) for a in range(nodes) for b in range(a)]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=10, unique=True))
    length = draw(st.lists(st.integers(2, 30), min_size=len(chosen), max_size=len(chosen)))
    closed = draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    spot = st.tuples(st.integers(0, len(chosen) - 1), st.integers(0, 8))
    homes = draw(st.lists(st.tuples(spot, st.integers(0, 9)), min_size=1, max_size=12))
    gates = draw(st.lists(st.tuples(spot, st.integers(0, 2)), min_size=1, max_size=5))
    u, v = np.array(chosen, np.int32).T
    made = graph.build(
        np.arange(nodes) / 100, np.zeros(nodes), u, v, np.array(length) / 4, keep_parallel=True
    )
    back = np.empty(made.edges, np.int32)
    back[made.edge_id] = np.arange(made.edges)

    def points(spots):
        edge = back[[one for one, _ in spots]].astype(np.int32)
        along = made.edge_length[edge] * np.array([eighth for _, eighth in spots], np.float32) / 8
        return Points(edge, along.astype(np.float32), np.zeros(len(spots), np.float32))

    return (
        made,
        np.array(closed)[made.edge_id],
        points([one for one, _ in homes]),
        np.array([float(weight) for _, weight in homes]),
        points([one for one, _ in gates]),
        np.array([place for _, place in gates], np.int32),
    )


def metres(made, cost, homes, gates) -> np.ndarray:
    """(homes, gates): every point is a node of its own, joined to both ends of its edge and to its neighbours on it."""
    points = [*zip(homes.edge, homes.along, strict=True), *zip(gates.edge, gates.along, strict=True)]
    rows, columns, values = [], [], []

    def join(one, other, value):
        if np.isfinite(value):
            rows.append(one)
            columns.append(other)
            values.append(max(value, 1e-12))  # zero would be no edge at all

    for e in range(made.edges):
        join(made.edge_tail[e], made.edge_head[e], cost[e])
    for at, (e, along) in enumerate(points):
        share = along / made.edge_length[e]
        for node, part in ((made.edge_tail[e], share), (made.edge_head[e], 1 - share)):
            join(made.nodes + at, node, 0.0 if part == 0 else cost[e] * part)
        for beside, (other, far) in enumerate(points):
            if other == e and beside != at:
                apart = abs(far - along) / made.edge_length[e]
                join(made.nodes + at, made.nodes + beside, 0.0 if apart == 0 else cost[e] * apart)
    size = made.nodes + len(points)
    best = {}
    for one, other, value in zip(rows, columns, values, strict=True):
        key = (min(one, other), max(one, other))
        best[key] = min(value, best.get(key, np.inf))
    pairs = np.array(list(best)) if best else np.empty((0, 2), int)
    matrix = coo_matrix((list(best.values()), (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()
    found = dijkstra(
        matrix, directed=False, indices=made.nodes + len(homes.edge) + np.arange(len(gates.edge))
    )
    return found[:, made.nodes : made.nodes + len(homes.edge)].T


@settings(max_examples=120, deadline=None)
@given(towns(), LIMITS)
def test_whoever_is_near_any_gate_is_counted_once(town, limit):
    made, closed, homes, weights, gates, place = town
    costs = priced(made, closed=closed)
    near = metres(made, np.where(closed, np.inf, made.edge_length), homes, gates) <= limit + 1e-6
    expected = [weights[near[:, place == one].any(axis=1)].sum() for one in range(3)]
    ready = around.ready(made, homes)
    found = around.within(ready, gates, place, 3, weights, costs=costs, limit=limit)
    assert found.tolist() == expected


@settings(max_examples=120, deadline=None)
@given(towns(), LIMITS)
def test_a_stretch_serves_exactly_those_who_come_within_the_limit_when_it_alone_is_opened(town, limit):
    made, closed, homes, weights, gates, _ = town
    safe = priced(made, closed=closed)
    cost = np.where(closed, np.inf, made.edge_length)
    before = (metres(made, cost, homes, gates) <= limit + 1e-6).any(axis=1)
    units = [np.array([e], np.int32) for e in np.flatnonzero(closed)]
    if closed.sum() > 1:
        units.append(np.flatnonzero(closed).astype(np.int32))
    ready = around.ready(made, homes)
    left = np.where(before, 0.0, weights)
    found = around.would_serve(
        ready, gates, left, safe=safe, price=made.edge_length, units=units, limit=limit
    )
    expected = []
    for unit in units:
        opened = cost.copy()
        opened[unit] = made.edge_length[unit]
        near = (metres(made, opened, homes, gates) <= limit + 1e-6).any(axis=1)
        expected.append(left[near].sum())
    assert found.tolist() == expected


@settings(max_examples=60, deadline=None)
@given(towns())
def test_what_walks_over_the_streets_is_no_more_than_lives_and_as_much_as_ends_at_gates(town):
    made, _, homes, weights, gates, _ = town
    ready = around.ready(made, homes)
    found = around.flow(ready, gates, weights, costs=made.costs, limit=np.inf)
    assert (found <= weights.sum() + 1e-9).all()
    reached = np.isfinite(metres(made, made.edge_length, homes, gates)).any(axis=1)
    by_edge = np.bincount(homes.edge, weights, made.edges)
    assert (found >= by_edge - 1e-9).all()
    if not reached.all():
        return
    # Everybody arrives: over the edges of gates goes at least whoever does not live on one.
    elsewhere = weights[~np.isin(homes.edge, gates.edge)].sum()
    assert found[np.unique(gates.edge)].sum() >= elsewhere - 1e-9


def test_one_on_no_street_is_around_nothing():
    made = graph.build([0, 0.01], [0, 0], [0], [1], [10.0])
    homes = Points(np.array([0, NOWHERE], np.int32), np.zeros(2, np.float32), np.zeros(2, np.float32))
    gates = Points(np.array([0], np.int32), np.array([5], np.float32), np.zeros(1, np.float32))
    ready = around.ready(made, homes)
    found = around.within(
        ready, gates, np.zeros(1, np.int32), 1, np.array([3.0, 4.0]), costs=made.costs, limit=9.0
    )
    assert found.tolist() == [3.0]
