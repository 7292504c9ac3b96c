"""A small town from its files to its folder: what everybody else reads of a city, and that it is right."""

import csv
import re
from pathlib import Path

import geopandas
import numpy as np
import pandas
import pyogrio
import pytest
from tests.built_town import DAY, build, one, read, rows_of
from tests.city_town import METRE, NORTH, SOUTH, TERTIARY, Town, box, geojson
from tests.osm.files import Node, Way

from ruangaman.adapters import street_files
from ruangaman.adapters.city_build import exports
from ruangaman.adapters.city_build import run as building
from ruangaman.adapters.city_build.answers import COLUMNS, REASONS

pytestmark = pytest.mark.slow  # geometry takes seconds to import, the first run compiles the loops


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    return build(tmp_path_factory.mktemp("town") / "t")


def test_all_that_others_read_is_there_and_nothing_beside_it(city):
    profiles = [
        f"{a}-{b}-{c}"
        for a in ("0-5", "6-12", "13-17")
        for b in ("day", "dusk")
        for c in ("foot", "wheelchair")
    ]
    own = {"0-5": "urban95", "6-12": "play", "13-17": "teens"}
    expected = {
        "city.json", "streets.bin",
        *(f"results/{name}" for name in (
            "coverage.csv", "coverage.json", "coverage.parquet", "areas.parquet", "places.parquet", "city.gpkg",
            "places.json", "gaps.json", "quality.json", "sdg.json", "network.json")),
        *(f"map/{name}" for name in (
            "areas.geojson", "places.geojson", "segments.json", "walk.json", "streets.pmtiles",
            "ground.geojson")),
        *(f"map/rows-{one}-sdg.json" for one in profiles),
        *(f"map/rows-{one}-{own[one.rpartition('-d')[0]]}.json" for one in profiles),
        *(f"map/rows-{day}-disabled-{reach}.json" for day in {one.rpartition("-")[0] for one in profiles}
          for reach in ("sdg", own[day.rpartition("-d")[0]])),
        *(f"map/walks-{one}.geojson" for one in profiles),
        *(f"work/{name}" for name in ("network.npz", "gates.npz", "areas.npz", "homes.npz", "looks.json", "walk.npz")),
    }  # fmt: skip
    assert {str(one.relative_to(city)) for one in city.rglob("*") if one.is_file()} == expected
    assert not list(city.parent.glob(".CITY*"))
    head = read(city / "city.json")
    assert (head["format"], head["code"], head["name"], head["made_on"]) == (
        1,
        "32.73",
        "Kota Bandung",
        "2026-11-30",
    )
    assert [layer["what"] for layer in head["layers"]] == [
        "map",
        "areas rw",
        "areas",
        "population",
        "children",
        "places",
        "rules",
    ]
    assert all(re.fullmatch("[0-9a-f]{64}", layer["sha256"]) for layer in head["layers"])
    assert len(head["profiles"]) == 12
    assert head["counts"]["areas"] == {"city": 1, "kecamatan": 1, "kelurahan": 2, "rw": 3}
    assert "OpenStreetMap" in head["attribution"][0]
    west, south, east, north = head["bounds"]
    assert west < 0 < east
    assert south < 0 < north


def test_areas_have_codes_names_and_parents(city):
    table = geopandas.read_parquet(city / "results" / "areas.parquet")
    assert list(zip(table["code"], table["level"], table["name"], table["parent"], strict=True)) == [
        ("32.73", "city", "Kota Bandung", ""),
        ("32.73.01", "kecamatan", "Sukasari", "32.73"),
        (NORTH, "kelurahan", "Utara", "32.73.01"),
        (SOUTH, "kelurahan", "Selatan", "32.73.01"),
        (f"{NORTH}.RW01", "rw", "RW 01", NORTH),
        (f"{NORTH}.RW02", "rw", "RW 02", NORTH),
        (f"{SOUTH}.RW01", "rw", "RW 01", SOUTH),
    ]
    drawn = read(city / "map" / "areas.geojson")["features"]
    assert [one["properties"]["code"] for one in drawn] == table["code"].tolist()


def test_who_walks_safely_and_who_does_not(city):
    rows = rows_of(city)
    # South: 700 live by the park's street, 90 at its end, 260 m from the park's edge; all within 400 m.
    south = one(rows, code=SOUTH, age="6-12", light="day", mobility="foot", reach="play")
    assert (south["children"], south["safe"]) == (95, 95)  # 94.8, in groups of 5
    assert (south["share_low"], south["share_high"]) == (1, 1)
    # North: the playground lies on the tertiary street whose pavement nobody mapped; those beyond 400 m of cost cannot.
    north = one(rows, code=NORTH, age="6-12", light="day", mobility="foot", reach="play")
    assert north["children"] == pytest.approx(2160 * 0.12, abs=5)
    assert north["safe"] == 0
    # From (4, 60): 40 m up and 280 m at half more again is 460 m of walking cost, too far, but near by any street.
    assert north["barrier"] == pytest.approx((300 + 300 + 400) * 0.12, abs=5)
    assert north["not_surveyed"] == pytest.approx((600 + 500) * 0.12, abs=5)
    assert north["off_street"] == pytest.approx(60 * 0.12, abs=5)
    assert north["unknown"] == pytest.approx((600 + 500 + 60) * 0.12, abs=10)
    assert north["low"] == 0
    assert north["high"] == pytest.approx(north["unknown"] * 1.15, abs=0.1)


def test_a_teenager_may_cross_where_nobody_knows_and_a_child_may_not(tmp_path):
    rows = rows_of(build(tmp_path / "t", Town(places=())))
    child = one(rows, code=f"{NORTH}.RW01", age="6-12", light="day", mobility="foot", reach="sdg")
    teen = one(rows, code=f"{NORTH}.RW01", age="13-17", light="day", mobility="foot", reach="teens")
    assert (child["safe"], child["not_surveyed"]) == (0, 0)
    assert child["barrier"] == pytest.approx(1000 * 0.12, abs=5)
    assert teen["not_surveyed"] == pytest.approx(1000 * 0.08, abs=5)


def test_a_wheelchair_is_never_safe_by_silence(city):
    rows = [row for row in rows_of(city) if row["mobility"] == "wheelchair" and not row["kept_back"]]
    assert rows
    assert all(
        row["safe"] == 0 for row in rows
    )  # no surface is mapped, and no place says that it lets one in
    south = one(rows, code="32.73", age="6-12", light="day", reach="play")
    assert south["children"] == pytest.approx((2160 + 790) * 0.12 * 0.05, abs=2.5)
    assert south["of"] == "children"


def test_a_place_that_keeps_wheelchairs_out_is_no_place_for_them(tmp_path):
    playground = list(Town().places[0])
    kept_out = build(tmp_path / "a", Town(places=((*playground[:5], "tidak"),), least=0))
    let_in = build(tmp_path / "b", Town(places=((*playground[:5], "ya"),), least=0))
    told = {"code": f"{NORTH}.RW02", "age": "6-12", "light": "day", "reach": "play"}
    on_foot = [one(rows_of(city), **told, mobility="foot")["not_surveyed"] for city in (kept_out, let_in)]
    rolling = [
        one(rows_of(city), **told, mobility="wheelchair")["not_surveyed"] for city in (kept_out, let_in)
    ]
    assert on_foot[0] == on_foot[1] > 0
    assert rolling[0] == 0
    assert rolling[1] == pytest.approx(1100 * 0.12 * 0.05, abs=0.1)


def test_a_wheelchair_is_safe_where_the_ground_is_known_and_the_place_says_that_it_lets_one_in(tmp_path):
    paved = TERTIARY | {"sidewalk": "both", "surface": "asphalt"}
    told = {"code": f"{NORTH}.RW02", "age": "6-12", "light": "day", "mobility": "wheelchair", "reach": "play"}
    found = {}
    for number, says in enumerate(("ya", "", "tidak")):
        place = ((*Town().places[0][:5], says),)
        row = one(rows_of(build(tmp_path / str(number), Town(tertiary=paved, places=place, least=0))), **told)
        found[says] = (row["safe"] > 0, row["not_surveyed"] > 0)
    assert found == {"ya": (True, False), "": (False, True), "tidak": (False, False)}


def test_rows_are_the_same_in_every_form(city):
    told = read(city / "results" / "coverage.json")
    assert told["columns"] == list(COLUMNS)
    with (city / "results" / "coverage.csv").open(encoding="utf-8", newline="") as opened:
        head, *rows = list(csv.reader(opened))
    assert head == list(COLUMNS)
    assert rows == [["" if cell is None else str(cell) for cell in row] for row in told["rows"]]
    parquet = pandas.read_parquet(city / "results" / "coverage.parquet")
    for name, column in zip(COLUMNS, zip(*told["rows"], strict=True), strict=True):
        assert [None if pandas.isna(cell) else cell for cell in parquet[name]] == list(column), name
    package = city / "results" / "city.gpkg"
    layers = dict(pyogrio.list_layers(package).tolist())
    assert set(layers) == {"city", "kecamatan", "kelurahan", "rw", "places", "walks", "coverage"}
    assert len(pyogrio.read_dataframe(package, layer="coverage")) == len(rows)
    wide = pyogrio.read_dataframe(package, layer="kelurahan").set_index("code")
    south = one(rows_of(city), code=SOUTH, age="6-12", light="day", mobility="foot", reach="play")
    assert wide.loc[SOUTH, "6-12_play_children"] == south["children"]
    every = geopandas.read_parquet(city / "results" / "areas.parquet").set_index("code")
    assert every.geometry.notna().all()
    figures = ("children", "safe", "low", "high", "share_low", "share_high", "kept_back")
    for row in rows_of(city):
        walk = f"{row['age']}_{row['reach']}"
        if (row["light"], row["mobility"]) != ("day", "foot"):
            walk += f"_{row['light']}_{row['mobility']}"
        for table in (wide, every) if row["level"] == "kelurahan" else (every,):
            told = table.loc[row["code"], [f"{walk}_{name}" for name in figures]]
            assert [None if pandas.isna(cell) else cell for cell in told] == [row[name] for name in figures]


def test_a_name_that_is_a_formula_is_a_text_in_the_table(tmp_path):
    row = dict.fromkeys(COLUMNS) | {"code": "?x", "name": '=HYPERLINK("a")', "parent": "+1", "children": 10.0}
    exports.write_csv(tmp_path / "a.csv", [tuple(row.values())])
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as opened:
        told = next(csv.DictReader(opened))
    assert (told["name"], told["parent"], told["code"]) == ('\'=HYPERLINK("a")', "'+1", "?x")
    assert (told["children"], told["safe"]) == ("10.0", "")


def test_rows_add_up(city):
    for row in rows_of(city):  # in groups of 5
        if row["kept_back"] or row["of"] != "children":
            assert row["children"] is row["safe"] is row["low"] is None
            continue
        assert row["safe"] + row["unknown"] + row["unsafe"] == pytest.approx(row["children"], abs=10)
        assert sum(row[why] for why in REASONS) == pytest.approx(row["unknown"] + row["unsafe"], abs=15)
        assert row["low"] <= row["safe"] + 0.1
        assert row["high"] >= row["safe"] + row["unknown"] - 0.1
        assert 0 <= row["share_low"] <= row["share_high"] <= 1


def test_few_children_are_kept_back_and_cannot_be_found_by_taking_the_others_from_the_sum(tmp_path):
    """RW 02 of Utara has 4 children of each age and less; then neither it nor the one beside it tells anything."""
    homes = (*tuple(home for home in Town().homes if home[0] < 100), (150, 104, 40), (260, 96, 0.1))
    city = build(tmp_path / "t", Town(homes=homes, least=10))
    rows = rows_of(city)
    for row in rows:
        if row["code"].startswith(f"{NORTH}.RW") and row["mobility"] == "foot":
            assert row["kept_back"] == 1, row
            assert all(row[name] is None for name in ("children", "people", "safe", "share_low", *REASONS)), (
                row
            )
    levels = {"city": None, "kecamatan": "city", "kelurahan": "kecamatan", "rw": "kelurahan"}
    assert set(levels) == {row["level"] for row in rows}
    kids = np.load(city / "work" / "homes.npz")
    areas = np.load(city / "work" / "areas.npz")
    for row in rows:
        if row["mobility"] != "foot" or row["kept_back"]:
            continue
        inside = [its for its in rows if its["parent"] == row["code"] and all(
            its[name] == row[name] for name in ("age", "light", "mobility", "reach"))]  # fmt: skip
        hidden = [its for its in inside if its["kept_back"]]
        if hidden:
            number = [areas["code"].tolist().index(its["code"]) for its in hidden]
            here = np.isin(kids[f"area_{hidden[0]['level']}"], number)
            assert len(hidden) >= 2
            assert kids[f"children:{row['age']}"][here].sum() >= 10
    for gap in read(city / "results" / "gaps.json")["gaps"]:
        assert not gap["code"].startswith(f"{NORTH}.RW")


def test_homes_in_no_rw_are_not_found_by_taking_the_rw_from_their_kelurahan(tmp_path):
    """25 people, 3 children of 6-12, live in Utara east of RW 02."""
    asked = Town(homes=(*(home for home in Town().homes if home[0] != 260), (260, 96, 25)), least=10).write(
        tmp_path / "t"
    )
    drawn = [("Utara", "RW 01", box(-500, 0, 100, 300)), ("Utara", "RW 02", box(100, 0, 200, 300)),
             ("Selatan", "RW 01", box(-500, -300, 500, 0))]  # fmt: skip
    geojson(
        tmp_path / "t" / "rw.geojson",
        [({"kec": "Sukasari", "kel": name, "rw": number}, shape) for name, number, shape in drawn],
    )
    building.build(asked, made_on=DAY)
    rows = [row for row in rows_of(asked.out) if row["mobility"] == "foot" and row["age"] == "6-12"]
    kept_back = {row["code"] for row in rows if row["kept_back"]}
    assert kept_back == {f"{NORTH}.RW02"}


def test_a_small_part_of_a_split_keeps_its_other_part_back_and_small_losses_are_not_told(tmp_path):
    homes = tuple(home for home in Town().homes if home[0] not in (150, 260))
    children = [(*one[:4], "0.04" if one[2] == "12" else "0.3") for one in Town().children]
    city = build(tmp_path / "t", Town(homes=(*homes, (-900, 280, 5)), children=tuple(children), least=10))
    told = read(city / "results" / "sdg.json")["part_b"]
    assert one(told["by_age"], age="6-12")["people"] == 210  # of whom 8 use a wheelchair
    kids = np.load(city / "work" / "homes.npz")
    few = {age for age in ("0-5", "6-12", "13-17") if kids[f"disabled:{age}"].sum() < 10}
    assert few == {"6-12"}
    for part in told["by_disability"]:
        assert (part["people"] is None) == (part["age"] == "6-12"), part
        assert (part["low"] is None) == (part["age"] == "6-12")
    outside = read(city / "results" / "quality.json")["people_outside"]
    assert outside["of_no_area"]["rw"] == {"people": None, "share": None}


def test_a_small_sex_keeps_the_other_back_and_children_where_nobody_lives_are_in_steps(tmp_path):
    asked = Town(homes=tuple(home for home in Town().homes if home[1] > 0), least=10).write(tmp_path / "t")
    rows = ["code,age_from,age_to,children,sex"]
    rows += [
        f"{code},{a},{b},{n},{s}"
        for code, times in ((NORTH, 1), (SOUTH, 0.05))
        for a, b, girls in ((0, 5, 100), (6, 12, 6))
        for s, n in (("p", girls * times), ("l", 100 * times))
    ]
    asked.children.write_text("\n".join(rows))
    building.build(asked, made_on=DAY)
    by_sex = read(asked.out / "results" / "sdg.json")["part_b"]["by_sex"]
    assert [one(by_sex, age="6-12", sex=sex)["people"] for sex in "fm"] == [None, None]
    assert all(one(by_sex, age="0-5", sex=sex)["people"] for sex in "fm")
    lost = read(asked.out / "results" / "quality.json")["children"]["where_nobody_lives"]
    assert (lost["0-5"], lost["6-12"]) == ({SOUTH: 10}, {SOUTH: None})


def test_nothing_below_what_is_kept_back_is_told(tmp_path):
    """Selatan has few children and Utara is hidden beside it: then no RW of either tells."""
    homes = (*tuple(home for home in Town().homes if home[1] > 0), (4, -30, 50))
    rows = rows_of(build(tmp_path / "t", Town(homes=homes, least=10)))
    hidden = {
        row["code"] for row in rows if row["kept_back"] and row["age"] == "6-12" and row["mobility"] == "foot"
    }
    assert hidden == {NORTH, SOUTH, f"{NORTH}.RW01", f"{NORTH}.RW02", f"{SOUTH}.RW01"}


def test_what_to_survey_first_is_what_would_change_the_most_if_it_were_so(tmp_path):
    """The second truth: map the pavement, build anew, and count."""
    town = Town(least=0)
    before, after = (
        build(tmp_path / "a", town),
        build(tmp_path / "b", town.but(tertiary=TERTIARY | {"sidewalk": "both"})),
    )
    first = read(before / "results" / "quality.json")["survey_first"][0]
    assert (first["line"], first["kind"], first["name"], first["class"]) == (
        4,
        "street",
        "Jalan Kolektor",
        "tertiary",
    )
    assert first["what"] == ["pavement"]
    assert first["metres"] == pytest.approx(300, abs=1)
    assert first["area"] == f"{NORTH}.RW02"

    def safe(city, homes):
        work = np.load(city / "work" / "homes.npz")
        return sum(
            one(rows_of(city), code=f"{NORTH}.RW02", age=age, light="day", mobility="foot", reach="sdg")[
                "safe"
            ]
            for age in homes
        ), work

    ages = ("0-5", "6-12", "13-17")
    gained = safe(after, ages)[0] - safe(before, ages)[0]
    assert gained == pytest.approx(1100 * 0.3, abs=0.5)
    assert first["children"] == round(gained)
    assert not any(its["line"] == 4 for its in read(after / "results" / "quality.json")["survey_first"])


def test_a_crossing_is_surveyed_for_those_whom_it_would_let_across(tmp_path):
    town = Town(places=(), least=0, junction={"highway": "crossing"})
    city, marked = (
        build(tmp_path / "a", town),
        build(tmp_path / "b", town.but(junction={"highway": "crossing", "crossing": "zebra"})),
    )
    first = read(city / "results" / "quality.json")["survey_first"][0]
    assert (first["kind"], first["class"], first["what"], first["metres"]) == (
        "crossing",
        "secondary",
        ["crossing"],
        0.0,
    )
    gained = sum(
        one(rows_of(built), code="32.73", age=age, light="day", mobility="foot", reach="sdg")["safe"] * sign
        for age in ("0-5", "6-12", "13-17") for built, sign in ((marked, 1), (city, -1))
    )  # fmt: skip
    assert gained > 0
    assert first["children"] == round(gained)


def test_quality_tells_what_did_not_fit(city):
    told = read(city / "results" / "quality.json")
    assert told["clipped"] == {"ways": 1, "nodes": 1, "places": 0, "islands": 0, "islands_km": 0.0}
    assert told["unknown"]["lit"]["share"] == 1.0
    # All but the big road and the streets that need none say nothing of pavements.
    assert told["unknown"]["pavement"]["km"] == pytest.approx(0.2 + 0.3 + 0.3, abs=0.002)
    assert told["people_outside"]["off_street"]["people"] == 60
    assert told["people_outside"]["of_no_area"]["rw"]["people"] == 0
    assert told["crossings"]["none"] > 0
    assert told["places_without_gate"] == []
    assert told["areas_unmatched"] == []


def test_places_tell_their_gates_area_and_whom_they_serve(city):
    park, playground = read(city / "results" / "places.json")["places"]
    assert (park["id"], park["kind"], park["source"], park["name"]) == ("r1", "park", "osm", "Taman Bawah")
    assert {gate["known"] for gate in park["gates"]} == {"beside"}
    assert (playground["id"], playground["source"], playground["area"]) == ("k1", "city", f"{NORTH}.RW02")
    assert [gate["known"] for gate in playground["gates"]] == ["point"]
    served = one(park["reach"], age="6-12", reach="play")
    assert served["children"] == round(790 * 0.12)
    assert served["people"] == 790 + 1000 + 600  # by any street, over the big road too
    served = one(playground["reach"], age="6-12", reach="play")
    assert (served["children"], served["children_most"]) == (0, pytest.approx(1100 * 0.12, abs=5))


def test_public_space_with_method_and_thresholds(city):
    told = read(city / "results" / "sdg.json")
    a, b = told["part_a"], told["part_b"]
    assert a["value"] is None  # people are points: nobody says where land is built up
    assert a["open_space_m2"] == pytest.approx(200 * 200 - 50 * 50, rel=0.001)  # without the pond
    assert a["streets_m2"] == pytest.approx(1000 * 16 + 200 * 6 + 300 * 6 + 300 * 11, rel=0.002)
    assert "not known" in a["method"]["built_up"]
    assert b["thresholds"]["metres"] == 400
    assert b["spaces"] == 2
    # The 90 in the south-west live in a cell of their own, too few for a city.
    assert (told["city_limits"]["cells"], b["people"]) == (3, 2860)
    # Everybody but those far from any street is within 400 m of the park or the playground by some street.
    assert b["value"] == pytest.approx((2860 - 60) / 2860, abs=0.001)
    child = one(b["by_age"], age="6-12")
    assert child["low"] == pytest.approx(700 / 2860, abs=0.01)  # of groups of 5
    assert child["high"] == pytest.approx((700 + 1100) / 2860, abs=0.01)
    assert one(b["by_disability"], age="6-12", disability=True)["low"] == 0
    assert b["by_sex"] is None


def test_a_path_inside_open_space_is_no_street_beside_it(city, tmp_path):
    def at(number, east, north):
        return Node(number, round(east * METRE), round(north * METRE))

    path = (at(30, 50, -90), at(31, 50, -200), Way(9, [30, 31], {"highway": "footway"}))
    with_path = build(tmp_path / "t", Town(more=path))
    told, other = (read(its / "results" / "sdg.json")["part_a"] for its in (city, with_path))
    assert other["streets_m2"] == told["streets_m2"]
    assert read(with_path / "city.json")["counts"]["streets_km"] == pytest.approx(1.8 + 0.1, abs=0.06)


def test_built_up_land_from_a_layer(tmp_path):
    asked = Town().write(tmp_path / "t")
    city = build(tmp_path / "t", built_up=asked.osm.parent / "kelurahan.geojson")
    a = read(city / "results" / "sdg.json")["part_a"]
    # Cells of 1 km2 hold the people: a quarter of the town lies in one where few live.
    assert a["built_m2"] == pytest.approx(1000 * 600 * 3 / 4, rel=0.01)
    assert a["value"] == pytest.approx((a["open_space_m2"] + a["streets_m2"]) / a["built_m2"], abs=0.0001)


def test_results_by_sex_where_the_table_tells_it(tmp_path):
    asked = Town().write(tmp_path / "t")
    rows = ["code,age_from,age_to,children,sex"]
    rows += [
        f"{code},{a},{b},{n},{s}"
        for code in (NORTH, SOUTH)
        for a, b in ((0, 5), (6, 12), (13, 17))
        for s, n in (("p", 100), ("l", 60))
    ]
    asked.children.write_text("\n".join(rows))
    building.build(asked, made_on=DAY)
    row = one(rows_of(asked.out), code=SOUTH, age="6-12", light="day", mobility="foot", reach="play")
    assert row["children"] == 160
    assert (
        one(rows_of(asked.out), code=SOUTH, age="6-12", light="day", mobility="wheelchair", reach="play")[
            "of"
        ]
        == "not_told"
    )
    by_sex = read(asked.out / "results" / "sdg.json")["part_b"]["by_sex"]
    # 90 of the 790 in the south live outside the city's cells.
    assert one(by_sex, age="6-12", sex="f")["people"] == pytest.approx(100 + 100 * 700 / 790, abs=5)
    assert one(by_sex, age="6-12", sex="m")["people"] == pytest.approx(60 + 60 * 700 / 790, abs=5)


def test_drawings_hold_every_street_and_each_answer(city):
    network = one(
        read(city / "results" / "network.json")["profiles"], age="6-12", light="day", mobility="foot"
    )
    head = read(city / "city.json")
    assert sum(network["km"].values()) == pytest.approx(head["counts"]["streets_km"], abs=0.06)
    told = read(city / "map" / "segments.json")
    assert sum(line[3] for line in told["lines"]) == pytest.approx(
        1000 * head["counts"]["streets_km"], abs=60
    )
    at = [f"{one['age']}-{one['light']}-{one['mobility']}" for one in told["profiles"]].index("6-12-day-foot")
    drawn = [
        one
        for one in read(city / "map" / "walks-6-12-day-foot.geojson")["features"]
        if one["geometry"]["type"] == "LineString"
    ]
    by_name = {one["properties"]["name"]: one for one in drawn}
    assert by_name["Jalan Kolektor"]["properties"]["answer"] == 1
    assert by_name["Jalan Kolektor"]["properties"]["rules"] == ["walk/tertiary-not-known"]
    assert by_name["Gang Sari"]["properties"]["answer"] == 0
    for line in told["lines"]:
        name = told["names"][line[0]]
        its = told["looks"][line[1]]
        assert int(its["answers"][at]) == by_name[name]["properties"]["answer"]
        assert told["because"][its["rules"][at]] == by_name[name]["properties"]["rules"]
        ends = np.array(line[4:]).reshape(-1, 2).cumsum(axis=0)[[0, -1]] / 1e6
        assert any(np.allclose(ends, np.array(one["geometry"]["coordinates"])[[0, -1]]) for one in drawn)
    assert set(told["rules"]) == {rule for rules in told["because"] for rule in rules}


def test_what_planning_needs_again_belongs_together(city):
    graph = street_files.load(city / "streets.bin")
    network, gates, homes = (np.load(city / "work" / f"{name}.npz") for name in ("network", "gates", "homes"))
    looks = read(city / "work" / "looks.json")
    assert graph.edge_id.max() < len(network["u"])
    assert len(network["answer:6-12:day:foot"]) == len(network["u"]) == len(network["cost:6-12:day:foot"])
    assert len(looks["looks"]) == len(looks["because"]["6-12:day:foot"]) == network["look"].max() + 1
    assert gates["edge"].max() < graph.edges
    assert homes["edge"].max() < graph.edges
    assert homes["children:6-12"].sum() == pytest.approx(2950 * 0.12)
    assert set(gates["place"].tolist()) == set(range(len(read(city / "results" / "places.json")["places"])))


def test_without_areas_people_and_children_only_what_can_be_told_is_told(tmp_path):
    city = build(
        tmp_path / "t", areas=(), population=None, children=None, places=None, codes=None, city="", name="Kota Kecil"
    )  # fmt: skip
    assert rows_of(city) == []
    head = read(city / "city.json")
    assert (head["code"], head["counts"]["people"], head["counts"]["children"]) == ("?kota-kecil", None, None)
    assert len(read(city / "results" / "places.json")["places"]) == 1
    assert read(city / "results" / "sdg.json")["part_b"] is None
    assert read(city / "results" / "quality.json")["people_outside"] is None


def test_without_a_table_of_children_shares_are_of_all_people_and_no_child_is_counted(tmp_path):
    rows = rows_of(build(tmp_path / "t", children=None))
    assert {row["of"] for row in rows} == {"people"}
    assert all(row["children"] is None for row in rows)
    south = one(rows, code=SOUTH, age="6-12", light="day", mobility="foot", reach="play")
    assert (south["people"], south["share_low"]) == (790, 1.0)


def test_two_builds_of_the_same_files_are_the_same(city, tmp_path):
    again = build(tmp_path / "t")
    for one_ in sorted(city.rglob("*")):
        if one_.is_file() and one_.suffix in (".json", ".csv", ".geojson", ".bin"):
            assert one_.read_bytes() == (again / one_.relative_to(city)).read_bytes(), one_.name
