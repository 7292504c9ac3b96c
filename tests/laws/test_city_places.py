"""A city's own places and those of the map: each once, entered where the city says."""

import geopandas
import openpyxl
import pytest
import shapely
from tests.city_town import Town, box, degrees

from ruangaman.adapters import city_codes, city_places, city_tables
from ruangaman.adapters.city_build import entering
from ruangaman.adapters.city_places import PlacesMalformed, PlacesUnreadable, Told
from ruangaman.adapters.osm import reading
from ruangaman.core.reach import walk_network, walks
from ruangaman.core.reach.gates import GateLimits, Known

pytestmark = pytest.mark.slow  # geometry takes seconds to import

RULES = city_tables.city_build()
HEAD = "kind,name,lon,lat,gates,accessible,hours"


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    return reading.read(Town().write(tmp_path_factory.mktemp("town")).osm)


def table(path, *rows):
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


def joined(extract, *told):
    return city_places.joined(extract, RULES.safe_places, told, metres=50, words=city_codes.own_words())


def test_a_table_tells_places_gates_and_who_gets_in(tmp_path):
    one, other = city_places.read(
        table(
            tmp_path / "a.csv",
            'RPTRA,Kenanga,"106,8",-6.2,106.8 -6.2; 106.81 -6.21,Ya,08-18',
            "library,,1,2,,,",
        )
    )
    assert one == Told(
        "rptra",
        "Kenanga",
        106.8,
        -6.2,
        None,
        ((106.8, -6.2), (106.81, -6.21)),
        accessible=True,
        hours="08-18",
    )
    assert (other.accessible, other.gates, other.name) == (None, (), "")


def test_sheets_and_layers_tell_the_same(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Kind", "Name", "Lon", "Lat"], ["park", "Taman", 106.8, -6.2]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    frame = geopandas.GeoDataFrame(
        {"kind": ["park"], "name": ["Taman"]}, geometry=[shapely.Point(106.8, -6.2)], crs="EPSG:4326"
    )
    frame.to_file(tmp_path / "a.gpkg")
    frame.to_parquet(tmp_path / "a.parquet")
    expected = [Told("park", "Taman", 106.8, -6.2)]
    for name in ("a.xlsx", "a.gpkg", "a.parquet"):
        found = city_places.read(tmp_path / name)
        assert [(one.kind, one.name, round(one.lon, 9), round(one.lat, 9)) for one in found] == [
            (one.kind, one.name, one.lon, one.lat) for one in expected
        ], name


@pytest.mark.parametrize(
    "row",
    [",x,1,2,,,", "park,x,,2,,,", "park,x,181,2,,,", "park,x,1,91,,,", "park,x,1,2,1,,", "park,x,1,2,a b,,",
     "park,x,1,2,,mungkin,", "park,x,1,2,1 2 3,,", "park,x,nan,2,,,"],
)  # fmt: skip
def test_what_a_row_lacks_is_named(tmp_path, row):
    with pytest.raises(PlacesMalformed) as refused:
        city_places.read(table(tmp_path / "a.csv", "park,y,1,2,,,", row))
    assert refused.value.facts["row"] == 3


def test_a_table_without_a_head_does_not_lose_its_first_row(tmp_path):
    (tmp_path / "t.csv").write_text("106.8,-6.2,Taman A,playground\n")
    with pytest.raises(PlacesMalformed) as refused:
        city_places.read(tmp_path / "t.csv")
    assert refused.value.facts == {"what": "kind", "row": 1}


def test_what_is_no_table_is_refused(tmp_path):
    for name, content in (("a.gpkg", b"x"), ("a.xlsx", b"x"), ("a.csv", b"\xff\xfe\x00"), ("a.pdf", b"%PDF")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PlacesUnreadable):
            city_places.read(tmp_path / name)
    with pytest.raises(PlacesUnreadable):
        city_places.read(tmp_path / "none.csv")


def test_a_place_of_the_table_and_one_of_the_map_are_one_when_near_and_called_the_same(extract):
    near = Told("rptra", "TAMAN  BAWAH", *degrees(0, -60), accessible=True)
    found = joined(extract, near)
    (one,) = found.places
    assert (one.id, one.kind, one.source, one.name, one.accessible) == (
        "r1",
        "rptra",
        "both",
        "TAMAN  BAWAH",
        True,
    )
    assert found.pairs[0][:2] == ("r1", 2)
    assert found.pairs[0][2] == pytest.approx(14, abs=0.5)  # metres to the park's corner


@pytest.mark.parametrize(
    "told",
    [Told("park", "Taman Bawah", *degrees(-60, -50)), Told("park", "Taman Lain", *degrees(15, -60)),
     Told("park", "", *degrees(15, -60))],
)  # fmt: skip
def test_others_are_two(extract, told):
    found = joined(extract, told)
    assert [one.id for one in found.places] == ["r1", "k1"]
    assert found.pairs == ()


def test_two_rows_are_not_the_same_place_of_the_map(extract):
    row = Told("park", "Taman Bawah", *degrees(15, -60))
    assert [one.id for one in joined(extract, row, row).places] == ["r1", "k2"]


def test_a_kind_that_no_map_knows_is_refused(extract):
    from dataclasses import replace

    with pytest.raises(PlacesMalformed):
        city_places.of_map(extract, replace(RULES.safe_places, kinds=("castle",)))


def test_gates_of_the_table_count_instead_of_the_maps(extract):
    network = walk_network.build(extract, city_tables.safe_walk())
    streets = walks.ready(network)

    def entered(*told):
        found = joined(extract, *told)
        gates = entering.gates(
            extract, found.drawings, found.places, streets, city_tables.safe_walk(), GateLimits()
        )
        return found, gates

    _, by_map = entered()
    assert set(by_map.known.tolist()) == {Known.BESIDE_A_WAY}
    far = degrees(500, 290)
    told = Told("park", "Taman Bawah", *degrees(15, -60), gates=(degrees(5, -100), far))
    _, by_city = entered(told)
    assert by_city.known.tolist() == [Known.MAPPED]  # the other lies on no street
    assert by_city.lat.tolist() == pytest.approx([degrees(0, -100)[1]])
    nowhere, without = entered(Told("park", "Jauh", *far, gates=(far,)))
    assert without.without.tolist() == [1]
    assert nowhere.places[1].id == "k1"


def test_a_place_that_the_table_draws_is_entered_along_its_edge(extract):
    shape = shapely.Polygon(box(-60, 40, -5, 90)[0], [box(-40, 50, -30, 60)[0]])
    middle = shape.representative_point()
    found = joined(extract, Told("park", "Taman Baru", middle.x, middle.y, shape))
    streets = walks.ready(walk_network.build(extract, city_tables.safe_walk()))
    gates = entering.gates(
        extract, found.drawings, found.places, streets, city_tables.safe_walk(), GateLimits()
    )
    its = gates.lon[gates.place == 1]
    assert len(its)
    assert its == pytest.approx([degrees(-5, 0)[0]] * len(its))  # its eastern edge, 5 m from Sari's street
    assert found.drawings.ring_hole[-2:].tolist() == [False, True]
