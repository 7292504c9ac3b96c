"""The story's cities: Kota Melati is what its drawing gives, its people sign in and may what their role says."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.places import api as places
from ruangaman.site.story import cities
from ruangaman.site.story.city import build, drawing
from ruangaman.site.story.fill import fill
from ruangaman.site.story.house import House
from ruangaman.site.story.run import CITY_FILES, _city_data

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
PORTS = {"platform_port": 18001, "registry_port": 18002, "school_port": 18003, "wallet_port": 18005}


def test_what_is_shipped_is_small():
    assert sum(one.stat().st_size for one in build.BUILT.rglob("*") if one.is_file()) < 1_500_000


def test_the_drawing_stands_in_the_sea_under_codes_that_nobody_has():
    drawn = drawing.drawing()
    assert drawn["code"].startswith("99.")
    lon, lat = drawing.degrees(drawn, (750, 750))
    assert 109 < lon < 111
    assert -5.5 < lat < -5  # the Java Sea
    assert all(one["code"].startswith("99.71.") for level in drawn["areas"].values() for one in level)


def test_gates_stand_on_the_outline_of_their_place():
    for place in drawing.drawing()["places"]:
        gates = [tuple(map(float, one)) for one in place["gates"]]
        assert set(gates) <= set(drawing._with_gates(place["outline"], gates)), place["name"]


@pytest.fixture
def house(settings, tmp_path, db):
    settings.STORY = True
    settings.DATA_DIR = tmp_path
    settings.CITIES_DIR = tmp_path / "cities"
    settings.WEBHOOK_ALLOW = ["127.0.0.1:18001"]
    clock.allow(tmp_path)
    yield House(tmp_path)
    clock.forbid()


def test_the_story_has_a_city_whose_people_sign_in(house, client: Client):
    fill(house, now=NOW, **PORTS)
    assert [one.slug for one in places.cities()] == ["kota-melati"]
    assert client.get("/kota/kota-melati/peta").status_code == 200
    page = client.get("/cerita").content.decode()
    assert "/kota/kota-melati/peta" in page
    password = house.read(house.plan)["officer_password"]
    for name in cities.STAFF:
        assert name in page
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.is_staff
        assert not user.is_superuser
    reply = client.post("/petugas/masuk", {"username": "bappeda", "password": password})
    assert reply.status_code == 302


def test_plans_that_people_made_stay_when_the_story_is_brought_up_to_date(house, settings):
    fill(house, now=NOW, **PORTS)
    plans = settings.CITIES_DIR / "kota-melati" / "plans"
    shipped = next(plans.glob("*.json")).read_text()
    (plans / "x.json").write_text(shipped)
    fill(house, now=NOW, **(PORTS | {"school_port": 18013}))
    assert (plans / "x.json").read_text() == shipped
    assert (settings.CITIES_DIR / "kota-melati" / "city.json").is_file()


def test_jakarta_is_there_when_its_data_are(house, tmp_path, client: Client):
    assert _city_data({"RUANGAMAN_CITY_DATA": str(tmp_path)}) is None
    data = tmp_path / "data-of-a-city"
    data.mkdir()
    for name in CITY_FILES:
        (data / name).touch()
    assert _city_data({"RUANGAMAN_CITY_DATA": str(data)}) == data
    fill(house, with_jakarta=True, now=NOW, **PORTS)
    assert {one.slug for one in places.cities()} == {"jakarta", "kota-melati"}
    assert "belum dihitung" in client.get("/kota/jakarta/peta").content.decode()


@pytest.mark.slow
def test_a_build_that_fails_leaves_no_sign_that_it_goes_on(house, settings, tmp_path):
    from ruangaman.core.errors import RuangAmanError

    with pytest.raises(RuangAmanError):
        cities.build_jakarta(tmp_path / "nothing", made_on=NOW.date(), say=lambda _step: None)
    assert not list(settings.CITIES_DIR.glob("*.sedang-dihitung"))
    assert not (settings.CITIES_DIR / "jakarta").exists()
