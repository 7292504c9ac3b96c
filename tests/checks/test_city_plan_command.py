"""`ruangaman city plan` and `city changed` on a drawn town: a plan, tables of the city's own, refusals by name."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.osm import town_folder

from ruangaman.adapters import clock
from ruangaman.rooms.places import plan_sums
from ruangaman.site.cli import main

pytestmark = pytest.mark.slow  # the first run compiles the loops


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return town_folder.write(tmp_path_factory.mktemp("kota") / "melati")


@pytest.fixture
def city(built, tmp_path):
    return shutil.copytree(built, tmp_path / "melati")


def plan(city, capsys, *args: str) -> dict:
    assert main(["city", "plan", str(city), *args]) == 0, capsys.readouterr().err
    file = capsys.readouterr().out.strip().rpartition("\n")[2]
    assert str(city / "plans") in file
    return json.loads(Path(file).read_text())


def refused(capsys, *args: str) -> str:
    assert main(["city", *args]) == 1
    return capsys.readouterr().err


def names(told: dict) -> list[str]:
    return [one["name"]["id"] for one in told["actions"] if one["chosen"]]


def test_a_plan_is_told_with_its_price_its_proof_and_what_changes_where(city, capsys):
    assert main(["city", "plan", str(city), "--budget", "20e6"]) == 0
    said = capsys.readouterr().out
    assert "Pintu masuk: Lapangan Utara: +60 children, Rp15,000,000, Rp250,000 a child" in said
    assert "Newly safe: 80, between 50 and 110" in said  # 78, 54 and 105.6: steps of ten, bounds outwards
    assert "no plan is worth more than 0.00% above this one" in said
    assert "99.71.01.1001 Utara: fewer than 10 -> 60 of 180" in said


def test_the_file_is_one_that_pages_sum_and_the_same_question_has_the_same_file(city, capsys):
    told = plan(city, capsys, "--budget", "20e6")
    assert plan(city, capsys, "--budget", "20e6")["id"] == told["id"]
    assert len(list((city / "plans").iterdir())) == 1
    found = plan_sums.pool(told)
    sums = plan_sums.sums(found, found.numbers(told["chosen"]))
    assert (round(sums.children, 1), round(sums.low, 1), round(sums.high, 1)) == (
        told["children"], told["children_low"], told["children_high"],
    )  # fmt: skip
    assert told["bound"] >= told["value"]


def test_only_some_kinds_a_least_share_and_weights(city, capsys, tmp_path):
    assert all(
        name.startswith("Tempat menyeberang")
        for name in names(plan(city, capsys, "--budget", "3e9", "--only", "crossing"))
    )
    least = plan(city, capsys, "--budget", "700e6", "--least-share", "99.71.01.1002=1")
    row = next(one for one in least["by_area"] if one["name"] == "Selatan")
    assert row["after"] == row["children"]
    weights = tmp_path / "bobot.csv"
    weights.write_text("code,weight\n99.71.01.1002,9\n")
    told = plan(
        city, capsys, "--budget", "60e7", "--weights", str(weights), "--only", "pavement,crossing,place"
    )
    assert told["weights"]
    assert told["value"] > told["children"]
    assert "Trotoar: Jalan Kenanga, 200 m" in names(told)


def test_the_city_s_own_list_and_prices(city, capsys, tmp_path):
    own = tmp_path / "calon.csv"
    lon, lat = (str(each) for each in np.array([5.0, 290.0]) / 0.0111195 / 1e7)
    own.write_text(f"kind,name,lon,lat,cost\nplace,Taman RW 05,{lon},{lat},1000\n")
    told = plan(city, capsys, "--budget", "1000", "--candidates", str(own))
    assert names(told) == ["Taman bermain baru: Taman RW 05"]
    assert told["cost"] == 1000
    prices = tmp_path / "biaya.yaml"
    prices.write_text(
        "version: own\ncurrency: IDR\nactions:\n  gate: {each: 7000, within_m: 80, name: {id: Gerbang, en: Gate},"
        " source: HSPK 2026, confidence: certain}\n"
    )
    told = plan(city, capsys, "--budget", "7000", "--costs", str(prices))
    assert names(told) == ["Gerbang: Lapangan Utara"]
    assert (told["costs"]["version"], told["costs"]["own"]) == ("own", True)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--budget", "-1"), "city.plan-not-asked"), (("--budget", "nan"), "city.plan-not-asked"),
        (("--budget", "1", "--age", "30-40"), "city.plan-not-asked"),
        (("--budget", "1", "--light", "noon"), "city.plan-not-asked"),
        (("--budget", "1", "--reach", "teens"), "city.plan-not-asked"),
        (("--budget", "1", "--only", "bridge"), "city.plan-not-asked"),
        (("--budget", "1", "--least-share", "2"), "city.plan-not-asked"),
        (("--budget", "1", "--least-share", "99.71.01.9999=0.5"), "city.plan-not-asked"),
        (("--budget", "1e6", "--least-share", "0.9"), "siting.least-not-met"),
        (("--budget", "1", "--age", "0-5"), "city.folder-incomplete"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_and_nothing_is_written(city, capsys, args, code):
    assert code in refused(capsys, "plan", str(city), *args)
    assert not (city / "plans").exists()


def test_a_kelurahan_that_cannot_get_its_least_is_named(city, capsys):
    assert "name=Utara" in refused(
        capsys, "plan", str(city), "--budget", "16e6", "--least-share", "99.71.01.1001=0.9"
    )


@pytest.mark.parametrize(
    ("table", "option", "where"),
    [
        ("code,weight\n99,1\n", "--weights", "line=2, why=code"), ("code\n", "--weights", "columns code, weight"),
        ("code,weight\n99.71.01.1001,-1\n", "--weights", "why=weight"),
        ("kind,name,lon,lat\nbridge,x,0,0\n", "--candidates", "why=kind"),
        ("kind,name,lon,lat\nplace,x,9,9\n", "--candidates", "why=no street near"),
        ("kind,name,lon,lat\nplace,x,nan,9\n", "--candidates", "why=lon"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused_with_its_line(city, capsys, tmp_path, table, option, where):
    file = tmp_path / "t.csv"
    file.write_text(table)
    assert where in refused(capsys, "plan", str(city), "--budget", "1", option, str(file))


@pytest.mark.parametrize(
    "missing", ["city.json", "streets.bin", "work/looks.json", "work/homes.npz", "results/places.json"]
)
def test_a_folder_that_is_not_complete_is_refused(city, capsys, missing):
    (city / missing).unlink()
    assert (
        "city.folder-incomplete" in (said := refused(capsys, "plan", str(city), "--budget", "1"))
        or "reach.file" in said
    )
    (city / missing).write_bytes(b"[]")
    assert (
        "city.folder-incomplete" in (said := refused(capsys, "plan", str(city), "--budget", "1"))
        or "reach.file" in said
    )


@pytest.mark.parametrize("name", ["u", "look", "segment_edges", "vertex_node"])
def test_numbers_that_point_nowhere_are_refused(city, capsys, name):
    file = city / "work" / "network.npz"
    arrays = dict(np.load(file))
    arrays[name] = arrays[name].copy()
    arrays[name].flat[0] = 10_000
    np.savez(file, **arrays)
    assert "city.folder-incomplete" in refused(capsys, "plan", str(city), "--budget", "1")


@pytest.mark.parametrize(
    "table", ["", "currency: USD", "currency: IDR\nactions: {bridge: {}}", "currency: IDR\nactions: {gate: {each: -1}}",
              "currency: IDR\nactions: {audit: {share_safe: 0, name: {id: a, en: b}, source: s, confidence: certain}}",
              "currency: IDR\nactions: {gate: {each: 1, name: {id: a}, source: s, confidence: certain}}", "{", "- 1"],
)  # fmt: skip
def test_costs_that_are_none_are_refused(city, capsys, tmp_path, table):
    file = tmp_path / "biaya.yaml"
    file.write_text(table)
    assert "city.costs-malformed" in refused(capsys, "plan", str(city), "--budget", "1", "--costs", str(file))


def test_what_really_changed_stands_beside_what_was_predicted(city, built, capsys, tmp_path):
    told = plan(city, capsys, "--budget", "20e6")
    after = town_folder.write(tmp_path / "sesudah", made_on="2027-11-30", safe=(48.0, 24.0))
    file = city / "plans" / f"{told['id']}.json"
    assert main(["city", "changed", str(city), str(after), "--plan", str(file)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["all"]["before"], found["all"]["after"], found["all"]["change"]) == (24.0, 72.0, 48.0)
    assert (found["plan"]["children"], found["before_on"], found["after_on"]) == (
        78.0,
        "2026-11-30",
        "2027-11-30",
    )
    north = next(one for one in found["by_area"] if one["name"] == "Utara")
    assert (north["change"], north["predicted"]) == (48.0, 60.0)
    assert (found["reach"], found["differs"]) == (told["reach"]["id"], [])


def test_builds_that_do_not_compare_are_refused_or_say_what_else_differs(city, capsys, tmp_path):
    other = town_folder.write(tmp_path / "lain", code="99.72")
    assert "why=two cities" in refused(capsys, "changed", str(city), str(other))
    assert "why=no such walks" in refused(capsys, "changed", str(city), str(city), "--age", "0-5")
    assert "why=missing" in refused(capsys, "changed", str(city), str(tmp_path / "nothing"))
    later = town_folder.write(tmp_path / "baru", layers=[{"what": "population", "sha256": "1"}])
    assert main(["city", "changed", str(city), str(later)]) == 0
    assert json.loads(capsys.readouterr().out)["differs"] == ["population"]


def test_an_area_that_the_build_keeps_back_has_no_counts_in_the_plan(city, capsys):
    """Utara has 180 children, more than the least, but its kecamatan is kept back."""
    assert not any(one["kept_back"] for one in plan(city, capsys, "--budget", "20e6")["by_area"])
    file = city / "results" / "coverage.json"
    told = json.loads(file.read_text())
    for row in told["rows"]:
        row[-1] = int(row[0] == "99.71.01.1001")
    file.write_text(json.dumps(told))
    rows = {one["code"]: one for one in plan(city, capsys, "--budget", "20e6")["by_area"]}
    assert rows["99.71.01.1001"] == {
        "code": "99.71.01.1001", "name": "Utara", "parent": "99.71.01", "kept_back": True,
    }  # fmt: skip
    assert "children" in rows["99.71.01.1002"]


def test_a_folder_that_does_not_tell_what_is_kept_back_has_no_plan(city, capsys):
    file = city / "results" / "coverage.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"rows": []}))
    assert "coverage.json" in refused(capsys, "plan", str(city), "--budget", "20e6")
    file.unlink()
    assert "coverage.json" in refused(capsys, "plan", str(city), "--budget", "20e6")


@pytest.mark.parametrize(
    ("zone", "day"), [("", "2026-11-30"), ("Asia/Jayapura", "2026-12-01"), ("UTC", "2026-11-30")]
)
def test_a_plan_is_of_the_day_of_the_house(city, capsys, monkeypatch, zone, day):
    monkeypatch.setenv("RUANGAMAN_TIME_ZONE", zone)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 30, 16, 30, tzinfo=UTC))
    assert plan(city, capsys, "--budget", "20e6")["made_on"] == day
