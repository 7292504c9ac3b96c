"""Layers of areas in every form, known by codes, by names inside parents, or by BPS; what is unknown is still drawn."""

import geopandas
import numpy as np
import pytest
import shapely
from tests.city_town import NORTH, SOUTH, Town, box

from ruangaman.adapters import city_areas, city_codes
from ruangaman.adapters.city_areas import AreasMalformed, AreasUnreadable

pytestmark = pytest.mark.slow  # geometry takes seconds to import

WORDS = city_codes.own_words()
UPPER, LOWER = (shapely.Polygon(box(-500, 0, 500, 300)[0]), shapely.Polygon(box(-500, -300, 500, 0)[0]))


def layer(path, columns, shapes=(UPPER, LOWER), crs="EPSG:4326"):
    frame = geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


def register(folder):
    asked = Town().write(folder / "town")
    return city_codes.read(asked.codes, "32")


def read(*files, scope="32.73", table=None, words=WORDS, **given):
    return city_areas.read(
        tuple(file if isinstance(file, tuple) else ("", file) for file in files),
        scope=scope, table=table, words=words, **given,
    )  # fmt: skip


def keys(areas, level):
    return [areas.code[at] for at in areas.at(level)]


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "parquet", "shp"])
def test_every_form_tells_the_same(tmp_path, suffix):
    found = read(layer(tmp_path / f"a.{suffix}", {"kode": [NORTH, SOUTH], "kelurahan": ["U", "S"]}))
    assert keys(found, "kelurahan") == [NORTH, SOUTH]
    assert found.unmatched == ()
    assert found.shape[0].equals(shapely.union_all([UPPER, LOWER]))


def test_another_coordinate_system_is_turned_into_degrees(tmp_path):
    frame = geopandas.GeoDataFrame({"kode": [NORTH]}, geometry=[UPPER], crs="EPSG:4326").to_crs(32630)
    frame.to_file(tmp_path / "a.gpkg")
    found = read(("kelurahan", tmp_path / "a.gpkg"))
    assert np.allclose(found.shape[0].bounds, UPPER.bounds, atol=1e-9)


def test_codes_with_dots_without_dots_and_of_bps(tmp_path):
    table, words = register(tmp_path)
    undotted = [code.replace(".", "") for code in (NORTH, SOUTH)]
    found = read(layer(tmp_path / "a.gpkg", {"kode": undotted, "desa": ["", ""]}), table=table, words=words)
    assert keys(found, "kelurahan") == [NORTH, SOUTH]
    (tmp_path / "town" / "codes" / "bps.csv").write_text(f"code,bps\n{NORTH},3273010001\n")
    table, words = city_codes.read(tmp_path / "town" / "codes", "32")
    frame = layer(
        tmp_path / "b.gpkg", {"kode_bps": ["3273010001", "3273010009"], "desa": ["Utara", "Selatan"]}
    )
    found = read(frame, table=table, words=words)
    assert keys(found, "kelurahan")[0] == NORTH
    (lost,) = found.unmatched
    assert (lost.name, lost.why, lost.at) == ("Selatan", "not-in-table", "BPS 3273010009")
    # It is drawn, under a key of its own.
    assert keys(found, "kelurahan")[1] == lost.key == "?selatan"


def test_digits_without_a_table_may_be_anybodys(tmp_path):
    found = read(layer(tmp_path / "a.gpkg", {"kode": ["3273011001", ""], "desa": ["Utara", "Selatan"]}))
    assert {one.why for one in found.unmatched} == {"no-code"}
    assert keys(found, "kelurahan") == ["?utara", "?selatan"]


def test_names_find_codes_with_their_parents_and_columns_may_be_named(tmp_path):
    table, words = register(tmp_path)
    columns = {
        "kota": ["KOTA BANDUNG"] * 2,
        "kec": ["Kec. Sukasari"] * 2,
        "nama_kel_baru": ["UTARA", "Timur"],
    }
    found = read(
        ("kelurahan", layer(tmp_path / "a.gpkg", columns)), table=table, words=words,
        columns={"kel": "nama_kel_baru"},
    )  # fmt: skip
    assert keys(found, "kelurahan") == [NORTH, "?kota-bandung-kec-sukasari-timur"]
    assert [(one.name, one.why) for one in found.unmatched] == [("Timur", "no-name")]
    assert found.name[found.code.index(NORTH)] == "Utara"


def test_an_area_of_another_city_is_not_of_this_one(tmp_path):
    found = read(layer(tmp_path / "a.gpkg", {"kode": [NORTH, "31.71.01.1001"], "desa": ["a", "b"]}))
    assert [one.why for one in found.unmatched] == ["outside"]


def test_upper_levels_come_from_the_lower_ones_where_no_layer_draws_them(tmp_path):
    columns = {"kode": [NORTH, SOUTH], "rw": ["RW 1", "02"]}
    found = read(layer(tmp_path / "a.gpkg", columns))
    assert keys(found, "rw") == [f"{NORTH}.RW01", f"{SOUTH}.RW02"]
    assert keys(found, "kelurahan") == [NORTH, SOUTH]
    assert keys(found, "kecamatan") == ["32.73.01"]
    assert found.parent == ("", "32.73", "32.73.01", "32.73.01", NORTH, SOUTH)
    assert found.drawn == ("rw",)
    assert found.shape[1].equals_exact(shapely.union_all([UPPER, LOWER]), 1e-9)


def test_an_area_that_is_drawn_twice_is_one_and_told(tmp_path):
    found = read(layer(tmp_path / "a.gpkg", {"kode": [NORTH, NORTH], "desa": ["Utara", "Utara"]}))
    assert keys(found, "kelurahan") == [NORTH]
    assert found.twice == (NORTH,)
    assert found.shape[found.code.index(NORTH)].equals_exact(shapely.union_all([UPPER, LOWER]), 1e-9)


def test_an_rw_without_a_number_keeps_its_kelurahan(tmp_path):
    found = read(layer(tmp_path / "a.gpkg", {"kode": [NORTH, SOUTH], "rw": ["Kawasan Industri", "RW 3"]}))
    (lost,) = found.unmatched
    assert (lost.level, lost.why, lost.name) == ("rw", "no-number", "Kawasan Industri")
    assert found.parent[found.code.index(lost.key)] == "32.73"  # its kelurahan is drawn by no numbered RW
    assert keys(found, "kelurahan") == [SOUTH]


def test_drawings_that_cross_themselves_are_mended_and_points_are_no_areas(tmp_path):
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    found = read(
        layer(tmp_path / "a.gpkg", {"kode": [NORTH, SOUTH], "desa": ["a", "b"]}, [bow, LOWER]),
    )
    assert found.mended == 1
    assert found.shape[found.code.index(NORTH)].area == pytest.approx(0.5)
    found = read(
        layer(tmp_path / "b.gpkg", {"kode": [NORTH, SOUTH], "desa": ["a", "b"]}, [shapely.Point(0, 0), LOWER])
    )
    assert keys(found, "kelurahan") == [SOUTH]


def test_points_lie_in_the_first_area_that_holds_them(tmp_path):
    found = read(layer(tmp_path / "a.gpkg", {"kode": [NORTH, SOUTH], "desa": ["a", "b"]}))
    lon, lat = np.array([0.0, 0.0, 0.0, 9.0]), np.array([0.001, -0.001, 0.0, 0.0])
    told = city_areas.assign(found, lon, lat)
    assert [found.code[at] if at >= 0 else None for at in told["kelurahan"]] == [NORTH, SOUTH, NORTH, None]
    assert told["city"].tolist() == [0, 0, 0, -1]
    assert told["rw"].tolist() == [-1] * 4


def test_without_layers_the_city_is_everywhere():
    found = read(scope="", name="Kota Kecil")
    assert (found.code, found.shape[0]) == (("?kota-kecil",), None)
    assert city_areas.assign(found, np.zeros(2), np.zeros(2))["city"].tolist() == [0, 0]


def test_the_code_of_the_city_is_what_all_areas_share(tmp_path):
    assert (
        read(layer(tmp_path / "a.gpkg", {"kode": [NORTH, SOUTH], "desa": ["a", "b"]}), scope="").code[0]
        == "32.73"
    )
    columns = {"kode": [NORTH, "32.01.01.1001"], "desa": ["a", "b"]}
    assert read(layer(tmp_path / "b.gpkg", columns), scope="").code[0] == "32"


def test_what_is_no_layer_is_refused(tmp_path):
    (tmp_path / "a.gpkg").write_bytes(b"no layer")
    (tmp_path / "b.parquet").write_bytes(b"PAR1")
    for path in (tmp_path / "a.gpkg", tmp_path / "b.parquet", tmp_path / "none.geojson", tmp_path):
        with pytest.raises(AreasUnreadable):
            read(path)
    with pytest.raises(AreasUnreadable):
        read(layer(tmp_path / "c.parquet", {"kode": [NORTH, SOUTH], "desa": ["a", "b"]}, crs=None))
    with pytest.raises(AreasMalformed):
        read(layer(tmp_path / "d.gpkg", {"nomor": [1, 2]}))
    with pytest.raises(AreasMalformed):
        read(("dusun", layer(tmp_path / "e.gpkg", {"kode": [NORTH, SOUTH], "desa": ["a", "b"]})))


def test_heights_are_left_out(tmp_path):
    """Layers of Indonesia's mapping agency carry them."""
    frame = layer(tmp_path / "a.gpkg", {"kode": [NORTH, SOUTH]}, [shapely.force_3d(UPPER, 7), LOWER])
    found = read(("kelurahan", frame))
    assert not shapely.has_z(found.shape).any()
    assert found.shape[0].equals(shapely.union_all([UPPER, LOWER]))


def test_codes_that_came_as_numbers_are_codes(tmp_path):
    table, words = register(tmp_path)
    numbers = [float(code.replace(".", "")) for code in (NORTH, SOUTH)]
    found = read(("kelurahan", layer(tmp_path / "a.gpkg", {"kode": numbers})), table=table, words=words)
    assert keys(found, "kelurahan") == [NORTH, SOUTH]


@pytest.mark.parametrize(
    ("shapes", "crs", "refusal"),
    [
        ([shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)])], "EPSG:4326", AreasMalformed),
        ([None, shapely.Polygon()], "EPSG:4326", AreasMalformed),
        ([shapely.box(106_000, -6_000, 107_000, -5_000), UPPER], "EPSG:4326", AreasUnreadable),
        ([shapely.box(0, 0, 1e300, 1e300), UPPER], "EPSG:32748", AreasUnreadable),
        ([UPPER, LOWER], 'LOCAL_CS["plan",UNIT["metre",1]]', AreasUnreadable),
    ],
)
def test_drawings_that_are_no_areas_of_the_globe_are_refused(tmp_path, shapes, crs, refusal):
    frame = layer(tmp_path / "a.parquet", {"kode": [NORTH, SOUTH]}, shapes, crs)
    with pytest.raises(refusal):
        read(("kelurahan", frame))


def test_a_column_that_was_told_and_is_in_no_layer_is_refused(tmp_path):
    frame = layer(tmp_path / "a.gpkg", {"kode": [NORTH, SOUTH], "Desa": ["U", "S"]})
    with pytest.raises(AreasMalformed) as refused:
        read(frame, columns={"kel": "Desa", "kec": "distrik"})
    assert refused.value.facts == {"what": "column distrik"}
    assert keys(read(frame, columns={"kel": "desa"}), "kelurahan") == [NORTH, SOUTH]
