"""The story's wallet by itself: what it shows in which form, what its pages say, and where it sends the browser."""

import json
from datetime import timedelta

import httpx
import pytest
from examples.dompet_identitas.office import AGES
from examples.dompet_identitas.wallet import Wallet
from openvc.mdoc import verify_device_response
from tests.stories import asking
from tests.stories.asking import (
    BACK,
    JWK,
    KEY,
    NONCE,
    NOW,
    SAN,
    URI,
    Asking,
    Net,
    link,
    press,
    request,
    unsigned,
)

from ruangaman.core.credentials import cbor, jose, mdoc, openid4vp_answer, sd_jwt_vc, x509
from ruangaman.core.credentials.sd_jwt import KeyBinding
from ruangaman.site.story import issuer

SECOND = int(NOW.timestamp())
ASKED_BY = ["signed", "unsigned"]


@pytest.fixture(scope="module")
def office() -> dict[str, str]:
    return issuer.fresh(NOW)


@pytest.fixture(scope="module")
def house() -> Asking:
    return Asking.fresh()


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
def wallet(office, house, net) -> Wallet:
    return asking.wallet(office, house, net)


def question(house: Asking, net: Net, by: str, *, encrypted: bool = True) -> tuple[str, str, str]:
    """The query of a link, the signed object that it leads to, and the client_id that both name."""
    if by == "unsigned":
        return unsigned(encrypted=encrypted), "", f"redirect_uri:{URI}"
    net.token = house.signed(encrypted=encrypted)
    return link(), net.token, SAN


def read(net: Net, *, encrypted: bool) -> dict[str, tuple[object, ...]]:
    """The one answer that left the wallet, opened."""
    ((address, body),) = net.sent
    assert address == URI
    opened = (
        openid4vp_answer.read_encrypted_post(body, KEY, "k1")
        if encrypted
        else openid4vp_answer.read_post(body)
    )
    assert opened.state == "s"
    return dict(opened.vp_token)


def trusted(office: dict[str, str]) -> x509.TrustList:
    return x509.TrustList.of([x509.anchor_of(one, 0) for one in issuer.trust(office)["anchors"]])


@pytest.mark.parametrize("by", ASKED_BY)
@pytest.mark.parametrize("encrypted", [True, False])
@pytest.mark.parametrize(("person", "over"), [("ayu", True), ("bima", False)])
def test_a_card_shows_one_claim_signed_and_bound_to_the_question(
    wallet, net, office, house, by, encrypted, person, over
) -> None:
    query, token, client_id = question(house, net, by, encrypted=encrypted)
    answer = press(wallet, "/kirim", query, token, orang=person, bukti="vc")
    assert answer.headers["Location"] == BACK
    ((id_, (shown,)),) = read(net, encrypted=encrypted).items()
    assert id_ == "vc"

    def key_of(header, claims):
        chain = sd_jwt_vc.certificates(header)
        return x509.check_chain(
            chain, trusted(office), purpose=x509.ANY_SIGNER, kind=issuer.VCT, now=SECOND, skew=300
        ).key

    held = sd_jwt_vc.verify(
        shown, key_of=key_of, now=SECOND, key_binding=KeyBinding(NONCE, client_id), vct=[issuer.VCT]
    )
    assert held.claims["age_over_16"] is over
    assert set(held.claims) == {"iss", "vct", "iat", "exp", "cnf", "age_over_16"}


@pytest.mark.parametrize("by", ASKED_BY)
@pytest.mark.parametrize("encrypted", [True, False])
@pytest.mark.parametrize(("person", "over"), [("ayu", True), ("bima", False)])
def test_a_document_shows_one_element_signed_by_its_device_for_the_question(
    wallet, net, office, house, by, encrypted, person, over
) -> None:
    query, token, client_id = question(house, net, by, encrypted=encrypted)
    answer = press(wallet, "/kirim", query, token, orang=person, bukti="av")
    assert answer.headers["Location"] == BACK
    ((id_, (shown,)),) = read(net, encrypted=encrypted).items()
    assert id_ == "av"
    raw = jose.from_base64url(shown)
    asked = mdoc.Asked(doc_type=issuer.DOC_TYPE, trust=trusted(office), now=SECOND, ages=(16,))
    session = openid4vp_answer.post_transcript(client_id, NONCE, URI, JWK if encrypted else None)
    for check in (mdoc.check_device_response, mdoc.check_plainly):  # the profile's limits are checked in both
        found = check(raw, asked, session_transcript=session)
        assert (found.doc_type, found.over, found.device_bound) == (issuer.DOC_TYPE, {16: over}, True)
    (elements,) = [one["issuerSigned"]["nameSpaces"] for one in cbor.read(raw)["documents"]]
    assert [len(items) for items in elements.values()] == [1]
    # The same bytes before a verifier of other people.
    root = asking.certificate(office["root"])
    (other,) = verify_device_response(raw, trust_anchors=[root], session_transcript=session, now=NOW)
    assert other.device_signed
    # For another question it proves nothing.
    elsewhere = openid4vp_answer.post_transcript(client_id, "m" * 43, URI, JWK if encrypted else None)
    with pytest.raises(mdoc.DeviceAuthWrong):
        mdoc.check_device_response(raw, asked, session_transcript=elsewhere)


def test_two_showings_of_a_card_have_nothing_in_common_but_the_day_and_the_office(wallet, net) -> None:
    for _ in range(2):
        press(wallet, "/kirim", unsigned(encrypted=False), orang="ayu", bukti="vc")
    one, other = (openid4vp_answer.read_post(body).vp_token["vc"][0].split("~")[0] for _, body in net.sent)
    told = [json.loads(jose.from_base64url(text.split(".")[1])) for text in (one, other)]
    same = {name for name in told[0] if told[0][name] == told[1][name]}
    assert same == {"iss", "vct", "iat", "exp", "_sd_alg"}
    assert len(told[0]["_sd"]) == len(AGES)


def test_two_showings_of_a_document_have_nothing_in_common_but_the_day_and_the_office(wallet, net) -> None:
    for _ in range(2):
        press(wallet, "/kirim", unsigned(encrypted=False), orang="ayu", bukti="av")
    told = []
    for _, body in net.sent:
        raw = jose.from_base64url(openid4vp_answer.read_post(body).vp_token["av"][0])
        (one,) = cbor.read(raw)["documents"]
        auth = one["issuerSigned"]["issuerAuth"]
        security = cbor.read(cbor.unwrap(auth[2]))
        (item,) = one["issuerSigned"]["nameSpaces"][issuer.DOC_TYPE]
        told.append(
            {name: repr(value) for name, value in security.items()}
            | {"issuer signature": auth[3], "item": item.content, "certificate": auth[1][33]}
        )
        assert len(security["valueDigests"][issuer.DOC_TYPE]) == len(AGES)
    same = {name for name in told[0] if told[0][name] == told[1][name]}
    assert same == {"version", "digestAlgorithm", "docType", "validityInfo", "certificate"}


def test_a_document_counts_for_whole_days_and_less_than_the_profiles_three_months(
    wallet, net, office
) -> None:
    press(wallet, "/kirim", unsigned(encrypted=False), orang="ayu", bukti="av")
    raw = jose.from_base64url(openid4vp_answer.read_post(net.sent[0][1]).vp_token["av"][0])
    session = openid4vp_answer.post_transcript(f"redirect_uri:{URI}", NONCE, URI, None)
    told = mdoc.Asked(doc_type=issuer.DOC_TYPE, trust=trusted(office), now=SECOND, ages=(16,))
    validity = mdoc.check_plainly(raw, told, session_transcript=session).validity_info
    midnight = NOW.replace(hour=17) - timedelta(days=1)  # in Jakarta
    assert validity.valid_from == validity.signed == int(midnight.timestamp())
    assert validity.valid_until == int((midnight + timedelta(days=30)).timestamp())


def test_a_no_sends_no_age_and_a_form_of_another_site_nothing(wallet, net) -> None:
    query = unsigned()
    elsewhere = {"sec-fetch-site": "cross-site"}
    form = {"permintaan": query, "orang": "ayu", "bukti": "av"}
    assert wallet.handle(request("POST", "/kirim", form=form, headers=elsewhere)).status == 403
    assert press(wallet, "/kirim", query, orang="siapa", bukti="av").status == 400
    for bukti in ("", "pid"):  # nothing was chosen, or what is not here
        assert press(wallet, "/kirim", query, orang="ayu", bukti=bukti).status == 400
    assert net.sent == []
    assert press(wallet, "/tolak", query).status == 200
    assert net.sent == [(URI, b"error=access_denied&state=s")]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ((200, b'{"redirect_uri": "https://jahat.example/"}'), 400),
        ((200, b"{}"), 200),
        ((200, b"[]"), 400),
        ((410, b"{}"), 400),
        (httpx.ConnectError("silent"), 400),
    ],
)
def test_the_browser_goes_back_to_whoever_asked_and_nowhere_else(wallet, said, status) -> None:
    def send(_address: str, _body: bytes) -> tuple[int, bytes]:
        if isinstance(said, Exception):
            raise said
        return said

    wallet._send = send
    answer = press(wallet, "/kirim", unsigned(), orang="ayu", bukti="vc")
    assert (answer.status, "Location" in answer.headers) == (status, False)


SAYS = {
    "id": (
        "Ya, sudah 16 tahun.",
        "Aplikasi mana, tidak tahu.",
        "Nama dan tanggal lahirmu tidak dikirim.",
        "Tunjukkan yang mana?",
        "Dokumen HP (mdoc)",
        "Kartu digital (SD-JWT VC)",
        "Yang dikirim: jawaban di atas, nama Dinas Identitas Contoh, dan sampai kapan ini berlaku.",
    ),
    "en": (
        "Yes, 16 or over.",
        "Which app, it does not know.",
        "Neither your name nor your birth date",
        "Which one do you show?",
        "Mobile document (mdoc)",
        "Digital card (SD-JWT VC)",
        "What is sent: the answer above, the name Example Identity Office, and until when this counts.",
    ),
}
ASKS = {
    ("id", "signed"): "Yang bertanya: Ruang Aman (cerita). Namanya dijamin Daftar Penanya Contoh.",
    ("en", "signed"): "Who asks: Ruang Aman (cerita). Example Register of Askers vouches for that name.",
    (
        "id",
        "unsigned",
    ): "Nama yang bertanya tidak dijamin siapa pun. Yang pasti hanya alamatnya: localhost:8000.",
    ("en", "unsigned"): "Nobody vouches for the name of who asks. Only the address is sure: localhost:8000.",
}


@pytest.mark.parametrize("by", ASKED_BY)
@pytest.mark.parametrize("language", ["id", "en"])
def test_each_page_says_who_asks_who_learns_what_and_lets_choose(wallet, net, house, by, language) -> None:
    query, token, _ = question(house, net, by)
    opened = wallet.handle(request("GET", "/buka", query=query, cookies={"bahasa": language}))
    shown = press(wallet, "/lihat", query, token, language=language, orang="ayu")
    assert (opened.status, shown.status) == (200, 200)
    assert ASKS[language, by] in str(opened.body)
    assert ASKS[language, by] in str(shown.body)
    assert [one for one in SAYS[language] if one not in str(shown.body)] == []
    assert str(shown.body).count('type="radio"') == 2
    assert str(shown.body).count(" checked>") == 1


def test_a_choice_is_offered_only_of_what_was_asked(wallet, net, house) -> None:
    told = asking.query()
    told["credential_sets"][0]["options"] = [["vc"]]
    net.token = house.signed(claims={"dcql_query": told})
    shown = str(press(wallet, "/lihat", link(), net.token, orang="ayu").body)
    assert 'value="vc" checked' in shown
    assert shown.count('type="radio"') == 1
    assert press(wallet, "/kirim", link(), net.token, orang="ayu", bukti="av").status == 400
    assert net.sent == []
