"""Files of OpenStreetMap: every form gives the same arrays, areas close, and what is broken is refused by a code."""

import bz2
import gzip
import zlib
from dataclasses import fields, is_dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.osm import files
from tests.osm.drawn import DRAWN, STEP, X, Y
from tests.osm.files import Form, Node, Relation, Way

from ruangaman.adapters.osm import reading
from ruangaman.adapters.osm.errors import (
    FeatureUnknown,
    FileBroken,
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    NotOneState,
    NotOsm,
    TableRefused,
)
from ruangaman.adapters.osm.reading import Limits
from ruangaman.adapters.osm.vocabulary import own, read_table
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.extract import (
    ABSENT,
    NODE,
    NUMBER_ABSENT,
    NUMBER_OTHER,
    OTHER,
    RELATION,
    WAY,
    Extract,
)

pytestmark = pytest.mark.slow  # the first run compiles the loops


def read(content: bytes, limits: Limits | None = None) -> Extract:
    return reading.decode(content, own(), limits or Limits())


def plain(value: object) -> object:
    """An extract as lists and dicts, to be compared; NaN as None."""
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray):
        return [None if one != one else one for one in value.tolist()]
    return value


FORMS = {
    "XML, gzip": gzip.compress(files.xml(DRAWN)),
    "XML, gzip in two parts": gzip.compress(files.xml(DRAWN)[:700]) + gzip.compress(files.xml(DRAWN)[700:]),
    "XML, bzip2": bz2.compress(files.xml(DRAWN)),
    "XML, bzip2 in two parts": bz2.compress(files.xml(DRAWN)[:700]) + bz2.compress(files.xml(DRAWN)[700:]),
    "XML, a long note before it": files.xml(DRAWN).replace(b"<osm ", b"<!--" + b" note" * 2000 + b"--><osm "),
    "OPL": files.opl(DRAWN),
    "OPL, gzip": gzip.compress(b"# a note\n" + files.opl(DRAWN)),
    "o5m": files.o5m(DRAWN),
    "PBF": files.pbf(DRAWN),
    "PBF, packed once more": gzip.compress(files.pbf(DRAWN)),
    "PBF, a block an element": files.pbf(DRAWN, Form(a_block=1)),
    "PBF, plain nodes": files.pbf(DRAWN, Form(dense=False)),
    "PBF, not packed": files.pbf(DRAWN, Form(packed=False)),
    "PBF, a blob that nobody knows": files.pbf(DRAWN, Form(unknown_blob=True)),
    "PBF, other steps": files.pbf(DRAWN, Form(granularity=50, offset=1_000_000)),
    "PBF, without features": files.pbf(DRAWN, Form(features=())),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_file_tells_the_same(form):
    assert plain(read(FORMS[form])) == plain(read(files.xml(DRAWN)))


def test_ways_may_stand_before_their_nodes():
    turned = [
        *(one for one in DRAWN if not isinstance(one, Node)),
        *(one for one in DRAWN if isinstance(one, Node)),
    ]
    assert plain(read(files.pbf(turned))) == plain(read(files.pbf(DRAWN)))


def test_nodes_in_any_order_and_twice_count_where_their_last_line_says():
    moved = [Node(5, X + 77, Y), Node(5, None, None), *DRAWN[::-1]]
    assert plain(read(files.pbf(moved)).nodes) == plain(read(files.pbf(DRAWN)).nodes)
    again = read(files.pbf([*DRAWN, Node(5, X + 77, Y)])).nodes
    assert again.lon[again.ids == 5] == pytest.approx((X + 77) / 1e7, abs=1e-12)


def test_locations_written_with_ways_stand_in_for_nodes_that_are_left_out():
    where = {one.id: (one.x, one.y) for one in DRAWN if isinstance(one, Node)}
    where |= dict.fromkeys((97, 98, 99), (2_147_483_647, 2_147_483_647))
    kept = [one for one in DRAWN if not isinstance(one, Node) or one.tags]
    found, expected = read(files.pbf(kept, Form(with_places=where))), read(files.pbf(DRAWN))
    assert plain(found.nodes) == plain(expected.nodes)
    assert plain(found.streets) == plain(expected.streets)
    assert plain(found.points) == plain(expected.points)
    assert plain(found.places) == plain(expected.places)


def test_streets_carry_their_tags_as_codes_and_numbers():
    found = read(files.xml(DRAWN))
    streets = found.streets
    assert streets.ids.tolist() == [10, 11, 12, 13, 14]
    assert streets.tags["highway"].tolist() == [
        found.code("highway", name) for name in ("residential", "motorway", "service", "path", "footway")
    ]
    assert streets.tags["sidewalk:left"].tolist() == [found.code("sidewalk:left", "yes"), *[ABSENT] * 4]
    assert streets.tags["surface"].tolist() == [ABSENT, ABSENT, ABSENT, OTHER, ABSENT]
    assert streets.numbers["maxspeed"].tolist() == [32, NUMBER_ABSENT, NUMBER_OTHER, *[NUMBER_ABSENT] * 2]
    assert streets.numbers["lanes"][1] == 4
    assert streets.numbers["layer"][1] == -1
    broken = streets.vertices[streets.first[4] : streets.first[5]]
    assert (broken >= 0).tolist() == [True, False, True]
    assert found.nodes.ids[broken[[0, 2]]].tolist() == [8, 9]


def test_barriers_and_points_are_told_apart_from_streets():
    found = read(files.xml(DRAWN))
    assert found.barriers.ids.tolist() == [15]
    assert found.barriers.tags["waterway"].tolist() == [found.code("waterway", "canal")]
    assert found.points.ids.tolist() == [2, 8, 31]
    assert found.points.tags["highway"].tolist() == [found.code("highway", "crossing"), ABSENT, ABSENT]
    assert found.points.tags["kerb"].tolist() == [found.code("kerb", "lowered"), ABSENT, ABSENT]
    assert found.nodes.ids[found.points.node[:2]].tolist() == [2, 8]
    assert found.points.node[2] == -1  # an entrance of the school, on no street


def test_places_have_kinds_names_and_rings():
    found = read(files.xml(DRAWN))
    places = found.places
    assert places.ids.tolist() == [20, 40, 50]
    assert places.element.tolist() == [NODE, WAY, RELATION]
    assert [found.kinds[int(mask).bit_length() - 1] for mask in places.kinds] == [
        "playground",
        "school",
        "park",
    ]
    assert places.names == ("Taman Bermain", "Sekolah Contoh", "")
    assert places.tags["access"].tolist() == [ABSENT, found.code("access", "private"), ABSENT]
    assert places.first_ring.tolist() == [0, 0, 1, 2]
    assert places.ring_closed.tolist() == [True, True]
    assert places.vertex_ids.tolist() == [31, 32, 33, 34, 31] * 2
    assert places.lat[1] == pytest.approx((Y + 2 * STEP) / 1e7)


@pytest.mark.parametrize(
    ("told", "number"),
    [("50", 50), ("50 km/h", 50), ("50kmh", 50), ("30 mph", 48), ("12.5", 12), (" 40 ", 40),
     *((told, NUMBER_OTHER) for told in ("none", "ID:urban", "", "50;30", "999999", "."))],
)  # fmt: skip
def test_a_speed_is_read_or_said_to_be_none(told, number):
    found = read(files.pbf([Node(1, X, Y), Way(1, [1, 1], {"highway": "path", "maxspeed": told})]))
    assert found.streets.numbers["maxspeed"].tolist() == [number]


# Corners of squares: 1..4 of a park, 11..14 of a lake in it, 21..24 of an island in the lake, 31..34 of another park.
def square(first: int, at: int, size: int) -> list[Node]:
    corners = [(at, at), (at + size, at), (at + size, at + size), (at, at + size)]
    return [Node(first + number, X + x, Y + y) for number, (x, y) in enumerate(corners)]


SQUARES = [*square(1, 0, 1000), *square(11, 100, 700), *square(21, 200, 300), *square(31, 2000, 500)]
PARK = {"type": "multipolygon", "leisure": "park"}


def rings_of(extract: Extract, place: int = 0) -> list[tuple[set[int], bool, bool]]:
    """Each ring: its nodes, whether it closes, whether it is a hole."""
    places = extract.places
    return [
        (
            set(places.vertex_ids[places.first_vertex[ring] : places.first_vertex[ring + 1]].tolist()),
            bool(places.ring_closed[ring]),
            bool(places.ring_hole[ring]),
        )
        for ring in range(places.first_ring[place], places.first_ring[place + 1])
    ]


def park(ways: list[Way], members: list[tuple[str, int, str]]) -> Extract:
    return read(files.xml([*SQUARES, *ways, Relation(1, members, PARK)]))


def test_ways_are_joined_to_rings_whatever_their_direction_and_order():
    ways = [
        Way(1, [1, 2, 3]),
        Way(2, [1, 4, 3]),
        Way(3, [12, 13]),
        Way(4, [11, 12]),
        Way(5, [14, 13]),
        Way(6, [11, 14]),
    ]
    found = park(ways, [("way", way.id, "outer" if way.id < 3 else "inner") for way in ways])
    assert rings_of(found) == [({1, 2, 3, 4}, True, False), ({11, 12, 13, 14}, True, True)]
    assert found.places.lost.tolist() == [0]


def test_holes_are_told_by_where_they_lie_and_not_by_their_role():
    ways = [
        Way(1, [1, 2, 3, 4, 1]),
        Way(2, [11, 12, 13, 14, 11]),
        Way(3, [21, 22, 23, 24, 21]),
        Way(4, [31, 32, 33, 34, 31]),
    ]
    for roles in (("outer", "inner", "outer", "outer"), ("", "", "", ""), ("inner", "outer", "inner", "x")):
        found = park(ways, [("way", number, role) for number, role in zip((3, 1, 4, 2), roles, strict=True)])
        assert sorted(rings_of(found), key=str) == sorted(
            [
                ({1, 2, 3, 4}, True, False),
                ({11, 12, 13, 14}, True, True),
                ({21, 22, 23, 24}, True, False),
                ({31, 32, 33, 34}, True, False),
            ],
            key=str,
        )
        holes = [hole for _, _, hole in rings_of(found)]
        at = holes.index(True)
        assert rings_of(found)[at - 1][0] == {1, 2, 3, 4}  # behind the ring that it is in


def test_what_does_not_close_is_kept_and_said():
    ways = [Way(1, [1, 2, 3]), Way(3, [31, 32, 33, 34, 31]), Way(4, [11, 98, 12])]
    found = park(ways, [("way", 1, "outer"), ("way", 2, "outer"), ("way", 3, "outer"), ("way", 4, "inner")])
    assert rings_of(found) == [
        ({31, 32, 33, 34}, True, False),
        ({11}, False, False),
        ({12}, False, False),
        ({1, 2, 3}, False, False),
    ]
    assert found.places.lost.tolist() == [2]  # a way and a node


def test_rings_that_touch_in_a_corner_are_two():
    ways = [Way(1, [1, 2, 3]), Way(2, [3, 4, 1]), Way(3, [3, 31, 32]), Way(4, [32, 33, 3])]
    found = park(ways, [("way", way.id, "outer") for way in ways])
    assert sorted(sorted(ring) for ring, closed, _ in rings_of(found) if closed) == [
        [1, 2, 3, 4],
        [3, 31, 32, 33],
    ]


def test_a_way_that_is_a_member_twice_is_one():
    found = park([Way(1, [1, 2, 3]), Way(2, [3, 4, 1])], [("way", 1, ""), ("way", 2, ""), ("way", 1, "")])
    assert rings_of(found) == [({1, 2, 3, 4}, True, False)]


def test_a_park_without_any_located_vertex_is_left_out():
    assert len(park([Way(1, [97, 98, 99])], [("way", 1, "outer"), ("node", 1, "label")]).places) == 0


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileEmpty),
        (b"\n \n", FileEmpty),
        (b"<?xml version='1.0'?><osm version='0.6'></osm>", FileEmpty),
        (files.pbf([]), FileEmpty),
        (b"lat,lon\n1,2\n", NotOsm),
        (b"\x89PNG\r\n\x1a\n", NotOsm),
        (b"<?xml version='1.0'?><gpx></gpx>", NotOsm),
        (b"<osmChange version='0.6'><modify/></osmChange>", NotOneState),
        (files.xml(DRAWN).replace(b'<way id="40"', b'<way id="40" visible="false"'), NotOneState),
        (files.xml(DRAWN).replace(b'<way id="40"', b"<way id='40' action='delete'"), NotOneState),
        (files.xml(DRAWN)[:-30], FileBroken),
        (files.xml(DRAWN).replace(b'id="10"', b'id="ten"'), FileBroken),
        (b"<!DOCTYPE osm [<!ENTITY a 'b'>]><osm version='0.6'>&a;</osm>", FileBroken),
        (gzip.compress(files.xml(DRAWN))[:-9], FileBroken),
        (gzip.compress(files.xml(DRAWN)) + b"more", FileBroken),
        (bz2.compress(files.xml(DRAWN))[:-9], FileBroken),
        (b"\x1f\x8bnonsense", FileBroken),
        (files.xml(DRAWN).replace(b' lat="', b' lat="here', 1), FileBroken),
        (files.opl(DRAWN).replace(b" y", b" yhere", 1), FileBroken),
        (files.opl(DRAWN).replace(b"w40 T", b"w40 dD T"), NotOneState),
        (files.o5m(DRAWN)[:90], FileBroken),
        (files.o5m(DRAWN).replace(b"o5m2", b"o5c2"), NotOneState),
        (files.pbf(DRAWN, Form(features=("OsmSchema-V0.6", "HistoricalInformation"))), NotOneState),
        (files.pbf(DRAWN, Form(features=("Tomorrow",))), FeatureUnknown),
    ],
)
def test_what_is_no_map_is_refused_by_its_own_code(content, refusal):
    with pytest.raises(refusal):
        read(content)


def test_a_file_cut_anywhere_is_refused_unless_whole_blobs_are_left():
    content = files.pbf(DRAWN)
    whole = {at for at in range(len(content)) if content[at + 4 :].startswith((b"\n\tOSMH", b"\n\x07OSMD"))}
    for cut in range(1, len(content)):
        try:
            read(content[:cut])
        except RuangAmanError:
            continue
        assert cut in whole, cut


@settings(deadline=None)
@given(st.data())
def test_spoilt_bytes_are_refused_or_read_and_never_break_the_reader(data):
    content = bytearray(files.pbf(DRAWN, Form(packed=False, dense=data.draw(st.booleans()), a_block=40)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(bytes(content))
    except RuangAmanError:
        return
    assert np.all(found.streets.vertices < len(found.nodes.ids))
    assert np.all(np.abs(found.nodes.lat) <= 90)


@pytest.mark.parametrize(
    "limits",
    [Limits(nodes=5), Limits(ways=5), Limits(vertices=10), Limits(relations=1), Limits(members=1),
     Limits(inflated_bytes=300)],
    ids=str,
)  # fmt: skip
def test_what_is_above_a_limit_is_refused(limits):
    for content in (files.pbf(DRAWN), gzip.compress(files.xml(DRAWN))):
        with pytest.raises(FileTooLarge):
            read(content, limits)


def test_a_blob_that_inflates_beyond_what_it_says_is_refused():
    block = zlib.compress(b"\0" * 100_000)
    told = b"\x10\x05\x1a" + bytes([len(block) & 0x7F | 0x80, len(block) >> 7]) + block
    head = b"\n\tOSMHeader\x18" + bytes([len(told) & 0x7F | 0x80, len(told) >> 7])
    with pytest.raises(FileBroken):
        read(len(head).to_bytes(4, "big") + head + told)


def test_what_is_no_plain_file_is_not_waited_for(tmp_path):
    with pytest.raises(FileUnreadable):
        reading.read(tmp_path)
    with pytest.raises(FileUnreadable):
        reading.read(tmp_path / "none.osm.pbf")
    (tmp_path / "large.osm").write_bytes(b" " * 11)
    with pytest.raises(FileTooLarge):
        reading.read(tmp_path / "large.osm", limits=Limits(file_bytes=10))


@pytest.mark.parametrize(
    "table",
    ["a: [", "[]", "columns: {highway: path}", "columns: {foot: ['yes']}", "columns: {highway: [a, a]}",
     "columns: {highway: [a]}\nstreets: [foot]", "columns: {highway: [a]}\nkinds: {park: [leisure]}", "\x00"],
)  # fmt: skip
def test_a_table_of_tags_that_is_malformed_is_refused(table):
    with pytest.raises(TableRefused):
        read_table(table.encode())


def test_a_city_may_bring_its_own_kinds():
    table = read_table(b"columns: {highway: [path]}\nkinds: {field: [leisure=pitch, sport=futsal]}")
    found = reading.decode(
        files.pbf([Node(1, X, Y, {"sport": "futsal"}), Node(2, X, Y, {"leisure": "park"})]), table, Limits()
    )
    assert found.kinds == ("field",)
    assert found.places.ids.tolist() == [1]


@settings(deadline=None)
@given(st.data())
def test_a_ring_cut_into_ways_is_one_ring_again(data):
    """Rings side by side, each cut anywhere, its pieces turned and mixed."""
    many = data.draw(st.integers(1, 3))
    ways, nodes, rings = [], [], []
    for ring in range(many):
        size = data.draw(st.integers(3, 9))
        first = 100 * ring + 1
        angles = [2 * np.pi * step / size for step in range(size)]
        nodes += [
            Node(first + at, X + 5000 * ring + int(1000 * np.cos(a)), Y + int(1000 * np.sin(a)))
            for at, a in enumerate(angles)
        ]
        around = [*range(first, first + size), first]
        rings.append(set(around))
        cuts = sorted({0, size, *data.draw(st.lists(st.integers(1, size - 1), max_size=4))})
        for begin, end in pairwise(cuts):
            piece = around[begin : end + 1]
            ways.append(Way(len(ways) + 1, piece[::-1] if data.draw(st.booleans()) else piece))
    members = [("way", way.id, "outer") for way in data.draw(st.permutations(ways))]
    found = rings_of(read(files.pbf([*nodes, *ways, Relation(1, members, PARK)])))
    assert sorted(map(sorted, rings)) == sorted(sorted(ring) for ring, _, _ in found)
    assert all(closed and not hole for _, closed, hole in found)
