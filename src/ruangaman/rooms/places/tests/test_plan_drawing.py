"""Plans on the map: what is built, for everybody once it is published, as signs, as a picture and as a table."""

import json
import shutil

import pytest
from django.urls import reverse

from ruangaman.rooms.places import config, plan_drawing, plans
from ruangaman.rooms.places.models import Plan

from .conftest import NOON
from .test_map_pages import BUILT, MAP, TABLE, text

LAYER = f"{MAP}/rencana.geojson"


@pytest.fixture
def draft(settings, tmp_path, melati, bappeda) -> Plan:
    """The drawn city with its own plan, and one action of each kind."""
    settings.CITIES_DIR = tmp_path
    shutil.copytree(BUILT, tmp_path / "kota-melati")
    told = json.loads(next((config.folder("kota-melati") / "plans").glob("*.json")).read_text())
    for at, kind in ((0, "place"), (1, "gate")):
        told["actions"][at] |= {"kind": kind, "name": {"id": f"Coba {kind}", "en": f"Try {kind}"}}
        told["actions"][at].pop("path", None)
    return plans.save(melati, told, "Rencana 2027", by=bappeda, now=NOON)


def layer(client) -> list[dict]:
    reply = client.get(LAYER)
    assert reply.status_code == 200
    return json.loads(reply.content)["features"]


def test_the_map_shows_a_plan_from_the_day_it_is_published_until_it_is_over(client, draft):
    assert layer(client) == []
    assert "Rencana yang akan dikerjakan" not in text(client.get(MAP))
    plans.publish(draft, now=NOON)
    drawn = layer(client)
    names = {one["properties"]["name"] for one in drawn}
    assert len(names) == len(draft.document["chosen"])
    page = client.get(MAP).content.decode()
    assert "rencana.geojson" in page
    for one in plan_drawing.works(draft):
        assert f'data-karya="{one["id"]}"' in page
    draft.refresh_from_db()
    plans.end(draft, now=NOON)
    assert layer(client) == []


def test_each_kind_has_its_sign_its_word_and_a_line_where_it_is_a_stretch(client, draft):
    plans.publish(draft, now=NOON)
    drawn = layer(client)
    by_kind = {one["properties"]["kind"]: set() for one in drawn}
    for one in drawn:
        by_kind[one["properties"]["kind"]].add(one["geometry"]["type"])
    assert by_kind == {
        "place": {"Point"}, "gate": {"Point"}, "pavement": {"Point", "LineString"}, "audit": {"Point", "LineString"},
    }  # fmt: skip
    page = client.get(MAP).content.decode()
    for kind in by_kind:
        assert plan_drawing.SIGNS[kind] in page
        assert f">{plan_drawing.words(kind)}</li>" in page
    assert plan_drawing.SIGNS["crossing"] not in page.partition("data-peta")[0]  # none is built


def test_the_layer_tells_what_is_built_and_never_whom_it_serves(client, draft):
    plans.publish(draft, now=NOON)
    for one in layer(client):
        assert set(one["properties"]) == {"id", "kind", "name", "plan"}
    assert "children" not in client.get(LAYER).content.decode()


def test_the_table_tells_every_work_that_the_map_draws(client, draft):
    plans.publish(draft, now=NOON)
    told = text(client.get(TABLE))
    for one in plan_drawing.works(draft):
        assert one["name"] in told
        assert one["what"] in told
    english = text(client.get(f"{TABLE}?bahasa=en"))
    assert "Plans to be carried out: Rencana 2027" in english
    assert "Try place" in english


def test_without_scripts_the_picture_of_the_city_and_of_the_plan_have_the_signs(client, draft, bappeda):
    page = client.get(MAP).content.decode()
    assert "kerja-" not in page
    plans.publish(draft, now=NOON)
    page = client.get(f"{MAP}?wilayah=99.71.01").content.decode()
    assert page.count('<use href="#kerja-') == len(draft.document["chosen"])
    own = client.get(reverse("places:plan", args=["kota-melati", draft.pk])).content.decode()
    assert own.count('<use href="#kerja-') == len(draft.document["chosen"])
    assert 'aria-label="Rencana 2027"' in own


def test_a_draft_is_drawn_for_planners_alone(client, draft, bappeda):
    address = reverse("places:plan", args=["kota-melati", draft.pk])
    assert client.get(address).status_code == 404
    client.force_login(bappeda)
    assert "data-peta" in client.get(address).content.decode()


@pytest.mark.parametrize("wrong", [
    {"lon": None}, {"lat": "x"}, {"lon": float("nan")}, {"lat": 91.0}, {"path": [[1], None, ["a", 2]]},
])  # fmt: skip
def test_a_work_without_a_place_on_earth_is_listed_and_not_drawn(client, draft, wrong):
    first = draft.document["chosen"][0]
    one = next(each for each in draft.document["actions"] if each["id"] == first)
    before = len(plan_drawing.features([draft]))
    one |= wrong
    assert len(plan_drawing.features([draft])) in (before - 1, before - 2, before)
    assert all(len(each["line"]) != 1 for each in plan_drawing.works(draft))
    if "path" not in wrong:
        assert first not in {each["id"].partition("-")[2] for each in plan_drawing.works(draft)}


def test_a_city_without_its_folder_shows_the_plan_without_a_map(client, draft):
    plans.publish(draft, now=NOON)
    shutil.rmtree(config.folder("kota-melati"))
    page = client.get(reverse("places:plan", args=["kota-melati", draft.pk]))
    assert page.status_code == 200
    assert "data-peta" not in page.content.decode()
