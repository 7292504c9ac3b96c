"""Zero-knowledge proofs in the way "wallet": asked only where they are switched on, and held to what was asked."""

import fcntl
import re
from contextlib import ExitStack

import pytest
from django.test import Client
from tests import mdocs, zk_wallet

from ruangaman.adapters import longfellow
from ruangaman.core.credentials import mdoc_zk, openid4vp_answer
from ruangaman.rooms.ages import checks, wallet_proofs
from ruangaman.rooms.ages.models import Attempt
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.presenting import AV, MDL, PID, VCT, Browser, code_of, nothing_left

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wallet_house")]

CIRCUIT = "8d079211715200ff06c5109639245502bfe94aa869908d31176aae4016182121"


@pytest.fixture
def proofs(settings, tmp_path, monkeypatch):
    """A house that asks for proofs; each one holds, and what was given to verify is kept here."""
    settings.WALLET_PROOFS, settings.WALLET_PROOF_SECONDS, settings.DATA_DIR = True, 1, tmp_path
    given = []
    monkeypatch.setattr(longfellow, "verify", lambda task, verifier: given.append((task, verifier)))
    return given


def asked_of(hour, **trusted):
    presenting.trusted(hour(), **trusted)
    row, path = presenting.asked(hour())
    browser = Browser(path).begin()
    return row, browser, presenting.request_of(browser.link())


def transcript_of(asked):
    keys = asked["client_metadata"].get("jwks", {}).get("keys")
    return openid4vp_answer.post_transcript(
        asked["client_id"], asked["nonce"], asked["response_uri"], keys[0] if keys else None
    )


def shown(hour, asked, *, doc_type=AV, elements=None, away=0, **changes):
    wallet = mdocs.Wallet(elements=elements or {"age_over_16": True}, doc_type=doc_type)
    return zk_wallet.text(wallet, now=int(hour().timestamp()) + away, **changes)


def test_proofs_are_off_until_somebody_switches_them_on(hour):
    _, _, asked = asked_of(hour)
    assert not wallet_proofs.on()
    assert "mso_mdoc_zk" not in str(asked)
    reply = presenting.answer(asked, shown(hour, asked), id_="av-zk")
    assert (reply.status_code, code_of(reply)) == (400, "openid4vp.answer-unasked")
    with pytest.raises(longfellow.ProofsOff):
        wallet_proofs.verify(None)


def test_a_proof_is_asked_of_each_mobile_document_and_before_it(hour, proofs):
    _, _, asked = asked_of(hour)
    query = asked["dcql_query"]
    spec = {
        "system": "longfellow-libzk-v1",
        "id": CIRCUIT,
        "circuit_hash": CIRCUIT,
        "num_attributes": 1,
        "version": 7,
        "block_enc_hash": 4151,
        "block_enc_sig": 4096,
    }
    assert query["credentials"][:3] == [
        {
            "id": f"{id_}-zk",
            "format": "mso_mdoc_zk",
            "meta": {"doctype_value": doc_type, "zk_system_type": [spec]},
            "claims": [{"path": [space, "age_over_16"]}],
        }
        for id_, doc_type, space in (("mdl", MDL, "org.iso.18013.5.1"), ("av", AV, AV), ("pid", PID, PID))
    ]
    ids = ["mdl-zk", "av-zk", "pid-zk", "mdl", "av", "pid", "vc"]
    assert [one["id"] for one in query["credentials"]] == ids
    assert query["credential_sets"] == [{"options": [[one] for one in ids]}]
    assert asked["client_metadata"]["vp_formats_supported"]["mso_mdoc_zk"] == {
        "issuerauth_alg_values": [-7, -9],
        "deviceauth_alg_values": [-7, -9],
    }


def test_nobody_who_only_speaks_for_other_cards_is_asked_for_a_proof(hour, proofs):
    _, _, asked = asked_of(hour, answers_for=[VCT])
    assert [one["id"] for one in asked["dcql_query"]["credentials"]] == ["vc"]


@pytest.mark.parametrize(
    ("id_", "doc_type", "over", "encrypted"),
    [("av-zk", AV, True, True), ("mdl-zk", MDL, False, True), ("pid-zk", PID, True, False)],
)
def test_a_proof_that_holds_decides_as_a_document_does(
    hour, settings, proofs, id_, doc_type, over, encrypted
):
    settings.WALLET_ENCRYPTED = encrypted
    row, browser, asked = asked_of(hour, assurance="enhanced")
    proof = bytes(range(256)) * 1_408  # as long as a real one, which stands twice in base64
    reply = presenting.answer(
        asked, shown(hour, asked, doc_type=doc_type, elements={"age_over_16": over}, proof=proof), id_=id_
    )
    assert reply.status_code == 200, reply.content
    presenting.come_back(browser.http, reply)
    row.refresh_from_db()
    assert (row.method, row.assurance, checks.result_of(row)) == ("wallet", "enhanced", over)
    assert nothing_left(row)
    ((task, verifier),) = proofs
    point = mdocs.SIGNER_KEY.public_key().public_numbers()
    assert (task.circuit.circuit_hash, task.x, task.y) == (CIRCUIT, point.x, point.y)
    assert task.transcript == transcript_of(asked)  # and in it our nonce
    assert (task.doc_type, task.proof, task.timestamp) == (doc_type, proof, int(hour().timestamp()))
    assert [one.cbor_value for one in task.claims] == [b"\xf5" if over else b"\xf4"]
    assert (verifier.seconds, verifier.folder) == (1, longfellow.CIRCUITS)


def test_a_proof_through_the_browser_s_own_door(hour, proofs):
    row, browser, _ = asked_of(hour)
    (request,) = [one for one in browser.browser_requests() if one["protocol"].endswith("unsigned")]
    data = request["data"]
    (key,) = data["client_metadata"]["jwks"]["keys"]
    told = {"vp_token": {"av-zk": [shown(hour, data)]}}
    browser.by_api({"response": presenting.sd_jwt_wallet.encrypt(presenting.json.dumps(told).encode(), key)})
    row.refresh_from_db()
    assert checks.result_of(row) is True
    assert proofs[0][0].transcript == openid4vp_answer.browser_transcript(presenting.BASE, data["nonce"], key)


two = [{"elementIdentifier": f"age_over_{n}", "elementValue": True} for n in (16, 18)]


@pytest.mark.parametrize(
    ("changes", "id_", "code"),
    [
        ({"zkSystemId": CIRCUIT[::-1]}, "av-zk", "longfellow.circuit-unknown"),
        ({"away": 301}, "av-zk", "longfellow.out-of-time"),
        ({"away": -301}, "av-zk", "longfellow.out-of-time"),
        ({"elements": {"age_over_18": True}}, "av-zk", "longfellow.not-asked"),
        ({"elements": {"family_name": True}}, "av-zk", "longfellow.not-asked"),
        ({"elements": {"age_over_16": 1}}, "av-zk", "longfellow.malformed"),
        ({"issuerSigned": {AV: two}}, "av-zk", "longfellow.not-asked"),
        ({"deviceSigned": {AV: two}}, "av-zk", "longfellow.malformed"),
        ({}, "mdl-zk", "longfellow.not-asked"),
        ({"msoX5chain": mdocs.root()}, "av-zk", "x509.wrong-use"),
        ({"msoX5chain": presenting.pem(mdocs.signer()).encode()}, "av-zk", "x509.malformed"),
        ({}, "av", "mdoc.one-document"),
    ],
)
def test_what_does_not_fit_never_comes_to_the_verifier(hour, proofs, changes, id_, code):
    row, _, asked = asked_of(hour)
    reply = presenting.answer(asked, shown(hour, asked, **changes), id_=id_)
    assert (reply.status_code, code_of(reply)) == (400, code)
    assert proofs == []
    assert Attempt.objects.get(question=row, why=code).sealed is None


@pytest.mark.parametrize("away", [-300, 300])
def test_clocks_may_differ_by_five_minutes(hour, proofs, away):
    _, _, asked = asked_of(hour)
    assert presenting.answer(asked, shown(hour, asked, away=away), id_="av-zk").status_code == 200
    assert len(proofs) == 1


def test_a_document_where_a_proof_was_asked_proves_nothing(hour, proofs):
    _, _, asked = asked_of(hour)
    assert code_of(presenting.answer(asked, presenting.mdoc(asked), id_="av-zk")) == "longfellow.malformed"


def test_a_proof_beside_a_document_is_more_than_was_asked(hour, proofs):
    _, _, asked = asked_of(hour)
    body = presenting.body_of(asked, {"av-zk": [shown(hour, asked)], "av": [presenting.mdoc(asked)]})
    assert code_of(presenting.post(asked, body)) == "openid4vp.answer-too-much"
    assert proofs == []


@pytest.mark.parametrize(
    ("refusal", "status", "sentence"),
    [
        (longfellow.VerifierBusy, 503, "Pemeriksa bukti sedang sibuk."),
        (longfellow.TookTooLong, 503, "Pemeriksa bukti sedang sibuk."),
        (longfellow.ProofWrong, 400, "Jawaban dari dompet tidak bisa dipakai."),
        (longfellow.ProofsOff, 501, "Jawaban dari dompet tidak bisa dipakai."),
    ],
)
def test_why_nothing_came_of_it_is_told_in_a_plain_sentence(
    hour, proofs, monkeypatch, refusal, status, sentence
):
    def refuse(task, verifier):
        raise refusal

    monkeypatch.setattr(longfellow, "verify", refuse)
    row, browser, asked = asked_of(hour)
    reply = presenting.answer(asked, shown(hour, asked), id_="av-zk")
    assert (reply.status_code, code_of(reply)) == (status, refusal.code)
    assert Attempt.objects.filter(question=row, why=refusal.code).count() == 1
    told = browser.http.get(f"{browser.path}/identitas", follow=True).content.decode()
    assert sentence in told
    assert not re.search("longfellow|sirkuit", told)


def test_no_more_proofs_wait_than_there_are_places(hour, settings, tmp_path, monkeypatch):
    settings.WALLET_PROOFS, settings.WALLET_PROOF_SECONDS, settings.DATA_DIR = True, 1, tmp_path
    monkeypatch.setattr(longfellow, "installed", lambda: True)
    _, _, asked = asked_of(hour)
    with ExitStack() as stack:
        for place in ("proofs.0", "proofs.1"):
            held = stack.enter_context((tmp_path / place).open("ab"))
            fcntl.flock(held, fcntl.LOCK_EX)
        reply = presenting.answer(asked, shown(hour, asked), id_="av-zk")
    assert (reply.status_code, code_of(reply)) == (503, "longfellow.busy")


def test_what_is_missing_is_named(settings, monkeypatch, tmp_path):
    settings.WALLET_PROOFS = True
    monkeypatch.setattr(longfellow, "installed", lambda: True)
    assert wallet_proofs.missing() is None
    assert longfellow.missing(mdoc_zk.PINNED, tmp_path) == f"{CIRCUIT}.circuit"
    (tmp_path / f"{CIRCUIT}.circuit").write_bytes(b"another")
    assert longfellow.missing(mdoc_zk.PINNED, tmp_path) == f"{CIRCUIT}.circuit"
    monkeypatch.setattr(longfellow, "installed", lambda: False)
    assert wallet_proofs.missing() == "pylongfellow"
    settings.WALLET_PROOFS = False
    assert wallet_proofs.missing() is None


def test_a_page_with_proofs_still_has_its_link_and_its_box(hour, proofs):
    presenting.trusted(hour())
    _, path = presenting.asked(hour())
    browser = Browser(path, http=Client()).begin()
    assert browser.link().startswith("openid4vp://?")
    assert "<svg" in browser.page
