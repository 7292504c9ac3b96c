"""Nearest sites and people in reach: a slow plain search beside the fast one, on drawn and on real streets."""

import heapq
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from ruangaman.core.reach import paths, people, points, search
from ruangaman.core.reach.graph import as_given, build, priced
from ruangaman.core.reach.graph_errors import NegativeLength, NoPath, NotANumber, SizesDiffer

pytestmark = pytest.mark.slow  # the first run compiles the loops

OWN = Path(__file__).resolve()
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", OWN.parents[3] / "shared")) / "data" / "city"
LIMIT = 1200.0

# Few lengths, so that ways of equal length and limits that are met exactly are common, and a third, which is not round.
LENGTHS = st.sampled_from([0.0, 0.001, 1.0, 2.0, 2.5, 10 / 3, 7.0, 40.0])


def part(cost, share):
    """A share of an edge's cost, to the 2^-33 metres of which every cost is a multiple."""
    return round(cost * share * 2**33) / 2**33


class Streets:
    """Nodes, edges and places on them, with a plain answer for everything."""

    def __init__(self, nodes, edges, *, closed=()):
        self.nodes = nodes
        self.u, self.v = (np.array([edge[end] for edge in edges], dtype=np.int64) for end in (0, 1))
        self.there = np.maximum(np.array([edge[2] for edge in edges], np.float32), np.float32(0.001))
        self.back = np.maximum(np.array([edge[3] for edge in edges], np.float32), np.float32(0.001))
        for edge in closed:
            self.there[edge] = self.back[edge] = np.inf
        self.length = np.maximum(np.array([edge[2] for edge in edges], np.float32), np.float32(0.001))
        at = np.arange(nodes)
        self.graph = build(106 + at * 1e-4, -6 + at * 1e-4, self.u, self.v, self.length, keep_parallel=True)
        self.costs = priced(self.graph, *as_given(self.graph, self.there, self.back))

    def plain(self, sources, extra=(), *, towards):
        """
        (distance, number of the source) of every node and then of each extra place, by a heap of whole paths.

        Args:
            sources: (edge of the graph or -1 - node, share, start); `extra`: (edge or -1 - node, share).
        """
        costs = self.costs.towards if towards else self.costs.away
        graph = self.graph
        on = [[] for _ in range(graph.edges)]
        names = self.nodes
        placed = []
        for edge, share in [(edge, share) for edge, share, _ in sources] + list(extra):
            if edge < 0:
                placed.append(-1 - edge)
            else:
                on[edge].append((share, names))
                placed.append(names)
                names += 1
        out = [[] for _ in range(names)]
        for e in range(graph.edges):
            stops = [(0.0, int(graph.edge_tail[e])), *sorted(on[e]), (1.0, int(graph.edge_head[e]))]
            for (one, a), (other, b) in pairwise(stops):
                ahead, behind = float(costs.ahead[e]), float(costs.behind[e])
                if one == other:
                    out[a].append((b, 0.0))
                    out[b].append((a, 0.0))
                else:
                    out[a].append((b, part(ahead, other) - part(ahead, one) if ahead < np.inf else ahead))
                    out[b].append((a, part(behind, other) - part(behind, one) if behind < np.inf else behind))
        best = [(np.inf, -1)] * names
        heap = [(float(start), number, placed[number]) for number, (_, _, start) in enumerate(sources)]
        heapq.heapify(heap)
        while heap:
            far, number, at = heapq.heappop(heap)
            if best[at][1] >= 0 or far == np.inf:
                continue
            best[at] = (far, number)
            for other, cost in out[at]:
                heapq.heappush(heap, (far + cost, number, other))
        return best[: self.nodes], [best[name] for name in placed[len(sources) :]]

    def points(self, places):
        """Places as Points: shares are those of the graph's own edges."""
        edges = np.array([edge for edge, _ in places], dtype=np.int32)
        along = np.array(
            [0.0 if edge < 0 else self.graph.edge_length[edge] * np.float32(share) for edge, share in places],
            np.float32,
        )
        return points.Points(edges, along, np.zeros(edges.size, np.float32))


@st.composite
def streets(draw, *, directed=True):
    nodes = draw(st.integers(1, 9))
    node = st.integers(0, nodes - 1)
    line = draw(st.integers(0, 12))  # a path of inner nodes, so that chains are common
    edges = [
        (at, at + 1, draw(LENGTHS), draw(LENGTHS) if directed else None) for at in range(min(line, nodes - 1))
    ]
    edges += draw(st.lists(st.tuples(node, node, LENGTHS, LENGTHS), max_size=8))
    if not directed:
        edges = [(u, v, length, length) for u, v, length, _ in edges]
    closed = [at for at in range(len(edges)) if draw(st.integers(0, 9)) == 0]
    return Streets(nodes, edges, closed=closed)


def places(drawn, *, most=5):
    """Nodes, and points on edges at shares that a float32 of metres keeps exactly enough: halves and ends."""
    at_node = st.integers(0, drawn.nodes - 1).map(lambda node: (-1 - node, 0.0))
    if not drawn.graph.edges:
        return st.lists(at_node, min_size=1, max_size=most)
    on_edge = st.tuples(st.integers(0, drawn.graph.edges - 1), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    return st.lists(at_node | on_edge, min_size=1, max_size=most)


@given(st.data())
@settings(max_examples=150)
def test_every_node_has_its_nearest_site_and_of_equal_ones_the_first(data):
    drawn = data.draw(streets())
    where = data.draw(places(drawn))
    start = [data.draw(st.sampled_from([0.0, 1.0, 3.5])) for _ in where]
    towards = data.draw(st.booleans())
    limit = data.draw(st.sampled_from([0.0, 1.0, 2.0, 3.5, 7.0, 42.0, np.inf]))
    found = search.nearest(
        drawn.graph, drawn.points(where), limit=limit, costs=drawn.costs, start=start, towards=towards
    )
    sources = [(edge, share, begin) for (edge, share), begin in zip(where, start, strict=True)]
    # Walking to a site is walking from it with every edge the other way round, which `plain` is given.
    truth, _ = drawn.plain(sources, towards=towards)
    expected = [(far, site) if far <= limit and site >= 0 else (np.inf, -1) for far, site in truth]
    assert [float(far) for far in found.metres] == [float(np.float32(far)) for far, _ in expected]
    assert found.site.tolist() == [site for _, site in expected]

    homes = data.draw(places(drawn))
    _, truth = drawn.plain(sources, homes, towards=towards)
    expected = [(far, site) if far <= limit and site >= 0 else (np.inf, -1) for far, site in truth]
    metres, site = paths.nearest_of_points(drawn.graph, found, drawn.points(homes))
    assert [float(far) for far in metres] == [float(np.float32(far)) for far, _ in expected]
    assert site.tolist() == [each for _, each in expected]


@given(st.data())
@settings(max_examples=100)
def test_a_way_is_as_long_as_the_distance_that_was_found(data):
    drawn = data.draw(streets(directed=False))
    where = data.draw(places(drawn))
    found = search.nearest(drawn.graph, drawn.points(where), limit=42.0, costs=drawn.costs)
    graph, costs = drawn.graph, drawn.costs.towards
    step = {}
    for e in range(graph.edges):
        for ends in ((graph.edge_tail[e], graph.edge_head[e]), (graph.edge_head[e], graph.edge_tail[e])):
            step[ends] = min(step.get(ends, np.inf), float(costs.ahead[e]))
    for node in range(graph.nodes):
        if found.site[node] < 0:
            with pytest.raises(NoPath):
                paths.path(graph, found, node)
            continue
        way = paths.path(graph, found, node)
        assert way.nodes[0] == node
        assert way.site == found.site[node]
        walked = sum(step[ends] for ends in pairwise(way.nodes.tolist()))
        _, ((last, _),) = drawn.plain(
            [(*where[way.site], 0.0)], [(-1 - int(way.nodes[-1]), 0.0)], towards=True
        )
        edge = where[way.site][0]
        if edge < 0:
            assert way.nodes[-1] == -1 - edge
        else:
            assert way.nodes[-1] in (graph.edge_tail[edge], graph.edge_head[edge])
        assert np.float32(walked + last) == found.metres[node]


@given(st.data())
@settings(max_examples=100)
def test_what_one_place_reaches_is_what_a_search_from_it_reaches(data):
    drawn = data.draw(streets())
    (place,) = data.draw(places(drawn, most=1))
    towards = data.draw(st.booleans())
    truth, _ = drawn.plain([(*place, 0.0)], towards=towards)
    nodes, metres = paths.reachable(
        drawn.graph, drawn.points([place]), limit=7.0, costs=drawn.costs, towards=towards
    )
    expected = [(node, np.float32(far)) for node, (far, _) in enumerate(truth) if far <= 7.0]
    assert list(zip(nodes.tolist(), metres, strict=True)) == expected


@given(st.data())
@settings(max_examples=150)
def test_people_in_reach_are_those_whom_a_plain_search_finds(data):
    drawn = data.draw(streets())
    homes = data.draw(places(drawn, most=8))
    asked = data.draw(places(drawn, most=4))
    weights = np.array([data.draw(st.integers(0, 50)) for _ in homes], dtype=float)
    towards = data.draw(st.booleans())
    limit = data.draw(st.sampled_from([0.0, 1.0, 2.0, 3.5, 7.0, 42.0, np.inf]))
    held = people.hold(drawn.graph, drawn.points(homes), weights, costs=drawn.costs, towards=towards)
    found = people.within_reach(drawn.graph, held, limit=limit, places=drawn.points(asked), threads=2)
    expected = []
    for edge, share in asked:
        _, there = drawn.plain([(edge, share, 0.0)], homes, towards=towards)
        expected.append(
            sum(w for w, (far, _) in zip(weights, there, strict=True) if far <= limit and far < np.inf)
        )
    assert found.tolist() == expected


FILES = {  # each a real city where it is at hand, else a drawn town of its own
    "jakarta_walk_graph.npz": 5,
    "andorra.osm.pbf": 6,
    "monaco.osm.gz": 7,
    "campo-grande.osm.gz": 8,
    "helsinki-centre.osm.pbf": 9,
    "columbus.osm.pbf": 10,
    "singapore-bayfront.osm.pbf": 11,
    "": 12,
}


def city(name):
    file = SHARED / name
    if not file.is_file():
        return town(np.random.default_rng(FILES[name]), 3000)
    if file.suffix == ".npz":
        with np.load(file) as arrays:
            return tuple(arrays[each] for each in ("lon", "lat", "u", "v", "length_m"))
    return by_osmium(file)


def by_osmium(file):
    """Every way with `highway`, as it stands; a node without location breaks it."""
    number, at, u, v = {}, [], [], []
    ways = osmium.FileProcessor(file).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    for way in ways:
        before = None
        for node in way.nodes if way.is_way() else ():
            if not node.location.valid():
                before = None
                continue
            here = number.setdefault(node.ref, len(number))
            if here == len(at):
                at.append((node.location.x, node.location.y))
            if before is not None:
                u.append(before)
                v.append(here)
            before = here
    lon, lat = np.array(at).T
    u, v = np.array(u), np.array(v)
    metres = 111_195.08e-7  # of 1e-7 degrees, on a sphere
    east = np.cos(np.radians((lat[u] + lat[v]) / 2e7))
    return lon, lat, u, v, metres * np.hypot((lon[u] - lon[v]) * east, lat[u] - lat[v])


def town(chance, nodes):
    lon, lat = 106 + chance.random(nodes) * 0.05, -6 - chance.random(nodes) * 0.05
    near = np.argsort(lon)
    u, v = near[:-1], near[1:]  # one long street of inner nodes, and ways across it
    across = chance.integers(0, nodes, (2, nodes // 3))
    u, v = np.concatenate((u, across[0])), np.concatenate((v, across[1]))
    kept = chance.random(u.size) < 0.97
    return lon, lat, u[kept], v[kept], chance.uniform(5, 160, int(kept.sum()))


def by_scipy(graph):
    length = graph.edge_length.astype(float)
    ends = (
        np.concatenate((graph.edge_tail, graph.edge_head)),
        np.concatenate((graph.edge_head, graph.edge_tail)),
    )
    return coo_array((np.concatenate((length, length)), ends), shape=(graph.nodes, graph.nodes)).tocsr()


@pytest.mark.parametrize("name", FILES)
def test_a_city_is_answered_as_scipy_answers_it(name):
    graph = build(*city(name))
    chance = np.random.default_rng(1)
    nodes = chance.choice(graph.nodes, 100, replace=False)
    plain = by_scipy(graph)
    found = search.nearest(graph, points.at_nodes(graph, nodes), limit=LIMIT)
    truth = dijkstra(plain, indices=nodes, limit=LIMIT)
    assert (found.metres == truth.min(axis=0).astype(np.float32)).all()
    reached = np.isfinite(found.metres)
    assert (found.site[reached] == truth.argmin(axis=0)[reached]).all()
    assert (found.site[~reached] == -1).all()

    weights = chance.integers(0, 100, graph.nodes).astype(float)
    everyone = points.at_nodes(graph, np.arange(graph.nodes))
    held = people.hold(graph, everyone, weights)
    within = people.within_reach(graph, held, limit=LIMIT, threads=2)
    assert (within[nodes] == np.isfinite(truth) @ weights).all()


@pytest.mark.parametrize(
    ("limit", "start", "refusal"),
    [
        (float("nan"), None, NotANumber),
        (-1.0, None, NegativeLength),
        (1.0, [1.0, 2.0], SizesDiffer),
        (1.0, [-1.0], NegativeLength),
        (1.0, [float("inf")], NotANumber),
    ],
)
def test_a_limit_or_a_start_that_is_none_is_refused(limit, start, refusal):
    graph = build([106.0, 106.1], [-6.0, -6.0], [0], [1], [5.0])
    with pytest.raises(refusal):
        search.nearest(graph, points.at_nodes(graph, [0]), limit=limit, start=start)
