"""The map's pages, without scripts: Sari's walk, another corner, an area, the same as a table, what the map loads."""

import gzip
import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

import ruangaman
from ruangaman.adapters import city_costs
from ruangaman.rooms.places import city_files, plan_telling, walk_page
from ruangaman.rooms.places.walk_page import count, rupiah

BUILT = Path(ruangaman.__file__).parent / "site" / "story" / "city" / "built"
MAP, WALK, TABLE = (f"/kota/kota-melati/{name}" for name in ("peta", "jalan", "tabel"))


@pytest.fixture
def folder(settings, tmp_path, melati):
    """The city's folder, as a build writes it."""
    settings.CITIES_DIR = tmp_path
    shutil.copytree(BUILT, tmp_path / "kota-melati")
    return tmp_path / "kota-melati"


def text(reply):
    assert reply.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode())))


def test_sari_cannot_walk_alone_and_the_road_is_why(client, folder):
    page = text(client.get(MAP))
    assert "Sari belum bisa jalan sendiri ke taman." in page
    assert re.search(r"Jaraknya \d+ meter. Yang menghalangi: Jalan Raya tanpa zebra cross.", page)
    assert "Zebra cross di Jalan Raya Rp185 juta" in page
    assert "Survei Gang Mangga dulu Rp2 juta" in page
    english = text(client.get(f"{MAP}?bahasa=en"))
    assert "Sari cannot walk to the park alone yet." in english
    assert "In the way: Jalan Raya has no zebra crossing." in english


def test_a_crossing_brings_children_to_the_park_between_bounds_and_says_why(client, folder):
    page = text(client.get(f"{MAP}?baik=0"))
    found = re.search(
        r"\+(\d+) anak bisa jalan aman ke taman antara (\d+) dan (\d+), karena (\d+) jalan", page
    )
    assert found
    number, low, high, _streets = map(int, found.groups())
    assert low < number < high
    assert "Belum tahu apakah Sari bisa jalan aman ke taman." in page
    both = text(client.get(f"{MAP}?baik=0&baik=1"))
    assert int(re.search(r"\+(\d+) anak", both)[1]) > number
    assert "Sari bisa jalan sendiri ke taman." in both


def test_prices_are_those_of_the_plans(client, folder):
    """The city's own table, else ours, which is told to be rough."""
    own = (folder / "costs.yaml").read_text()
    assert "perkiraan kasar" not in text(client.get(MAP))
    (folder / "costs.yaml").write_text(own.replace("each: 185000000", "each: 12000000"))
    assert "Zebra cross di Jalan Raya Rp12 juta" in text(client.get(MAP))
    (folder / "costs.yaml").unlink()
    rough = text(client.get(MAP))
    ours = city_costs.ours()[1]
    road = ours["crossing"].by["primary"]  # what Jalan Raya is
    assert f"Zebra cross di Jalan Raya {rupiah(road)}" in rough
    assert "Biayanya perkiraan kasar, bukan harga kota ini." in rough
    survey = re.search(r"Survei Gang Mangga dulu (Rp[\d,]+) juta", rough)[1]
    assert survey == plan_telling.rupiah(ours["audit"].whole(140)).removesuffix(" juta")
    plan = json.loads(next((folder / "plans").glob("*.json")).read_text())
    crossing = next(one for one in plan["actions"] if one["kind"] == "crossing")
    assert crossing["cost"] == 185e6


def test_she_walks_to_school(client, folder):
    assert "Sari bisa jalan sendiri ke sekolah." in text(client.get(f"{MAP}?ke=school"))


def test_a_corner_is_found_by_its_street_and_walked_from(client, folder):
    page = client.get(f"{WALK}?jalan=GANG+salak").content.decode()
    corners = re.findall(r'<option value="(\d+)"[^>]*>(Gang Salak, sudut [^<]+)', page)
    assert {name for _, name in corners} == {
        "Gang Salak, sudut Gang Manggis, Jalan Kenanga",
        "Gang Salak, sudut Gang Rambutan",
        "Gang Salak, sudut Jalan Cempaka",
    }
    told = text(client.get(f"{WALK}?dari={corners[0][0]}&umur=13-17&ke=park"))
    assert "Anak 13–17 tahun" in told
    assert "Langkah demi langkah" in told
    young = text(client.get(f"{WALK}?dari={corners[0][0]}&umur=0-5"))
    assert "bersama orang dewasa" in young


def test_corners_of_an_area_are_those_inside_it(client, folder):
    page = client.get(f"{WALK}?wilayah=99.71.02.1001").content.decode()
    names = re.findall(r'<option value="\d+"[^>]*>([^<]+)', page)
    assert any("Gang Durian" in one for one in names)
    assert not any("Gang Salak" in one or "Gang Cermai" in one for one in names)


def test_a_street_that_is_not_there_is_said(client, folder):
    assert "Tidak ada sudut jalan dengan nama itu di sini." in text(client.get(f"{WALK}?jalan=xyz"))


@pytest.mark.parametrize(
    "query",
    ["dari=99999999999", "dari=-1", "dari=x", "umur=99", "cahaya=x&cara=y&ke=z", "baik=9&baik=x", "wilayah=<b>",
     "jalan=" + "a" * 5000, "dari=0&baik=" + "1&baik=" * 20 + "2", "wilayah=31.71"],
)  # fmt: skip
def test_odd_questions_are_answered_as_if_not_asked(client, folder, query):
    for page in (MAP, WALK, TABLE):
        assert client.get(f"{page}?{query}").status_code == 200


def test_no_home_is_asked_and_none_is_told(client, folder):
    page = client.get(WALK).content.decode()
    assert not re.search(r'name="(alamat|rumah|lat|lon|lng)"', page)
    for address in (MAP, TABLE, f"{MAP}/tempat.geojson", f"{MAP}/dasar.geojson"):
        assert "home" not in client.get(address).content.decode()


def test_the_table_says_what_the_map_says(client, folder):
    steps = re.findall(r'data-langkah="\d+"><b>([^<]+)</b>', client.get(MAP).content.decode())
    table = text(client.get(TABLE))
    assert steps
    for name in steps:
        assert name in table
    assert "cross/without-a-crossing" in table
    for name in ("Karanganyar", "Cempaka", "Teratai", "Seruni"):
        assert name in table
    inside = text(client.get(f"{TABLE}?wilayah=99.71.01.1001"))
    assert "99.71.01.1001.RW02" in inside


def test_small_counts_are_kept_back(client, folder):
    name = "map/rows-6-12-day-foot-play.json"
    told = json.loads((folder / name).read_bytes())
    at = told["columns"].index("kept_back")
    for row in told["rows"]:
        if row[0] == "99.71.02.1002":
            row[at] = 1
            row[at - 5 : at] = [None] * 5
    (folder / name).write_text(json.dumps(told))
    page = text(client.get(TABLE))
    assert "99.71.02.1002 kurang dari 10 – terlalu sedikit anak untuk ditampilkan" in page


@pytest.mark.parametrize("language", ["id", "en"])
def test_children_with_a_disability_stand_beside_all_others(client, folder, language):
    """Each as they move, whichever way was chosen; and it is said where nobody tells how."""
    said = {"id": "Anak dengan disabilitas", "en": "Children with a disability"}[language]
    why = {"id": "Siapa yang memakai kursi roda", "en": "Nobody says who of them uses a wheelchair"}[language]
    area = "?wilayah=99.71.01.1002"

    def page(address: str) -> str:
        return text(client.get(f"{address}&bahasa={language}"))

    share = re.findall(rf"{said}: ([^.]*)\.", page(f"{MAP}{area}"))
    assert len(share) == 1
    assert "100" in share[0]
    assert re.findall(rf"{said}: ([^.]*)\.", page(f"{MAP}{area}&cara=wheelchair")) == share
    for way in ("", "&cara=wheelchair"):
        table = page(f"{TABLE}{area}{way}")
        assert share[0] in table  # of the area, in its row
        assert re.search(rf"{said}: [^.]*100[^.]*\.", table)  # of the city
        assert why not in table
    name = "map/rows-6-12-day-disabled-play.json"
    told = json.loads((folder / name).read_bytes())
    at = told["columns"].index("how_not_told")
    for row in told["rows"]:
        row[at] = 20.0
    (folder / name).write_text(json.dumps(told))
    assert why in page(f"{MAP}{area}")
    assert why in page(f"{TABLE}{area}")
    (folder / name).unlink()
    assert said not in page(f"{MAP}{area}")
    assert said not in page(f"{TABLE}{area}")


@pytest.mark.parametrize(
    ("told", "least"), [(60, 60), (3, 10), (None, 10), ("60", 10), (float("nan"), 10)], ids=str
)
def test_the_larger_least_of_house_and_city_is_kept(client, folder, told, least):
    city = json.loads((folder / "city.json").read_bytes())
    city["thresholds"] = {**city.get("thresholds", {}), "least_children": told}
    (folder / "city.json").write_text(json.dumps(city))
    assert city_files.least("kota-melati") == least
    said = [text(client.get(address)).lower() for address in (f"{MAP}?baik=0", TABLE)]
    assert ["kurang dari 60 " in one for one in said] == [least == 60] * 2


def test_an_area_without_data_names_what_to_survey(client, folder):
    for file in folder.glob("map/rows-*.json"):
        told = json.loads(file.read_bytes())
        told["rows"] = [row for row in told["rows"] if not row[0].startswith("99.71.02.1001")]
        file.write_text(json.dumps(told))
    page = text(client.get(f"{MAP}?wilayah=99.71.02.1001"))
    first = city_files.survey_first("kota-melati", "99.71.02.1001", most=12)
    assert f"Belum ada data untuk kelurahan ini. Mulai dari survei {len(first)} ruas ini." in page
    for one in first:
        assert one["name"] in page


def test_a_city_that_is_not_built_says_so_and_one_that_is_being_built_too(client, folder):
    shutil.rmtree(folder)
    assert "belum dihitung" in text(client.get(MAP))
    folder.with_suffix(".sedang-dihitung").touch()
    assert "sedang dihitung" in text(client.get(MAP))
    assert client.get(f"{MAP}/tempat.geojson").status_code == 404
    assert client.get(f"{MAP}/ubin/15/1/1").status_code == 404
    assert client.get("/kota/tidak-ada/peta").status_code == 404


def test_a_broken_folder_is_no_error_of_ours(client, folder):
    (folder / "work" / "walk.npz").write_bytes(b"PK\x03\x04")
    assert "belum dihitung" in text(client.get(MAP))


@pytest.mark.parametrize(
    "name", ["results/quality.json", "map/areas.geojson", "costs.yaml", "story.json", "city.json"]
)
@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"null", b'{"features": 3, "survey_first": 4, "actions": [1]}']
)
def test_a_file_that_is_broken_is_as_if_it_were_not_there(client, folder, name, content):
    (folder / name).write_bytes(content)
    for page in (MAP, WALK, TABLE, f"{MAP}/wilayah.geojson"):
        assert client.get(page).status_code == 200


def test_tiles_and_layers_are_kept_and_asked_for_again_only_when_they_change(client, folder):
    for path in ("wilayah.geojson", "tempat.geojson", "dasar.geojson", "ubin/15/26396/16857"):
        first = client.get(f"{MAP}/{path}")
        assert first.status_code == 200, path
        assert "max-age" in first["Cache-Control"]
        again = client.get(f"{MAP}/{path}", HTTP_IF_NONE_MATCH=first["ETag"])
        assert again.status_code == 304, path
    packed = client.get(f"{MAP}/ubin/15/26396/16857", HTTP_ACCEPT_ENCODING="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == client.get(f"{MAP}/ubin/15/26396/16857").content
    assert client.get(f"{MAP}/ubin/15/1/1").status_code == 204


def test_areas_are_hatched_and_said_never_coloured(client, folder):
    told = json.loads(client.get(f"{MAP}/wilayah.geojson?umur=6-12").content)
    assert len(told["features"]) == 4
    for one in told["features"]:
        assert set(one["properties"]) == {"code", "name", "band", "share"}
        assert one["properties"]["share"]


def test_the_worker_keeps_public_pages_alone(client, db):
    reply = client.get("/kota/pekerja.js")
    assert reply["Content-Type"].startswith("text/javascript")
    kept = json.loads(reply.content.decode().partition("\n")[0].removeprefix("const KEPT = ").rstrip(";"))
    allowed = re.compile(kept["pages"])
    for path in (
        "/kota/a-b/peta",
        "/kota/a-b/peta/ubin/1/2/3",
        "/kota/a/jalan",
        "/kota/a/tabel",
    ):
        assert allowed.search(path), path
    for path in (
        "/kota/",  # these two show who is signed in what is theirs to do
        "/kota/a-b/",
        "/kota/a/rencana",
        "/kota/a/laporan/baru",
        "/petugas/",
        "/kota/a/penilaian",
        "/kota/a/tabel/x",
    ):
        assert not allowed.search(path), path


def test_rupiah_and_counts_are_said_as_one_says_them():
    assert rupiah(185_000_000) == "Rp185 juta"
    assert rupiah(2_500_000) == "Rp2,5 juta"
    assert rupiah(1_240_000_000) == "Rp1,2 miliar"
    assert count(9.9, 10) == "kurang dari 10"
    assert count(1234.4, 10) == "1.230"


def test_the_goals_of_the_page_are_those_that_the_city_has(client, folder):
    streets = city_files.streets("kota-melati")
    assert streets is not None
    assert walk_page.reach_of(streets, "6-12") == ("play", 400.0)
    assert walk_page.reach_of(streets, "13-17") == ("teens", 1000.0)
    goals = re.findall(r'<option value="(park|school|library|health)"', client.get(WALK).content.decode())
    assert goals == ["park", "school", "library"]
