"""Whole cities, where they are at hand: every map becomes a folder; Jakarta with its areas, people and children."""

import csv
import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.osm import files
from tests.osm.drawn import DRAWN

from ruangaman.adapters.city_build import run as building
from ruangaman.adapters.city_build.request import Request

pytestmark = pytest.mark.slow  # whole cities

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
JAKARTA = SHARED / "jakarta-2012.osm.pbf"
DAY = date(2026, 11, 30)
ASSUMED = ((0, 5, 0.10), (6, 12, 0.115), (13, 17, 0.08))
"""Shares of children that no source tells: assumed, for a test."""


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def rows_of(city: Path) -> list[dict]:
    told = read(city / "results" / "coverage.json")
    return [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]


def test_a_map_becomes_a_folder_that_tells_what_can_be_told(tmp_path):
    (tmp_path / "drawn.osm").write_bytes(files.xml(DRAWN))
    for number, osm in enumerate([tmp_path / "drawn.osm", *sorted(SHARED.glob("*.osm*"))]):
        if osm.name == JAKARTA.name:
            continue  # built once, with its areas and people, and looked at below
        out = tmp_path / str(number)
        building.build(Request(osm=osm, out=out), made_on=DAY)
        what_can_be_told(out, osm.name)
        assert rows_of(out) == []


def what_can_be_told(out: Path, name: str) -> None:
    head = read(out / "city.json")
    for profile in read(out / "results" / "network.json")["profiles"]:
        assert sum(profile["km"].values()) == pytest.approx(head["counts"]["streets_km"], abs=0.06), name
    segments = read(out / "map" / "segments.json")
    assert sum(line[3] for line in segments["lines"]) == pytest.approx(
        1000 * head["counts"]["streets_km"], abs=60 + len(segments["lines"]) * 0.05
    ), name
    quality = read(out / "results" / "quality.json")
    places = read(out / "results" / "places.json")["places"]
    without = {place["id"] for place in quality["places_without_gate"]}
    assert {place["id"] for place in places if not place["gates"]} == without, name
    assert all(0 <= one["share"] <= 1 for one in quality["unknown"].values()), name
    west, south, east, north = head["bounds"]
    drawn = read(out / "map" / "walks-6-12-day-foot.geojson")["features"]
    assert {one["properties"]["answer"] for one in drawn} <= {0, 1, 2}
    if head["counts"]["areas"] != {"city": 1}:
        return  # bounds are those of the areas
    lines = [one["geometry"]["coordinates"] for one in drawn if one["geometry"]["type"] == "LineString"]
    vertices = np.array([vertex for line in lines for vertex in line])
    assert (vertices >= [west - 1e-6, south - 1e-6]).all()
    assert (vertices <= [east + 1e-6, north + 1e-6]).all()


def test_a_clipped_map_with_people_of_a_grid(tmp_path):
    grid = SHARED / "helsinki_population_grid_2020.gpkg"
    if not grid.is_file():
        return
    out = tmp_path / "helsinki"
    building.build(
        Request(
            osm=SHARED / "helsinki-centre.osm.pbf",
            out=out,
            population=grid,
            people_column="population",
            name="Helsinki",
        ),
        made_on=DAY,
    )
    head, quality, sdg = (
        read(out / name) for name in ("city.json", "results/quality.json", "results/sdg.json")
    )
    assert head["counts"]["people"] == 71_720  # of 71,724, in groups of ten
    assert quality["clipped"]["ways"] > 100
    assert {row["of"] for row in rows_of(out)} == {"people"}
    assert 0 < sdg["part_a"]["value"] < 1
    # Its cells of 250 m, in all of which people live, but for a few at the rim that are too thin for a city.
    assert sdg["part_a"]["built_m2"] == pytest.approx(92 * 250 * 250, rel=0.05)
    assert sdg["part_a"]["built_m2"] <= 92 * 250 * 250 * 1.001


@pytest.fixture(scope="module")
def jakarta(tmp_path_factory) -> Path | None:
    """Schools and kindergartens stand in for playgrounds, which this map does not have."""
    if not JAKARTA.is_file():
        return None
    folder = tmp_path_factory.mktemp("jakarta")
    with (folder / "children.csv").open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(("code", "age_from", "age_to", "share"))
        table.writerows(("31", *one) for one in ASSUMED)
    building.build(
        Request(
            osm=JAKARTA, out=folder / "CITY", city="31", codes=SHARED,
            areas=tuple((level, SHARED / f"jakarta_{level}.parquet") for level in ("rw", "kelurahan", "kecamatan")),
            population=SHARED / "jakarta_population.tif", people_total=9_607_787, children=folder / "children.csv",
            kinds=("playground", "park", "library", "school", "kindergarten"),
        ),
        made_on=DAY,
    )  # fmt: skip
    return folder / "CITY"


def test_jakarta_tells_what_every_map_can_tell(jakarta):
    if jakarta is None:
        return
    what_can_be_told(jakarta, "Jakarta")


def test_areas_of_jakarta_find_their_codes_by_name(jakarta):
    if jakarta is None:
        return
    quality = read(jakarta / "results" / "quality.json")
    lost = [one for one in quality["areas_unmatched"] if one["level"] != "rw"]
    assert lost == []
    counts = read(jakarta / "city.json")["counts"]["areas"]
    assert (counts["city"], counts["kelurahan"]) == (1, 261)
    assert counts["kecamatan"] >= 42
    # Of 2,685 drawings of RW, those without a number, of a park and with wrong parents are left.
    why = Counter()
    for one in quality["areas_unmatched"]:
        why[one["why"]] += one["drawings"]
    assert why == {"no-number": 35, "no-name": 3}
    levels = Counter((row["level"], row["code"].startswith("?")) for row in rows_of(jakarta))
    assert levels["rw", False] > 200 * levels["rw", True] / 2 > 0
    assert levels["kelurahan", True] == 0


def test_children_of_jakarta_are_those_of_the_table(jakarta):
    if jakarta is None:
        return
    rows = [row for row in rows_of(jakarta) if row["mobility"] == "foot" and row["light"] == "day"]
    outside = read(jakarta / "results" / "quality.json")["people_outside"]["of_no_area"]
    for age, (_, _, share) in zip(("0-5", "6-12", "13-17"), ASSUMED, strict=True):
        its = [row for row in rows if row["age"] == age and row["reach"] == "sdg"]
        whole = next(row for row in its if row["level"] == "city")
        assert whole["children"] == pytest.approx(
            (9_607_787 - (outside["city"]["people"] or 0)) * share, abs=7
        )  # both in steps of 10
        told = sum(row["children"] or 0 for row in its if row["level"] == "kelurahan")
        # Two kelurahan are kept back, beside homes of their kecamatan that lie in none.
        assert sum(row["kept_back"] for row in its if row["level"] == "kelurahan") == 2
        assert told == pytest.approx((9_607_787 - outside["kelurahan"]["people"]) * share, rel=6e-3)
        for row in its:
            if not row["kept_back"] and row["children"]:
                assert row["low"] <= row["high"]
                assert row["safe"] + row["unknown"] + row["unsafe"] == pytest.approx(row["children"], abs=20)


def test_what_jakarta_surveys_first_changes_answers_and_lies_in_it(jakarta):
    if jakarta is None:
        return
    first = read(jakarta / "results" / "quality.json")["survey_first"]
    assert len(first) == 100
    turned = [one["children"] or 0 for one in first]
    assert turned == sorted(turned, reverse=True)
    assert turned[0] > 1000
    told = {what for one in first if one["kind"] == "street" for what in one["what"]}
    assert told == {"pavement", "unjoined"}
    codes = {row["code"] for row in rows_of(jakarta)}
    assert {one["area"] for one in first} <= codes
    sdg = read(jakarta / "results" / "sdg.json")
    assert sdg["city_limits"]["people"] == pytest.approx(9_607_787, rel=0.001)
    assert 0.05 < sdg["part_a"]["value"] < 0.15
