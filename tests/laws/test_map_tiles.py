"""Tiles of a city's streets: numbered along Hilbert's curve, read back as they were written, refused when broken."""

import gzip
from math import asinh, pi, radians, tan
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ruangaman
from ruangaman.adapters import map_tiles, pmtiles, walk_files
from ruangaman.adapters.pmtiles import TilesUnreadable

BUILT = next(iter(ruangaman.__path__)) + "/site/story/city/built"


def test_each_tile_has_a_number_of_its_own_and_neighbours_touch():
    before = None
    places = {}
    for zoom in range(6):
        for column in range(1 << zoom):
            for row in range(1 << zoom):
                places[pmtiles.tile_id(zoom, column, row)] = (zoom, column, row)
    assert sorted(places) == list(range(sum(4**zoom for zoom in range(6))))
    for number in sorted(places):
        zoom, column, row = places[number]
        if before is not None and before[0] == zoom:
            assert abs(before[1] - column) + abs(before[2] - row) == 1
        before = places[number]


TILES = st.dictionaries(
    st.integers(0, 9).flatmap(
        lambda zoom: st.tuples(
            st.just(zoom), st.integers(0, (1 << zoom) - 1), st.integers(0, (1 << zoom) - 1)
        )
    ),
    st.binary(min_size=1, max_size=40),
    max_size=60,
)


@given(TILES)
def test_what_is_written_is_read_and_nothing_else(tmp_path_factory, tiles):
    file = tmp_path_factory.mktemp("tiles") / "x.pmtiles"
    pmtiles.write(file, tiles, bounds=(100, -10, 110, 0), told={"name": "x"})
    for zoom in range(4):
        for column in range(1 << zoom):
            for row in range(1 << zoom):
                found = pmtiles.read(file, zoom, column, row)
                assert (found and gzip.decompress(found)) == tiles.get((zoom, column, row))
    for place, content in tiles.items():
        found = pmtiles.read(file, *place)
        assert found is not None
        assert gzip.decompress(found) == content


def test_many_tiles_go_into_leaves(tmp_path):
    """More than fit the root directory, here and there, so that the directory itself is not packed small."""
    chance = Random(1)
    places = {(12, chance.randrange(4096), chance.randrange(4096)) for _ in range(12_000)}
    tiles = {place: bytes(chance.randrange(256) for _ in range(1 + place[1] % 9)) for place in places}
    file = tmp_path / "many.pmtiles"
    pmtiles.write(file, tiles, bounds=(100, -10, 110, 0), told={})
    head = pmtiles.HEAD.unpack(file.read_bytes()[: pmtiles.HEAD.size])
    assert head[6] > 0  # leaves
    for place in sorted(tiles)[::400]:
        found = pmtiles.read(file, *place)
        assert found is not None
        assert gzip.decompress(found) == tiles[place]
    assert pmtiles.read(file, 11, 0, 0) is None


@given(st.integers(0, 3999), st.integers(0, 255))
def test_a_changed_file_is_refused_or_read_and_breaks_nothing(tmp_path_factory, at, byte):
    whole = bytearray((Path(BUILT) / map_tiles.FILE).read_bytes())
    whole[at % len(whole)] = byte
    file = tmp_path_factory.mktemp("broken") / "x.pmtiles"
    file.write_bytes(bytes(whole))
    try:
        found = pmtiles.read(file, 15, 26396, 16857)
    except TilesUnreadable:
        return
    assert found is None or isinstance(found, bytes)


def test_no_file_and_a_short_one_are_refused(tmp_path):
    for content in (None, b"", b"PMTiles\x03", b"x" * 200):
        file = tmp_path / "x.pmtiles"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(TilesUnreadable):
            pmtiles.read(file, 0, 0, 0)


def varint(data, at):
    found = shift = 0
    while True:
        byte = data[at]
        at += 1
        found |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return found, at


def fields(data):
    """A slow plain reading of a protocol buffer: number and value of each field."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        value, at = varint(data, at)
        if tag & 7 == 2:
            value, at = data[at : at + value], at + value
        yield tag >> 3, value


def lines(layer):
    """(told, points) of each feature of a layer."""
    parts = list(fields(layer))
    keys = [value.decode() for number, value in parts if number == 3]
    values = []
    for number, value in parts:
        if number == 4:
            ((kind, told),) = fields(value)
            values.append(told.decode() if kind == 1 else told)
    for number, feature in parts:
        if number != 2:
            continue
        its = dict(fields(feature))
        numbers, at = [], 0
        while at < len(its[2]):
            one, at = varint(its[2], at)
            numbers.append(one)
        told = {keys[key]: values[value] for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
        commands, at = [], 0
        while at < len(its[4]):
            one, at = varint(its[4], at)
            commands.append(one)
        spots, x, y, place = [], 0, 0, 0
        while place < len(commands):
            count = commands[place] >> 3
            for step in range(count):
                dx, dy = commands[place + 1 + 2 * step : place + 3 + 2 * step]
                x += (dx >> 1) ^ -(dx & 1)
                y += (dy >> 1) ^ -(dy & 1)
                spots.append((x, y))
            place += 1 + 2 * count
        yield told, spots


def test_a_tile_tells_the_streets_where_they_are_with_their_answers():
    city = walk_files.read(Path(BUILT))
    profiles = list(city.streets.looks)
    vertex = next(one for one, names in city.starts.items() if set(names) == {"Gang Jambu", "Gang Sawo"})
    lon, lat, zoom = city.streets.lon[vertex], city.streets.lat[vertex], 15
    x, y = (lon + 180) / 360 * (1 << zoom), (1 - asinh(tan(radians(lat))) / pi) / 2 * (1 << zoom)
    packed = pmtiles.read(Path(BUILT) / map_tiles.FILE, zoom, int(x), int(y))
    assert packed is not None
    layers = {
        dict(fields(one))[1].decode(): one for number, one in fields(gzip.decompress(packed)) if number == 3
    }
    here = (round((x % 1) * map_tiles.EXTENT), round((y % 1) * map_tiles.EXTENT))
    found = {told["n"]: told for told, spots in lines(layers["streets"]) if here in spots}
    assert set(found) == {"Gang Jambu", "Gang Sawo"}
    for name, told in found.items():
        edge = next(one for one in range(len(city.streets.u)) if city.streets.called(one) == name)
        expected = "".join(
            str(int(city.streets.looks[one][city.streets.look[edge]].answer)) for one in profiles
        )
        assert (told["a"], told["s"], told["c"]) == (expected, 0, 0)
    big = [told for told, _ in lines(layers["streets"]) if told.get("n") == "Jalan Raya"]
    assert {(told["s"], told["c"]) for told in big} == {(1, 2), (2, 2)}
    low = -map_tiles.MARGIN - 1
    for _, spots in lines(layers["streets"]):
        assert all(low <= at <= map_tiles.EXTENT - low for spot in spots for at in spot)
    assert any(told["n"] == "Jalan Raya" and told["a"][profiles.index("6-12/day/foot")] == "2"
               for told, _ in lines(layers["crossings"]))  # fmt: skip
