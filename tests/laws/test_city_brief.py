"""The mayor's brief tells what the folder tells: no more, nothing small, and what is missing is said."""

import json
import re
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.adapters import city_brief, city_brief_map
from ruangaman.adapters.city_brief import CityFolderUnreadable, Words

AT = datetime(2026, 11, 30, tzinfo=UTC)
COLUMNS = [
    "code", "level", "name", "parent", "age", "light", "mobility", "reach", "metres", "children", "safe", "unknown",
    "unsafe", "low", "high", "share_low", "share_high", "not_surveyed", "barrier", "too_far", "off_street",
    "kept_back",
]  # fmt: skip


def row(code, level, name, *, age="6-12", light="day", mobility="foot", numbers=(100, 20, 50, 30)):
    if numbers is None:
        return [code, level, name, "99", age, light, mobility, "play", 400, *[None] * 12, 1]
    children, safe, unknown, unsafe = numbers
    low, high = safe * 0.9, (safe + unknown) * 1.1
    share = (safe / children, (safe + unknown) / children)
    return [code, level, name, "99", age, light, mobility, "play", 400, children, safe, unknown, unsafe,
            low, high, *share, unknown, unsafe * 0.5, unsafe * 0.5, 0, 0]  # fmt: skip


def square(code, name, west):
    ring = [[west, -6.2], [west + 0.01, -6.2], [west + 0.01, -6.19], [west, -6.19], [west, -6.2]]
    return {"type": "Feature", "properties": {"code": code, "level": "kelurahan", "name": name},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


ROWS = [
    row("99", "city", "Kota", numbers=(1230, 246, 615, 369)),
    row("99", "city", "Kota", age="13-17", numbers=(1000, 333, 333, 334)),
    row("99", "city", "Kota", light="dusk", numbers=(1230, 0, 861, 369)),
    row("99", "city", "Kota", mobility="wheelchair", numbers=(12, 1, 3, 8)),
    row("99", "city", "Kota", mobility="disabled", numbers=(60, 12, 24, 24)),
    row("99.01.1", "kelurahan", "Mawar", numbers=(700, 70, 490, 140)),
    row("99.01.2", "kelurahan", "Melati", numbers=(530, 176, 125, 229)),
    row("99.01.3", "kelurahan", "Kenanga", numbers=None),
]


@pytest.fixture
def folder(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")

    about = {"format": 1, "name": "Kota Melati", "code": "99", "made_on": "2026-11-30",
             "thresholds": {"least_children": 10, "home_limit_m": 100, "count_error": {"city": 0.1}},
             "layers": [{"what": "map", "file": "kota.osm", "date": None,
                         "origin": "gambar sendiri", "licence": "CC0"}],
             "attribution": ["© OpenStreetMap contributors, ODbL 1.0"]}  # fmt: skip
    write("city.json", about)
    write("results/coverage.json", {"columns": COLUMNS, "rows": ROWS})
    features = [square(one[0], one[2], 106.8 + at / 100) for at, one in enumerate(ROWS[5:])]
    write("map/areas.geojson", {"type": "FeatureCollection", "features": features})
    survey = [
        {"name": "", "class": "residential", "metres": 340.4, "children": 7.2, "what": ["lit", "tactile"]}
    ]
    unknown = {"lit": {"km": 5703.2, "share": 0.987}}
    write("results/quality.json", {"survey_first": survey, "unknown": unknown, "places_without_gate": [1, 2]})
    write(
        "results/sdg.json",
        {
            "part_a": {"value": 0.1234, "open_space_m2": 584, "streets_m2": 1e6, "built_m2": 8e6},
            "part_b": {"value": None, "thresholds": {"metres": 400}},
        },
    )
    actions = [{"id": 1, "kind": "crossing", "name": "Jalan Raya", "cost": 185e6, "children": 214,
                "children_low": 160, "children_high": 262},
               {"id": 2, "kind": "audit", "name": "Gang", "cost": 2e6, "children": 5}]  # fmt: skip
    write("plans/a.json", {"id": "a", "name": "Rencana 2027", "actions": actions, "chosen": [1], "budget": 2e8,
                           "proven_gap": 0.0266})  # fmt: skip
    return tmp_path


def test_the_first_page_says_how_many_of_a_hundred(folder):
    told = city_brief.told(city_brief.read(folder), "id")
    assert told["head"]["says"] == (
        "Dari 100 anak usia 6–12 tahun, 20 pasti bisa jalan aman ke tempat aman terdekat."
    )
    assert told["head"]["parts"] == [20, 50, 30]
    assert told["head"]["between"] == "antara 220 dan 950"
    assert [one["label"] for one in told["ages"]] == [
        "6–12 tahun", "6–12 tahun, menjelang gelap", "6–12 tahun, dengan kursi roda",
        "6–12 tahun, dengan disabilitas", "13–17 tahun",
    ]  # fmt: skip
    assert told["reasons"][0]["label"] == "jalan belum disurvei"


def test_gaps_are_sorted_by_children_and_nothing_small_is_told(folder):
    told = city_brief.told(city_brief.read(folder), "id")
    assert [(one["name"], one["gap"]) for one in told["gaps"]] == [("Mawar", "630"), ("Melati", "350")]
    assert "Kenanga" not in json.dumps(told)
    assert told["survey"] == [
        {"name": "tanpa nama (residential)", "area": "", "metres": "340", "children": "kurang dari 10",
         "what": "lampu jalan, tactile"}
    ]  # fmt: skip
    assert told["map"]["svg"].count("url(#none)") == 1
    assert told["map"]["svg"].count("<circle cx") - told["map"]["svg"].count('r="1.7"') == 2


def test_the_plan_and_its_gap_are_told_and_what_is_missing_is_said(folder):
    told = city_brief.told(city_brief.read(folder), "en")
    assert told["plan"]["says"] == (
        "Rencana 2027: Rp185 million of a budget of Rp200 million, 210 more children walk safely "
        "(between 160 and 270)."
    )
    assert told["plan"]["gap"] == "Proven: no plan is better by more than 2.7%."
    assert [one["name"] for one in told["plan"]["actions"]] == ["Jalan Raya"]
    assert [one["value"] for one in told["sdg"]] == ["12.3%", "cannot be told yet"]
    (folder / "plans" / "a.json").unlink()
    assert city_brief.told(city_brief.read(folder), "en")["plan"] is None


@pytest.mark.parametrize("moving", ["each", "somehow"])
def test_children_with_a_disability_reach_open_space_between_bounds(folder, moving):
    file = folder / "results" / "sdg.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    of = {"age": "6-12", "of": "children", "moving": moving, "people": 150, "value": 0.4}
    told.setdefault("part_b", {})["by_disability"] = [
        of | {"disability": True, "low": 0.12, "high": 0.3}, of | {"disability": False, "low": 0.5, "high": 0.6},
        of | {"age": "0-5", "disability": True, "of": "not_told", "low": 0.1, "high": 0.2},
        of | {"age": "13-17", "disability": True, "low": None, "high": None},
    ]  # fmt: skip
    file.write_text(json.dumps(told), encoding="utf-8")
    rows = city_brief.told(city_brief.read(folder), "en")["sdg"][2:]
    assert [(one["label"], one["value"]) for one in rows] == [
        ("Children aged 6–12 with a disability within reach of open space", "between 12% and 30%")
    ]
    assert ("Nobody says" in rows[0]["method"]) == (moving == "somehow")


def test_a_city_without_children_tells_its_streets(folder):
    (folder / "results" / "coverage.json").unlink()
    (folder / "map" / "areas.geojson").unlink()
    told = city_brief.told(city_brief.read(folder), "id")
    assert told["head"]["says"] == "Jumlah anak per wilayah belum ada. Yang bisa dikatakan: jalannya."
    assert told["map"] is None
    assert told["gaps"] == []
    assert all(path.read_bytes().startswith(b"%PDF-") for path in city_brief.write(folder, at=AT))


def test_a_city_without_areas_is_drawn_by_its_streets(folder):
    lines = [
        (
            answer,
            {
                "type": "LineString",
                "coordinates": [[106.8, -6.2 + answer / 100], [106.81, -6.2 + answer / 100]],
            },
        )
        for answer in (0, 1, 2)
    ]
    shapes = [*lines, (1, {"type": "Point", "coordinates": [106.8, -6.2]})]
    features = [
        {"type": "Feature", "properties": {"answer": told}, "geometry": shape} for told, shape in shapes
    ]
    (folder / "map" / "walks-6-12-day-foot.geojson").write_text(json.dumps({"features": features}))
    places = [{"lon": 106.805, "lat": -6.19}]
    (folder / "results" / "places.json").write_text(json.dumps({"format": 1, "places": places}))
    assert city_brief.told(city_brief.read(folder), "id")["streets"] is None  # it has areas
    (folder / "map" / "areas.geojson").unlink()
    told = city_brief.told(city_brief.read(folder), "en")
    drawn = told["streets"]["svg"]
    assert [drawn.count(f"{city_brief_map.STROKES[answer]}/>") for answer in (0, 1, 2)] == [1, 1, 1]
    assert re.findall(r'<path d="M([\d.]+) ', drawn) == ["0", "0", "0"]
    assert drawn.count("<circle") == 1
    assert [one["label"] for one in told["streets"]["legend"]] == ["safe", "not known", "not safe"]
    assert all(path.read_bytes().startswith(b"%PDF-") for path in city_brief.write(folder, at=AT))


def test_it_is_written_in_both_languages_to_be_kept_and_read_aloud(folder):
    paths = city_brief.write(folder, at=AT)
    assert [path.name for path in paths] == ["brief-id.pdf", "brief-en.pdf"]
    for path in paths:
        content = path.read_bytes()
        assert b"pdfuaid:part" in content
        assert b"pdfaid:part" in content
        assert b"/StructTreeRoot" in content
    again = city_brief.write(folder, at=AT)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]
    assert not list(folder.glob("brief/*.part"))


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("city.json", None, "no such file"),
        ("city.json", "{", "JSONDecodeError"),
        ("city.json", '{"format": 2}', "no format that is read"),
        ("results/coverage.json", "[", "JSONDecodeError"),
        ("plans/a.json", "{}", "no plan"),
    ],
)
def test_a_folder_that_is_none_is_refused(folder, file, content, why):
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(content)
    with pytest.raises(CityFolderUnreadable) as refused:
        city_brief.write(folder, at=AT)
    assert refused.value.facts["why"] == why
    assert not (folder / "brief").exists()


def test_every_word_is_there_in_both_languages_with_the_same_names():
    table = yaml.safe_load((city_brief.DATA / "city_brief.yaml").read_text(encoding="utf-8"))
    for name, texts in (table["words"] | table["tags"]).items():
        assert set(texts) == {"id", "en"}, name
        assert sorted(re.findall(r"{(\w+)}", texts["id"])) == sorted(re.findall(r"{(\w+)}", texts["en"])), (
            name
        )


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=3).filter(lambda parts: sum(parts) > 1e-3))
def test_parts_of_a_hundred_are_a_hundred_and_near(parts):
    found = city_brief._hundred(parts)
    assert sum(found) == 100
    assert all(abs(one - 100 * part / sum(parts)) < 1 for one, part in zip(found, parts, strict=True))


@given(st.floats(0, 1))
def test_a_gap_is_never_told_smaller_than_it_is(gap):
    assert gap < city_brief._up(gap) <= gap + 0.0011


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (999, "Rp999", "Rp999"),
        (185e6, "Rp185 juta", "Rp185 million"),
        (2.5e6, "Rp2,5 juta", "Rp2.5 million"),
        (3e9, "Rp3 miliar", "Rp3 billion"),
        (1.26e12, "Rp1,3 triliun", "Rp1.3 trillion"),
    ],
)
def test_rupiah_are_said_as_people_say_them(value, indonesian, english):
    assert (Words("id", 10).rupiah(value), Words("en", 10).rupiah(value)) == (indonesian, english)


def test_small_counts_are_not_told_and_nobody_is_told_as_few():
    words = Words("id", 10)
    assert [words.count(one) for one in (None, 0, 0.2, 9.9, 10, 12344)] == [
        "kurang dari 10", "kurang dari 10", "kurang dari 10", "kurang dari 10", "10", "12.340"
    ]  # fmt: skip


def test_an_area_without_size_has_a_middle():
    line = [(0.0, 0.0), (2.0, 0.0), (4.0, 0.0)]
    assert city_brief_map._middle(line) == (2.0, 0.0)
