"""What a wallet's answer must not be: for another try, browser or origin, more than asked, or a second time."""

from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from tests import mdocs

from ruangaman.core.credentials import cbor, jose, mdoc, openid4vp_answer
from ruangaman.rooms.ages import api, checks, links, wallets
from ruangaman.rooms.ages.errors import NotFound, OtherBrowser
from ruangaman.rooms.ages.models import Attempt
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.presenting import (
    AV,
    BASE,
    FORM,
    MDL,
    PID,
    Browser,
    code_of,
    nothing_left,
    of_browser,
    vc,
)
from ruangaman.rooms.vault.models import Key

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("wallet_house")]


def test_session_fixation_another_browser_brings_the_code_back(hour, begun):
    row, attacker = begun
    asked = presenting.request_of(attacker.link())
    reply = presenting.answer(asked, vc(hour, asked))  # the victim's wallet, which opens the victim's browser
    page = presenting.come_back(Client(), reply)
    assert page.status_code == 403
    assert "Ini bukan peramban yang mulai" in page.content.decode()
    assert presenting.come_back(attacker.http, reply).status_code == 410  # nor does the one who sent the link
    row.refresh_from_db()
    assert row.decided_at is None
    assert Attempt.objects.get(partner="here").why == "ages.other-browser"
    assert "Terbukti" not in attacker.go_on().content.decode()


def test_an_answer_on_this_device_is_not_given_to_who_only_asks(hour, begun):
    row, attacker = begun
    asked = presenting.request_of(attacker.link())
    presenting.answer(asked, vc(hour, asked))
    attacker.go_on()
    attacker.http.get(f"{attacker.path}/identitas")
    row.refresh_from_db()
    assert row.decided_at is None


def test_another_browser_gets_nothing_by_asking_for_what_came(hour, begun):
    row, browser = begun
    page = Client().get(f"/cek-umur/identitas-buka/{browser.states()['there']}").content.decode()
    asked = presenting.request_of(Browser("", page=page).link())
    presenting.answer(asked, vc(hour, asked))
    other = Browser(browser.path)
    assert other.go_on().status_code == 404
    assert other.http.get(f"{browser.path}/identitas/keadaan").json() == {"here": "over", "there": "over"}
    row.refresh_from_db()
    assert row.decided_at is None


def test_a_try_takes_one_answer(hour, begun):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    shown = vc(hour, asked)
    body = presenting.body_of(asked, {"vc": [shown]})
    first = presenting.post(asked, body)
    again = presenting.post(asked, body)
    assert (again.status_code, code_of(again)) == (410, "ages.attempt-over")
    presenting.come_back(browser.http, first)
    assert presenting.come_back(browser.http, first).status_code == 410
    assert presenting.post(asked, body).status_code == 410
    row.refresh_from_db()
    assert checks.result_of(row) is True


def test_a_presentation_for_another_try_is_refused(hour, begun):
    _, browser = begun
    other_row, path = presenting.asked(hour())
    other = Browser(path).begin()
    mine, theirs = presenting.request_of(browser.link()), presenting.request_of(other.link())
    shown = vc(hour, mine)
    reply = presenting.answer(theirs, shown)
    assert code_of(reply) in ("sd-jwt.wrong-audience", "sd-jwt.wrong-nonce")
    other_row.refresh_from_db()
    assert other_row.decided_at is None


def test_the_state_of_another_try_is_refused(hour, begun):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, vc(hour, asked), state=browser.states()["there"])
    assert (reply.status_code, code_of(reply)) == (400, "ages.wallet-answer-refused")


def wrong_signer():
    key = mdocs.private_key("orang lain")
    return key, mdocs.certificate(
        "Penanda tangan",
        key,
        issuer="Akar",
        issuer_key=mdocs.private_key("akar lain"),
        usage=mdocs.SIGNER_USAGE,
    )


HOSTILE = {
    "nonce": ({"nonce": "nonce-lain"}, "sd-jwt.wrong-nonce"),
    "audience": ({"aud": "x509_san_dns:jahat.example"}, "sd-jwt.wrong-audience"),
    "another holder": ({"holder": mdocs.private_key("pencuri")}, "jose.signature-wrong"),
    "another vct": ({"vct": "https://penerbit.example/vct/lain"}, None),
    "more than asked": (
        {"over": (13, 16), "show": ("age_over_13", "age_over_16")},
        "openid4vp.answer-too-much",
    ),
    "another age": ({"over": (13, 16), "show": ("age_over_13",)}, "openid4vp.answer-incomplete"),
    "untrusted issuer": ({"key": wrong_signer()[0], "signer": wrong_signer()[1]}, "x509.signature-wrong"),
    "key is not the certificate's": ({"key": mdocs.private_key("orang lain")}, "jose.signature-wrong"),
}


@pytest.mark.parametrize("flaw", HOSTILE)
def test_a_credential_that_proves_nothing(hour, begun, flaw):
    row, browser = begun
    kinds, code = HOSTILE[flaw]
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, vc(hour, asked, **kinds))
    assert reply.status_code in (400, 403, 422), reply.content
    assert reply["Content-Type"] == "application/problem+json"
    if code:
        assert code_of(reply) == code
    row.refresh_from_db()
    assert row.decided_at is None
    attempt = Attempt.objects.get(partner="here")
    assert attempt.why == code_of(reply)
    assert attempt.sealed is None
    assert presenting.answer(asked, vc(hour, asked)).status_code == 410  # one answer, right or wrong
    shown = browser.http.get(f"{browser.path}/identitas")
    assert shown.status_code == 200


def test_an_expired_credential(hour, begun):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    shown = presenting.sd_jwt(
        hour(), nonce=asked["nonce"], aud=asked["client_id"], now=int(hour().timestamp()) - 9 * 86_400,
        expires=int(hour().timestamp()) - 2 * 86_400,
    )  # fmt: skip
    reply = presenting.answer(asked, shown)
    assert code_of(reply) == "sd-jwt.expired"
    assert "sudah lewat masanya" in browser.http.get(f"{browser.path}/identitas").content.decode()


MDOC_HOSTILE = {
    "response_uri": lambda a: a | {"response_uri": f"{BASE}/age-wallet/lain/answer"},
    "nonce": lambda a: a | {"nonce": "nonce-lain"},
    "client_id": lambda a: a | {"client_id": "x509_san_dns:jahat.example"},
    "key of the answer": lambda a: a | {"client_metadata": {}},
}


@pytest.mark.parametrize("flaw", MDOC_HOSTILE)
def test_a_mobile_document_made_for_another_request(begun, flaw):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, presenting.mdoc(MDOC_HOSTILE[flaw](asked)), id_="av")
    assert code_of(reply) == "mdoc.device-auth-wrong"
    row.refresh_from_db()
    assert row.decided_at is None


@pytest.mark.parametrize(
    "elements",
    [
        {"age_over_16": True, "family_name": "Contoh"},
        {"age_over_16": True, "age_over_18": True},
        {"birth_date": "2000-01-01"},
    ],
)
def test_a_mobile_document_that_says_more_is_thrown_away_whole(begun, elements):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, presenting.mdoc(asked, doc_type=MDL, elements=elements), id_="mdl")
    assert code_of(reply) == "openid4vp.answer-too-much"
    assert "lebih dari yang ditanya" in browser.http.get(f"{browser.path}/identitas").content.decode()
    assert row.decided_at is None


def test_two_credentials_where_one_is_enough(hour, begun):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    both = {"vc": [vc(hour, asked)], "av": [presenting.mdoc(asked)]}
    assert code_of(presenting.post(asked, presenting.body_of(asked, both))) == "openid4vp.answer-too-much"


def test_a_list_speaks_only_for_what_it_names(hour):
    presenting.trusted(hour(), answers_for=[MDL, AV])
    _, path = presenting.asked(hour())
    browser = Browser(path).begin()
    asked = presenting.request_of(browser.link())
    assert code_of(presenting.answer(asked, vc(hour, asked))) == "openid4vp.answer-unasked"
    other = Browser(presenting.asked(hour())[1]).begin()
    asked = presenting.request_of(other.link())
    shown = presenting.mdoc(asked, doc_type=PID)
    assert code_of(presenting.answer(asked, shown, id_="mdl")) == "mdoc.doc-type-not-asked"


def test_a_list_that_was_removed_meanwhile_counts_no_more(hour, begun):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    api.distrust_wallets("uji", now=hour.pass_(seconds=1))
    assert presenting.answer(asked, vc(hour, asked)).status_code == 410  # nobody is trusted at all now
    assert browser.http.get(f"{browser.path}/identitas").status_code == 200
    with pytest.raises(NotFound):
        api.distrust_wallets("uji", now=hour())


def test_plain_where_encrypted_was_asked(hour, begun):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, vc(hour, asked), encrypt=False)
    assert code_of(reply) == "openid4vp.answer-not-encrypted"


@pytest.mark.parametrize(
    ("body", "kind", "code", "why"),
    [
        ("response=" + "A" * 800_000, FORM, "ages.wallet-answer-refused", "size"),
        ("response=a.b.c.d.e", "application/json", "ages.wallet-answer-refused", "media type"),
        ("x=1", FORM, "openid4vp.answer-not-encrypted", None),
        ("response=a.b.c.d.e", FORM, "jose.not-compact", None),
        ("%ff=%fe", FORM, "openid4vp.request-malformed", None),
    ],
)
def test_bodies_that_are_no_answer(begun, body, kind, code, why):
    row, browser = begun
    where = urlsplit(presenting.request_of(browser.link())["response_uri"]).path
    reply = Client().post(where, body, content_type=kind)
    assert reply.status_code in (400, 413), reply.content
    assert reply["Content-Type"] == "application/problem+json"
    assert (reply.json()["code"], reply.json().get("why")) == (code, why)
    row.refresh_from_db()
    assert row.decided_at is None


def test_an_unknown_state_finds_nothing(begun):
    assert Client().get("/age-wallet/tidak-ada").status_code == 404
    assert Client().post("/age-wallet/tidak-ada/answer", "a=b", content_type=FORM).status_code == 404
    assert Client().get("/cek-umur/identitas-buka/tidak-ada").status_code == 404
    assert Client().get("/cek-umur/identitas-kembali?kode=tidak-ada").status_code == 404


def test_ten_minutes(hour, begun):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, vc(hour, asked))
    hour.pass_(minutes=10)
    assert presenting.come_back(browser.http, reply).status_code == 410
    assert Attempt.objects.filter(sealed__isnull=False).count() == 2
    api.settle_due(hour())
    assert nothing_left(row)
    assert Key.objects.filter(use="family", destroyed_at__isnull=True).count() == 0


def test_the_wallet_says_no(hour, begun):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.post(asked, urlencode({"error": "access_denied", "state": asked["state"]}))
    assert code_of(reply) == "openid4vp.wallet-refused"
    assert "Tidak ada yang berubah" in browser.http.get(f"{browser.path}/identitas").content.decode()


def test_what_the_device_signs_itself_was_not_asked(begun):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    told = cbor.encode({MDL: {"nama": "Contoh"}})
    keys = asked["client_metadata"]["jwks"]["keys"][0]
    transcript = openid4vp_answer.post_transcript(
        asked["client_id"], asked["nonce"], asked["response_uri"], keys
    )
    wallet = mdocs.Wallet(elements={"age_over_16": True}, doc_type=MDL, transcript=transcript)
    document = wallet.document()
    names = cbor.embedded(told)
    covered = mdoc.device_authentication(MDL, names, transcript)
    signed = mdocs.sign1(mdocs.DEVICE_KEY, covered, detached=True)
    document["deviceSigned"] = {
        "nameSpaces": cbor.Embedded(told, names),
        "deviceAuth": {"deviceSignature": signed},
    }
    response = cbor.encode({"version": "1.0", "documents": [document], "status": 0})
    reply = presenting.answer(asked, jose.to_base64url(response), id_="mdl")
    assert code_of(reply) == "openid4vp.answer-too-much"
    assert row.decided_at is None


def test_the_room_itself_keeps_the_two_ways_back_apart(hour, begun):
    _, browser = begun
    states, secrets = browser.states(), browser.http.session["cek"]
    with pytest.raises(NotFound):
        wallets.fetch(states["here"], secrets[links.digest(states["here"]).hex()], now=hour())
    with pytest.raises(OtherBrowser):
        wallets.fetch(states["there"], "bukan", now=hour())
    with pytest.raises(OtherBrowser):
        wallets.answer_of_browser(states["here"], "bukan", {}, now=hour())


def test_a_ready_answer_of_a_check_that_was_decided_meanwhile_changes_nothing(hour, begun):
    row, browser = begun
    asked = presenting.request_of(browser.link())
    reply = presenting.answer(asked, vc(hour, asked))
    second = Browser(browser.path).begin()
    data = second.browser_requests()[0]["data"]
    second.by_api(of_browser(hour, data, BASE))
    row.refresh_from_db()
    decided = row.decided_at
    assert presenting.come_back(browser.http, reply).status_code == 410
    row.refresh_from_db()
    assert row.decided_at == decided
    assert nothing_left(row)


def test_two_answers_at_once_leave_one(hour, begun, monkeypatch):
    _, browser = begun
    asked = presenting.request_of(browser.link())
    shown, inner = vc(hour, asked), []
    read = wallets._read

    def slow(*given):
        found = read(*given)
        if not inner:  # while the first is being read, a second comes and goes
            inner.append(1)
            inner.append(presenting.answer(asked, shown).status_code)
        return found

    monkeypatch.setattr(wallets, "_read", slow)
    assert (presenting.answer(asked, shown).status_code, inner[1]) == (410, 200)
