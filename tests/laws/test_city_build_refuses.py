"""What a build refuses, in words and by codes, and that nothing is half-written when it does."""

import re
from dataclasses import replace

import pytest
from tests.built_town import DAY, build, one, read, rows_of
from tests.city_town import NORTH, SOUTH, Town
from tests.osm import files

from ruangaman.adapters import city_people
from ruangaman.adapters.city_build import run as building
from ruangaman.adapters.city_build.request import BuildRefused, NoCityFolder, Request
from ruangaman.site import cli

pytestmark = pytest.mark.slow  # geometry takes seconds to import, the first run compiles the loops


def test_a_folder_is_replaced_whole_and_only_when_asked(tmp_path):
    city = build(tmp_path / "t")
    (city / "plans").mkdir()
    (city / "plans" / "a.json").write_text("{}")
    (city / "costs.yaml").write_text("own")
    (city / "left.txt").write_text("x")
    before = (city / "city.json").read_bytes()
    with pytest.raises(NoCityFolder):
        build(tmp_path / "t")
    assert (city / "city.json").read_bytes() == before
    build(tmp_path / "t", replace=True, name="Lain")
    assert read(city / "city.json")["name"] == "Lain"
    assert (city / "plans" / "a.json").exists()
    assert (city / "costs.yaml").read_text() == "own"
    assert not (city / "left.txt").exists()
    assert not list(city.parent.glob(".CITY*"))


@pytest.mark.parametrize("made", ["file", "full", "link"])
def test_what_is_no_citys_folder_is_left_alone(tmp_path, made):
    asked = Town().write(tmp_path / "t")
    if made == "file":
        asked.out.write_text("mine")
    elif made == "full":
        asked.out.mkdir()
        (asked.out / "mine.txt").write_text("mine")
    else:
        (tmp_path / "other").mkdir()
        asked.out.symlink_to(tmp_path / "other")
    with pytest.raises(NoCityFolder):
        build(tmp_path / "t", replace=True)
    if made == "full":
        assert [one.name for one in asked.out.iterdir()] == ["mine.txt"]
    elif made == "file":
        assert asked.out.read_text() == "mine"


def test_when_a_step_fails_the_folder_is_as_it_was(tmp_path, monkeypatch):
    city = build(tmp_path / "t")
    before = {one: one.read_bytes() for one in city.rglob("*") if one.is_file()}

    def broken(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building.planning, "write", broken)
    with pytest.raises(OSError, match="No space"):
        build(tmp_path / "t", replace=True)
    assert {one: one.read_bytes() for one in city.rglob("*") if one.is_file()} == before
    assert not list(city.parent.glob(".CITY*"))


def test_what_comes_last_sees_the_plans_and_when_it_fails_nothing_is_left(tmp_path):
    asked = Town().write(tmp_path / "t")
    city, seen = asked.out, []

    def broken(folder):
        seen.append(sorted(one.name for one in folder.iterdir()))
        raise NoCityFolder(folder="brief")

    with pytest.raises(NoCityFolder):
        building.build(asked, made_on=DAY, then=broken)
    assert "city.json" in seen[0]
    assert not [one for one in city.parent.iterdir() if "CITY" in one.name]
    build(tmp_path / "t")
    (city / "plans").mkdir(exist_ok=True)
    (city / "plans" / "a.json").write_text("{}")
    before = {one: one.read_bytes() for one in city.rglob("*") if one.is_file()}
    with pytest.raises(NoCityFolder):
        building.build(replace(asked, replace=True), made_on=DAY, then=broken)
    assert "plans" in seen[1]
    assert {one: one.read_bytes() for one in city.rglob("*") if one.is_file()} == before


def test_what_does_not_fit_together_is_refused(tmp_path):
    with pytest.raises(BuildRefused):
        build(tmp_path / "t", population=None)
    with pytest.raises(BuildRefused):
        build(tmp_path / "t", city="99.99")
    assert not (tmp_path / "t" / "CITY").exists()


def test_a_map_on_both_sides_of_the_180th_meridian_is_refused_and_nothing_written(tmp_path):
    east, west = files.Node(1, 1_799_990_000, -170_000_000), files.Node(2, -1_799_990_000, -170_000_000)
    (tmp_path / "fiji.osm").write_bytes(files.xml([east, west, files.Way(1, [1, 2], {"highway": "path"})]))
    with pytest.raises(BuildRefused) as refused:
        building.build(Request(osm=tmp_path / "fiji.osm", out=tmp_path / "out"), made_on=DAY)
    assert "180" in refused.value.facts["what"]
    assert [one.name for one in tmp_path.iterdir()] == ["fiji.osm"]


def test_a_map_with_places_and_without_streets_is_told(tmp_path):
    ring = [files.Node(n, x, y) for n, x, y in ((1, 0, 0), (2, 5000, 0), (3, 5000, 5000))]
    park = files.Way(1, [1, 2, 3, 1], {"leisure": "park"})
    (tmp_path / "isle.osm").write_bytes(files.xml([*ring, park]))
    told = building.build(Request(osm=tmp_path / "isle.osm", out=tmp_path / "out"), made_on=DAY)
    assert told.city["counts"]["places"] == 1
    assert len(told.quality["places_without_gate"]) == 1
    assert told.city["bounds"] == [0.0, 0.0, 0.0, 0.0]


def test_children_of_an_area_and_of_a_part_of_it_are_not_counted_twice(tmp_path):
    asked = Town().write(tmp_path / "t")
    asked.children.write_text(f"code,age_from,age_to,children\n32.73,0,17,500\n{NORTH},6,12,100\n")
    with pytest.raises(city_people.PeopleMalformed):
        building.build(asked, made_on=DAY)
    asked.children.write_text(
        f"code,age_from,age_to,share\n32.73,0,17,0.3\n{NORTH},6,12,0.2\n99.01,0,5,0.1\n"
    )
    building.build(asked, made_on=DAY)
    rows = rows_of(asked.out)
    north, south = (
        one(rows, code=code, age="6-12", light="day", mobility="foot", reach="play")
        for code in (NORTH, SOUTH)
    )
    assert north["children"] == pytest.approx(2160 * 0.2, abs=5)
    assert south["children"] == pytest.approx(790 * 0.3 * 7 / 18, abs=5)
    told = read(asked.out / "results" / "quality.json")["children"]
    assert told["areas_not_of_this_city"] == ["99.01"]


def test_the_command_says_what_it_found_and_refuses_in_words(tmp_path, capsys):
    asked = Town().write(tmp_path / "t")
    told = [
        "city", "build", str(asked.osm), "--out", str(asked.out), "--city", "32.73", "--codes", str(asked.codes),
        "--areas", f"rw={asked.areas[0][1]}", str(asked.areas[1][1]), "--population", str(asked.population),
        "--children", str(asked.children), "--places", str(asked.places), "--rules", str(asked.rules),
        "--origin", "people.csv=Dinas Dukcapil", "--licence", "people.csv=CC BY 4.0", "--date", "people.csv=2026-01",
    ]  # fmt: skip
    assert cli.main(told) == 0
    said = capsys.readouterr().out
    assert "Kota Bandung (32.73)" in said
    turned = re.search(r"Survey first: Jalan Kolektor \(pavement\), (\d+) children", said)
    assert turned
    assert int(turned[1]) == pytest.approx(330, abs=15)  # three ages, each in groups of 5
    assert "network" in said
    head = read(asked.out / "city.json")
    assert "Dinas Dukcapil, CC BY 4.0" in head["attribution"]
    assert one(head["layers"], what="population")["date"] == "2026-01"
    assert cli.main(told) == 1
    assert "city.folder-refused" in capsys.readouterr().err
    assert cli.main([*told, "--replace", "--kinds", "castle"]) == 1
    assert "city.places-malformed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "raised", [ModuleNotFoundError("gone", name="shapely"), OSError(28, "No space left on device")]
)
def test_a_missing_extra_and_a_full_disk_are_told_by_codes(tmp_path, monkeypatch, capsys, raised):
    asked = Town().write(tmp_path / "t")

    def broken(*given, **named):
        raise raised

    monkeypatch.setattr(building.drawing, "drawn", broken)
    assert cli.main(["city", "build", str(asked.osm), "--out", str(asked.out)]) == 1
    code = "city.extra-missing" if isinstance(raised, ModuleNotFoundError) else "city.folder-refused"
    assert code in capsys.readouterr().err
    assert not asked.out.exists()
