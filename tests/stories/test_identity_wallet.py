"""The story's wallet by itself: which questions it answers, what it shows, and where it sends the browser."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from examples.dompet_identitas import asked
from examples.dompet_identitas.credential import AGES
from examples.dompet_identitas.wallet import Wallet
from examples.serving import Answer, Request

from ruangaman.core.credentials import jose, openid4vp, openid4vp_answer, sd_jwt_vc, x509
from ruangaman.core.credentials.dcql import SD_JWT, one_claim
from ruangaman.core.credentials.sd_jwt import KeyBinding
from ruangaman.site.story import issuer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
URI = "http://localhost:8000/age-wallet/s/answer"
NONCE = "n" * 43
KEY = ec.derive_private_key(7_000_000_009, ec.SECP256R1())
JWK = jose.public_jwk(KEY.public_key())
PEOPLE = [
    {"id": "ayu", "name": {"id": "Ayu", "en": "Ayu"}, "birth_date": "2009-03-03"},
    {"id": "bima", "name": {"id": "Bima", "en": "Bima"}, "birth_date": "2012-03-03"},
]


@pytest.fixture(scope="module")
def office() -> dict[str, str]:
    return issuer.fresh(NOW)


@pytest.fixture
def sent() -> list[tuple[str, bytes]]:
    """What left the wallet."""
    return []


@pytest.fixture
def wallet(office, sent) -> Wallet:
    """A wallet of the story; the house answers with the way back."""

    def send(address: str, body: bytes) -> tuple[int, bytes]:
        sent.append((address, body))
        return 200, b'{"redirect_uri": "http://localhost:8000/cek-umur/kembali?kode=x"}'

    told = {"name": issuer.NAME, "vct": issuer.VCT, "iss": issuer.ISSUER, "issuer": office, "people": PEOPLE}
    return Wallet(told, now=lambda: NOW, send=send)


def question(*, encrypted: bool = True, years: int = 16, **more: object) -> str:
    """A request as the house makes it, in the query of a link."""
    metadata = openid4vp.client_metadata(JWK if encrypted else None, "k1")
    told = openid4vp.post_request(
        client_id=f"redirect_uri:{URI}",
        response_uri=URI,
        nonce=NONCE,
        state="s",
        dcql_query=one_claim("vc", SD_JWT, [issuer.VCT], [f"age_over_{years}"]),
        metadata=metadata,
        encrypted=encrypted,
        on_this_machine=True,
    )
    told |= more
    return urlencode(
        {name: one if isinstance(one, str) else json.dumps(one) for name, one in told.items() if one}
    )


def request(method: str, path: str, *, query: str = "", form=None, headers=None) -> Request:
    return Request(
        method=method,
        path=path,
        host="identitas.localhost:8005",
        query={},
        headers=headers or {},
        cookies={},
        body=urlencode(form or {}).encode(),
        raw_query=query,
    )


def press(wallet: Wallet, path: str, query: str, **form: str) -> Answer:
    return wallet.handle(request("POST", path, form={"permintaan": query} | form))


@pytest.mark.parametrize("encrypted", [True, False])
@pytest.mark.parametrize(("person", "over"), [("ayu", True), ("bima", False)])
def test_one_claim_is_shown_signed_and_bound_to_the_question(
    wallet, sent, office, encrypted, person, over
) -> None:
    answer = press(wallet, "/kirim", question(encrypted=encrypted), orang=person)
    assert answer.headers["Location"] == "http://localhost:8000/cek-umur/kembali?kode=x"
    ((address, body),) = sent
    assert address == URI
    read = (
        openid4vp_answer.read_encrypted_post(body, KEY, "k1")
        if encrypted
        else openid4vp_answer.read_post(body)
    )
    (shown,) = read.vp_token["vc"]
    anchors = [x509.anchor_of(one, 0) for one in issuer.trust(office)["anchors"]]
    trusted = x509.TrustList.of(anchors)
    second = int(NOW.timestamp())

    def key_of(header, claims):
        chain = sd_jwt_vc.certificates(header)
        return x509.check_chain(
            chain, trusted, purpose=x509.ANY_SIGNER, kind=issuer.VCT, now=second, skew=300
        ).key

    held = sd_jwt_vc.verify(
        shown,
        key_of=key_of,
        now=second,
        key_binding=KeyBinding(NONCE, f"redirect_uri:{URI}"),
        vct=[issuer.VCT],
    )
    assert held.claims["age_over_16"] is over
    assert set(held.claims) == {"iss", "vct", "iat", "exp", "cnf", "age_over_16"}


def test_two_showings_have_nothing_in_common_but_the_day_and_the_office(wallet, sent) -> None:
    for _ in range(2):
        press(wallet, "/kirim", question(encrypted=False), orang="ayu")
    one, other = (openid4vp_answer.read_post(body).vp_token["vc"][0].split("~")[0] for _, body in sent)
    told = [json.loads(jose.from_base64url(text.split(".")[1])) for text in (one, other)]
    same = {name for name in told[0] if told[0][name] == told[1][name]}
    assert same == {"iss", "vct", "iat", "exp", "_sd_alg"}
    assert len(told[0]["_sd"]) == len(AGES)


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "redirect_uri:http://localhost:9/other"},
        {"client_id": "x509_san_dns:localhost"},
        {"response_uri": "http://jahat.example/a", "client_id": "redirect_uri:http://jahat.example/a"},
        {"response_mode": "fragment"},
        {"response_type": "code"},
        {"nonce": ""},
        {"dcql_query": one_claim("vc", SD_JWT, ["https://lain.example"], ["age_over_16"])},
        {"dcql_query": one_claim("vc", SD_JWT, [issuer.VCT], ["birthdate"])},
        {"dcql_query": one_claim("vc", SD_JWT, [issuer.VCT], ["age_over_99"])},
        {
            "dcql_query": {
                "credentials": [
                    {
                        "id": "vc",
                        "format": SD_JWT,
                        "meta": {"vct_values": [issuer.VCT]},
                        "claims": [{"path": ["age_over_16"]}, {"path": ["age_over_18"]}],
                    }
                ]
            }
        },
        {"dcql_query": "[]"},
        {"client_metadata": "{"},
        {"state": "x" * 30_000},
    ],
)
def test_a_question_that_is_broken_or_asks_more_is_not_answered(wallet, sent, change) -> None:
    query = question(**change)
    with pytest.raises(asked.Refused):
        asked.read(query, issuer.VCT) if "age_over_99" not in query else wallet._read(query)
    assert wallet.handle(request("GET", "/buka", query=query)).status == 400
    assert press(wallet, "/kirim", query, orang="ayu").status == 400
    assert sent == []


def test_a_no_sends_no_age_and_a_form_of_another_site_nothing(wallet, sent) -> None:
    query = question()
    elsewhere = {"sec-fetch-site": "cross-site"}
    form = {"permintaan": query, "orang": "ayu"}
    assert wallet.handle(request("POST", "/kirim", form=form, headers=elsewhere)).status == 403
    assert press(wallet, "/kirim", query, orang="siapa").status == 400
    assert sent == []
    assert press(wallet, "/tolak", query).status == 200
    assert sent == [(URI, b"error=access_denied&state=s")]


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
    answer = press(wallet, "/kirim", question(), orang="ayu")
    assert (answer.status, "Location" in answer.headers) == (status, False)


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_page_says_who_learns_what(wallet, language) -> None:
    wallet_request = request("POST", "/lihat", form={"permintaan": question(), "orang": "ayu"})
    shown = wallet.handle(
        Request(
            **{name: getattr(wallet_request, name) for name in wallet_request.__slots__}
            | {"cookies": {"bahasa": language}}
        )
    )
    words = {
        "id": (
            "Ya, sudah 16 tahun.",
            "Aplikasi mana, tidak tahu.",
            "Nama dan tanggal lahirmu tidak dikirim.",
        ),
        "en": ("Yes, 16 or over.", "Which app, it does not know.", "Neither your name nor your birth date"),
    }
    assert [one for one in words[language] if one not in str(shown.body)] == []
