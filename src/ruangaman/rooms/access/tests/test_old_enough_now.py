"""A birthday opens the question to a guardian for the account that exists; the child's page never shows an answer past
its time, whatever the job runner has written.
"""

from datetime import timedelta

import pytest

from ruangaman.rooms.access.tests.conftest import answer
from ruangaman.rooms.families import api as families
from ruangaman.rooms.families import lawdesk
from ruangaman.rooms.families.models import Shown

pytestmark = pytest.mark.slow

ALMOST_13 = {"birth_date": "2013-11-27"}  # tomorrow is the last day of being 12
ALMOST_16 = {"birth_date": "2010-11-27"}


def page_of(client, session, language="id"):
    path = session["child_url"].removeprefix("http://localhost:8000")
    return client.get(path, {"bahasa": language}).content.decode()


@pytest.fixture
def grew(platform, hour):
    """A child of 12 signed up at Obrol; its birthday has come and no job has run since."""
    house = platform("obrol")
    told = house.sign_up("obrol", age=ALMOST_13, child={"nickname": "Sari"}, language="id")
    assert (told.json["state"], told.json["next"]) == ("closed", None)
    hour.pass_(days=2)
    return house, told.json["id"]


def test_before_it_the_page_names_the_reason_and_the_age(platform, hour, client):
    told = platform("obrol").sign_up("obrol", age=ALMOST_13, child={"nickname": "Sari"}).json
    page = page_of(client, told)
    assert "Nanti, 13 tahun" in page
    assert "Aplikasi ini tidak dibuat khusus untuk anak. Mulai 13 tahun, orang tuamu boleh ditanya." in page
    assert "From 13 on, a parent can be asked." in page_of(client, told, "en")


def test_the_same_account_can_ask_from_the_birthday_on(grew, hour):
    house, session = grew
    now = house.get(f"/v1/sessions/{session}").json
    assert now["state"] == "closed"
    assert now["answer"]["outcome"] == "ask_guardian"
    assert now["next"] == {"kind": "ask_guardian", "other_guardian": False}
    asked = house.sign_up("obrol")
    assert (asked.status, asked.json["id"], asked.json["state"]) == (200, session, "waiting")
    assert asked.json["next"]["kind"] == "guardian_request"
    answer(session, yes=True, now=hour.pass_(minutes=5))
    assert house.get(f"/v1/sessions/{session}").json["state"] == "open"


def test_her_page_says_at_once_that_a_parent_can_be_asked_and_where(grew, client):
    house, session = grew
    told = house.get(f"/v1/sessions/{session}").json
    page = page_of(client, told)
    assert "Sekarang orang tuamu boleh ditanya. Buka Obrol, lalu minta izin dari sana." in page
    assert [wrong for wrong in ("Nanti, 13", "Belum tahu", "Yang memutuskan: Aturan") if wrong in page] == []
    assert "A parent can be asked now. Open Obrol and ask from there." in page_of(client, told, "en")


def test_looking_writes_nothing_and_the_job_says_the_same(grew, client, hour):
    house, session = grew
    told = house.get(f"/v1/sessions/{session}").json
    before = Shown.objects.get().at
    page_of(client, told)
    assert Shown.objects.get().at == before
    families.settle_due(hour.at)
    assert "Sekarang orang tuamu boleh ditanya." in page_of(client, told)


def test_at_16_a_high_risk_page_says_that_the_age_must_be_shown_and_no_rule_closes_it(platform, hour, client):
    house = platform("ramai")
    told = house.sign_up("ramai", age=ALMOST_16, child={"nickname": "Bima"}).json
    assert "Nanti, 16 tahun" in page_of(client, told)
    hour.pass_(days=2)
    page = page_of(client, told)
    assert "Umurmu perlu dibuktikan dulu. Caranya ada di Ramai." in page
    assert [
        wrong for wrong in ("Nanti, 16", "Aturan menutupnya", "Umurmu belum diketahui") if wrong in page
    ] == []
    assert "Your age must be shown first. Ramai has the way." in page_of(client, told, "en")


def test_whose_age_nobody_knows_reads_that_it_is_not_known(platform, hour, client):
    page = page_of(client, platform("obrol").sign_up("obrol", child={"nickname": "Tari"}).json)
    assert "Umurmu belum diketahui." in page


def test_without_a_room_that_knows_the_account_the_page_says_that_the_answer_is_looked_for(
    grew, client, monkeypatch
):
    house, session = grew
    monkeypatch.setattr(lawdesk, "_askers", [])
    page = page_of(client, house.get(f"/v1/sessions/{session}").json)
    assert "Jawabannya sedang dicari lagi. Sampai ada, tetap tertutup." in page
    assert "Nanti, 13" not in page


def test_after_a_no_nothing_offers_to_ask_again(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age={"birth_date": "2012-03-14"}).json
    answer(told["id"], yes=False, now=hour.pass_(minutes=5))
    assert house.get(f"/v1/sessions/{told['id']}").json["next"] is None


def test_after_a_lapse_the_session_says_that_one_may_ask_again(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age={"birth_date": "2012-03-14"}).json
    hour.at += timedelta(days=2)
    now = house.get(f"/v1/sessions/{told['id']}").json
    assert now["consent"]["state"] == "lapsed"
    assert now["next"] == {"kind": "ask_guardian", "other_guardian": False}
