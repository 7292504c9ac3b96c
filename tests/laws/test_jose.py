"""Signed JSON: what is written is read again, what is changed is refused, and a stranger's bytes raise one family."""

import json
import math

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from fuzz.jose import target
from hypothesis import example, given, settings
from hypothesis import strategies as st
from joserfc import jwk as joserfc_jwk
from joserfc import jws as joserfc_jws
from tests.sd_jwt_wallet import encrypt

from ruangaman.core.credentials import jose, jwe
from ruangaman.core.credentials.errors import CredentialError

pytestmark = pytest.mark.slow

KEY = ec.derive_private_key(7_000_000_007, ec.SECP256R1())
FEW = settings(max_examples=60, deadline=None)
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=12)
JSON = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=80))
@FEW
def test_base64url_is_read_as_it_was_written(raw):
    assert jose.from_base64url(jose.to_base64url(raw)) == raw


@given(st.text("AZaz09-_+/= ", max_size=12))
@FEW
def test_base64url_has_one_form_for_each_value(text):
    try:
        raw = jose.from_base64url(text)
    except jose.NotBase64url:
        return
    assert jose.to_base64url(raw) == text


@given(JSON)
@FEW
def test_json_is_read_as_it_was_written(value):
    try:
        raw = jose.write_json(value)
    except UnicodeEncodeError:
        return
    assert jose.read_json(raw) == value


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b'{"a":1,"a":1}', jose.DuplicateKey),
        (b'{"x":{"a":1,"\\u0061":2}}', jose.DuplicateKey),
        (b"NaN", jose.NotJson),
        (b"[-Infinity]", jose.NotJson),
        (b"1e999", jose.NotJson),
        (b"1" * 5_000, jose.NotJson),
        (b'"\\ud800"', jose.NotJson),
        (b'{"\\uDFFF":1}', jose.NotJson),
        (b"\xef\xbb\xbf{}", jose.NotJson),
        (b"\xff", jose.NotJson),
        (b"{} {}", jose.NotJson),
        (b"{'a':1}", jose.NotJson),
        (b'{"a":1,}', jose.NotJson),
        (b"", jose.NotJson),
        (b"[" * 25 + b"]" * 25, jose.TooDeep),
        (b"[" * 100_000, jose.TooDeep),
        (b'{"a":' * 25 + b"1" + b"}" * 25, jose.TooDeep),
        (b" " * 131_073, jose.TooLarge),
    ],
)
def test_json_that_is_not_strict_is_refused(raw, refusal):
    with pytest.raises(refusal):
        jose.read_json(raw)


def test_brackets_inside_text_do_not_nest():
    assert jose.read_json(json.dumps(["[{" * 40, '\\"[' * 30]).encode()) == ["[{" * 40, '\\"[' * 30]


@given(st.dictionaries(st.text(max_size=8), SCALARS, max_size=4))
@FEW
def test_what_we_sign_another_library_verifies_and_the_other_way_round(claims):
    try:
        payload = jose.write_json(claims)
    except UnicodeEncodeError:
        return
    theirs = joserfc_jwk.ECKey.import_key(KEY)
    token = jose.sign({"typ": "x+jwt"}, payload, KEY)
    assert joserfc_jws.deserialize_compact(token, theirs, algorithms=["ES256"]).payload == payload
    other = joserfc_jws.serialize_compact(
        {"alg": "ES256", "typ": "x+jwt"}, payload, theirs, algorithms=["ES256"]
    )
    read = jose.read_jws(other, typ={"x+jwt"})
    jose.verify(read, KEY.public_key())
    assert read.claims() == claims


KEYS = {
    "ES256": (KEY, "EC"),
    "ES384": (ec.derive_private_key(7_000_000_007, ec.SECP384R1()), "EC"),
    "EdDSA": (ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32), "OKP"),
    "RS256": (rsa.generate_private_key(65537, 2048), "RSA"),
    "PS256": (rsa.generate_private_key(65537, 2048), "RSA"),
}


@pytest.mark.parametrize("alg", KEYS)
@pytest.mark.filterwarnings("ignore")
def test_each_algorithm_as_another_library_signs_it(alg):
    private, kty = KEYS[alg]
    theirs = joserfc_jwk.JWKRegistry.import_key(private, kty)
    token = joserfc_jws.serialize_compact({"alg": alg}, b"{}", theirs, algorithms=[alg])
    jwk = theirs.as_dict(private=False)
    key = jose.public_key({name: value for name, value in jwk.items() if name != "kid"}, alg=alg)
    jose.verify(jose.read_jws(token, typ=None), key)
    assert jose.to_base64url(jose.thumbprint(jwk)) == theirs.thumbprint()
    for other in KEYS.keys() - {alg}:
        foreign = joserfc_jwk.JWKRegistry.import_key(*KEYS[other])
        changed = jose.read_jws(
            joserfc_jws.serialize_compact({"alg": other}, b"{}", foreign, algorithms=[other]), typ=None
        )
        with pytest.raises((jose.KeyRefused, jose.SignatureWrong)):
            jose.verify(changed, key)


def test_the_thumbprint_of_the_rfc():
    """RFC 7638 3.1."""
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
        "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
        "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
        "nqDKgw"
    )
    jwk = {"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
    assert jose.to_base64url(jose.thumbprint(jwk)) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    jose.public_key(jwk)


TOKEN = jose.sign({"typ": "x+jwt"}, b'{"age_over_16":true}', KEY)


@given(st.integers(0, len(TOKEN) * 7 - 1))
@settings(max_examples=250, deadline=None)
def test_one_flipped_bit_is_refused(place):
    raw = bytearray(TOKEN.encode())
    raw[place // 7] ^= 1 << place % 7
    with pytest.raises(CredentialError):
        jose.verify(jose.read_jws(bytes(raw), typ={"x+jwt"}), KEY.public_key())


@pytest.mark.parametrize(
    "jwk",
    [
        {}, [], None, "x", {"kty": "EC"}, {"kty": "oct", "k": "AAAA"}, {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}, {"kty": "EC", "crv": ["P-256"], "x": 1, "y": 2},
        {"kty": "EC", "crv": "secp256k1", "x": "A" * 43, "y": "A" * 43}, {"kty": ["EC"]}, {"kty": {}},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"}, {"kty": "RSA", "n": "_" * 342, "e": "AQABAQABAQAB"},
    ],
)  # fmt: skip
def test_a_jwk_that_is_no_key_for_signatures_is_refused(jwk):
    with pytest.raises(jose.KeyRefused):
        jose.public_key(jwk)


def test_a_jwk_is_taken_only_for_its_use():
    good = jose.public_jwk(KEY.public_key())
    jose.public_key(good | {"use": "sig", "key_ops": ["verify"], "alg": "ES256"}, alg="ES256")
    for more in ({"use": "enc"}, {"key_ops": ["sign"]}, {"key_ops": "verify"}, {"d": "AA"}, {"alg": "ES384"}):
        with pytest.raises(jose.KeyRefused):
            jose.public_key(good | more, alg="ES256")
    with pytest.raises(jose.KeyRefused):
        jose.public_key(good, alg="ES384" if good["kty"] != "EC" else "EdDSA")


@pytest.mark.parametrize(
    ("header", "refusal"),
    [
        ({"alg": "ES256", "typ": "y"}, jose.WrongType),
        ({"alg": "ES256"}, jose.WrongType),
        ({"alg": "ES256", "typ": "text/x+jwt"}, jose.WrongType),
        ({"alg": "ES256", "typ": "x+jwt", "crit": ["exp"]}, jose.CriticalUnknown),
        ({"alg": "ES256", "typ": "x+jwt", "crit": []}, jose.CriticalUnknown),
        ({"alg": "ES256", "typ": "x+jwt", "b64": False}, jose.CriticalUnknown),
        ({"typ": "x+jwt"}, jose.AlgorithmRefused),
        ({"alg": ["ES256"], "typ": "x+jwt"}, jose.AlgorithmRefused),
    ],
)
def test_a_header_that_says_something_else_is_refused(header, refusal):
    with pytest.raises(refusal):
        jose.check_header(header, typ={"x+jwt"})


def test_the_type_may_be_written_in_its_long_form():
    jose.check_header({"alg": "ES256", "typ": "Application/X+JWT"}, typ={"x+jwt"})


PUBLIC = jose.public_jwk(KEY.public_key()) | {"kid": "1"}


@given(
    st.binary(min_size=1, max_size=60),
    st.sampled_from(["A128GCM", "A256GCM"]),
    st.sampled_from([{}, {"apu": "YQ", "apv": "Yg"}]),
)
@FEW
def test_what_a_wallet_encrypts_to_us_opens(plain, enc, parties):
    token = encrypt(plain, PUBLIC, enc, **parties)
    assert jwe.key_id(token) == "1"
    assert jwe.decrypt(token, KEY, kid="1") == plain


@pytest.mark.parametrize("size", [65_535, 65_537, 530_000])
def test_a_long_answer_opens_too(size):
    plain = b"x" * size
    assert jwe.decrypt(encrypt(plain, PUBLIC), KEY, kid="1") == plain


def test_an_answer_beyond_the_limit_is_not_opened():
    with pytest.raises(jose.TooLarge):
        jwe.decrypt(encrypt(b"x" * 545_000, PUBLIC), KEY, kid="1")


ENCRYPTED = encrypt(b'{"vp_token":{"age":["x"]}}', PUBLIC)


@given(st.integers(0, len(ENCRYPTED) * 7 - 1))
@FEW
def test_one_flipped_bit_does_not_open(place):
    raw = bytearray(ENCRYPTED.encode())
    raw[place // 7] ^= 1 << place % 7
    with pytest.raises(CredentialError):
        jwe.decrypt(bytes(raw), KEY, kid="1")


def test_only_the_asked_way_of_encrypting_is_taken():
    with pytest.raises(jwe.NotDecrypted):
        jwe.decrypt(ENCRYPTED, ec.derive_private_key(5, ec.SECP256R1()), kid="1")
    with pytest.raises(jwe.EncryptionRefused):
        jwe.decrypt(ENCRYPTED, KEY, kid="2")
    with pytest.raises(jwe.EncryptionRefused):
        jwe.decrypt(ENCRYPTED, KEY, encryptions={"A128GCM"})
    with pytest.raises(jwe.EncryptionRefused):
        jwe.decrypt(encrypt(b"{}", PUBLIC, "A128CBC-HS256"), KEY)
    with pytest.raises(jwe.EncryptionRefused):
        jwe.decrypt(encrypt(b"a" * 100_000, PUBLIC, zip="DEF"), KEY)
    with pytest.raises(jose.TooLarge):
        jwe.decrypt("a" * 720_897, KEY)


@given(st.binary(max_size=120) | JSON.map(lambda value: json.dumps(value).encode()))
@example(TOKEN.encode())
@example(ENCRYPTED.encode())
@example(json.dumps(PUBLIC).encode())
@example(b'{"kty":"RSA","n":"' + b"_" * 700 + b'","e":"Ag"}')
@FEW
def test_any_bytes_raise_one_family(data):
    target(data)


def test_nothing_here_is_not_a_number():
    assert not math.isnan(jose.read_json(b"1.5"))


def test_another_curve_of_the_same_size_is_refused():
    """ES256 means P-256 (RFC 7518 3.4), whatever else has 256 bits."""
    for curve in (ec.SECP256K1(), ec.BrainpoolP256R1()):
        with pytest.raises(jose.KeyRefused):
            jose.verify(jose.read_jws(TOKEN, typ=None), ec.derive_private_key(7, curve).public_key())
