"""The street graph as it is built, kept on disk, and refused; and homes snapped to its edges, beside shapely."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.adapters import street_files
from ruangaman.core.reach import points, search, snapping
from ruangaman.core.reach.graph import LEAST, build, priced
from ruangaman.core.reach.graph_errors import (
    IndexOutOfRange,
    NegativeLength,
    NotANumber,
    OutsideTheEarth,
    SizesDiffer,
)

pytestmark = pytest.mark.slow  # the first run compiles the loops

OWN = Path(__file__).resolve()
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", OWN.parents[3] / "shared")) / "data" / "city"
GOOD = {
    "lon": [106.0, 106.1, 106.2],
    "lat": [-6.0, -6.1, -6.2],
    "u": [0, 1],
    "v": [1, 2],
    "length": [5.0, 6.0],
}


@st.composite
def drawn_edges(draw):
    nodes = draw(st.integers(1, 10))
    node = st.integers(0, nodes - 1)
    length = st.sampled_from([0.0, 1.0, 2.0, 3.0])
    edges = draw(st.lists(st.tuples(node, node, length, st.integers(0, 1)), max_size=20))
    return nodes, edges


@given(drawn_edges())
def test_the_shortest_edge_of_each_class_between_two_nodes_is_kept(drawn):
    nodes, edges = drawn
    columns = [[edge[column] for edge in edges] for column in range(4)]
    graph = build(
        np.linspace(106, 107, nodes),
        np.full(nodes, -6.0),
        np.array(columns[0], np.int64),
        np.array(columns[1], np.int64),
        columns[2],
        edge_class=np.array(columns[3], np.int64),
    )
    best = {}
    for at, (u, v, length, kind) in enumerate(edges):
        if u != v:
            key = (min(u, v), max(u, v), kind)
            best[key] = min(best.get(key, (np.inf, -1)), (max(np.float32(length), LEAST), at))
    found = {}
    for e in range(graph.edges):
        tail, head = int(graph.edge_tail[e]), int(graph.edge_head[e])
        given_u, given_v = edges[graph.edge_id[e]][:2]
        assert (tail, head) == ((given_v, given_u) if graph.edge_turned[e] else (given_u, given_v))
        key = (min(tail, head), max(tail, head), int(graph.edge_class[e]))
        assert key not in found
        found[key] = (graph.edge_length[e], int(graph.edge_id[e]))
    assert found == best


@given(drawn_edges())
def test_chains_run_from_junction_to_junction_and_hold_every_edge_once(drawn):
    nodes, edges = drawn
    u, v = (np.array([edge[end] for edge in edges], np.int64) for end in (0, 1))
    graph = build(np.zeros(nodes), np.zeros(nodes), u, v, np.ones(len(edges)))
    degree = np.bincount(graph.edge_tail, minlength=nodes) + np.bincount(graph.edge_head, minlength=nodes)
    assert (degree[graph.place < 0] == 2).all()
    assert sorted(graph.edge_id.tolist()) == sorted(set(graph.edge_id.tolist()))
    assert graph.place[graph.junction_node].tolist() == list(range(graph.junctions))
    for c in range(graph.chain_a.size):
        first, last = graph.chain_first[c] + c, graph.chain_first[c + 1] + c
        assert (graph.edge_chain[first : last + 1] == c).all()
        assert (graph.edge_head[first:last] == graph.edge_tail[first + 1 : last + 1]).all()
        assert (graph.place[graph.edge_head[first:last]] == -1 - np.arange(first - c, last - c)).all()
        assert graph.place[graph.edge_tail[first]] == graph.chain_a[c]
        assert graph.place[graph.edge_head[last]] == graph.chain_b[c]
    alike = np.arange(nodes)
    for _ in range(nodes):
        for a, b in zip(graph.edge_tail, graph.edge_head, strict=True):
            alike[a] = alike[b] = min(alike[a], alike[b])
    assert (np.unique(alike, return_inverse=True)[1] == graph.component).all()
    assert graph.component_size.tolist() == np.bincount(graph.component).tolist()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"lat": [1.0]}, SizesDiffer),
        ({"lon": [[106.0, 106.1, 106.2]]}, SizesDiffer),
        ({"lon": [106.0, float("nan"), 106.2]}, NotANumber),
        ({"lon": [106.0, 181.0, 106.2]}, OutsideTheEarth),
        ({"lat": [0, 900_000_001, 0]}, OutsideTheEarth),
        ({"u": [0]}, SizesDiffer),
        ({"u": [0, 3]}, IndexOutOfRange),
        ({"v": [0, -1]}, IndexOutOfRange),
        ({"v": [0.0, 1.0]}, NotANumber),
        ({"length": [1.0, float("nan")]}, NotANumber),
        ({"length": [1.0, float("inf")]}, NotANumber),
        ({"length": [1.0, -0.5]}, NegativeLength),
        ({"edge_id": [1]}, SizesDiffer),
        ({"edge_class": [1, 256]}, IndexOutOfRange),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changed, refusal):
    with pytest.raises(refusal):
        build(**{**GOOD, **changed})


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"forward": [1.0]}, SizesDiffer),
        ({"forward": [1.0, float("nan")]}, NotANumber),
        ({"backward": [1.0, -1.0]}, NegativeLength),
        ({"closed": [True]}, SizesDiffer),
    ],
)
def test_costs_that_do_not_fit_are_refused(given, refusal):
    with pytest.raises(refusal):
        priced(build(**GOOD), **given)


def test_a_point_of_another_graph_is_refused():
    graph = build(**GOOD)
    for edge in (2, -4):
        stray = points.Points(np.array([edge], np.int32), np.zeros(1, np.float32), np.zeros(1, np.float32))
        with pytest.raises(IndexOutOfRange):
            search.nearest(graph, stray, limit=1.0)
    with pytest.raises(IndexOutOfRange):
        points.at_nodes(graph, [3])


def test_points_are_drawn_where_they_lie():
    graph = build(**GOOD)
    edge = int(np.flatnonzero(graph.edge_id == 1)[0])
    places = points.Points(
        np.array([edge, -1, points.NOWHERE], np.int32),
        np.array([1.5, 0, 0], np.float32),
        np.zeros(3, np.float32),
    )
    share = 0.75 if graph.edge_turned[edge] else 0.25
    lon, lat = points.positions(graph, places)
    np.testing.assert_allclose(lon, [106.1 + share * 0.1, 106.0, np.nan], atol=1e-9)
    np.testing.assert_allclose(lat, [-6.1 - share * 0.1, -6.0, np.nan], atol=1e-9)


def streets_and_homes():
    """Jakarta's streets and homes where they are at hand, else drawn ones: two towns and an islet between."""
    chance = np.random.default_rng(3)
    file = SHARED / "jakarta_walk_graph.npz"
    if file.is_file():
        with np.load(file) as arrays:
            graph = build(*(arrays[name] for name in ("lon", "lat", "u", "v", "length_m")))
    else:
        nodes = 600
        lon, lat = 106 + chance.random(nodes) * 0.03, -6 - chance.random(nodes) * 0.03
        near = np.argsort(lon)
        u, v = near[:-1], near[1:]
        kept = (np.arange(u.size) % 100 != 99) & (np.arange(u.size) % 100 != 93)
        graph = build(lon, lat, u[kept], v[kept], chance.uniform(5, 160, int(kept.sum())))
    west, east, south, north = (
        float(each) / 1e7 for each in (graph.lon.min(), graph.lon.max(), graph.lat.min(), graph.lat.max())
    )
    lon, lat = (
        chance.uniform(west - 0.02, east + 0.02, 2000),
        chance.uniform(south - 0.02, north + 0.02, 2000),
    )
    return graph, lon, lat


@pytest.mark.parametrize(("limit", "least"), [(300.0, 1), (300.0, 50), (0.0, 1), (5000.0, 8)])
def test_homes_snap_to_the_nearest_street_as_shapely_finds_it(limit, least):
    graph, lon, lat = streets_and_homes()
    streets = snapping.index(graph)
    found = snapping.snap(graph, streets, lon, lat, limit=limit, least_component=least, threads=2)

    ends = [
        np.stack((streets.x[node], streets.y[node]), axis=1) for node in (graph.edge_tail, graph.edge_head)
    ]
    lines = shapely.linestrings(np.stack(ends, axis=1))
    usable = np.flatnonzero(graph.component_size[graph.component[graph.edge_tail]] >= least)
    x = (lon - streets.west) * streets.metres_east
    y = (lat - streets.south) * snapping.METRES_A_DEGREE
    tree = shapely.STRtree(lines[usable])
    (home, _), far = tree.query_nearest(shapely.points(x, y), return_distance=True, all_matches=False)
    assert home.tolist() == list(range(lon.size))
    assert found.snapped.tolist() == (far <= limit).tolist()
    on = found.snapped
    assert np.isinf(found.aside[~on]).all()
    np.testing.assert_allclose(found.aside[on], far[on], rtol=1e-6, atol=1e-4)
    if on.any():
        spot = shapely.line_interpolate_point(
            lines[found.edge[on]], found.along[on] / graph.edge_length[found.edge[on]], normalized=True
        )
        np.testing.assert_allclose(shapely.distance(spot, shapely.points(x[on], y[on])), far[on], atol=1e-2)
        assert np.isin(found.edge[on], usable).all()


@given(st.data())
@settings(max_examples=60)
def test_snapping_looks_at_every_street_on_a_small_map(data):
    nodes = data.draw(st.integers(2, 12))
    spot = st.integers(0, 400)
    lon = [106 + data.draw(spot) * 1e-5 for _ in range(nodes)]
    lat = [-6 + data.draw(spot) * 1e-5 for _ in range(nodes)]
    graph = build(lon, lat, np.arange(nodes - 1), np.arange(1, nodes), np.ones(nodes - 1))
    streets = snapping.index(graph)
    limit = data.draw(st.sampled_from([3.0, 30.0, 1000.0]))
    home = np.array([[106 + data.draw(st.integers(-300, 700)) * 1e-5], [-6 + data.draw(spot) * 1e-5]])
    allowed = np.array([data.draw(st.booleans()) for _ in range(graph.edges)])
    found = snapping.snap(graph, streets, *home, limit=limit, allowed=allowed)
    here = shapely.Point(
        (home[0, 0] - streets.west) * streets.metres_east,
        (home[1, 0] - streets.south) * snapping.METRES_A_DEGREE,
    )
    far = {}
    for e in np.flatnonzero(allowed):
        ends = [(streets.x[node], streets.y[node]) for node in (graph.edge_tail[e], graph.edge_head[e])]
        far[int(e)] = shapely.LineString(ends).distance(here)
    least = min(far.values(), default=np.inf)
    assert (found.edge[0] >= 0) == (least <= limit)
    if least <= limit:
        assert far[int(found.edge[0])] == pytest.approx(least, abs=1e-6)
        assert found.aside[0] == pytest.approx(least, abs=1e-4)


@pytest.mark.parametrize("meridian", [180.0, 179.99, -179.98])
def test_streets_across_the_180th_meridian_are_as_near_as_anywhere_else(meridian):
    """The same streets elsewhere on the globe: a pattern without symmetry, its middle on the meridian."""
    chance = np.random.default_rng(11)
    x, y = chance.integers(-300, 300, (2, 40)), chance.integers(-300, 300, (2, 40))
    u, v = np.arange(39), np.arange(1, 40)
    east, north = chance.uniform(-400, 400, (2, 500)) * 1e-4

    def on_globe(lon):
        return (lon + 180) % 360 - 180

    def found(middle):
        graph = build(on_globe(middle + x[0] * 1e-4), y[0] * 1e-4, u, v, np.full(39, 100.0))
        index = snapping.index(graph)
        got = snapping.snap(graph, index, on_globe(middle + east), north, limit=900.0)
        lon, lat = points.positions(graph, got)
        return got, on_globe(lon - middle), lat

    here, lon, lat = found(106.0)
    there, lon_there, lat_there = found(meridian)
    assert 50 < here.snapped.sum() < 500
    assert (here.snapped == there.snapped).all()
    np.testing.assert_allclose(there.aside, here.aside, rtol=1e-5, atol=0.02)
    np.testing.assert_allclose(lon_there, lon, atol=1e-6)
    np.testing.assert_allclose(lat_there, lat, atol=1e-6)


@pytest.mark.parametrize(
    ("lon", "lat", "limit", "refusal"),
    [
        ([106.0], [1.0, 2.0], 1.0, SizesDiffer),
        ([float("nan")], [1.0], 1.0, NotANumber),
        ([106.0], [1e300], 1.0, OutsideTheEarth),
        ([106.0], [1.0], float("inf"), NotANumber),
        ([106.0], [1.0], -1.0, NegativeLength),
    ],
)
def test_positions_that_are_none_are_refused(lon, lat, limit, refusal):
    graph = build(**GOOD)
    with pytest.raises(refusal):
        snapping.snap(graph, snapping.index(graph), lon, lat, limit=limit)


def test_a_graph_without_streets_is_no_trouble():
    graph = build([], [], [], [], [])
    lone = build([106.0], [-6.0], [], [], [])
    assert not snapping.snap(graph, snapping.index(graph), [106.0], [-6.0], limit=10.0).snapped.any()
    assert not snapping.snap(lone, snapping.index(lone), [106.0], [-6.0], limit=10.0).snapped.any()
    assert search.nearest(lone, points.at_nodes(lone, [0]), limit=0.0).metres.tolist() == [0.0]


def made(tmp_path, graph):
    file = tmp_path / "town.streets"
    street_files.save(graph, file)
    return file


def town():
    chance = np.random.default_rng(11)
    u, v = chance.integers(0, 200, (2, 230))
    return build(106 + chance.random(200), -6 - chance.random(200), u, v, chance.uniform(1, 99, 230))


def test_a_graph_comes_back_from_its_file_as_it_was(tmp_path):
    graph = town()
    file = made(tmp_path, graph)
    street_files.save(graph, file)  # in place of the first
    back = street_files.load(file)
    for name in street_files.OF_GRAPH:
        assert np.array_equal(getattr(back, name), getattr(graph, name)), name
        assert not getattr(back, name).flags.writeable
    sites = points.at_nodes(graph, [3, 90])
    there, here = (search.nearest(each, sites, limit=500.0) for each in (back, graph))
    assert np.array_equal(there.metres, here.metres)
    assert np.array_equal(there.site, here.site)
    assert [each.name for each in tmp_path.iterdir()] == ["town.streets"]


def test_a_file_with_one_bit_changed_or_cut_off_is_refused(tmp_path):
    file = made(tmp_path, town())
    whole = file.read_bytes()
    for at in [0, 13, 20, 60, 300, len(whole) // 2, len(whole) - 1]:
        changed = bytearray(whole)
        changed[at] ^= 1
        file.write_bytes(changed)
        with pytest.raises(street_files.StreetFileUnreadable):
            street_files.load(file)
    for size in (0, 5, 48, 200, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(street_files.StreetFileUnreadable):
            street_files.load(file)
    with pytest.raises(street_files.StreetFileUnreadable):
        street_files.load(tmp_path / "none")


def test_a_file_of_another_version_says_so(tmp_path):
    file = made(tmp_path, town())
    content = bytearray(file.read_bytes())
    content[8] += 1
    file.write_bytes(content)
    with pytest.raises(street_files.StreetFileOfAnotherVersion):
        street_files.load(file)


@pytest.mark.parametrize("name", ["arc_to", "chain_a", "place", "edge_tail", "chain_first", "component"])
def test_a_file_whose_numbers_point_outside_is_refused_though_its_hash_is_right(tmp_path, name, monkeypatch):
    graph = town()
    array = getattr(graph, name)
    array[array.size // 2] = 10_000
    with pytest.raises(street_files.StreetFileUnreadable):
        street_files.load(made(tmp_path, graph))


def test_a_head_that_tells_of_other_places_is_refused(tmp_path, monkeypatch):
    graph = town()
    real = json.dumps
    for change in (
        lambda told: told["arrays"]["lon"].update(at=10**9),
        lambda told: told["arrays"]["lon"].update(at=-64),
        lambda told: told["arrays"]["lon"].update(kind="<f8"),
        lambda told: told["arrays"].pop("arc_cost"),
        lambda told: told.update(width=0.0),
        lambda told: told.update(width="x"),
    ):

        def lying(told, change=change):
            change(told)
            return real(told)

        monkeypatch.setattr(street_files.json, "dumps", lying)
        with pytest.raises(street_files.StreetFileUnreadable):
            street_files.load(made(tmp_path, graph))


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    file = made(tmp_path, town())
    before = file.read_bytes()
    monkeypatch.setattr(
        street_files.os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "no room"))
    )
    with pytest.raises(OSError, match="no room"):
        street_files.save(build(**GOOD), file)
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["town.streets"]
