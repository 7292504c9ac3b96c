"""What a platform reads of an age that was only estimated from a face: at most `standard`, and marked as forgeable."""

import pytest
from django.test import Client

from ruangaman.rooms.access.tests.openid import Relying, answer_of, step
from ruangaman.rooms.access.tests.test_age_checks import path_of, school
from ruangaman.rooms.access.tests.test_openid import arrive, check_of, prove
from ruangaman.rooms.ages import face_model, faces
from ruangaman.rooms.ages.models import AgeCheck
from ruangaman.rooms.ages.tests.test_faces import GROWN, begun, measured, say

pytestmark = pytest.mark.slow
__all__ = ["school"]


@pytest.fixture
def face_house(settings, tmp_path, monkeypatch):
    """A house that switched estimates on, beside the school."""
    settings.AGE_WAYS = ("institution", "face")
    (tmp_path / "kesalahan.yaml").write_text(measured(measured_on="2026-01-01"))
    settings.FACE_ERROR_FILE = str(tmp_path / "kesalahan.yaml")
    monkeypatch.setattr(face_model, "installed", lambda: True)


def estimated(browser, check):
    """Say "grown up" where a range is asked, and let the page send its yes."""
    page = browser.get(check).content.decode()
    if f'value="{GROWN}"' in page:
        check = browser.post(f"{check}/rentang", {"umur": str(GROWN)})["Location"]
    reply = say(browser, path_of(check), state=begun(browser, path_of(check))["state"], hasil="ya")
    assert reply.status_code == 302


def test_a_session_says_that_its_age_can_be_forged(platform, school, face_house):
    house = platform("dongeng-kita")
    told = house.sign_up("dongeng-kita", age=None)
    assert told.json["age_forgeable"] is False
    estimated(Client(), path_of(told.json["next"]["url"]))
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert (now["state"], now["age_forgeable"]) == ("open", True)
    row = AgeCheck.objects.get(method="face")
    assert (row.evidence, row.assurance) == ("estimated", "standard")


def test_a_client_of_the_openid_provider_reads_the_mark_and_the_page_says_so(
    services, school, hour, face_house
):
    relying, browser = Relying.of("dongeng-kita", age=GROWN), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    estimated(browser, check_of(browser, page))
    assert "bisa dipalsukan" in browser.get(page).content.decode()
    claims = relying.claims(relying.exchange(answer_of(step(browser, page, "lanjut"))["code"]))
    assert (claims[f"age_over_{GROWN}"], claims["age_forgeable"]) == (True, True)
    assert claims["acr"].endswith("/assurance/standard")


@pytest.mark.parametrize("age", faces.rule().never)
def test_an_estimate_of_a_grown_up_is_no_claim_about_a_bound_of_children(
    services, school, hour, face_house, age
):
    """The law's own check was answered by an estimate; for the client's lower age it does not count, nor is offered."""
    relying, browser = Relying.of("dongeng-kita", age=age), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    estimated(browser, check_of(browser, page))
    assert "Mau membuktikan" in browser.get(page).content.decode()
    check = step(browser, page, "bukti")["Location"]
    shown = browser.get(check).content.decode()
    assert "institution-sekolah" in shown
    assert 'value="face"' not in shown
    claims = relying.claims(relying.exchange(answer_of(step(browser, page, "tanpa-bukti"))["code"]))
    assert f"age_over_{age}" not in claims
    assert "age_forgeable" not in claims


def test_a_better_proof_takes_the_mark_away(services, school, hour, face_house):
    relying, browser = Relying.of("dongeng-kita", age=GROWN), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    prove(browser, check_of(browser, page), hour, says=GROWN)
    claims = relying.claims(relying.exchange(answer_of(step(browser, page, "lanjut"))["code"]))
    assert claims[f"age_over_{GROWN}"] is True
    assert "age_forgeable" not in claims
