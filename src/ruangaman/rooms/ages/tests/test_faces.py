"""The way "face": when it is offered, what a browser may send, and that what it proves goes nowhere it should not."""

import json
import re
from itertools import product
from urllib.parse import urlencode

import pytest
from django.test import Client

from ruangaman.adapters import ids
from ruangaman.core.face_estimates import FaceErrorRefused
from ruangaman.rooms.ages import api, checks, face_model, faces, holders, issuer_keys, practice
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.errors import CheckOver, WayClosed
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.ages.tests.conftest import CARD, NOON, _begin, decided

pytestmark = pytest.mark.django_db
LOW = {"risk_profile": "low", "designed_for_children": False}
FORM = "application/x-www-form-urlencoded"
GROWN = faces.rule().decides[0]


def measured(**changed) -> str:
    pin = face_model.package()
    told = {
        "package": f'"{pin.name}"', "integrity": pin.integrity, "measured_by": "Laboratorium Contoh",
        "measured_on": "2026-11-01", "how": "Dibuat untuk uji.", "threshold": GROWN, "people": 1000, "share": 0.99,
        "years": 12.5,
    } | changed  # fmt: skip
    return "".join(f"{name}: {one}\n" for name, one in told.items())


@pytest.fixture
def face_house(hour, settings, tmp_path, monkeypatch):
    """A house that switched the way on, with a model and a measured error; tokens for every age stand beside it."""
    settings.AGE_WAYS = ("token", "face")
    file = tmp_path / "kesalahan.yaml"
    file.write_text(measured())
    settings.FACE_ERROR_FILE = str(file)
    monkeypatch.setattr(face_model, "installed", lambda: True)
    monkeypatch.setattr(issuer_keys, "claims", lambda now: tuple(f"age_over_{age}" for age in range(22)))
    return file


def asked(threshold=GROWN, *, facts=LOW, ref=None):
    """An open check and the path of its page."""
    row = checks.ask(
        ref or ids.new(NOON), jurisdiction="ID", card=CARD, facts=facts, needed=True, threshold=threshold,
        bounds=[threshold], language="id", now=NOON,
    )  # fmt: skip
    return row, "/cek-umur/" + checks.url_of(row).rpartition("/")[2]


def offered(row) -> bool:
    return "face" in {one.way.name for one in checks.ways(row, now=NOON)}


def begun(client, path):
    reply = client.post(f"{path}/wajah/mulai")
    assert reply.status_code == 200, reply.content
    return json.loads(reply.content)


def say(client, path, **told):
    return client.post(f"{path}/wajah/ya", urlencode(told), content_type=FORM)


def elsewhere() -> str:
    """What every other page of the house says of the device's senses: nothing may be used."""
    said: str = Client().get("/gaya")["Permissions-Policy"]
    assert "camera=()" in said
    return said


def test_offered_only_where_everything_is_there(hour, face_house, settings, monkeypatch):
    """Each switch, each age and each risk together: the way shows where all of them say yes, and nowhere else."""
    file = settings.FACE_ERROR_FILE
    row, _ = asked()
    for on, model, error, token in product((True, False), repeat=4):
        settings.AGE_WAYS = (("token",) if token else ()) + (("face",) if on else ())
        monkeypatch.setattr(face_model, "installed", lambda model=model: model)
        settings.FACE_ERROR_FILE = file if error else ""
        assert offered(row) == (on and model and error and token), (on, model, error, token)
    settings.AGE_WAYS, settings.FACE_ERROR_FILE = ("token", "face"), file
    monkeypatch.setattr(face_model, "installed", lambda: True)
    for threshold, risk in product(range(22), practice.RISKS):
        row = AgeCheck(
            ref=ids.new(NOON),
            jurisdiction="ID",
            facts=LOW | {"risk_profile": risk},
            threshold=threshold,
            card=CARD,
        )
        assert offered(row) == (threshold == GROWN and risk == "low"), (threshold, risk)


def test_a_house_that_nobody_told_anything_offers_no_camera(hour, settings, monkeypatch):
    monkeypatch.setattr(face_model, "installed", lambda: True)
    monkeypatch.setattr(issuer_keys, "claims", lambda now: (f"age_over_{GROWN}",))
    row, path = asked()
    assert not offered(row)
    reply = Client().get(f"{path}/wajah")
    assert reply.status_code == 409
    assert reply["Permissions-Policy"] == elsewhere()
    assert Client().post(f"{path}/wajah/mulai").json() == {"code": "ages.way-closed"}


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "- 1", "\t", "{", "a: &a [*a]", "x" * 20_000, "\x00", "!!python/object:os.system {}",
        measured(people=3), measured(integrity="sha512-x"), measured(threshold=16), "[" * 5000,
    ],
    ids=range(13),
)  # fmt: skip
def test_an_odd_measurement_closes_the_way(face_house, text):
    row, _ = asked()
    assert offered(row)
    face_house.write_text(text)
    faces._error.cache_clear()
    assert not offered(row)


def test_without_a_measured_error_there_is_nothing_to_demand(hour, settings):
    settings.FACE_ERROR_FILE = ""
    with pytest.raises(FaceErrorRefused):
        api.demand_face_error(NOON)


def test_the_page_alone_may_use_the_camera_and_loads_from_nowhere_else(face_house):
    _, path = asked()
    reply = Client().get(f"{path}/wajah")
    assert reply.status_code == 200
    assert "camera=(self)" in reply["Permissions-Policy"]
    assert reply["Permissions-Policy"].replace("camera=(self)", "camera=()") == elsewhere()
    policy = reply["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'self'"):
        assert part in policy.split("; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for other in (path, f"{path}?cara=face", "/cek-umur/pernyataan"):
        found = Client().get(other)
        assert found["Permissions-Policy"] == elsewhere(), other
    page = Client().get(f"{path}?cara=face").content.decode()
    assert f'href="{path}/wajah"' in page
    assert "bisa dipalsukan" in page


def test_one_yes_decides_and_says_no_more_than_standard(face_house, hour):
    row, path = asked()
    told = []
    checks._listeners.append(told.append)
    browser = Client()
    try:
        rule = begun(browser, path)
        assert rule["line"] == GROWN + 12.5
        reply = say(browser, path, state=rule["state"], hasil="ya")
    finally:
        checks._listeners.remove(told.append)
    assert (reply.status_code, reply["Location"]) == (302, path)
    row.refresh_from_db()
    assert (row.method, row.evidence, row.assurance) == ("face", "estimated", "standard")
    assert checks.result_of(row) is True
    (heard,) = told
    assert (heard.age, heard.evidence, heard.assurance) == ({"at_least": GROWN}, "estimated", "standard")
    for language, words in (("id", "bisa dipalsukan"), ("en", "can be forged")):
        page = browser.get(f"{path}?bahasa={language}").content.decode()
        assert words in page
        assert "/simpan" not in page
    assert say(browser, path, state=rule["state"], hasil="ya").status_code == 409  # a second time


def test_what_an_estimate_proved_goes_into_no_wallet_and_answers_for_no_child_bound(face_house, hour):
    row = decided(GROWN, True, way="face", assurance="strict")
    assert row.assurance == "standard"
    assert not holders.can_be_kept(row)
    with pytest.raises(CheckOver):
        holders.open_wallet(row, now=NOON)
    found = {age: api.proved_over([row.ref], age) for age in range(1, 20)}
    assert {age for age, degree in found.items() if degree} == {GROWN}
    assert found[GROWN] == "standard"
    assert api.estimated_in_a_browser([row.ref])
    other = decided(GROWN, True)
    assert not api.estimated_in_a_browser([other.ref])


@pytest.mark.parametrize(
    "told",
    [
        {"hasil": "tidak"}, {"hasil": ""}, {}, {"hasil": "ya", "umur": "37.4"}, {"hasil": "ya", "gambar": "data:image"},
        {"hasil": ["ya", "ya"]}, {"hasil": "ya", "state": ["same", "same"]},
    ],
    ids=range(7),
)  # fmt: skip
def test_anything_but_one_yes_ends_the_try_and_decides_nothing(face_house, told):
    row, path = asked()
    browser = Client()
    state = begun(browser, path)["state"]
    fields = [("state", state)] if "state" not in told else [("state", state)] * 2
    for name, one in told.items():
        if name != "state":
            fields += [(name, each) for each in (one if isinstance(one, list) else [one])]
    reply = browser.post(f"{path}/wajah/ya", urlencode(fields), content_type=FORM)
    assert reply.status_code in (400, 403)
    row.refresh_from_db()
    assert row.decided_at is None
    assert "37.4" not in reply.content.decode()
    if reply.status_code == 400:
        assert Attempt.objects.get(question=row).why == "ages.face-answer-refused"
        assert say(browser, path, state=state, hasil="ya").status_code == 409


def test_a_long_answer_or_one_in_parts_is_not_read(face_house):
    row, path = asked()
    browser = Client()
    state = begun(browser, path)["state"]
    assert say(browser, path, state=state, hasil="ya", csrfmiddlewaretoken="x" * 3000).status_code == 400
    parts = browser.post(f"{path}/wajah/ya", {"state": state, "hasil": "ya"})
    assert parts.status_code == 400
    row.refresh_from_db()
    assert row.decided_at is None


def test_only_the_browser_and_the_check_that_began_count(face_house, hour):
    row, path = asked()
    browser, other = Client(), Client()
    state = begun(browser, path)["state"]
    assert say(other, path, state=state, hasil="ya").status_code == 403
    assert say(other, path, state="x", hasil="ya").status_code == 403
    second, there = asked()
    assert say(browser, there, state=state, hasil="ya").status_code == 403
    # A try by another way is not answered here.
    strange = checks.begin(second, "token", now=NOON)
    session = browser.session
    session["cek"] = {**session["cek"], checks.links.digest(strange.state).hex(): strange.browser}
    session.save()
    assert say(browser, there, state=strange.state, hasil="ya").status_code == 403
    hour.pass_(minutes=10)
    assert say(browser, path, state=state, hasil="ya").status_code == 409
    for one in (row, second):
        one.refresh_from_db()
        assert one.decided_at is None


def test_switched_off_meanwhile_it_counts_no_more(face_house, settings):
    row, path = asked()
    browser = Client()
    state = begun(browser, path)["state"]
    settings.FACE_ERROR_FILE = ""
    assert say(browser, path, state=state, hasil="ya").status_code == 409
    row.refresh_from_db()
    assert row.decided_at is None


def test_a_few_tries_a_day_also_over_several_checks_of_one_account(face_house, hour):
    row, path = asked()
    most = faces.rule().tries
    checks.begin(row, "token", now=NOON)  # a try by another way is no try of the camera
    for _ in range(most):
        assert offered(row)
        begun(Client(), path)
    assert not offered(row)
    reply = Client().post(f"{path}/wajah/mulai")
    assert (reply.status_code, reply.json()) == (429, {"code": "ages.face-tries-used"})
    assert Client().get(f"{path}/wajah").status_code == 409
    again, there = asked(facts=LOW | {"age_restricted": True}, ref=row.ref)
    assert again.pk != row.pk
    assert Client().post(f"{there}/wajah/mulai").status_code == 429
    assert offered(asked()[0])  # somebody else
    hour.pass_(hours=24, seconds=1)
    assert faces._tries_left(row.ref, hour()) == most


def test_a_check_that_is_over_leads_to_its_result(face_house):
    row, path = asked()
    checks.decide(_begin(row, "institution", NOON), Proved(True, "strict"), now=NOON)
    assert Client().get(f"{path}/wajah")["Location"] == path
    assert Client().post(f"{path}/wajah/mulai").json() == {"code": "ages.check-over"}
    with pytest.raises(CheckOver):
        faces.begin(row, now=NOON)


def test_an_age_of_children_is_closed_by_code_too(face_house):
    for threshold in faces.rule().never:
        row, path = asked(threshold)
        with pytest.raises(WayClosed):
            faces.begin(row, now=NOON)
        assert Client().get(f"{path}/wajah").status_code == 409


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_practice_statement_says_who_measured_what_and_that_it_can_be_forged(face_house, language):
    page = Client().get(f"/cek-umur/pernyataan?bahasa={language}").content.decode()
    section = re.search(r'<section class="stack" id="wajah">(.*?)</section>', page, re.DOTALL)[1]
    for part in (
        "Laboratorium Contoh",
        "2026-11-01",
        "1000",
        "99%",
        "12",
        str(GROWN),
        "13, 16",
        "Dibuat untuk uji.",
    ):
        assert part in section, part
    assert {"id": "memalsukannya", "en": "forge it"}[language] in section
    row = re.search(r'<tr data-way="face">(.*?)</tr>', page, re.DOTALL)[1]
    assert {"id": "bisa dipalsukan", "en": "can be forged"}[language] in row
    document = json.loads(Client().get("/cek-umur/pernyataan.json").content)
    (way,) = (one for one in document["ways"] if one["name"] == "face")
    assert (way["on"], way["available"], way["forgeable"]) == (True, True, True)
    assert way["estimate"]["measured"]["buffer_years"] == 12.5
    assert {one["name"] for one in document["ways"] if one["forgeable"]} == {"declared", "signal", "face"}


def test_a_house_without_it_says_nothing_of_faces(hour, one_claim):
    page = Client().get("/cek-umur/pernyataan").content.decode()
    assert 'id="wajah"' not in page
    document = json.loads(Client().get("/cek-umur/pernyataan.json").content)
    (way,) = (one for one in document["ways"] if one["name"] == "face")
    assert (way["on"], way["available"], way["estimate"]["measured"]) == (False, False, None)
