"""OpenID4VP and DCQL: what we ask is read as we meant it, and no answer passes that does not answer the question."""

import json
from urllib.parse import urlencode

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fuzz.openid4vp import target
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openvc.openid4vp import dcapi_session_transcript
from tests.sd_jwt_wallet import AUD, NONCE, encrypt

from ruangaman.core.credentials import dcql, jose, jwe, openid4vp, openid4vp_answer
from ruangaman.core.credentials.dcql import MDOC, SD_JWT, Presented
from ruangaman.core.credentials.errors import CredentialError

pytestmark = pytest.mark.slow

FEW = settings(max_examples=60, deadline=None)
KEY = ec.derive_private_key(7_000_000_007, ec.SECP256R1())
JWK = jose.public_jwk(KEY.public_key())
VCT = "https://aman.example/vct/umur/1"
AV = "eu.europa.ec.av.1"
ONE = dcql.one_claim("age", SD_JWT, [VCT], ["age_over_16"])
URI = "https://aman.example/wallet/answer"


def post(**more):
    told = {
        "client_id": AUD, "response_uri": URI, "nonce": NONCE, "state": "s1", "dcql_query": ONE,
        "metadata": openid4vp.client_metadata(JWK, "1"), "encrypted": True,
    }  # fmt: skip
    return openid4vp.post_request(**told | more)


def fitting(claims=None, **more):
    told = {"format": SD_JWT, "type": VCT, "claims": claims or {"age_over_16": True}, "holder_bound": True}
    return Presented(**told | {"disclosed": {("age_over_16",)}} | more)


# --- requests


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_signed_request_is_read_as_it_was_built(encrypted):
    told = post(encrypted=encrypted)
    token = openid4vp.sign_request(told, KEY, chain=["AAEC"])
    jws = jose.read_jws(token, typ={"oauth-authz-req+jwt"})
    assert jws.header["x5c"] == ["AAEC"]
    assert jws.claims()["aud"] == "https://self-issued.me/v2"
    read = openid4vp.read_signed_request(token, lambda *_: KEY.public_key())
    assert read == openid4vp.read_request(told, signed=True)
    assert read.response_mode.encrypted is encrypted
    assert read.client_id.prefix is openid4vp.Prefix.X509_SAN_DNS
    assert read.client_id.identifier == "aman.example"


def test_a_request_signed_by_another_is_refused():
    token = openid4vp.sign_request(post(), KEY)
    with pytest.raises(jose.SignatureWrong):
        openid4vp.read_signed_request(token, lambda *_: ec.derive_private_key(5, ec.SECP256R1()).public_key())
    with pytest.raises(jose.WrongType):
        openid4vp.read_signed_request(jose.sign({"typ": "jwt"}, b"{}", KEY), lambda *_: KEY.public_key())


def test_an_unsigned_request_goes_by_link():
    told = post(client_id=f"redirect_uri:{URI}", encrypted=False)
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
    assert openid4vp.read_request_link(urlencode(fields)) == openid4vp.read_request(told, signed=False)
    assert openid4vp.link(AUD, URI).startswith(
        "openid4vp://?client_id=x509_san_dns%3Aaman.example&request_uri=https%3A"
    )


def test_through_the_browser_with_and_without_a_signature():
    plain = openid4vp.browser_request(
        nonce=NONCE, dcql_query=ONE, metadata=openid4vp.client_metadata(), encrypted=False
    )
    assert "client_id" not in plain
    assert openid4vp.read_request(plain, signed=False).response_mode.by_browser
    told = openid4vp.browser_request(
        nonce=NONCE, dcql_query=ONE, metadata=openid4vp.client_metadata(JWK, "1"), encrypted=True,
        client_id=AUD, expected_origins=["https://aman.example"],
    )  # fmt: skip
    token = openid4vp.sign_request(told, KEY)
    assert "aud" not in jose.read_jws(token, typ=None).claims()
    read = openid4vp.read_signed_request(token, lambda *_: KEY.public_key())
    assert read.expected_origins == ("https://aman.example",)
    with pytest.raises(openid4vp.RequestMalformed):
        openid4vp.sign_request({name: told[name] for name in told if name != "expected_origins"}, KEY)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"client_id": "origin:https://aman.example"}, openid4vp.ClientIdRefused),
        ({"client_id": "web-origin:https://aman.example"}, openid4vp.ClientIdRefused),
        ({"client_id": "did:web:aman.example"}, openid4vp.ClientIdRefused),
        ({"client_id": "x509_san_dns:"}, openid4vp.ClientIdRefused),
        ({"client_id": ""}, openid4vp.ClientIdRefused),
        ({"client_id": ["x"]}, openid4vp.ClientIdRefused),
        ({"client_id": "x509_hash:abc"}, openid4vp.ClientIdRefused),
        ({"client_id": "x509_san_dns:other.example"}, openid4vp.RequestContradicts),
        ({"client_id": f"redirect_uri:{URI}"}, openid4vp.RequestContradicts),
        ({"redirect_uri": "https://aman.example/cb"}, openid4vp.RequestContradicts),
        ({"response_uri": "http://aman.example/a"}, openid4vp.RequestMalformed),
        ({"response_uri": "https://a@aman.example/a"}, openid4vp.RequestMalformed),
        ({"response_uri": "https://[::1"}, openid4vp.RequestMalformed),
        ({"response_uri": "https://aman.example:99999/"}, openid4vp.RequestMalformed),
        ({"response_uri": None}, openid4vp.RequestMalformed),
        ({"nonce": ""}, openid4vp.RequestMalformed),
        ({"nonce": "a b"}, openid4vp.RequestMalformed),
        ({"nonce": 5}, openid4vp.RequestMalformed),
        ({"state": "a\nb"}, openid4vp.RequestMalformed),
        ({"response_type": "code"}, openid4vp.ModeUnsupported),
        ({"response_mode": "form_post"}, openid4vp.ModeUnsupported),
        ({"response_mode": {}}, openid4vp.ModeUnsupported),
        ({"response_mode": "dc_api"}, openid4vp.RequestContradicts),
        ({"response_mode": "fragment"}, openid4vp.RequestContradicts),
        ({"client_metadata": {}}, openid4vp.RequestMalformed),
        ({"client_metadata": []}, openid4vp.MetadataMalformed),
        ({"client_metadata": {"jwks": {"keys": [{"kty": "EC", "d": "AA"}]}}}, openid4vp.MetadataMalformed),
        ({"client_metadata": {"jwks": {"keys": []}}}, openid4vp.MetadataMalformed),
        ({"client_metadata": {"vp_formats_supported": {"x": 1}}}, openid4vp.MetadataMalformed),
        (
            {"client_metadata": {"vp_formats_supported": {SD_JWT: {"kb-jwt_alg_values": ["HS256"]}}}},
            openid4vp.MetadataMalformed,
        ),
        ({"dcql_query": "x"}, dcql.QueryMalformed),
        ({"expected_origins": "https://aman.example"}, openid4vp.RequestMalformed),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(change, refusal):
    with pytest.raises(refusal):
        openid4vp.read_request(post() | change, signed=True)


@pytest.mark.parametrize(
    ("uri", "taken"),
    [
        ("http://localhost:8000/a", True),
        ("http://identitas.localhost/a", True),
        ("http://localhost.example/a", False),
        ("http://notlocalhost/a", False),
        ("http://127.0.0.1/a", False),
        ("http://a@localhost/a", False),
        ("ftp://localhost/a", False),
    ],
)
def test_plain_http_is_taken_to_this_machine_alone_and_only_where_that_is_said(uri, taken):
    told = {"client_id": f"redirect_uri:{uri}", "response_uri": uri}
    with pytest.raises(openid4vp.RequestMalformed):
        post(**told)
    if taken:
        assert post(**told, on_this_machine=True)["response_uri"] == uri
    else:
        with pytest.raises(openid4vp.RequestMalformed):
            post(**told, on_this_machine=True)


def test_a_parameter_that_stands_twice_is_refused():
    for form in ("a=1&a=2", "a", "a=%ff", "&".join(f"a{place}=1" for place in range(40)), "a=\udc80"):
        with pytest.raises(openid4vp.RequestMalformed):
            openid4vp.read_form(form)
    with pytest.raises(jose.TooLarge):
        openid4vp.read_form("a" * 200_000)


# --- answers


def test_a_posted_answer_is_read():
    body = urlencode({"vp_token": json.dumps({"age": ["a~b~"]}), "state": "s1", "other": "x"}).encode()
    read = openid4vp_answer.read_post(body)
    assert read.vp_token == {"age": ("a~b~",)}
    assert read.state == "s1"
    assert "a~b~" not in repr(read)


@pytest.mark.parametrize("outside", [False, True])
def test_an_encrypted_answer_is_read(outside):
    told = {"vp_token": {"age": ["a~b~"]}} | ({} if outside else {"state": "s1"})
    token = encrypt(json.dumps(told).encode(), JWK | {"kid": "1"})
    body = urlencode({"response": token} | ({"state": "s1"} if outside else {})).encode()
    assert openid4vp_answer.key_id_of_post(body) == "1"
    assert openid4vp_answer.read_encrypted_post(body, KEY, "1").state == "s1"
    assert openid4vp_answer.read_encrypted_browser({"response": token}, KEY, "1").vp_token == {
        "age": ("a~b~",)
    }


def test_an_encrypted_answer_may_not_come_plain_or_for_two_states():
    plain = {"vp_token": {"age": ["x"]}, "state": "s1"}
    with pytest.raises(openid4vp_answer.AnswerNotEncrypted):
        openid4vp_answer.read_encrypted_browser(plain, KEY)
    token = encrypt(json.dumps(plain).encode(), JWK | {"kid": "1"})
    with pytest.raises(openid4vp_answer.AnswerNotEncrypted):
        openid4vp_answer.read_encrypted_browser({"response": token} | plain, KEY)
    with pytest.raises(openid4vp_answer.AnswerMalformed):
        openid4vp_answer.read_encrypted_browser({"response": token, "state": "s2"}, KEY)
    with pytest.raises(jwe.NotDecrypted):
        openid4vp_answer.read_encrypted_browser({"response": token}, ec.derive_private_key(5, ec.SECP256R1()))


def test_a_wallets_error_is_told_by_its_code_alone():
    for read in (
        lambda: openid4vp_answer.read_post(b"error=access_denied&error_description=Sari+said+no&state=s1"),
        lambda: openid4vp_answer.read_encrypted_browser({"error": "access_denied"}, KEY),
    ):
        with pytest.raises(openid4vp_answer.WalletRefused) as refusal:
            read()
        assert refusal.value.facts == {"error": "access_denied"}
    with pytest.raises(openid4vp_answer.WalletRefused) as refusal:
        openid4vp_answer.read_browser({"error": "Sari"})
    assert refusal.value.facts == {"error": "other"}


@pytest.mark.parametrize(
    "told", [None, {}, [], "x", {"age": []}, {"age": "x"}, {"age": [""]}, {"age": [1]}, {"age": ["x"] * 33}]
)
def test_a_vp_token_of_another_form_is_refused(told):
    with pytest.raises(openid4vp_answer.AnswerMalformed):
        openid4vp_answer.read_browser({"vp_token": told})


# --- handovers


@given(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.booleans(),
)
@FEW
def test_the_browsers_transcript_as_another_library_builds_it(origin, nonce, encrypted):
    key = JWK if encrypted else None
    theirs = dcapi_session_transcript(
        origin, nonce, jwk_thumbprint=jose.thumbprint(JWK) if encrypted else None
    )
    assert openid4vp_answer.browser_transcript(origin, nonce, key) == theirs


def test_the_transcript_of_a_post_binds_all_four():
    import hashlib

    seen = set()
    for told in (
        (AUD, NONCE, URI, None),
        (AUD, NONCE, URI, JWK),
        ("x", NONCE, URI, None),
        (AUD, "x", URI, None),
    ):
        raw = openid4vp_answer.post_transcript(*told)
        first, second, (name, hash_) = cbor2.loads(raw)
        assert (first, second, name) == (None, None, "OpenID4VPHandover")
        print_ = jose.thumbprint(told[3]) if told[3] else None
        assert hash_ == hashlib.sha256(cbor2.dumps([told[0], told[1], print_, told[2]])).digest()
        seen.add(raw)
    assert len(seen) == 4


# --- DCQL


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"id": "a b"}, dcql.QueryMalformed),
        ({"id": ""}, dcql.QueryMalformed),
        ({"id": 1}, dcql.QueryMalformed),
        ({"format": None}, dcql.QueryMalformed),
        ({"meta": None}, dcql.QueryMalformed),
        ({"meta": {}}, dcql.QueryMalformed),
        ({"meta": {"vct_values": VCT}}, dcql.QueryMalformed),
        ({"meta": {"vct_values": []}}, dcql.QueryMalformed),
        ({"meta": {"vct_values": [1]}}, dcql.QueryMalformed),
        ({"meta": {"vct_values": ["v"] * 33}}, dcql.QueryTooLarge),
        ({"claims": []}, dcql.QueryMalformed),
        ({"claims": [{"path": ["a"]}] * 33}, dcql.QueryTooLarge),
        ({"claims": [{"path": ["a"]}, {"path": ["a"]}]}, dcql.IdRepeated),
        ({"claims": [{"path": ["a"], "id": "x"}, {"path": ["b"], "id": "x"}]}, dcql.IdRepeated),
        ({"claims": [{"path": []}]}, dcql.QueryMalformed),
        ({"claims": [{"path": [True]}]}, dcql.QueryMalformed),
        ({"claims": [{"path": [-1]}]}, dcql.QueryMalformed),
        ({"claims": [{"path": [1.5]}]}, dcql.QueryMalformed),
        ({"claims": [{"path": ["a"], "values": []}]}, dcql.QueryMalformed),
        ({"claims": [{"path": ["a"], "values": [None]}]}, dcql.QueryMalformed),
        ({"claim_sets": [["a"]]}, dcql.QueryMalformed),
        ({"claims": [{"path": ["a"], "id": "x"}], "claim_sets": [["y"]]}, dcql.ReferenceUnknown),
        ({"multiple": 1}, dcql.QueryMalformed),
        ({"require_cryptographic_holder_binding": "no"}, dcql.QueryMalformed),
        ({"trusted_authorities": []}, dcql.QueryMalformed),
        ({"trusted_authorities": [{"type": "aki", "values": "x"}]}, dcql.QueryMalformed),
        ({"format": MDOC, "meta": {"doctype_value": AV}, "claims": [{"path": [AV]}]}, dcql.QueryMalformed),
        ({"format": MDOC, "meta": {"doctype_value": AV}, "claims": [{"path": [AV, 0]}]}, dcql.QueryMalformed),
    ],
)
def test_a_query_that_breaks_a_rule_is_refused(change, refusal):
    told = {"credentials": [ONE["credentials"][0] | change]}
    with pytest.raises(refusal):
        dcql.read(told)


SYSTEM = {"system": "longfellow-libzk-v1", "id": "c"}


@pytest.mark.parametrize(
    ("meta", "refusal"),
    [
        ({}, dcql.QueryMalformed),
        ({"zk_system_type": []}, dcql.QueryMalformed),
        ({"zk_system_type": SYSTEM}, dcql.QueryMalformed),
        ({"zk_system_type": ["c"]}, dcql.QueryMalformed),
        ({"zk_system_type": [{"system": "longfellow-libzk-v1"}]}, dcql.QueryMalformed),
        ({"zk_system_type": [SYSTEM | {"id": ""}]}, dcql.QueryMalformed),
        ({"zk_system_type": [SYSTEM | {"system": 1}]}, dcql.QueryMalformed),
        ({"zk_system_type": [SYSTEM, SYSTEM | {"system": "other"}]}, dcql.IdRepeated),
        ({"zk_system_type": [SYSTEM | {"id": str(n)} for n in range(33)]}, dcql.QueryTooLarge),
        ({"zk_system_type": [SYSTEM], "doctype_value": [AV]}, dcql.DoctypeNoString),
        ({"zk_system_type": [SYSTEM], "doctype_value": f"{AV} "}, dcql.DoctypeWithBlank),
    ],
)
def test_a_query_for_a_proof_names_its_systems(meta, refusal):
    query = dcql.one_proof("a", AV, [AV, "age_over_16"], [SYSTEM])
    (one,) = dcql.read(query).credentials
    assert (one.format, one.types, one.supported) == ("mso_mdoc_zk", (AV,), True)
    query["credentials"][0]["meta"] = {"doctype_value": AV} | meta
    with pytest.raises(refusal):
        dcql.read(query)


def test_a_proof_is_not_asked_about_a_path_of_another_length():
    with pytest.raises(dcql.QueryMalformed):
        dcql.one_proof("a", AV, ["age_over_16"], [SYSTEM])


def test_a_device_may_prove_itself_by_a_mac_only_where_there_is_a_key_for_it():
    formats = openid4vp.client_metadata()["vp_formats_supported"]
    assert formats["mso_mdoc"]["deviceauth_alg_values"] == [-7, -9]
    assert "mso_mdoc_zk" not in formats
    formats = openid4vp.client_metadata(JWK, "1", proofs=True)["vp_formats_supported"]
    assert formats["mso_mdoc"]["deviceauth_alg_values"] == [-7, -9, -65537]
    assert formats["mso_mdoc_zk"]["deviceauth_alg_values"] == [-7, -9]


def test_sets_name_what_is_there():
    two = [ONE["credentials"][0], ONE["credentials"][0] | {"id": "b"}]
    with pytest.raises(dcql.IdRepeated):
        dcql.read({"credentials": [two[0], two[0]]})
    for options, refusal in (
        ([["x"]], dcql.ReferenceUnknown),
        ([[]], dcql.QueryMalformed),
        ([], dcql.QueryMalformed),
    ):
        with pytest.raises(refusal):
            dcql.read({"credentials": two, "credential_sets": [{"options": options}]})


def test_other_formats_are_read_and_named():
    told = {
        "credentials": [{"id": "x", "format": "jwt_vc_json", "meta": {"type_values": [["A"]]}}],
        "later": 1,
    }
    read = dcql.read(told)
    assert read.unsupported == ("jwt_vc_json",)
    with pytest.raises(dcql.FormatUnsupported):
        dcql.check(read, {"x": [fitting(format="jwt_vc_json")]})


def test_the_answer_to_our_one_question():
    query = dcql.read(ONE)
    dcql.check(query, {"age": [fitting()]})
    for came, refusal in (
        ({}, dcql.AnswerMissing),
        ({"other": [fitting()]}, dcql.AnswerUnasked),
        ({"age": [fitting()], "other": [fitting()]}, dcql.AnswerUnasked),
        ({"age": []}, dcql.AnswerRepeated),
        ({"age": [fitting(), fitting()]}, dcql.AnswerRepeated),
        ({"age": [fitting(type="https://other.example")]}, dcql.AnswerOfOtherKind),
        ({"age": [fitting(format=MDOC)]}, dcql.AnswerOfOtherKind),
        ({"age": [fitting({"age_over_18": True})]}, dcql.AnswerIncomplete),
        ({"age": [fitting(holder_bound=False)]}, dcql.AnswerNotBound),
        ({"age": [fitting(disclosed={("age_over_16",), ("birthdate",)})]}, dcql.AnswerTooMuch),
    ):
        with pytest.raises(refusal):
            dcql.check(query, came)


def test_an_mdoc_shows_the_one_element_and_no_other():
    query = dcql.read(dcql.one_claim("age", MDOC, [AV], [AV, "age_over_18"]))
    came = Presented(MDOC, AV, {AV: {"age_over_18": True}}, True)
    dcql.check(query, {"age": [came]})
    more = Presented(MDOC, AV, {AV: {"age_over_18": True, "birth_date": "2010-01-01"}}, True)
    with pytest.raises(dcql.AnswerTooMuch):
        dcql.check(query, {"age": [more]})


def test_values_are_checked_here_again_with_their_type():
    told = {
        "credentials": [ONE["credentials"][0] | {"claims": [{"path": ["age_over_16"], "values": [True]}]}]
    }
    query = dcql.read(told)
    dcql.check(query, {"age": [fitting()]})
    for value in (False, 1, "true", None):
        with pytest.raises(dcql.AnswerValueOther):
            dcql.check(query, {"age": [fitting({"age_over_16": value})]})


def test_one_of_the_claim_sets_is_enough():
    one = ONE["credentials"][0] | {
        "claims": [{"id": "a", "path": ["age_over_16"]}, {"id": "b", "path": ["birthdate"]}],
        "claim_sets": [["a"], ["b"]],
    }
    query = dcql.read({"credentials": [one]})
    dcql.check(query, {"age": [fitting()]})
    dcql.check(query, {"age": [fitting({"birthdate": "x"}, disclosed={("birthdate",)})]})
    with pytest.raises(dcql.AnswerIncomplete):
        dcql.check(query, {"age": [fitting({"name": "x"}, disclosed=())]})


def test_credential_sets_and_multiple():
    one = ONE["credentials"][0]
    told = {
        "credentials": [one | {"id": "a"}, one | {"id": "b"}, one | {"id": "c", "multiple": True}],
        "credential_sets": [{"options": [["a"], ["b"]]}, {"options": [["c"]], "required": False}],
    }
    query = dcql.read(told)
    for ids in (("a",), ("b",), ("a", "c")):
        dcql.check(query, {id_: [fitting()] for id_ in ids})
    dcql.check(query, {"a": [fitting()], "c": [fitting(), fitting()]})
    with pytest.raises(dcql.AnswerMissing):
        dcql.check(query, {"c": [fitting()]})


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("name",), ["A"]), (("degrees", None, "type"), ["B", "M"]), (("degrees", 1, "type"), ["M"]),
        (("list", 1), [2]),
        (("list", 9), []), (("name", "x"), []), (("list", "x"), []), (("degrees", None, "none"), []), (("none",), []),
        (("name", None), []), (("name", 0), []),
    ],
)  # fmt: skip
def test_a_path_leads_where_the_standard_says(path, found):
    claims = {"name": "A", "degrees": [{"type": "B"}, {"type": "M"}], "list": [1, 2]}
    assert dcql.select(claims, path) == found


BODY = urlencode({"vp_token": json.dumps({"age": ["x"]}), "state": "s"}).encode()


@given(st.binary(max_size=150))
@example(BODY)
@example(json.dumps(ONE).encode())
@example(json.dumps(post()).encode())
@example(b'{"age_over_16":true}')
@example(b'{"client_id":{},"response_type":"vp_token","nonce":"a","dcql_query":[]}')
@example(b'{"response":1}')
@example(openid4vp.sign_request(post(), KEY).encode())
@FEW
def test_any_bytes_raise_one_family(data):
    target(data)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_values_in_the_places_of_a_request_raise_one_family(data):
    junk = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=2), below, max_size=2),
        max_leaves=4,
    )
    told = json.loads(json.dumps(post()))
    node = told
    while True:
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        place = data.draw(st.sampled_from(places))
        if isinstance(node[place], dict | list) and node[place] and data.draw(st.booleans()):
            node = node[place]
            continue
        node[place] = data.draw(junk)
        break
    for signed in (True, False):
        try:
            openid4vp.read_request(told, signed=signed)
        except CredentialError:
            continue
