"""The way "wallet": one yes out of a wallet's credential, for the browser that began, and for nobody else."""

import json

import pytest
from django.test import Client

from ruangaman.core.credentials import jose
from ruangaman.rooms.ages import checks
from ruangaman.rooms.ages.models import Attempt
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.presenting import (
    AV,
    BASE,
    MDL,
    PID,
    VCT,
    Browser,
    certificate,
    code_of,
    nothing_left,
    of_browser,
    vc,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("wallet_house")]


@pytest.mark.parametrize("prefix", ["X509_SAN_DNS", "X509_HASH", None])
@pytest.mark.parametrize("encrypted", [True, False])
def test_an_answer_by_post_counts_when_the_browser_brings_the_code_back(
    hour, settings, tmp_path, prefix, encrypted
):
    settings.WALLET_ENCRYPTED = encrypted
    if prefix:
        certificate(tmp_path, settings, prefix)
    presenting.trusted(hour())
    row, path = presenting.asked(hour())
    browser = Browser(path).begin()
    asked = presenting.request_of(browser.link())
    assert asked["response_mode"] == ("direct_post.jwt" if encrypted else "direct_post")
    assert asked["client_id"].startswith({"X509_SAN_DNS": "x509_san_dns:rumah.example", "X509_HASH": "x509_hash:"}.get(
        prefix, f"redirect_uri:{BASE}/age-wallet/"))  # fmt: skip
    reply = presenting.answer(asked, vc(hour, asked))
    assert reply.status_code == 200, reply.content
    row.refresh_from_db()
    assert row.decided_at is None  # nobody came back yet
    page = presenting.come_back(browser.http, reply)
    assert "Terbukti: 16 tahun ke atas" in page.content.decode()
    row.refresh_from_db()
    assert (row.method, row.evidence, row.assurance, checks.result_of(row)) == (
        "wallet",
        "verified",
        "strict",
        True,
    )
    assert nothing_left(row)


def test_one_claim_is_asked_of_each_kind_that_somebody_speaks_for(begun):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    query = asked["dcql_query"]
    assert [
        (one["id"], one["format"], [claim["path"] for claim in one["claims"]]) for one in query["credentials"]
    ] == [
        ("mdl", "mso_mdoc", [["org.iso.18013.5.1", "age_over_16"]]),
        ("av", "mso_mdoc", [[AV, "age_over_16"]]),
        ("pid", "mso_mdoc", [[PID, "age_over_16"]]),
        ("vc", "dc+sd-jwt", [["age_over_16"]]),
    ]
    assert query["credentials"][3]["meta"] == {"vct_values": [VCT]}
    assert query["credential_sets"] == [{"options": [["mdl"], ["av"], ["pid"], ["vc"]]}]
    told = json.dumps(asked)
    assert "Ramai" not in told
    assert "ramai" not in told
    assert browser.link().startswith("openid4vp://?")
    assert 'href="av://?' in browser.page


def test_a_kind_for_which_nobody_speaks_is_not_asked(hour):
    presenting.trusted(hour(), answers_for=[MDL])
    _, path = presenting.asked(hour())
    browser = Browser(path).begin()
    assert [one["id"] for one in presenting.request_of(browser.link())["dcql_query"]["credentials"]] == [
        "mdl"
    ]
    assert "av://" not in browser.page


def test_the_way_is_closed_without_a_list_or_without_https(hour, settings):
    row, path = presenting.asked(hour())
    assert Client().post(f"{path}/identitas/mulai").status_code == 409
    presenting.trusted(hour())
    assert [one.way.name for one in checks.ways(row, now=hour())][-1] == "wallet"
    settings.BASE_URL = "http://localhost:8000"
    assert "wallet" not in [one.way.name for one in checks.ways(row, now=hour())]
    settings.STORY_WALLET = "http://identitas.localhost:8005/buka"
    for story, offered in ((False, False), (True, True)):
        settings.STORY = story
        assert ("wallet" in [one.way.name for one in checks.ways(row, now=hour())]) is offered


def test_the_wallet_of_the_story_is_opened_on_this_machine_and_answers_there(hour, settings):
    settings.STORY, settings.BASE_URL = True, "http://localhost:8000"
    settings.STORY_WALLET = "http://identitas.localhost:8005/buka"
    presenting.trusted(hour(), answers_for=[presenting.VCT])
    _, path = presenting.asked(hour())
    link = Browser(path).begin().link()
    assert link.startswith(f"{settings.STORY_WALLET}?response_type=vp_token&")
    assert "response_uri=http%3A%2F%2Flocalhost%3A8000%2F" in link


# Kinds of credentials


@pytest.mark.parametrize(("id_", "doc_type"), [("mdl", MDL), ("av", AV), ("pid", PID)])
@pytest.mark.parametrize("encrypted", [True, False])
def test_mobile_documents(hour, settings, id_, doc_type, encrypted):
    settings.WALLET_ENCRYPTED = encrypted
    presenting.trusted(hour(), assurance="enhanced")
    row, path = presenting.asked(hour())
    browser = Browser(path).begin()
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, presenting.mdoc(asked, doc_type=doc_type), id_=id_)
    assert reply.status_code == 200, reply.content
    presenting.come_back(browser.http, reply)
    row.refresh_from_db()
    assert (checks.result_of(row), row.assurance) == (True, "enhanced")  # as the list says, no more


@pytest.mark.parametrize(
    ("elements", "result"),
    [
        ({"age_over_18": True}, True),  # over a higher age
        ({"age_over_13": False}, False),  # not even over a lower one
        ({"age_over_16": False}, False),
        ({"age_over_18": False}, None),  # says nothing of 16
        ({"age_over_13": True}, None),
    ],
)
def test_a_nearby_age_answers_only_in_its_direction(begun, elements, result):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, presenting.mdoc(asked, doc_type=MDL, elements=elements), id_="mdl")
    if result is None:
        assert (reply.status_code, code_of(reply)) == (
            403,
            "openid4vp.answer-incomplete",
        ) or reply.status_code >= 400
        assert nothing_left(row) is False or row.decided_at is None
        return
    presenting.come_back(browser.http, reply)
    row.refresh_from_db()
    assert checks.result_of(row) is result


def test_not_yet_that_old_is_an_answer_too(hour, begun, monkeypatch):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    from ruangaman.core.credentials import sd_jwt_vc
    from ruangaman.core.credentials.sd_jwt_issuing import Concealed

    monkeypatch.setattr(sd_jwt_vc, "Concealed", lambda _: Concealed(False))
    reply = presenting.answer(asked, vc(hour, asked))
    page = presenting.come_back(browser.http, reply)
    assert "belum 16 tahun" in page.content.decode()
    row.refresh_from_db()
    assert checks.result_of(row) is False


# Another device, and the browser's own door


def test_an_answer_from_another_device_counts_when_the_browser_that_began_asks(hour, begun):
    row, browser = begun
    there = browser.states()["there"]
    page = Client().get(f"/cek-umur/identitas-buka/{there}").content.decode()
    asked = presenting.request_of(Browser("", page=page).link())
    assert "Belum ada jawaban" in browser.go_on().content.decode()
    reply = presenting.answer(asked, vc(hour, asked))
    assert reply.json() == {}  # nothing to bring back: the other device is not the one that began
    row.refresh_from_db()
    assert row.decided_at is None
    assert browser.http.get(f"{browser.path}/identitas/keadaan").json() == {
        "here": "waiting",
        "there": "answered",
    }
    assert "Jawaban dompet sudah datang" in browser.http.get(f"{browser.path}/identitas").content.decode()
    assert "Terbukti: 16 tahun ke atas" in browser.go_on().content.decode()
    row.refresh_from_db()
    assert checks.result_of(row) is True
    assert nothing_left(row)


@pytest.mark.parametrize("encrypted", [True, False])
@pytest.mark.parametrize("kind", ["vc", "av"])
def test_the_browsers_own_door(hour, settings, encrypted, kind, tmp_path):
    settings.WALLET_ENCRYPTED = encrypted
    certificate(tmp_path, settings)
    presenting.trusted(hour())
    row, path = presenting.asked(hour())
    browser = Browser(path).begin()
    signed, plain = browser.browser_requests()
    assert (signed["protocol"], plain["protocol"]) == ("openid4vp-v1-signed", "openid4vp-v1-unsigned")
    inside = jose.read_jws(signed["data"]["request"], typ={"oauth-authz-req+jwt"}).claims()
    assert inside["expected_origins"] == [BASE]
    assert inside["nonce"] == plain["data"]["nonce"]
    assert "client_id" not in plain["data"]
    assert plain["data"]["response_mode"] == ("dc_api.jwt" if encrypted else "dc_api")
    browser.by_api(of_browser(hour, plain["data"], BASE, kind))
    row.refresh_from_db()
    assert checks.result_of(row) is True
    assert nothing_left(row)


@pytest.mark.parametrize("kind", ["vc", "av"])
def test_an_answer_made_for_another_origin_is_refused(hour, begun, kind):
    row, browser = begun
    data = browser.browser_requests()[0]["data"]
    reply = browser.by_api(of_browser(hour, data, "https://jahat.example", kind))
    assert reply.status_code == 403
    row.refresh_from_db()
    assert row.decided_at is None
    assert Attempt.objects.get(partner="here").why in ("sd-jwt.wrong-audience", "mdoc.device-auth-wrong")
