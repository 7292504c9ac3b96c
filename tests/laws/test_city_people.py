"""People from rasters, layers and tables: as many as the file says, where it says, and refusals that name the place."""

import os
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pandas
import pyarrow.parquet
import pytest
import rasterio
import shapely
from affine import Affine

from ruangaman.adapters import city_people
from ruangaman.adapters.city_people import Band, PeopleMalformed, PeopleUnreadable

pytestmark = pytest.mark.slow  # geometry and rasters take seconds to import

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
CELLS = np.array([[1.0, 2.0, -9999.0], [0.0, 4.0, np.nan]], np.float32)


def raster(path: Path, crs: str | None = "EPSG:4326", cell: float = 0.001, corner=(106.8, -6.2)) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", width=3, height=2, count=1, dtype="float32", nodata=-9999, crs=crs,
        transform=Affine(cell, 0, corner[0], 0, -cell, corner[1]),
    ) as opened:  # fmt: skip
        opened.write(CELLS, 1)
    return path


def test_a_raster_is_read_at_the_middle_of_its_cells(tmp_path):
    found = city_people.read(raster(tmp_path / "a.tif"))
    assert found.people.tolist() == [1, 2, 4]
    assert found.lon == pytest.approx([106.8005, 106.8015, 106.8015])
    assert found.lat == pytest.approx([-6.2005, -6.2005, -6.2015])
    assert (found.of, found.cell_metres) == ("counts", pytest.approx(111.2, abs=0.1))


def test_a_raster_in_metres_is_put_where_it_is(tmp_path):
    found = city_people.read(raster(tmp_path / "a.tif", "EPSG:32748", 100.0, (700_000.0, 9_314_000.0)))
    assert found.cell_metres == 100
    assert 106.7 < found.lon[0] < 106.9
    assert -6.3 < found.lat[0] < -6.1
    apart = np.hypot(
        np.diff(found.lon[:2]) * 111_194.93 * np.cos(np.radians(6.2)), np.diff(found.lat[:2]) * 111_194.93
    )
    assert apart == pytest.approx(100, abs=0.7)


def test_weights_are_scaled_to_the_total_that_is_told(tmp_path):
    found = city_people.read(raster(tmp_path / "a.tif"), total=700)
    assert found.people.tolist() == pytest.approx([100, 200, 400])
    assert found.of == "weights"
    with pytest.raises(PeopleMalformed):
        city_people.read(tmp_path / "a.tif", total=0)


def frame(shapes, people, crs="EPSG:4326"):
    return geopandas.GeoDataFrame({"people": people}, geometry=shapes, crs=crs)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet"])
def test_points_of_a_layer_keep_their_place(tmp_path, name):
    layer = frame([shapely.Point(106.8, -6.2), shapely.Point(106.9, -6.3)], [3.0, 5.0])
    (layer.to_parquet if name.endswith("parquet") else layer.to_file)(tmp_path / name)
    found = city_people.read(tmp_path / name)
    assert (found.lon.tolist(), found.lat.tolist(), found.people.tolist()) == (
        [106.8, 106.9],
        [-6.2, -6.3],
        [3, 5],
    )


def test_people_of_an_area_are_spread_inside_of_it_and_none_is_lost(tmp_path):
    ell = shapely.Polygon(
        [(106.8, -6.2), (106.81, -6.2), (106.81, -6.202), (106.802, -6.202), (106.802, -6.21), (106.8, -6.21)]
    )
    tiny = shapely.box(106.9, -6.2, 106.9001, -6.1999)
    frame([ell, tiny], [1_000.0, 7.0]).to_file(tmp_path / "a.gpkg")
    found = city_people.read(tmp_path / "a.gpkg")
    inside = shapely.contains_xy(ell, found.lon, found.lat)
    assert found.people[inside].sum() == pytest.approx(1_000)
    assert inside.sum() == pytest.approx(ell.area * 111_194.93**2 * np.cos(np.radians(6.2)) / 100**2, rel=0.2)
    assert found.people[~inside].tolist() == [7]
    assert shapely.contains_xy(tiny, found.lon[~inside], found.lat[~inside]).all()


@pytest.mark.parametrize(
    "text", ["lon,lat,people\n106.8,-6.2,3\n106.9,-6.3,0\n", "lon;lat;People\r\n106,8;-6,2;3\r\n\r\n"]
)
def test_a_table_is_read_with_either_comma(tmp_path, text):
    (tmp_path / "a.csv").write_text("\ufeff" + text)
    found = city_people.read(tmp_path / "a.csv")
    assert (found.lon.tolist(), found.lat.tolist(), found.people.tolist()) == ([106.8], [-6.2], [3])


def test_a_plain_parquet_is_a_table(tmp_path):
    pandas.DataFrame({"lon": [1.0], "lat": [2.0], "n": [3.0]}).to_parquet(tmp_path / "a.parquet")
    assert city_people.read(tmp_path / "a.parquet", column="n").people.tolist() == [3]
    with pytest.raises(PeopleMalformed):
        city_people.read(tmp_path / "a.parquet")


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.tif", b"II*\0 no raster", PeopleUnreadable),
        ("a.gpkg", b"no database", PeopleUnreadable),
        ("a.parquet", b"PAR1", PeopleUnreadable),
        ("a.geojson", b"{", PeopleUnreadable),
        ("a.txt", b"", PeopleUnreadable),
        ("a.csv", b"lon,lat\n1,2\n", PeopleMalformed),
        ("a.csv", b"lon,lat,people\n1,2,many\n", PeopleMalformed),
        ("a.csv", b"lon,lat,people\n1,2,-3\n", PeopleMalformed),
        ("a.csv", b"lon,lat,people\n181,2,3\n", PeopleMalformed),
        ("a.csv", b"lon,lat,people\n", PeopleMalformed),
        ("a.csv", b"\xff\xfe\x00", PeopleUnreadable),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, content, refusal):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(refusal):
        city_people.read(tmp_path / name)


def test_what_does_not_say_where_it_lies_is_refused(tmp_path):
    with pytest.raises(PeopleUnreadable):
        city_people.read(tmp_path / "nowhere.tif")
    with pytest.raises(PeopleUnreadable):
        city_people.read(raster(tmp_path / "a.tif", crs=None))


TABLE = [
    ["code", "age_from", "age_to", "children", "share"],
    ["31.71.01.1001", 0, 4, 120, None],
    ["31.71.01.1001", 5, 17, None, 0.2],
]
BANDS = [Band("31.71.01.1001", 0, 4, 120.0, None), Band("31.71.01.1001", 5, 17, None, 0.2)]


def test_children_by_area_come_from_a_table_of_either_kind(tmp_path):
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert city_people.children(tmp_path / "a.xlsx") == BANDS
    lines = [
        ";".join(
            "" if cell is None else str(cell).replace(".", ",", 1) if isinstance(cell, float) else str(cell)
            for cell in row
        )
        for row in TABLE
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    assert city_people.children(tmp_path / "a.csv") == BANDS


@pytest.mark.parametrize(
    "row",
    [
        ",0,4,1,",
        "31.71,4,0,1,",
        "31.71,0,4,,",
        "31.71,0,4,1,0.1",
        "31.71,0,4,,1.5",
        "31.71,0.5,4,1,",
        "31.71,0,200,1,",
        "31.71,0,4,x,",
    ],
)
def test_a_row_that_says_no_number_of_children_is_refused_with_its_place(tmp_path, row):
    (tmp_path / "a.csv").write_text(f"code,age_from,age_to,children,share\n{row}\n")
    with pytest.raises(PeopleMalformed) as refused:
        city_people.children(tmp_path / "a.csv")
    assert refused.value.facts["row"] == 2


def test_a_table_may_say_how_many_use_a_wheelchair_and_no_more_than_have_a_disability(tmp_path):
    head = "code,age_from,age_to,children,disability_share,wheelchair_share"
    (tmp_path / "a.csv").write_text(
        f"{head}\n31.71,0,4,100,0.05,0.02\n31.71,5,9,100,0.05,\n31.71,10,17,100,,\n"
    )
    assert [(one.disabled, one.wheelchair) for one in city_people.children(tmp_path / "a.csv")] == [
        (0.05, 0.02), (0.05, None), (None, None)
    ]  # fmt: skip
    for row in ("31.71,0,4,100,0.05,0.06", "31.71,0,4,100,,0.01"):
        (tmp_path / "b.csv").write_text(f"{head}\n{row}\n")
        with pytest.raises(PeopleMalformed) as refused:
            city_people.children(tmp_path / "b.csv")
        assert refused.value.facts == {"what": "wheelchair_share above disability_share", "row": 2}


def test_ages_that_are_told_twice_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text(
        "code,age_from,age_to,children\n31.71,0,6,1\n31.71,6,12,1\n31.72,6,12,1\n"
    )
    with pytest.raises(PeopleMalformed) as refused:
        city_people.children(tmp_path / "a.csv")
    assert refused.value.facts["area"] == "31.71"


def test_a_broken_book_is_refused(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK no book")
    with pytest.raises(PeopleUnreadable):
        city_people.children(tmp_path / "a.xlsx")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("kept", [0.4, 0])
def test_a_book_with_a_spoilt_part_is_refused(tmp_path, part, kept):
    book = openpyxl.Workbook()
    book.active.append(["code", "age_from", "age_to", "share"])
    book.active.append(["31", 0, 5, 0.1])
    book.save(tmp_path / "whole.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "whole.xlsx") as whole,
        zipfile.ZipFile(tmp_path / "a.xlsx", "w") as spoilt,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name != part:
                spoilt.writestr(name, content)
            elif kept:
                spoilt.writestr(name, content[: int(kept * len(content))])
    with pytest.raises(PeopleUnreadable):
        city_people.children(tmp_path / "a.xlsx")


def test_a_point_for_thousands_is_refused_and_never_taken_for_a_comma(tmp_path):
    (tmp_path / "a.csv").write_text("lon;lat;people\n106,817;-6,2;950\n106.817;-6.201;1.200\n")
    with pytest.raises(PeopleMalformed) as refused:
        city_people.read(tmp_path / "a.csv")
    assert (refused.value.facts["what"], refused.value.facts["row"]) == ("people", 3)
    (tmp_path / "a.csv").write_text("lon;lat;people\n106.817;-6.201;0.125\n106.817;-6.201;12.5\n")
    assert city_people.read(tmp_path / "a.csv").people.tolist() == [0.125, 12.5]


def test_numbers_that_are_words_and_a_raster_on_no_globe_are_refused(tmp_path):
    frame([shapely.Point(106.8, -6.2)], ["many"]).to_file(tmp_path / "a.gpkg")
    with pytest.raises(PeopleMalformed):
        city_people.read(tmp_path / "a.gpkg")
    with pytest.raises(PeopleUnreadable):
        city_people.read(raster(tmp_path / "a.tif", crs='LOCAL_CS["plan",UNIT["metre",1]]'))


def test_real_files_are_read_whole_where_they_are_at_hand(tmp_path):
    """Our own raster always; the grids of two cities when they are there, against their own sums."""
    cases = [(raster(tmp_path / "a.tif"), "people", None, 7.0)]
    if (SHARED / "jakarta_population.tif").is_file():
        demand = pyarrow.parquet.read_table(SHARED / "jakarta_demand.parquet")
        cases.append((SHARED / "jakarta_population.tif", "people", 9_607_787.0, 9_607_787.0))
        cases.append(
            (SHARED / "jakarta_demand.parquet", "people", None, float(np.sum(demand["people"].to_numpy())))
        )
        grid = geopandas.read_file(SHARED / "helsinki_population_grid_2020.gpkg")
        cases.append(
            (
                SHARED / "helsinki_population_grid_2020.gpkg",
                "population",
                None,
                float(grid["population"].clip(lower=0).sum()),
            )
        )
    for path, column, total, expected in cases:
        found = city_people.read(path, column=column, total=total)
        assert found.people.sum() == pytest.approx(expected, rel=1e-6), path.name
    if len(cases) > 1:  # the same people, told twice
        rows = []
        for found in (
            city_people.read(SHARED / "jakarta_population.tif", total=9_607_787.0),
            city_people.read(SHARED / "jakarta_demand.parquet"),
        ):
            order = np.lexsort((found.lon.round(5), found.lat.round(5)))
            rows.append(np.stack([found.lon[order], found.lat[order], found.people[order]]))
        assert np.abs(rows[0] - rows[1]).max() < 1e-4
