"""The way "wallet": one yes out of a wallet's credential, for the browser that began, and for nobody else."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from tests import mdocs, sd_jwt_wallet

from ruangaman.adapters import http_out
from ruangaman.core.credentials import jose, openid4vp_answer
from ruangaman.core.credentials.status_list import StatusList
from ruangaman.core.credentials.status_token import status_jwt
from ruangaman.rooms.ages import api, checks, wallet_asking, wallet_status, wallet_trust
from ruangaman.rooms.ages.errors import NotFound, TrustRefused
from ruangaman.rooms.ages.models import Attempt
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.presenting import BASE, VCT, Browser
from ruangaman.rooms.vault.models import Key, Sealed

pytestmark = pytest.mark.django_db
ROOT = presenting.pem(mdocs.root())
FORM = "application/x-www-form-urlencoded"
AV, MDL, PID = "eu.europa.ec.av.1", "org.iso.18013.5.1.mDL", "eu.europa.ec.eudi.pid.1"


@pytest.fixture(autouse=True)
def house(settings):
    settings.BASE_URL = BASE
    settings.WALLET_ENCRYPTED = True
    settings.WALLET_CERTIFICATE_FILE = settings.WALLET_KEY_FILE = ""
    settings.WALLET_CLIENT_ID = "X509_SAN_DNS"
    wallet_trust._read.cache_clear()
    wallet_asking._certificate.cache_clear()
    wallet_status.forget_all()
    yield
    wallet_status.forget_all()


@pytest.fixture
def begun(hour):
    """A browser that began, on a house that trusts the test issuer."""
    presenting.trusted(hour())
    row, path = presenting.asked(hour())
    return row, Browser(path).begin()


def certificate(tmp_path, settings, prefix="X509_SAN_DNS", host="rumah.example"):
    """A certificate for this house, as an operator sets it."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    key = mdocs.private_key("rumah")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")]))
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(mdocs.at(mdocs.NOW - 9 * mdocs.DAY))
        .not_valid_after(mdocs.at(mdocs.NOW + 900 * mdocs.DAY))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(mdocs.ROOT_KEY, hashes.SHA256())
    )
    chain, private = tmp_path / "rantai.pem", tmp_path / "kunci.pem"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.WALLET_CERTIFICATE_FILE, settings.WALLET_KEY_FILE = str(chain), str(private)
    settings.WALLET_CLIENT_ID = prefix
    wallet_asking._certificate.cache_clear()
    return made


def vc(hour, asked, **kinds):
    told = {"nonce": asked["nonce"], "aud": asked["client_id"]} | kinds
    return presenting.sd_jwt(hour(), **told)


def code_of(reply):
    return reply.json()["code"]


def nothing_left(row):
    """No try is open or answered, and nothing of any is sealed."""
    row.refresh_from_db()
    return (
        not row.attempts.filter(sealed__isnull=False).exists()
        and not Sealed.objects.filter(kind="ages.wallet").exists()
    )


# What is asked


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


def of_browser(hour, data, origin, kind="vc"):
    keys = data["client_metadata"].get("jwks", {}).get("keys")
    if kind == "vc":
        shown = presenting.sd_jwt(hour(), nonce=data["nonce"], aud=f"origin:{origin}")
    else:
        transcript = openid4vp_answer.browser_transcript(origin, data["nonce"], keys[0] if keys else None)
        shown = presenting.mdoc(data, transcript=transcript)
    told = {"vp_token": {kind: [shown]}}
    return {"response": sd_jwt_wallet.encrypt(json.dumps(told).encode(), keys[0])} if keys else told


@pytest.mark.parametrize("kind", ["vc", "av"])
def test_an_answer_made_for_another_origin_is_refused(hour, begun, kind):
    row, browser = begun
    data = browser.browser_requests()[0]["data"]
    reply = browser.by_api(of_browser(hour, data, "https://jahat.example", kind))
    assert reply.status_code == 403
    row.refresh_from_db()
    assert row.decided_at is None
    assert Attempt.objects.get(partner="here").why in ("sd-jwt.wrong-audience", "mdoc.device-auth-wrong")


# Hostile


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
    ("body", "kind", "status"),
    [
        ("response=" + "A" * 800_000, "application/x-www-form-urlencoded", 400),
        ("{}", "application/json", 400),
        ("", "application/x-www-form-urlencoded", 400),
        ("response=a.b.c.d.e", "application/x-www-form-urlencoded", 400),
        ("%ff=%fe", "application/x-www-form-urlencoded", 400),
    ],
)
def test_bodies_that_are_no_answer(begun, body, kind, status):
    row, browser = begun
    where = urlsplit(presenting.request_of(browser.link())["response_uri"]).path
    reply = Client().post(where, body, content_type=kind)
    assert reply.status_code == status, reply.content
    assert reply["Content-Type"] == "application/problem+json"
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


# Status lists


URI = "https://status.example/daftar/1"
PLACE = 77


class Lists:
    """The issuer's server of lists."""

    def __init__(self, hour):
        self.hour, self.calls, self.values = hour, 0, {}
        self.key, self.sub, self.ttl, self.life, self.gone, self.raw = (
            mdocs.SIGNER_KEY,
            URI,
            900,
            3_600,
            None,
            None,
        )

    def get(self, url, headers, *, most, timeout_s):
        self.calls += 1
        assert url == URI
        if self.gone:
            raise self.gone
        return http_out.Reply(200, self.raw or self.token())

    def token(self):
        packed = bytearray(1_000)
        for idx, value in self.values.items():
            packed[idx // 4] |= value << 2 * (idx % 4)
        at = int(self.hour().timestamp())
        return status_jwt(
            StatusList(2, bytes(packed)), sub=self.sub, iat=at, exp=at + self.life, ttl=self.ttl, alg="ES256",
            kid="1", sign=lambda told: mdocs.raw_signature(self.key, told),
        ).encode()  # fmt: skip


@pytest.fixture
def lists(hour, monkeypatch):
    found = Lists(hour)
    monkeypatch.setattr(http_out, "get", found.get)
    return found


def show_with_status(hour, place=PLACE):
    _, path = presenting.asked(hour())
    browser = Browser(path).begin()
    asked = presenting.request_of(browser.link())
    return presenting.answer(asked, vc(hour, asked, status=(place, URI)))


def test_a_valid_place_in_the_list_and_a_copy_that_is_kept(hour, begun, lists):
    assert show_with_status(hour).status_code == 200
    assert show_with_status(hour, 5).status_code == 200
    assert lists.calls == 1
    hour.pass_(seconds=901)  # ttl
    assert show_with_status(hour).status_code == 200
    assert lists.calls == 2


@pytest.mark.parametrize("value", [1, 2, 3])
def test_revoked_and_suspended(hour, begun, lists, value):
    lists.values = {PLACE: value}
    assert code_of(show_with_status(hour)) == "ages.credential-not-valid"


@pytest.mark.parametrize("why", ["timeout", "too-large", "connection"])
def test_a_list_out_of_reach_closes(hour, begun, lists, why):
    lists.gone = http_out.CallFailed(why=why)
    reply = show_with_status(hour)
    assert (reply.status_code, code_of(reply)) == (503, "ages.status-unreachable")


def test_a_list_in_our_own_network_is_not_called(hour, begun):
    _, path = presenting.asked(hour())
    browser = Browser(path).begin()
    asked = presenting.request_of(browser.link())
    shown = vc(hour, asked, status=(1, "https://169.254.169.254/latest"))
    assert code_of(presenting.answer(asked, shown)) == "ages.status-unreachable"


def test_lists_that_are_not_the_issuers(hour, begun, lists):
    lists.key = mdocs.private_key("orang lain")
    assert code_of(show_with_status(hour)) == "jose.signature-wrong"
    lists.key, lists.sub = mdocs.SIGNER_KEY, "https://status.example/daftar/2"
    assert show_with_status(hour).status_code >= 400
    lists.sub, lists.life = URI, -4_000
    assert show_with_status(hour).status_code >= 400  # expired
    lists.life = 3_600
    assert show_with_status(hour, 10_000).status_code >= 400  # beyond the end
    wallet_status.forget_all()
    lists.raw = b"<html>"
    assert show_with_status(hour).status_code >= 400
    lists.raw = None
    assert show_with_status(hour).status_code == 200


def test_a_kept_copy_does_not_outlive_the_list(hour, begun, lists):
    assert show_with_status(hour).status_code == 200
    lists.gone = http_out.CallFailed(why="timeout")
    hour.pass_(seconds=901)
    assert code_of(show_with_status(hour)) == "ages.status-unreachable"


def test_the_status_of_a_mobile_document(hour, begun, lists):
    lists.values = {3: 1}
    for place, code in ((3, "ages.credential-not-valid"), (4, None)):
        _, path = presenting.asked(hour())
        browser = Browser(path).begin()
        asked = presenting.request_of(browser.link())
        status = {"status_list": {"idx": place, "uri": URI}}
        reply = presenting.answer(asked, presenting.mdoc(asked, doc_type=PID, status=status), id_="pid")
        assert (code_of(reply) if code else reply.status_code) == (code or 200)


# Trust lists


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"slug": "Uji Coba"}, "slug"),
        ({"assurance": "sure"}, "assurance"),
        ({"anchors": []}, "anchors"),
        ({"lain": 1}, "lain"),
        ({"anchors": [{"name": "a", "answers_for": ["*"], "certificate": ROOT}]}, "anchors.0.answers_for"),
        ({"anchors": [{"name": "a", "answers_for": [MDL], "certificate": "bukan"}]}, "anchors.0.certificate"),
        ({"anchors": ["x"]}, "anchors.0"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_taken(hour, changed, why):
    told = {"slug": "uji", "assurance": "strict", "anchors": [
        {"name": "Akar", "answers_for": [MDL], "certificate": presenting.pem(mdocs.root())}]}  # fmt: skip
    with pytest.raises(TrustRefused) as refused:
        wallet_trust.add(told | changed, now=hour())
    assert refused.value.facts["why"] == why


def test_one_key_is_not_on_two_lists(hour):
    presenting.trusted(hour())
    with pytest.raises(TrustRefused):
        presenting.trusted(hour(), slug="lain", assurance="standard")
    presenting.trusted(hour.pass_(seconds=1), assurance="standard")  # the same list may change
    assert [one.assurance for one in api.wallet_lists()] == ["standard"]


def test_a_key_without_a_certificate_speaks_by_its_issuers_name(hour):
    from cryptography.hazmat.primitives.serialization import PublicFormat

    key = mdocs.private_key("telanjang")
    text = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    anchor = {
        "name": "Kunci",
        "answers_for": [VCT],
        "public_key": text,
        "issuers": ["https://penerbit.example"],
    }
    wallet_trust.add({"slug": "kunci", "assurance": "standard", "anchors": [anchor]}, now=hour())
    for issuer, code in (("https://penerbit.example", None), ("https://lain.example", "x509.issuer-unknown")):
        _, path = presenting.asked(hour())
        browser = Browser(path).begin()
        asked = presenting.request_of(browser.link())
        reply = presenting.answer(asked, vc(hour, asked, key=key, chain=(), issuer=issuer))
        assert (code_of(reply) if code else reply.status_code) == (code or 200)


def test_the_query_of_a_link_without_certificate_fits_a_url(begun):
    _, browser = begun
    assert len(browser.link()) < 8_000
    assert parse_qs(urlsplit(browser.link()).query)["response_mode"] == ["direct_post.jwt"]
