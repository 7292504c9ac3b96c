"""Whole cities, read as pyosmium reads them object by object; a city without areas of its own lends its forms."""

import os
from pathlib import Path

import pytest
from tests.osm import files, slow_extract
from tests.osm.drawn import DRAWN

from ruangaman.adapters.osm import reading
from ruangaman.adapters.osm.vocabulary import own

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"


@pytest.fixture(scope="module")
def cities(tmp_path_factory):
    drawn = tmp_path_factory.mktemp("cities") / "drawn.osm"
    drawn.write_bytes(files.xml(DRAWN))
    return [drawn, *sorted(SHARED.glob("*.osm*"))]


@pytest.mark.slow
def test_streets_are_read_as_object_by_object(cities):
    for city in cities:
        found = slow_extract.streets_of(reading.read(city))
        expected = slow_extract.streets(city, own())
        assert [one[:3] for one in found] == [one[:3] for one in expected], city.name
        for ours, theirs in zip(found, expected, strict=True):
            if theirs[3] is None or (theirs[3].isascii() and theirs[3].isdigit()):
                assert ours[3] == (None if theirs[3] is None else int(theirs[3])), (city.name, theirs)


@pytest.mark.slow
def test_areas_that_osmium_assembles_have_the_same_rings_and_holes(cities, tmp_path):
    seen = 0
    for number, city in enumerate(cities):
        expected = slow_extract.areas(slow_extract.in_order(city, tmp_path / f"{number}.osm.pbf"), own())
        found = slow_extract.areas_of(reading.read(city), set(expected))
        for relation, rings in expected.items():
            assert key(found[relation]) == key(rings), (city.name, relation)
            seen += 1
    assert seen


def key(rings):
    return sorted((sorted(outer), sorted(sorted(hole) for hole in holes)) for outer, holes in rings)
