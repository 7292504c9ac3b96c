"""The quick door of SD-JWT VC and the plain one: what the quick takes or refuses, the plain takes or refuses alike."""

import json
from collections import Counter
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fuzz.sd_jwt_quick import BINDING, HOLDER, ISSUER, NOW, both, target
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sd_jwt_wallet import prove

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_quick, sd_jwt_vc
from ruangaman.core.credentials.sd_jwt import SdJwt

pytestmark = pytest.mark.slow

FEW = settings(max_examples=150, deadline=None)
DISCLOSURES = tuple(
    jose.to_base64url(text)
    for text in (
        b'["s1","age_over_13",true]',
        b'["s2","age_over_16",true]',
        b'["s3","note","\xc3\xa9"]',
        b'["s4","n",12]',
        b'["s4", "spaced", 1.5]',
        b'["s5","iss","other"]',
        b'["s6","_sd","x"]',
        b'["s7","...","x"]',
        b'["s8","_sd_alg","x"]',
        b'["s9","vct","x"]',
        b'["sa","nbf",1]',
        b'["sb","status","x"]',
        b'["s1","nested",{"_sd":[]}]',
        b'["s1","list",["a"]]',
        b'["s1","twice",{"a":1,"a":1}]',
        b'["s1","big",123456789012345678901234567890]',
        b'["s1","escaped","\\u00e9\\ud800"]',
        b'["s1","control","\x01"]',
        b'["s1","zero",-0]',
        b'["s1","utf8","\xff"]',
        b'["s1","far",1e999]',
        b'["s1",2]',
        b'[1,"a",2]',
        b"{}",
    )
)
JWK = jose.public_jwk(HOLDER.public_key())
GOOD: dict[str, Any] = {
    "vct": "https://aman.example/vct/umur/1",
    "iss": "https://aman.example",
    "iat": NOW - 60,
    "exp": NOW + 86_400,
    "assurance": "strict",
    "_sd": [sd_jwt.digest(one) for one in DISCLOSURES],
    "_sd_alg": "sha-256",
    "cnf": {"jwk": JWK},
}
NESTS = [
    {"_sd": []},
    {"...": "x"},
    [{"...": "x"}],
    {"a": {"_sd": "x"}},
    {"a": {"b": 1}},
    ["a"],
    [1],
    [["..."]],
    {},
]
VALUES = [None, True, False, 0, -1, 1.5, 1e300, "", "a", "é", "_sd", "...", *NESTS]
EDGES = [NOW + far + one for far in (-300, 0, 300) for one in (-1, 0, 1)]
TIMES = [*EDGES, True, None, "0", NOW + 0.5, 2**70, 1e300]
CNFS = [
    None,
    {},
    {"jwk": {**JWK, "d": "AA"}},
    {"jwk": {**JWK, "use": "enc"}},
    {"jwk": {**JWK, "kid": "1"}},
    {"jwk": {**JWK, "crv": "P-384"}},
    {"jwk": {**JWK, "kty": "OKP"}},
    {"jwk": {**JWK, "y": JWK["x"]}},
    {"jwk": {**JWK, "x": JWK["x"] + "="}},
    {"jwk": {**JWK, "x": "é" * 43}},
    {"jwk": {**JWK, "y": JWK["y"][:-1] + "B"}},
    {"jwk": {"kty": "EC", "crv": "P-256", "x": JWK["x"], "...": "a"}},
    {"jwk": JWK, "kid": "1"},
    {"jwk": JWK, "more": {"a": "b"}},
    {"jwk": JWK, "more": {"_sd": "b"}},
    {"jwk": {"kty": "EC", "crv": "P-256", "x": 1, "y": JWK["y"]}},
]
STATUSES = [
    {"status_list": {"idx": 7, "uri": "https://aman.example/status/1"}},
    {"status_list": {"idx": -1, "uri": "u"}},
    {"status_list": {"idx": 7, "uri": "u", "_sd": "x"}},
    {"status_list": {"idx": "7", "uri": "u"}},
    {"status_list": 1},
    {"status_list": {"idx": 7, "uri": "u"}, "more": {"...": "b"}},
    {"other": {"idx": 7, "uri": "u"}},
    1,
]
CHANGES = {
    "iat": TIMES,
    "exp": TIMES,
    "nbf": TIMES,
    "aud": ["", "a", ["a"], None],
    "cnf": CNFS,
    "status": STATUSES,
    "vct": VALUES,
    "iss": VALUES,
    "_sd": [[], ["a", "a"], "abc", {"a": {}}, [1], None, ["a", ["b"]], GOOD["_sd"] + ["extra"]],
    "_sd_alg": ["sha-512", "SHA-256", None, 1, {"a": {}}],
    "...": VALUES,
    "more": VALUES,
    "age_over_16": VALUES,
}
PROOFS = {
    "iat": TIMES,
    "exp": TIMES,
    "nbf": TIMES,
    "nonce": VALUES,
    "aud": VALUES,
    "sd_hash": ["", "a", None, 1],
    "more": VALUES,
}
HEADERS = (
    {"typ": "dc+sd-jwt"},
    {"typ": "application/VC+SD-JWT", "kid": "1"},
    {"typ": "dc+sd-jwt", "x5c": ["AAAA"]},
    {"typ": "kb+jwt"},
    {},
    {"typ": 1},
    {"typ": "dc+sd-jwt", "crit": ["a"]},
    {"typ": "dc+sd-jwt", "b64": False},
    {"typ": "dc+sd-jwt", "jwk": {"kty": "EC"}},
    {"typ": "dc+sd-jwt", "n": 1.0},
)
seen: Counter[str] = Counter()


def changes(of):
    """Mostly none, so that what follows is looked at too."""
    one = st.sampled_from(sorted(of)).flatmap(
        lambda name: st.builds(lambda value: {name: value}, st.sampled_from(of[name]))
    )
    return st.just({}) | st.just({}) | one | st.builds(lambda first, second: first | second, one, one)


def mostly(usual, others):
    return st.sampled_from([usual] * 6 + list(others))


def written(value, spaced):
    return json.dumps(value, ensure_ascii=spaced, separators=None if spaced else (",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def signed(
    disclosures,
    payload,
    proof,
    *,
    header=HEADERS[0],
    proof_header=None,
    spaced=False,
    issuer=ISSUER,
    holder=HOLDER,
):
    """What the quick door did with it."""
    sent = SdJwt(jose.sign(header, written(GOOD | payload, spaced), issuer), tuple(disclosures), None)
    try:
        sent = prove(sent, holder, now=NOW, header=proof_header, **proof)
    except (KeyError, TypeError):  # the wallet of the tests knows no hash of that name
        sd_hash = sd_jwt.digest(sent.presented)
        told = {"iat": NOW, "aud": BINDING.aud, "nonce": BINDING.nonce, "sd_hash": sd_hash} | proof
        kb_jwt = jose.sign(proof_header or {"typ": "kb+jwt"}, jose.write_json(told), holder)
        sent = SdJwt(sent.issuer_jwt, sent.disclosures, kb_jwt)
    done = both(sent.compact)
    assert both(sent.compact.encode()) == done
    return done


@given(
    st.lists(st.sampled_from(DISCLOSURES[:4]), max_size=3, unique=True)
    | st.lists(st.sampled_from(DISCLOSURES), max_size=2),
    changes(CHANGES),
    changes(PROOFS),
    mostly({"typ": "dc+sd-jwt"}, HEADERS),
    mostly({"typ": "kb+jwt"}, HEADERS),
    mostly(False, [True]),
    mostly(ISSUER, [HOLDER]),
    mostly(HOLDER, [ISSUER]),
)
@settings(max_examples=600, deadline=None)
def whatever_is_signed(disclosures, payload, proof, header, proof_header, spaced, issuer, holder):
    done = signed(
        disclosures,
        payload,
        proof,
        header=header,
        proof_header=proof_header,
        spaced=spaced,
        issuer=issuer,
        holder=holder,
    )
    seen[done] += 1


def test_whatever_is_signed():
    """It would say nothing if the quick door left everything, so what it did is counted."""
    seen.clear()
    whatever_is_signed()
    assert min(seen["taken"], seen["left"]) > 20


def test_one_change_at_a_time():
    for proof, of in ((False, CHANGES), (True, PROOFS)):
        for name, values in of.items():
            for value in values:
                told, answered = ({}, {name: value}) if proof else ({name: value}, {})
                signed(DISCLOSURES[:1], told, answered)
                signed((), told, answered)
    for header in HEADERS:
        signed((), {}, {}, header=header)
        signed((), {}, {}, proof_header=header)
    for one in DISCLOSURES:
        signed((one,), {}, {})
        signed((DISCLOSURES[0], one), {}, {})


def test_a_proof_by_another_key_and_a_key_that_is_no_point():
    issued = SdJwt(good().issuer_jwt, (), None)
    assert both(prove(issued, ISSUER).compact) == "refused"
    no_point = GOOD | {"cnf": {"jwk": {**JWK, "y": JWK["x"]}}}
    issued = SdJwt(jose.sign({"typ": "dc+sd-jwt"}, written(no_point, False), ISSUER), (), None)
    assert both(prove(issued, HOLDER).compact) == "refused"


@pytest.mark.parametrize(
    "payload",
    [
        b'{"vct":"a",%b',
        b'{"iat":1,%b',
        b"{ %b",
        b'{"a":"\\u0041",%b',
        b'{"a":"\\ud800",%b',
        b'{"a":1e2,%b',
        b'{"a":NaN,%b',
        b'{"a":-0,%b',
        b'{"a":1.0,%b',
        b'{"a":"\x01",%b',
        b'{"a":"\xff",%b',
        b'{"a":"\xed\xa0\x80",%b',
        b'{"a":123456789012345678901234567890,%b',
        b'{"cnf":{"jwk":1},%b',
        b'{"a":{"b":{"c":1,"c":1}},%b',
        b"\xef\xbb\xbf{%b",
        b"[{%b]",
        b'{"a":%b' % (b"[" * 60 + b"]" * 60 + b",%b"),
    ],
)
def test_text_that_no_writer_of_ours_makes(payload):
    raw = payload % written(GOOD, False)[1:]
    one = SdJwt(jose.sign({"typ": "dc+sd-jwt"}, raw, ISSUER), DISCLOSURES[:1], None)
    digest = sd_jwt.digest(one.presented)
    for told in (
        b'{"iat":%d,"aud":"%b","nonce":"%b","sd_hash":"%b"}',
        b'{"iat":%d,"aud":"%b","nonce":"%b","nonce":"n","sd_hash":"%b"}',
        b'{"nonce":"n","iat":%d,"aud":"%b","nonce":"%b","sd_hash":"%b"}',
    ):
        proof = told % (NOW, BINDING.aud.encode(), BINDING.nonce.encode(), digest.encode())
        kb_jwt = jose.sign({"typ": "kb+jwt"}, proof, HOLDER)
        for chosen in (one, SdJwt(good().issuer_jwt, DISCLOSURES[:1], None)):
            both(SdJwt(chosen.issuer_jwt, chosen.disclosures, kb_jwt).compact)


def good(*disclosures: str) -> SdJwt:
    issued = SdJwt(jose.sign({"typ": "dc+sd-jwt"}, written(GOOD, False), ISSUER), disclosures, None)
    return prove(issued, HOLDER, now=NOW)


SHOWN = good(*DISCLOSURES[:2]).compact
ANY_BYTE = st.sampled_from(sorted({*b'~.=+/-_"\\\x00\x80\xffAQgwBZ09 \n{}'})) | st.integers(0, 255)


def test_our_own_credential_takes_the_quick_door():
    assert both(SHOWN) == both(SHOWN.encode()) == "taken"


@given(
    st.lists(st.tuples(st.integers(0, len(SHOWN) - 1), ANY_BYTE, st.integers(0, 2)), min_size=1, max_size=2)
)
@settings(max_examples=500, deadline=None)
def test_a_byte_changed_put_in_or_left_out(edits):
    raw = bytearray(SHOWN.encode())
    for place, byte, kind in edits:
        place = min(place, len(raw) - 1)
        raw[place : place + (kind != 1)] = bytes([byte]) if kind < 2 else b""
    both(bytes(raw))


@given(st.lists(st.tuples(st.integers(0, len(SHOWN)), st.integers(0, len(SHOWN))), min_size=1, max_size=3))
@FEW
def test_pieces_put_together_anew(pieces):
    both(b"".join(SHOWN.encode()[start:end] for start, end in pieces))


@given(st.lists(st.sampled_from(SHOWN.replace("~", ".~.").split(".")), max_size=12), st.data())
@FEW
def test_parts_put_together_anew(parts, data):
    both("".join(part + data.draw(st.sampled_from([".", "~", ""])) for part in parts))


def test_each_last_letter_of_each_part():
    """Bits that stand for nothing are refused wherever they stand."""
    ends = [place for place, one in enumerate(SHOWN + "~") if one in ".~"]
    for end in ends:
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=":
            changed = SHOWN[: end - 1] + letter + SHOWN[end:]
            assert (both(changed) == "taken") == (changed == SHOWN)


@given(st.binary(max_size=9) | st.text('Aw9-_+/="\\!u0,', max_size=9).map(str.encode))
@example(b'A"],["A')
@example(b"\\u0041AA")
@settings(max_examples=500, deadline=None)
def test_base64url_is_read_as_strictly(text):
    try:
        expected = jose.from_base64url(text)
    except jose.NotBase64url:
        expected = None
    try:
        read = sd_jwt_quick._bytes([text, b"QQ"])
        found = read[0] if read[1:] == [b"A"] else read
    except sd_jwt_quick._LEFT:
        found = None
    assert found == expected or (text == b"" and found is None)


@pytest.mark.parametrize(
    "key",
    [
        ec.derive_private_key(5, ec.SECP384R1()).public_key(),
        rsa.RSAPublicNumbers(65537, (1 << 2047) + 1).public_key(),
        HOLDER.public_key(),
    ],
    ids=["P-384", "RSA", "another"],
)
def test_a_key_that_does_not_fit(key):
    assert both(SHOWN, key) == "refused"


def test_what_the_finder_of_keys_sees_is_not_what_the_holder_added():
    asked = []

    def key_of(header, payload):
        asked.append((dict(header), dict(payload)))
        header["more"] = "x"  # what is kept of a header is nobody's to change
        return ISSUER.public_key()

    for sent in (SHOWN, SHOWN, sd_jwt.read(SHOWN)):
        sd_jwt_vc.verify(sent, key_of=key_of, now=NOW, key_binding=BINDING, vct=None)
    assert asked[0] == asked[1] == asked[2]
    assert "age_over_13" not in asked[0][1]


@given(st.binary(max_size=200))
@example(SHOWN.encode())
@FEW
def test_the_fuzz_target(data):
    target(data)
