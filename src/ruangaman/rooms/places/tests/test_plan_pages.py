"""What pages of plans tell to whom: sums, photos, and which account may do what with an action."""

import pytest
from django.urls import reverse

from ruangaman.rooms.places import config, plan_telling, plans
from ruangaman.rooms.places.models import Plan

from .conftest import NOON
from .plan_files import document, put


@pytest.fixture
def published(melati, bappeda, settings, tmp_path) -> Plan:
    settings.CITIES_DIR = str(tmp_path)
    told = document()
    told["whatif"]["groups"] = [[3.0, 1.0, 0], [20.0, 1.0, 0], [20.0, 1.0, 1]]
    put(config.folder(melati.slug), told)
    made = plans.save(melati, plans.read(melati, "abcdef123456"), "Rencana 2027", by=bappeda, now=NOON)
    plans.publish(made, now=NOON)
    made.refresh_from_db()
    return made


def of(published: Plan, name: str = "plan") -> str:
    return reverse(f"places:{name}", args=[published.city.slug, published.pk])


def test_groups_of_children_are_for_those_who_plan_alone(client, published, person, bappeda):
    assert client.get(of(published, "plan-data")).status_code == 302
    client.force_login(person("company"))
    assert client.get(of(published, "plan-data")).status_code == 403
    client.force_login(bappeda)
    reply = client.get(of(published, "plan-data"))
    assert reply.json()["whatif"]["groups"][0] == [3.0, 1.0]
    assert reply["Cache-Control"] == "private, no-store"


def test_everybody_is_told_sums_to_the_nearest_five_and_of_few_children_none(client, published):
    def asked(*actions: str) -> str:
        return client.get(of(published), {"ubah": "1", "a": actions, "hanya": "jawab"}).json()["answer"]

    assert asked() == "+0 anak bisa jalan aman."
    assert asked("crossing") == "+kurang dari 10 anak bisa jalan aman."
    assert asked("crossing", "pavement") == "+25 anak bisa jalan aman, antara 20 dan 25."  # 23, 20.7, 25.3
    page = client.get(of(published), {"ubah": "1", "a": ["crossing", "pavement"]}).content.decode()
    assert "+25 anak bisa jalan aman, antara 20 dan 25." in page
    assert "data.json" not in page


@pytest.mark.parametrize(
    ("children", "told"),
    [(0.4, "0"), (1, "kurang dari 10"), (9.4, "kurang dari 10"), (9.6, "10"), (12, "10"), (13, "15"),
     (-4, "kurang dari 10"), (-13, "-15"), (1234, "1.235")],
)  # fmt: skip
def test_a_count_is_told_to_the_nearest_five(children, told):
    assert plan_telling.count(children, 10) == told


def test_a_price_tells_no_other_count_than_the_page():
    assert plan_telling.price(90e6, 4, 10) == ""
    assert plan_telling.price(90e6, 18, 10) == plan_telling.price(90e6, 22, 10) == "Rp4.500.000"
