"""Laws of status lists: round trips, the slow second truth, only our own refusals, and no flipped bit goes unseen."""

import json
import zlib

import cbor2
import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from fuzz.status_list import target
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.vectors import slow_status_list as slow

from ruangaman.core.credentials import cbor, cose, jose
from ruangaman.core.credentials import status_list as lists
from ruangaman.core.credentials import status_list_build as build
from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import from_base64url, to_base64url
from ruangaman.core.credentials.status_list_errors import (
    StatusIndexOutOfRange,
    StatusListFull,
    StatusListInflatesTooFar,
    StatusListMalformed,
    StatusListNotZlib,
    StatusReferenceMalformed,
    StatusTokenFromTheFuture,
    StatusTokenMissing,
    StatusTokenOfAnotherType,
    StatusTokenStale,
)

pytestmark = pytest.mark.slow

URI = "https://umur.example/status/1"
NOW = 1_800_000_000
KEY = ec.derive_private_key(5, ec.SECP256R1())
ONE = lists.Reference(1, URI)
BITS = st.sampled_from([1, 2, 4, 8])


def sign(data: bytes) -> bytes:
    r, s = decode_dss_signature(KEY.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def of(key):
    """Whoever may have signed has this key."""
    return lambda _header: key.public_key()


OURS = of(KEY)
LIST = build.status_list(bytes([0, 1, 2, 3]), 2)
CLAIMS = {
    "sub": URI,
    "iat": NOW,
    "exp": NOW + 86_400,
    "ttl": tokens.CONSENT_TTL_SECONDS,
    "alg": "ES256",
    "sign": sign,
}
JWT = tokens.status_jwt(LIST, kid="a", **CLAIMS)
CWT = tokens.status_cwt(LIST, kid=b"a", **CLAIMS)


def check(token, now=NOW, uri=URI, key_of=OURS, **more):
    work = tokens.check_status_jwt if isinstance(token, str) else tokens.check_status_cwt
    return work(token, uri, now=now, key_of=key_of, **more)


def jwt_of(header, claims):
    signed = ".".join(to_base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{to_base64url(sign(signed.encode()))}"


def cwt_of(header, claims, unprotected=None, tag=18):
    protected, payload = cbor2.dumps(header), cbor2.dumps(claims)
    signature = sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    whole = [protected, unprotected or {}, payload, signature]
    return cbor2.dumps(cbor2.CBORTag(tag, whole) if tag else whole)


GOOD_HEADER = {"alg": "ES256", "typ": "statuslist+jwt"}
GOOD_CLAIMS = {"sub": URI, "iat": NOW, "status_list": lists.json_form(LIST)}
GOOD_COSE_HEADER = {1: -7, 16: "application/statuslist+cwt"}
GOOD_CWT_CLAIMS = {2: URI, 6: NOW, 65533: lists.cbor_form(LIST)}


@given(bits=BITS, data=st.data())
@settings(max_examples=60)
def test_packing_and_reading_agree_with_the_slow_truth(bits, data):
    values = data.draw(st.lists(st.integers(0, (1 << bits) - 1), max_size=70))
    made = build.status_list(bytes(values), bits, "https://umur.example/lists")
    assert made.packed == slow.packed(values, bits)
    assert slow.statuses(made.packed, bits)[: len(values)] == values
    assert [made.status(idx) for idx in range(len(values))] == values
    assert lists.read_json(json.dumps(lists.json_form(made)).encode()) == made
    assert lists.read_cbor(lists.write_cbor(made)) == made


@given(packed=st.binary(max_size=40), bits=BITS)
@settings(max_examples=60)
def test_any_bytes_are_a_list_that_reads_as_the_slow_truth_says(packed, bits):
    found = lists.StatusList(bits, packed)
    assert [found.status(idx) for idx in range(len(found))] == slow.statuses(packed, bits)
    for idx in (-1, -len(found) - 1, len(found), 2**31):
        with pytest.raises(StatusIndexOutOfRange):
            found.status(idx)


@pytest.mark.parametrize("token", [JWT, CWT], ids=["jwt", "cwt"])
def test_a_token_that_was_written_is_read_again(token):
    found = check(token)
    assert found == tokens.StatusToken(URI, NOW, NOW + 86_400, 900, LIST)
    assert found.keep_until(fetched=NOW + 100) == NOW + 1_000
    assert found.keep_until(fetched=NOW + 86_000) == NOW + 86_400


@given(data=st.data())
@settings(max_examples=150)
def test_one_flipped_bit_in_a_token_is_refused(data):
    token = data.draw(st.sampled_from([JWT.encode(), CWT]))
    changed = bytearray(token)
    changed[data.draw(st.integers(0, len(token) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    # The unprotected header is not signed: the name of the key there may be changed by anyone, to no effect.
    if token is CWT and token.index(b"\xa1\x04\x41\x61") + 1 <= _first_difference(token, changed) <= (
        token.index(b"\xa1\x04\x41\x61") + 3
    ):
        return
    with pytest.raises(CredentialError):
        check(changed.decode("latin-1") if token is not CWT else bytes(changed))


def _first_difference(one, other):
    return next(place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1])


def test_a_signature_has_one_form_only():
    head, _, signature = JWT.rpartition(".")
    raw = from_base64url(signature)
    for other in (
        b"",
        raw[:32] + b"\x00" + raw[32:],
        raw + b"\x00",
        bytes(64),
        b"\xff" * 64,
        raw[32:] + raw[:32],
    ):
        with pytest.raises(jose.SignatureWrong if other else jose.NotCompact):
            check(f"{head}.{to_base64url(other)}")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"typ": "JWT"}, jose.WrongType),
        ({"typ": "dc+sd-jwt"}, jose.WrongType),
        ({"typ": None}, jose.WrongType),
        ({"alg": "none"}, jose.AlgorithmRefused),
        ({"alg": "HS256"}, jose.AlgorithmRefused),
        ({"alg": ["ES256"]}, jose.AlgorithmRefused),
        ({"crit": ["b64"]}, jose.CriticalUnknown),
        ({"alg": "ES384"}, jose.KeyRefused),
        ({"alg": "EdDSA"}, jose.KeyRefused),
    ],
)
def test_a_header_of_another_kind_is_refused(change, refusal):
    assert check(jwt_of(GOOD_HEADER, GOOD_CLAIMS)).status_list == LIST
    with pytest.raises(refusal):
        check(jwt_of(GOOD_HEADER | change, GOOD_CLAIMS))


@pytest.mark.parametrize(
    ("header", "unprotected", "tag", "refusal"),
    [
        (GOOD_COSE_HEADER | {16: "application/cwt"}, {}, 18, StatusTokenOfAnotherType),
        ({1: -7}, {16: "application/statuslist+cwt"}, 18, StatusTokenOfAnotherType),
        ({16: "application/statuslist+cwt"}, {1: -7}, 18, cose.AlgorithmRefused),
        (GOOD_COSE_HEADER | {1: 5}, {}, 18, cose.AlgorithmRefused),
        (GOOD_COSE_HEADER | {1: True}, {}, 18, cose.AlgorithmRefused),
        (GOOD_COSE_HEADER | {2: [99]}, {}, 18, cose.MessageMalformed),
        (GOOD_COSE_HEADER, {1: -7}, 18, cose.MessageMalformed),
        (GOOD_COSE_HEADER, {}, 17, cose.MessageMalformed),
        (GOOD_COSE_HEADER, {}, 61, cose.MessageMalformed),
        (GOOD_COSE_HEADER, {}, None, cose.MessageMalformed),
    ],
)
def test_a_cose_message_of_another_kind_is_refused(header, unprotected, tag, refusal):
    assert check(cwt_of(GOOD_COSE_HEADER, GOOD_CWT_CLAIMS)).status_list == LIST
    with pytest.raises(refusal):
        check(cwt_of(header, GOOD_CWT_CLAIMS, unprotected, tag))


CHANGES = [
    ({"sub": None}, StatusListMalformed),
    ({"iat": None}, StatusListMalformed),
    ({"iat": True}, StatusListMalformed),
    ({"iat": -1}, StatusListMalformed),
    ({"exp": "2291720170"}, StatusListMalformed),
    ({"exp": 1e300}, StatusListMalformed),
    ({"ttl": 0}, StatusListMalformed),
    ({"aud": "someone"}, StatusListMalformed),
    ({"nbf": NOW + 301}, StatusTokenFromTheFuture),
    ({"status_list": None}, StatusListMalformed),
    ({"status_list": []}, StatusListMalformed),
]
LABELS = {"sub": 2, "aud": 3, "exp": 4, "nbf": 5, "iat": 6, "ttl": 65534, "status_list": 65533}


@pytest.mark.parametrize(("change", "refusal"), CHANGES)
def test_a_claim_that_is_wrong_is_refused_in_both_forms(change, refusal):
    with pytest.raises(refusal):
        check(jwt_of(GOOD_HEADER, GOOD_CLAIMS | change))
    with pytest.raises(refusal):
        check(
            cwt_of(
                GOOD_COSE_HEADER, GOOD_CWT_CLAIMS | {LABELS[name]: value for name, value in change.items()}
            )
        )


@pytest.mark.parametrize("form", ["jwt", "cwt"])
def test_a_token_says_when_it_was_issued_and_is_checked_by_a_public_key(form):
    if form == "jwt":
        make, header, claims, iat = jwt_of, GOOD_HEADER, GOOD_CLAIMS, "iat"
    else:
        make, header, claims, iat = cwt_of, GOOD_COSE_HEADER, GOOD_CWT_CLAIMS, LABELS["iat"]
    assert check(make(header, claims)).status_list == LIST
    without = {name: value for name, value in claims.items() if name != iat}
    with pytest.raises(StatusListMalformed):
        check(make(header, without))
    refusal = jose.KeyRefused if form == "jwt" else cose.AlgorithmRefused
    for key in (None, b"a secret", "PEM"):
        with pytest.raises(refusal):
            check(make(header, claims), key_of=lambda _, key=key: key)


def test_a_list_in_cbor_is_bytes_and_one_in_json_is_text():
    packed = zlib.compress(b"\x01")
    for lst in (to_base64url(packed), 1, None, [packed]):
        with pytest.raises(StatusListMalformed):
            lists.of_cbor({"bits": 1, "lst": lst})
    for lst in (packed, 1, None):
        with pytest.raises(StatusListMalformed):
            lists.of_json({"bits": 1, "lst": lst})


def test_the_list_is_not_inflated_before_the_signature_is_good():
    claims = GOOD_CLAIMS | {"status_list": {"bits": 1, "lst": to_base64url(zlib.compress(bytes(1 << 20)))}}
    head, body, signature = jwt_of(GOOD_HEADER, claims).split(".")
    with pytest.raises(jose.SignatureWrong):
        check(f"{head}.{body}.{signature[:-4]}AAAA", limits=lists.Limits(list_bytes=10))


@pytest.mark.parametrize(
    ("found", "refusal"),
    [
        ({"lst": "eNrbuRgAAhcBXQ"}, StatusListMalformed),
        ({"bits": True, "lst": "eNrbuRgAAhcBXQ"}, StatusListMalformed),
        ({"bits": 1.0, "lst": "eNrbuRgAAhcBXQ"}, StatusListMalformed),
        ({"bits": 3, "lst": "eNrbuRgAAhcBXQ"}, StatusListMalformed),
        ({"bits": 16, "lst": "eNrbuRgAAhcBXQ"}, StatusListMalformed),
        ({"bits": 1}, StatusListMalformed),
        ({"bits": 1, "lst": 7}, StatusListMalformed),
        ({"bits": 1, "lst": "eNrbuRgAAhcBXQ", "aggregation_uri": None}, StatusListMalformed),
        ({"bits": 1, "lst": "eNrbuRgAAhcBXQ", "aggregation_uri": "javascript:1"}, StatusListMalformed),
        ({"bits": 1, "lst": "eNrbuRgAAhcBXQ=="}, jose.NotBase64url),
        ({"bits": 1, "lst": "eNrbuRgAAhcBXR"}, jose.NotBase64url),
        ({"bits": 1, "lst": "eNrbu/gAAhcBXQ"}, jose.NotBase64url),
        ({"bits": 1, "lst": "eNrbuRgAAhcBX\n"}, jose.NotBase64url),
        ({"bits": 1, "lst": "eNrbuRgAAhcB"}, StatusListNotZlib),
        ({"bits": 1, "lst": "eNrbuRgAAhcBXgAA"}, StatusListNotZlib),
        ({"bits": 1, "lst": to_base64url(zlib.compress(b"ab") + b"\x00")}, StatusListNotZlib),
        ({"bits": 1, "lst": to_base64url(zlib.compress(b"ab")[2:-4])}, StatusListNotZlib),
        ({"bits": 1, "lst": ""}, StatusListNotZlib),
    ],
)
def test_a_list_of_another_shape_is_refused(found, refusal):
    with pytest.raises(refusal):
        lists.of_json(found)


def test_a_list_at_the_cap_is_read_and_one_byte_more_is_not():
    limits = lists.Limits(list_bytes=1_000)
    assert lists.inflate(zlib.compress(bytes(1_000)), limits.list_bytes) == bytes(1_000)
    with pytest.raises(StatusListInflatesTooFar):
        lists.inflate(zlib.compress(bytes(1_001)), limits.list_bytes)
    with pytest.raises(jose.TooLarge):
        lists.read_json(b" " * 101, lists.Limits(read_bytes=100))
    with pytest.raises(jose.TooLarge):
        check(JWT, limits=lists.Limits(read_bytes=len(JWT) - 1))
    with pytest.raises(cbor.TooLarge):
        lists.read_cbor(bytes(101), lists.Limits(read_bytes=100))
    with pytest.raises(cbor.TooLarge):
        check(CWT, limits=lists.Limits(read_bytes=len(CWT) - 1))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (b"[" * 100_000, jose.TooLarge),
        (b'{"a":[' + b"{}," * 62 + b"{}]}", jose.TooLarge),
        (b"[" * 30 + b"]" * 30, jose.TooDeep),
    ],
)
def test_json_of_more_parts_than_a_list_needs_is_not_parsed(text, refusal):
    with pytest.raises(refusal):
        lists.parsed_json(text)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("81" * 10 + "01", cbor.TooDeep),
        ("9903e9" + "00" * 1001, cbor.TooManyItems),
        ("9828" + ("9828" + "00" * 40) * 40, cbor.TooManyItems),
    ],
)
def test_cbor_of_more_parts_than_a_list_needs_is_not_parsed(text, refusal):
    with pytest.raises(refusal):
        lists.parsed_cbor(bytes.fromhex(text))


PLAIN = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.text(max_size=5) | st.binary(max_size=5) | st.booleans() | st.none()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inside: st.lists(inside, max_size=3)
    | st.dictionaries(st.integers(-9, 9) | st.text(max_size=3), inside, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.binary(max_size=90))
@settings(max_examples=200)
@example(b"\x00" + json.dumps(lists.json_form(LIST)).encode())
@example(b"\x01" + lists.write_cbor(LIST))
@example(b"\x02" + JWT.encode())
@example(b"\x04" + CWT)
def test_whatever_the_bytes_only_our_own_refusals_come(data):
    target(data)


@given(reader=st.integers(0, 7), value=PLAIN, data=st.data())
@settings(max_examples=80)
def test_whatever_the_shape_only_our_own_refusals_come(reader, value, data):
    name = data.draw(
        st.sampled_from(["status", "status_list", "bits", "lst", "iat", "sub", "uri", "idx", 65535, 65533])
    )
    in_cbor = cbor2.dumps({name: value, "status": {"status_list": value}})
    in_json = json.dumps({str(name): value, "status": {"status_list": value}}, default=bytes.hex)
    target(bytes([reader]) + in_cbor)
    target(bytes([reader]) + in_json.encode())


@pytest.mark.parametrize(
    "status",
    [
        1, None, {"status_list": None}, {"status_list": {"uri": URI}}, {"status_list": {"idx": 1}},
        {"status_list": {"idx": -1, "uri": URI}}, {"status_list": {"idx": 2**31, "uri": URI}},
        {"status_list": {"idx": True, "uri": URI}}, {"status_list": {"idx": 1.0, "uri": URI}},
        {"status_list": {"idx": "1", "uri": URI}}, {"status_list": {"idx": 1, "uri": 7}},
        *({"status_list": {"idx": 1, "uri": uri}} for uri in (
            "", "http://umur.example/1", "https://", "https://a@b.example/1", "https://a.example/#b",
            "https://a.example/ ", "https://a.example\\@b", "https://a.example:80a/", "file:///etc/passwd",
            "https://a.example/" + "a" * 2_048, "https://a.example/\n", "https://[::1]/", "https://-a.example/",
            "http://localhost.example/1", "http://127.0.0.1.example/1", "http://a@localhost/1",
        )),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_refused(status):
    with pytest.raises(StatusReferenceMalformed):
        lists.reference_in_jwt({"status": status})
    with pytest.raises(StatusReferenceMalformed):
        lists.reference_in_cwt({65535: status})


def test_a_reference_is_read_and_its_absence_is_no_error():
    status = {"status_list": {"idx": 7, "uri": URI + "?page=1&a=%20", "more": 1}}
    assert lists.reference_in_jwt({"status": status}) == lists.Reference(7, URI + "?page=1&a=%20")
    assert lists.reference_in_cwt({65535: status}) == lists.Reference(7, URI + "?page=1&a=%20")
    for here in ("http://localhost:8000/1", "http://umur.localhost/1", "http://127.0.0.1:8000/1"):
        assert lists.reference_in({"status_list": {"idx": 7, "uri": here}}) == lists.Reference(7, here)
    assert (
        lists.reference_in_jwt({}) is lists.reference_in_cwt({}) is lists.reference_in({"other": 1}) is None
    )


@pytest.mark.parametrize("token", [JWT, CWT], ids=["jwt", "cwt"])
def test_only_valid_is_accepted(token):
    found = [tokens.standing(lists.Reference(idx, URI), token, now=NOW, key_of=OURS) for idx in range(4)]
    assert [each.accepted for each in found] == [True, False, False, False]
    assert [each.because for each in found] == ["VALID", "INVALID", "SUSPENDED", "APPLICATION_SPECIFIC"]


def test_a_missing_list_refuses_or_passes_by_policy_and_a_wrong_one_never_passes():
    late, old = NOW + 86_400 + 301, NOW + 1_301
    for token, now, max_age in ((None, NOW, None), (JWT, late, None), (CWT, late, None), (CWT, old, 1_000)):
        with pytest.raises((StatusTokenMissing, CredentialError)):
            tokens.standing(ONE, token, now=now, key_of=OURS, max_age=max_age)
        passed = tokens.standing(ONE, token, now=now, key_of=OURS, max_age=max_age, fail_closed=False)
        assert passed.accepted
        assert passed.status is None
        assert passed.because in ("status-list.unavailable", "status-list.expired", "status-list.stale")
    for token, reference in (
        (JWT[:-9], ONE),
        (CWT, lists.Reference(4, URI)),
        (JWT, lists.Reference(1, URI + "x")),
    ):
        with pytest.raises(CredentialError):
            tokens.standing(reference, token, now=NOW, key_of=OURS, fail_closed=False)
    with pytest.raises(StatusTokenStale):
        check(JWT, now=old, max_age=1_000)
    assert check(JWT, now=old - 1, max_age=1_000)


def test_ed25519_and_other_curves_are_checked_by_their_own_algorithm():
    for alg, curve, size, digest in (
        ("ES384", ec.SECP384R1(), 48, hashes.SHA384()),
        ("ES512", ec.SECP521R1(), 66, hashes.SHA512()),
    ):
        key = ec.generate_private_key(curve)

        def signed(data, key=key, size=size, digest=digest):
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")

        for write, kid in ((tokens.status_jwt, "a"), (tokens.status_cwt, b"a")):
            token = write(LIST, kid=kid, **(CLAIMS | {"alg": alg, "sign": signed}))
            assert check(token, key_of=of(key)).status_list == LIST
            with pytest.raises((jose.KeyRefused, cose.AlgorithmRefused)):
                check(token)
    key = ed25519.Ed25519PrivateKey.generate()
    head = to_base64url(jose.write_json(GOOD_HEADER | {"alg": "Ed25519"}))  # the name of RFC 9864
    signed = f"{head}.{to_base64url(json.dumps(GOOD_CLAIMS).encode())}"
    assert check(f"{signed}.{to_base64url(key.sign(signed.encode()))}", key_of=of(key)).status_list == LIST
    for write, kid in ((tokens.status_jwt, "a"), (tokens.status_cwt, b"a")):
        token = write(LIST, kid=kid, **(CLAIMS | {"alg": "EdDSA", "sign": key.sign}))
        assert check(token, key_of=of(key)).status_list == LIST
        with pytest.raises((jose.KeyRefused, cose.AlgorithmRefused)):
            check(token)


def draws(seed):
    chance = np.random.default_rng(seed)
    return chance.bytes


@given(seed=st.integers(0, 2**32 - 1), decoys=st.sampled_from([0, 1, 7, 2_000]))
@settings(max_examples=15)
def test_decoys_are_set_for_nobody_and_never_given_away(seed, decoys):
    draw = draws(seed)
    statuses, chosen = build.new_list(100_000, decoys, draw)
    assert len(statuses) == 100_000
    assert len(chosen) == decoys
    assert sum(statuses) == (decoys + 1) // 2
    assert all(idx in chosen for idx in range(100_000) if statuses[idx])
    assert all(build.unused_index(100_000, chosen.__contains__, draw) not in chosen for _ in range(50))
    before = bytes(statuses)
    assert build.turn_decoys(statuses, chosen, 3, draw) == min(3, decoys // 2)
    assert sum(statuses) - sum(before) == min(3, decoys // 2)
    assert build.turn_decoys(statuses, chosen, decoys, draw) == decoys // 2 - min(3, decoys // 2)
    assert {idx for idx in range(100_000) if statuses[idx]} == chosen


@given(values=st.binary(max_size=64), bits=st.sampled_from([1, 2, 4, 8]))
def test_what_was_packed_is_unpacked_again(values, bits):
    statuses = bytes(one & ((1 << bits) - 1) for one in values)
    assert bytes(build.unpack(build.pack(statuses, bits), bits))[: len(statuses)] == statuses
    marks = bytes(one & 1 for one in values)
    assert build.marked(build.pack(marks, 1)) == {idx for idx, mark in enumerate(marks) if mark}


def test_a_list_that_begins_later_gives_out_and_marks_nothing_before():
    draw = draws(2)
    statuses, chosen = build.new_list(200_000, 500, draw, 100_000)
    assert len(statuses) == 200_000
    assert min(chosen) >= 100_000
    assert not any(statuses[:100_000])
    assert all(build.unused_index(200_000, chosen.__contains__, draw, 100_000) >= 100_000 for _ in range(200))
    with pytest.raises(ValueError, match="100,000"):
        build.new_list(200_000, 500, draw, 100_001)
    # Some are held, and let go again: never more than were.
    assert build.turn_decoys(statuses, chosen, 3, draw, 0, 2) == 3
    assert [status for status in statuses if status].count(2) == 3
    assert build.turn_decoys(statuses, chosen, 9, draw, 2, 0) == 3
    assert sum(statuses) == 250


def test_each_unused_index_is_as_likely_as_another():
    draw = draws(4)
    seen = [build.unused_index(10, {0, 5}.__contains__, draw) for _ in range(8_000)]
    counts = [seen.count(idx) for idx in range(10)]
    assert counts[0] == counts[5] == 0
    assert all(850 < count < 1_150 for idx, count in enumerate(counts) if idx not in (0, 5))
    # Draws above the largest multiple would favour low indexes: they are thrown away and drawn again.
    tail = iter([b"\xff\xff\xff\xff", b"\x07\x00\x00\x00"])
    assert build.unused_index(10, set().__contains__, lambda _count: next(tail)) == 7


def test_a_full_list_says_so_and_a_wrong_one_is_never_built():
    with pytest.raises(StatusListFull):
        build.unused_index(100_000, lambda _idx: True, draws(1))
    for entries, decoys in ((99_999, 0), (100_000, 50_001), (100_000, -1)):
        with pytest.raises(ValueError, match="100,000"):
            build.new_list(entries, decoys, draws(1))
    with pytest.raises(ValueError, match="bits"):
        build.pack(bytes(8), 3)
    with pytest.raises(ValueError, match="fit"):
        build.pack(bytes([0, 4]), 2)


def test_the_same_statuses_give_the_same_bytes():
    statuses = np.arange(1_000, dtype=np.uint8) % 4
    assert lists.json_form(build.status_list(statuses, 2)) == lists.json_form(
        build.status_list(bytearray(statuses), 2)
    )
