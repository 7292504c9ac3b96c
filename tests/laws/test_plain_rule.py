"""The plain rule: as others answered it, and as a slow second reading answers it for any map."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.osm import files, slow_plain_rule
from tests.osm.drawn import ANSWERS, DRAWN
from tests.osm.files import Node, Relation, Way
from tests.osm.slow_plain_rule import same

from ruangaman.adapters.osm import plain, reading
from ruangaman.core.reach import plain_rule

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
EXPECTED = json.loads((SHARED / "expected-plain.json").read_text()) if SHARED.is_dir() else {}
OTHERS = [SHARED / name for name in EXPECTED]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    file = tmp_path_factory.mktemp("drawn") / "drawn.osm"
    file.write_bytes(files.xml(DRAWN))
    return file


def test_the_drawn_city_answers_as_counted_by_hand(drawn):
    assert same(plain.check(drawn), ANSWERS), plain.check(drawn)


def test_the_second_reading_counts_like_the_hand(drawn):
    assert same(slow_plain_rule.answers(drawn), ANSWERS)


def test_cities_answer_as_others_say():
    for file in OTHERS:
        assert same(plain.check(file), EXPECTED[file.name]), file.name


@pytest.mark.slow
def test_cities_answer_as_the_second_reading_says():
    for file in OTHERS:
        assert same(plain.check(file), slow_plain_rule.answers(file)), file.name


IDS = st.integers(-3, 12) | st.sampled_from([2**33 + 7, 2**40])
HIGHWAYS = st.sampled_from(
    ["footway", "residential", "motorway", "trunk_link", "steps", "no", "razed", "Footway", "", "crossing"]
)
NODE_TAGS = st.dictionaries(
    st.sampled_from(["highway", "leisure", "amenity", "name", "barrier"]),
    st.sampled_from(["crossing", "playground", "park", "school", "library", "gate", "bus_stop"]),
    max_size=3,
)
STREET_TAGS = st.fixed_dictionaries(
    {"highway": HIGHWAYS},
    optional={
        "foot": st.sampled_from(["no", "private", "yes", "designated", "permissive", "use_sidepath"]),
        "access": st.sampled_from(["no", "private", "yes", "customers", ""]),
        "area": st.sampled_from(["yes", "no"]),
        "foot:conditional": st.just("no"),
        "leisure": st.sampled_from(["park", "playground"]),
    },
)
PLACE_TAGS = st.sampled_from(
    [{"leisure": "park"}, {"amenity": "school", "leisure": "playground"}, {"amenity": "library"}, {}]
)


@st.composite
def maps(draw):
    """Maps in any order, with ids twice, ways without their nodes, places on streets."""
    grain = draw(st.sampled_from([1, 977, 13_331, 400_009]))
    spread = st.integers(0, 40).map(lambda step: step * grain)
    nodes = st.builds(
        lambda number, x, y, jitter, tags: Node(number, 1_068_000_000 + x + jitter, y - 62_000_000 - jitter, tags),
        IDS, spread, spread, st.integers(0, 211), NODE_TAGS,
    ) | st.builds(Node, IDS, st.none(), st.none(), NODE_TAGS)  # fmt: skip
    refs = st.lists(IDS, max_size=7)
    rings = st.lists(IDS, min_size=3, max_size=6).map(lambda found: [*found, found[0]])
    repeated = st.lists(IDS.flatmap(lambda one: st.lists(st.just(one), min_size=1, max_size=3)), max_size=4)
    ways = st.builds(
        Way,
        st.integers(1, 50),
        refs | rings | repeated.map(lambda runs: [one for run in runs for one in run]),
        STREET_TAGS | PLACE_TAGS,
    )
    members = st.lists(
        st.tuples(
            st.sampled_from(["node", "way", "relation"]),
            st.integers(1, 50),
            st.sampled_from(["outer", "inner", ""]),
        ),
        max_size=4,
    )
    relations = st.builds(
        Relation, st.integers(1, 9), members,
        (STREET_TAGS | PLACE_TAGS).map(lambda tags: {"type": "multipolygon"} | tags),
    )  # fmt: skip
    elements = draw(st.lists(nodes, min_size=1, max_size=16)) + draw(st.lists(ways, min_size=1, max_size=12))
    elements += draw(st.lists(relations, max_size=3))
    return draw(st.permutations(elements)) if draw(st.booleans()) else elements


@settings(deadline=None)
@given(maps(), st.booleans(), st.booleans())
def test_any_map_answers_as_the_second_reading_says(tmp_path_factory, elements, as_pbf, dense):
    folder = tmp_path_factory.getbasetemp()
    told = folder / "any.osm"
    told.write_bytes(files.xml(elements))
    read = told
    if as_pbf:
        read = folder / "any.osm.pbf"
        read.write_bytes(files.pbf(elements, files.Form(dense=dense)))
    found, expected = plain.check(read), slow_plain_rule.answers(told)
    assert same(found, expected), (found, expected)


def test_a_node_just_at_the_limit_is_within_it():
    rule, tags = plain.rule()
    street = [Node(1, 0, 0, {"leisure": "park"}), Node(2, 0, 20_000), Way(1, [1, 2], {"highway": "path"})]
    extract = reading.decode(files.pbf(street), tags, reading.Limits())
    (metres,) = plain_rule.graph(extract, rule).length_m
    told = plain_rule.answers(extract, replace(rule, limits_m=(metres, np.nextafter(metres, 0))))
    assert [told[name]["nodes_within"] for name in told if name.startswith("park_")] == [2, 1]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_nodes_at_the_same_distance_the_smaller_id_is_nearest(order):
    """A place between two streets, on the equator and the prime meridian, where nothing is rounded."""
    rule, tags = plain.rule()
    west, east = order
    streets = [
        Node(west, -5000, 0), Node(east, 5000, 0), Node(3, -5000, 9000), Node(4, 5000, 8000),
        Node(5, 0, 0, {"leisure": "park"}),
        Way(1, [west, 3], {"highway": "path"}), Way(2, [east, 4], {"highway": "path"}),
    ]  # fmt: skip
    extract = reading.decode(files.pbf(streets), tags, reading.Limits())
    walk = plain_rule.graph(extract, rule)
    at = plain_rule.nearest_nodes(walk, extract.places.lon, extract.places.lat, rule)
    assert walk.ids[at].tolist() == [1]
