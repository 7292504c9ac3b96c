"""The story's wallet refuses whoever does not prove who asks, and whatever would show more than an age."""

import hashlib
import threading
from base64 import b64encode
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from examples.dompet_identitas import certified
from examples.dompet_identitas.refused import Refused
from examples.dompet_identitas.wallet import Wallet, fetch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import mdocs
from tests.stories import asking
from tests.stories.asking import NOW, REQUEST_URI, SAN, URI, Asking, Net, der, link, press, request, unsigned

from ruangaman.core.credentials import dcql, jose, openid4vp
from ruangaman.site.story import certificates, issuer

NOT_PROVEN = "Yang bertanya tidak bisa membuktikan siapa dia"
NOT_FOR_US = "Permintaan ini tidak bisa dijawab dompet ini."
GONE = "Pertanyaannya tidak bisa diambil."
SECOND = int(NOW.timestamp())


@pytest.fixture(scope="module")
def office() -> dict[str, str]:
    return issuer.fresh(NOW)


@pytest.fixture(scope="module")
def house() -> Asking:
    return Asking.fresh()


@pytest.fixture(scope="module")
def other() -> Asking:
    """A house whose register this wallet does not know."""
    return Asking.fresh()


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
def wallet(office, house, net) -> Wallet:
    return asking.wallet(office, house, net)


def refuses(wallet: Wallet, net: Net, query: str, says: str, token: str = "") -> None:
    """A plain page, on every way, and nothing leaves; also when the object comes with the form."""
    net.token = net.token or token
    opened = wallet.handle(request("GET", "/buka", query=query))
    assert (opened.status, says in str(opened.body)) == (400, True)
    for path in ("/lihat", "/kirim", "/tolak"):
        sent = press(wallet, path, query, token, orang="ayu", bukti="vc")
        assert (sent.status, says in str(sent.body)) == (400, True)
    assert net.sent == []


def hash_of(asking_: Asking) -> str:
    return f"x509_hash:{jose.to_base64url(hashlib.sha256(der(asking_.certificate)).digest())}"


def test_both_prefixes_of_a_certificate_and_a_request_by_value_are_taken(wallet, net, house) -> None:
    for client_id in (SAN, hash_of(house)):
        net.token = house.signed(client_id=client_id)
        assert wallet.handle(request("GET", "/buka", query=link(client_id))).status == 200
    assert net.fetched == [REQUEST_URI] * 2
    by_value = asking.urlencode({"client_id": SAN, "request": house.signed()})
    assert wallet.handle(request("GET", "/buka", query=by_value)).status == 200
    assert len(net.fetched) == 2


def test_an_object_is_read_as_the_house_reads_its_own(house) -> None:
    told = openid4vp.read_signed_request(
        house.signed(), lambda *_: house.key.public_key(), on_this_machine=True
    )
    assert (told.response_uri, told.client_id.whole) == (URI, SAN)
    with pytest.raises(openid4vp.RequestMalformed):  # https alone, unless somebody says so
        openid4vp.read_signed_request(house.signed(), lambda *_: house.key.public_key())


CLAIMS = {
    "for somebody else": {"aud": "https://dompet.example"},
    "for nobody": {"aud": None},
    "another client": {"client_id": "x509_san_dns:jahat.example"},
    "a request inside a request": {"request_uri": REQUEST_URI},
    "over": {"exp": SECOND - 301},
    "not yet": {"nbf": SECOND + 301},
    "from the future": {"iat": SECOND + 301},
    "no time": {"exp": "soon"},
    "an answer to another host": {"response_uri": "https://jahat.example/answer"},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_a_signed_request_that_does_not_fit_is_refused(wallet, net, house, claims) -> None:
    refuses(wallet, net, link(), NOT_PROVEN, house.signed(claims=claims))


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": ""},
        {"nonce": None},
        {"nonce": "a\nb"},
        {"state": "x" * 513},
        {"state": 7},
        {"redirect_uri": URI},
    ],
)
def test_what_the_answer_is_bound_to_must_be_a_word(wallet, net, house, claims) -> None:
    refuses(wallet, net, link(), NOT_FOR_US, house.signed(claims=claims))


HEADERS = {
    "another type": {"typ": "JWT"},
    "no type": {"typ": None},
    "no certificate": {"x5c": None},
    "an empty chain": {"x5c": []},
    "no base64": {"x5c": ["-"]},
    "no DER": {"x5c": [b64encode(b"no DER").decode()]},
    "a critical word that nobody knows": {"crit": ["b64"], "b64": True},
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_signed_request_with_another_header_is_refused(wallet, net, house, header) -> None:
    refuses(wallet, net, link(), NOT_PROVEN, house.signed(header=header))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_request_that_is_not_really_signed_is_refused(wallet, net, house, algorithm) -> None:
    head, payload, _ = house.signed().split(".")
    told = jose.read_json(jose.from_base64url(head)) | {"alg": algorithm}
    refuses(wallet, net, link(), NOT_PROVEN, f"{jose.to_base64url(jose.write_json(told))}.{payload}.")


def test_a_signature_by_another_key_is_refused(wallet, net, house, other) -> None:
    refuses(wallet, net, link(), NOT_PROVEN, house.signed(key=other.key))


def test_words_changed_after_signing_are_refused(wallet, net, house) -> None:
    head, payload, signature = house.signed().split(".")
    told = jose.read_json(jose.from_base64url(payload)) | {"nonce": "m" * 43}
    changed = f"{head}.{jose.to_base64url(jose.write_json(told))}.{signature}"
    refuses(wallet, net, link(), NOT_PROVEN, changed)


def test_a_certificate_of_a_register_that_nobody_knows_is_refused(wallet, net, house, other) -> None:
    for one in (other, Asking(house.top, other.certificate, other.key)):
        net.token = ""
        refuses(wallet, net, link(), NOT_PROVEN, one.signed())
    # Nor does it help to send the unknown root along, or to be signed by it and name ours above.
    net.token = ""
    chain = [der(other.certificate), der(other.top.pem)]
    refuses(wallet, net, link(), NOT_PROVEN, other.signed(chain=chain))
    net.token = ""
    chain = [der(other.certificate), der(house.certificate)]
    refuses(wallet, net, link(), NOT_PROVEN, other.signed(chain=chain))


def below(house: Asking, **kinds: object) -> Asking:
    """Another certificate of the same register."""
    told = {"purpose": certificates.READER, "hosts": ["localhost"]} | kinds
    own, key = certificates.below(house.top, "Lain", now=NOW, **told)
    return Asking(house.top, own, asking.private(key))


def test_a_certificate_for_another_host_or_another_use_is_refused(wallet, net, house) -> None:
    for kinds in (
        {"hosts": ["jahat.example"]},
        {"hosts": ["localhost.jahat.example"]},
        {"hosts": ["*"]},
        {"hosts": []},
        {"purpose": certificates.DOCUMENT_SIGNER},
    ):
        net.token = ""
        refuses(wallet, net, link(), NOT_PROVEN, below(house, **kinds).signed())
    net.token = below(house, purpose="").signed()  # one that names no use may ask
    assert wallet.handle(request("GET", "/buka", query=link())).status == 200


def test_an_x509_hash_of_another_certificate_is_refused(wallet, net, house) -> None:
    client_id = hash_of(below(house))
    refuses(wallet, net, link(client_id), NOT_PROVEN, house.signed(client_id=client_id))


def test_a_register_itself_does_not_ask(wallet, net, house) -> None:
    token = house.signed(key=house.top.key, chain=[der(house.top.pem)])
    refuses(wallet, net, link(), NOT_PROVEN, token)


ROOT, MIDDLE, LEAF, STRANGER = (mdocs.private_key(one) for one in ("root", "middle", "leaf", "stranger"))
LIFE = {"first": SECOND - 9, "last": SECOND + 9_999}
CHAINS = {
    "the root allows no authority below it": {"root": {"path_length": 0}},
    "the one between is no authority": {"middle": {"authority": False}},
    "the one between signs no certificates": {"middle": {"signs": False}},
    "the one between is over": {"middle": {"last": SECOND - 1}},
    "the one between says what nobody knows": {"middle": {"critical_unknown": True}},
    "another signed the one between": {"middle": {"issuer_key": STRANGER}},
    "another signed the first": {"leaf": {"issuer_key": STRANGER}},
    "the first is an authority": {"leaf": {"authority": True}},
    "the first signs nothing": {"leaf": {"signs": False}},
    "the first says what nobody knows": {"leaf": {"critical_unknown": True}},
    "the first is for documents": {"leaf": {"usage": certificates.DOCUMENT_SIGNER}},
    "the root is over": {"root": {"last": SECOND - 1}},
}


@pytest.mark.parametrize("changes", [{}, *CHAINS.values()], ids=["right", *CHAINS])
def test_a_chain_counts_only_when_each_of_it_may_sign_the_one_below(office, net, changes) -> None:
    told = {
        "root": {"issuer": "Akar", "issuer_key": ROOT, "authority": True},
        "middle": {"issuer": "Akar", "issuer_key": ROOT, "authority": True},
        "leaf": {"issuer": "Tengah", "issuer_key": MIDDLE, "usage": certificates.READER},
    }
    made = {
        one: mdocs.certificate(name, key, **(LIFE | told[one] | changes.get(one, {})))
        for one, name, key in (("root", "Akar", ROOT), ("middle", "Tengah", MIDDLE), ("leaf", "Rumah", LEAF))
    }
    top = certificates.Authority(x509.load_der_x509_certificate(made["root"]), ROOT)
    pem = x509.load_der_x509_certificate(made["leaf"]).public_bytes(Encoding.PEM).decode()
    asking_ = Asking(top, pem, LEAF)
    client_id, wallet = hash_of(asking_), asking.wallet(office, asking_, net)
    token = asking_.signed(client_id=client_id, chain=[made["leaf"], made["middle"]])
    if changes:
        refuses(wallet, net, link(client_id), NOT_PROVEN, token)
        return
    net.token = token
    assert wallet.handle(request("GET", "/buka", query=link(client_id))).status == 200


@pytest.mark.parametrize("days", [-31, 71 * 366])
def test_a_certificate_out_of_its_time_is_refused(wallet, net, house, days) -> None:
    wallet.now = lambda: NOW + timedelta(days=days)
    refuses(wallet, net, link(), NOT_PROVEN, house.signed())


def test_a_link_and_an_object_that_name_different_clients_are_refused(wallet, net, house) -> None:
    refuses(wallet, net, link(hash_of(house)), NOT_PROVEN, house.signed())


@pytest.mark.parametrize(
    "client_id",
    [f"redirect_uri:{URI}", "localhost", "origin:http://localhost", "verifier_attestation:localhost"],
)
def test_a_client_that_its_certificate_does_not_prove_is_refused(wallet, net, house, client_id) -> None:
    token = house.signed(claims={"client_id": client_id})
    refuses(wallet, net, link(client_id), NOT_PROVEN, token)


# Where the request lies


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((404, "application/problem+json", b"{}"), GONE),
        ((302, "application/oauth-authz-req+jwt", b""), GONE),
        ((200, "text/html", b"<p>"), GONE),
        ((200, "application/jwt", b"a.b.c"), GONE),
        (httpx.ConnectError("silent"), GONE),
        ((200, "application/oauth-authz-req+jwt", b"\xff"), NOT_FOR_US),
        ((200, "application/oauth-authz-req+jwt", b"x" * (certified.MOST + 1)), NOT_PROVEN),
    ],
)
def test_a_request_that_cannot_be_fetched_is_said_so(wallet, net, reply, says) -> None:
    net.reply = reply
    refuses(wallet, net, link(), says)


@pytest.mark.parametrize(
    "where",
    [
        "http://jahat.example/request",
        "http://localhost.jahat.example/request",
        "http://127.0.0.1/request",
        "http://a@localhost/request",
        "http://localhost/request#x",
        "file:///etc/passwd",
        "localhost",
        "",
    ],
)
def test_nothing_is_fetched_from_another_place(wallet, net, where) -> None:
    refuses(wallet, net, link(request_uri=where), NOT_FOR_US)
    assert net.fetched == []


def test_plain_http_counts_only_where_it_is_said(office, house, net) -> None:
    for said in ({"on_this_machine": False}, {"on_this_machine": "yes"}):
        strict = asking.wallet(office, house, net, **said)
        refuses(strict, net, link(), NOT_FOR_US)
        refuses(strict, net, unsigned(), NOT_FOR_US)
    assert net.fetched == []
    # By https it asks; but the answer, too, must go by https then.
    refuses(strict, net, link(request_uri="https://localhost/request"), NOT_FOR_US, house.signed())
    net.token = house.signed(claims={"response_uri": "https://localhost/answer"})
    opened = strict.handle(request("GET", "/buka", query=link(request_uri="https://localhost/request")))
    assert opened.status == 200


@pytest.mark.parametrize("more", [{"request_uri_method": "put"}, {"request": "a.b.c"}])
def test_a_link_that_contradicts_itself_is_refused(wallet, net, house, more) -> None:
    net.token = house.signed()
    refuses(wallet, net, link(**more), NOT_FOR_US)
    assert wallet.handle(request("GET", "/buka", query=link())).status == 200
    assert wallet.handle(request("GET", "/buka", query=f"{link()}&client_id={SAN}")).status == 400


def test_a_method_that_this_wallet_does_not_have_is_answered_by_get(wallet, net, house) -> None:
    net.token = house.signed()
    assert wallet.handle(request("GET", "/buka", query=link(request_uri_method="post"))).status == 200


# What is asked


def one(id_: str, **more: object) -> dict[str, object]:
    (told,) = dcql.one_claim(id_, dcql.SD_JWT, [issuer.VCT], ["age_over_16"])["credentials"]
    return told | more


def mobile(**more: object) -> dict[str, object]:
    path = [issuer.DOC_TYPE, "age_over_16"]
    (told,) = dcql.one_claim("av", dcql.MDOC, [issuer.DOC_TYPE], path)["credentials"]
    return told | more


CLAIM = {"path": ["age_over_16"]}
QUERIES = {
    "nothing": {"credentials": []},
    "no list": [],
    "two at once": {"credentials": [one("a"), mobile()]},
    "two at once by a set": {
        "credentials": [one("a"), mobile()],
        "credential_sets": [{"options": [["a", "av"]]}],
    },
    "two sets": {
        "credentials": [one("a"), mobile()],
        "credential_sets": [{"options": [["a"]]}, {"options": [["av"]]}],
    },
    "one id twice": {"credentials": [one("a"), one("a")], "credential_sets": [{"options": [["a"]]}]},
    "two ages": {
        "credentials": [one("a"), one("b", claims=[{"path": ["age_over_18"]}])],
        "credential_sets": [{"options": [["a"], ["b"]]}],
    },
    "another vct": {"credentials": [one("a", meta={"vct_values": ["https://lain.example"]})]},
    "a birth date": {"credentials": [one("a", claims=[{"path": ["birthdate"]}])]},
    "two claims": {"credentials": [one("a", claims=[CLAIM, {"path": ["age_over_18"]}])]},
    "all claims": {"credentials": [{name: value for name, value in one("a").items() if name != "claims"}]},
    "a value": {"credentials": [one("a", claims=[CLAIM | {"values": [True]}])]},
    "a deeper path": {"credentials": [one("a", claims=[{"path": ["age_over_16", "x"]}])]},
    "an age that it does not know": {"credentials": [one("a", claims=[{"path": ["age_over_99"]}])]},
    "other authorities": {"credentials": [one("a", trusted_authorities=[{"type": "aki", "values": ["x"]}])]},
    "another document": {"credentials": [mobile(meta={"doctype_value": "org.iso.18013.5.1.mDL"})]},
    "another name space": {"credentials": [mobile(claims=[{"path": ["org.iso.18013.5.1", "age_over_16"]}])]},
    "another element": {"credentials": [mobile(claims=[{"path": [issuer.DOC_TYPE, "portrait"]}])]},
    "another format": {"credentials": [one("a", format="jwt_vc_json")]},
}


@pytest.mark.parametrize("told", QUERIES.values(), ids=QUERIES)
def test_a_query_that_asks_something_else_or_more_is_not_answered(wallet, net, house, told) -> None:
    refuses(wallet, net, unsigned(dcql_query=told), NOT_FOR_US)
    refuses(wallet, net, link(), NOT_FOR_US, house.signed(claims={"dcql_query": told}))


FITTING = {
    "a card alone": ({"credentials": [one("a")]}, ["a"]),
    "a document alone": ({"credentials": [mobile()]}, ["av"]),
    "what is not here is passed over": (
        {
            "credentials": [mobile(id="mdl", meta={"doctype_value": "org.iso.18013.5.1.mDL"}), one("a")],
            "credential_sets": [{"options": [["mdl"], ["a"]]}],
        },
        ["a"],
    ),
    "in the order of who asks": (
        {"credentials": [mobile(), one("a")], "credential_sets": [{"options": [["a"], ["av"]]}]},
        ["a", "av"],
    ),
    "what need not be answered is not": (
        {
            "credentials": [mobile(), one("a")],
            "credential_sets": [{"options": [["a"]]}, {"options": [["av"]], "required": False}],
        },
        ["a"],
    ),
}


@pytest.mark.parametrize(("told", "ids"), FITTING.values(), ids=FITTING)
def test_a_query_is_answered_by_any_one_that_fits(wallet, told, ids) -> None:
    read = wallet.requests.read(unsigned(dcql_query=told), NOW)
    assert ([one.id for one in read.wanted], read.years) == (ids, 16)


UNSIGNED = {
    "another address": {"client_id": "redirect_uri:http://localhost:9/other"},
    "a certificate's name without a signature": {"client_id": SAN},
    "another host": {
        "response_uri": "http://jahat.example/a",
        "client_id": "redirect_uri:http://jahat.example/a",
    },
    "a fragment": {"response_mode": "fragment"},
    "a code": {"response_type": "code"},
    "two ways back": {"redirect_uri": URI},
    "no nonce": {"nonce": ""},
    "no query": {"dcql_query": "[]"},
    "no metadata": {"client_metadata": "{"},
    "no key": {"client_metadata": {"jwks": {"keys": []}}},
    "a key of another kind": {"client_metadata": {"jwks": {"keys": [{"kty": "RSA", "alg": "RSA-OAEP"}]}}},
    "another encryption": {
        "client_metadata": openid4vp.client_metadata(asking.JWK, "k1")
        | {"encrypted_response_enc_values_supported": ["A128CBC-HS256"]}
    },
    "too long": {"state": "x" * 30_000},
}


@pytest.mark.parametrize("change", UNSIGNED.values(), ids=UNSIGNED)
def test_an_unsigned_question_that_is_broken_is_not_answered(wallet, net, change) -> None:
    refuses(wallet, net, unsigned(**change), NOT_FOR_US)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(text=st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_link_and_any_object_are_refused(office, house, text) -> None:
    net = Net(token=text)
    wallet = asking.wallet(office, house, net)
    for query, token in ((text, ""), (link(), text), (link(), f"{text}.{text}.{text}")):
        assert press(wallet, "/kirim", query, token, orang="ayu", bukti="vc").status == 400
    assert net.sent == []


@given(name=st.sampled_from(sorted(asking.parameters(client_id=SAN))), value=JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_the_place_of_a_parameter_is_answered_or_refused(office, house, name, value) -> None:
    net = Net()
    wallet = asking.wallet(office, house, net)
    shown = press(wallet, "/lihat", link(), house.signed(claims={name: value}), orang="ayu")
    assert shown.status in (200, 400)
    assert net.sent == []


# By the wire


class _Lies(BaseHTTPRequestHandler):
    """A place of requests that sends elsewhere, or does not end."""

    def do_GET(self) -> None:
        if self.path == "/there":
            self.send_response(302)
            self.send_header("Location", "/right")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", self.headers["Accept"])
        self.end_headers()
        for _ in range(400 if self.path == "/much" else 1):
            try:
                self.wfile.write(b"x" * 1_000)
            except OSError:  # the wallet has read enough
                return

    def log_message(self, *_: object) -> None:
        return


def test_a_request_is_fetched_without_following_and_not_beyond_its_limit() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Lies)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        assert fetch(f"{base}/right") == (200, certified.MEDIA_TYPE, b"x" * 1_000)
        assert fetch(f"{base}/there")[0] == 302
        with pytest.raises(Refused):
            fetch(f"{base}/much")
    finally:
        server.shutdown()
        server.server_close()
