"""SD-JWT: what is hidden and shown again is what was said, what is changed is refused, and two other readers agree."""

import copy
import json
import secrets

import pytest
from fuzz.sd_jwt import target
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polaris_oid4vp.sdjwt import verify_presentation
from tests.sd_jwt_wallet import AUD, NONCE, NOW, as_json, choose, payload, prove
from tests.traps.credential import HOLDER, ISSUER, VCT, held, shown, verify

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_vc
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.sd_jwt import SdJwt
from ruangaman.core.credentials.sd_jwt_issuing import Concealed, conceal, issue
from ruangaman.core.credentials.status_list import Reference
from ruangaman.core.credentials.status_list_errors import StatusReferenceMalformed

pytestmark = pytest.mark.slow

FEW = settings(max_examples=50, deadline=None)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6).filter(
    lambda name: name not in {"_sd", "...", "_sd_alg", *sd_jwt_vc.NEVER_HIDDEN}
)
VALUES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.characters(codec="utf-8"), max_size=6)


def hideable(below):
    return below | below.map(Concealed)


TREES = st.recursive(
    VALUES,
    lambda below: st.lists(hideable(below), max_size=3) | st.dictionaries(NAMES, hideable(below), max_size=3),
    max_leaves=8,
)
CLAIMS = st.dictionaries(NAMES, hideable(TREES), max_size=4)


def plain(node):
    """All that was said, without marks."""
    if isinstance(node, Concealed):
        return plain(node.value)
    if isinstance(node, dict):
        return {name: plain(value) for name, value in node.items()}
    return [plain(one) for one in node] if isinstance(node, list) else node


def clear(node):
    """Only what was never hidden: the second, slow truth."""
    if isinstance(node, dict):
        return {name: clear(value) for name, value in node.items() if not isinstance(value, Concealed)}
    return [clear(one) for one in node if not isinstance(one, Concealed)] if isinstance(node, list) else node


@given(CLAIMS, st.integers(0, 2), st.sampled_from(sorted(sd_jwt.HASHES)))
@FEW
def test_all_shown_is_all_that_was_said_and_nothing_shown_is_what_was_clear(claims, decoys, algorithm):
    done = conceal(claims, draw=secrets.token_bytes, decoys=decoys, algorithm=algorithm)
    before = copy.deepcopy(done.payload)
    assert sd_jwt.process(done.payload, done.disclosures).claims == plain(claims)
    assert sd_jwt.process(done.payload, ()).claims == clear(claims)
    assert done.payload == before
    for text in done.disclosures:
        assert text not in json.dumps(done.payload)


@given(CLAIMS, st.data())
@FEW
def test_a_disclosure_is_taken_only_with_the_one_that_holds_it(claims, data):
    """Any subset either shows a part of what was said, or is refused because a disclosure hangs in the air."""
    done = conceal(claims, draw=secrets.token_bytes)
    chosen = [one for one in done.disclosures if data.draw(st.booleans())]
    try:
        shown_ = sd_jwt.process(done.payload, chosen)
    except sd_jwt.DisclosureUnreferenced:
        return
    assert len(shown_.disclosed) == len(chosen)
    assert inside(shown_.claims, plain(claims))


def inside(part, whole):
    if isinstance(whole, dict):
        return isinstance(part, dict) and all(
            name in whole and inside(part[name], whole[name]) for name in part
        )
    if isinstance(whole, list):
        left = iter(whole)
        return isinstance(part, list) and all(any(inside(one, other) for other in left) for one in part)
    return part == whole and type(part) is type(whole)


@given(CLAIMS)
@FEW
def test_the_three_forms_say_the_same(claims):
    whole = {"vct": VCT} | claims
    done = issue(whole, key=ISSUER, header={"typ": "dc+sd-jwt"}, draw=secrets.token_bytes)
    found = [
        verify(sent, key_binding=None).claims
        for sent in (done.compact, as_json(done, general=False), as_json(done, general=True))
    ]
    assert found[0] == found[1] == found[2] == plain(whole)
    assert sd_jwt.read(as_json(done, general=True)) == sd_jwt.read(done.compact)


SHOWN = shown().compact


@given(st.integers(0, len(SHOWN) * 7 - 1))
@settings(max_examples=300, deadline=None)
def test_one_flipped_bit_is_refused(place):
    raw = bytearray(SHOWN.encode())
    raw[place // 7] ^= 1 << place % 7
    with pytest.raises(CredentialError):
        verify(bytes(raw))


@pytest.mark.parametrize(
    ("general", "change"),
    [
        (True, {"signature": "AA"}),
        (True, {"protected": "e30"}),
        (True, {"header": {}}),
        (False, {"payload": "e30.e30"}),
        (False, {"payload": "e30~"}),
        (False, {"payload": 1}),
        (False, {"protected": "e30~e30"}),
        (False, {"signature": "AA.AA"}),
        (False, {"header": {"disclosures": "WyJzIl0"}}),
        (False, {"header": {"disclosures": ["WyJzIl0"] * (sd_jwt.MOST_DISCLOSURES + 1)}}),
        (False, {"header": {"disclosures": [1]}}),
        (False, {"header": {"disclosures": ["WyJzIl0~WyJzIl0"]}}),
        (False, {"header": {"kb_jwt": 1}}),
        (False, {"header": {"kb_jwt": ""}}),
        (False, {"header": {"typ": "dc+sd-jwt"}}),
        (False, {"header": []}),
    ],
)
def test_the_json_form_has_one_reading(general, change):
    told = json.loads(as_json(shown(), general=general))
    assert sd_jwt.read(json.dumps(told)) == sd_jwt.read(SHOWN)
    with pytest.raises(sd_jwt.Malformed):
        sd_jwt.read(json.dumps(told | change))


@given(st.binary(max_size=150))
@example(SHOWN.encode())
@example(b"~")
@example(b'{"payload":"e30","protected":"e30","signature":"AA","header":{"disclosures":[[]]}}')
@example(b'{"payload":"e30","signatures":[{"protected":"e30","signature":"AA","header":{"kb_jwt":1}}]}')
@example(b'{"vct":"v","_sd":["' + sd_jwt.digest("WyJzIiwiYSIsMV0").encode() + b'"]}\n["s","a",1]')
@example(b'{"vct":["v"],"exp":[],"iss":{},"status":{"status_list":{"idx":-1}}}')
@example(b'{"vct":"v","x5c":["%"]}')
@FEW
def test_any_bytes_raise_one_family(data):
    target(data)


@pytest.mark.parametrize(
    "sent",
    [
        "", "abc", "a.b.c", "~", "~~", "a.b.c~~", "a~b~" * 600, "{}", "{", "[]", "null", "a.b.c~\ud800~", b"\xff~",
        '{"payload":"a","signatures":[]}', '{"payload":"a","signatures":{}}', '{"payload":"a","signatures":[1]}',
        '{"payload":"a.b","protected":"a","signature":"a"}', '{"payload":"a","protected":"a~","signature":"a"}',
        '{"payload":"a","protected":"a","signature":"a","header":{"disclosures":"x"}}',
        '{"payload":"a","protected":"a","signature":"a","header":{"alg":"none"}}',
        '{"payload":"a","protected":"a","signature":"a","signatures":[{"protected":"a","signature":"a"}]}',
    ],
)  # fmt: skip
def test_what_is_no_sd_jwt_is_refused(sent):
    with pytest.raises(CredentialError):
        verify(sent)


def test_disclosures_stand_with_the_first_signature_alone():
    told = json.loads(as_json(held(), general=True))
    told["signatures"].append(copy.deepcopy(told["signatures"][0]))
    with pytest.raises(sd_jwt.Malformed):
        sd_jwt.read(json.dumps(told))
    told["signatures"][1]["header"] = {"kid": "2"}
    assert len(sd_jwt.read(json.dumps(told)).further) == 1


@pytest.mark.parametrize("claims", [{"vct": None}, {"vct": ""}, {"vct": [VCT]}, {"iss": 1}, {"iss": {}}])
def test_type_and_issuer_are_texts_where_any_type_will_do_too(claims):
    told = {"key_of": lambda *_: ISSUER.public_key(), "now": NOW, "key_binding": None, "vct": None}
    assert sd_jwt_vc.verify(held(), **told).vct == VCT
    with pytest.raises(sd_jwt.ClaimMalformed) as refused:
        sd_jwt_vc.verify(held(**claims), **told)
    assert refused.value.facts == {"claim": next(iter(claims))}


def test_every_signature_must_hold():
    one = held()
    other = jose.sign({"typ": "dc+sd-jwt"}, jose.write_json(payload(one)), HOLDER)
    body = f"{other.split('.')[0]}.{one.issuer_jwt.split('.')[1]}.{other.split('.')[2]}"
    with pytest.raises(jose.SignatureWrong):
        verify(SdJwt(one.issuer_jwt, one.disclosures, None, (body,)), key_binding=None)


def test_too_much_is_refused_before_it_is_parted():
    with pytest.raises(jose.TooLarge):
        sd_jwt.read("~" * 262_145)
    with pytest.raises(sd_jwt.Malformed):
        sd_jwt.read("a.b.c~" + "x~" * 513)


# --- the oracle: another verifier, of another house, gives the same verdict

AGREED = {
    "good": (lambda: shown(), ""),
    "expired": (lambda: shown(exp=NOW - 301), "x"),
    "not yet valid": (lambda: shown(nbf=NOW + 400), "x"),
    "wrong nonce": (lambda: shown(proof={"nonce": "other"}), "x"),
    "wrong audience": (lambda: shown(proof={"aud": "other"}), "x"),
    "stale": (lambda: shown(proof={"iat": NOW - 400}), "x"),
    "from the future": (lambda: shown(proof={"iat": NOW + 400}), "x"),
    "wrong hash": (lambda: shown(proof={"sd_hash": "x"}), "x"),
    "no proof": (lambda: held(), "x"),
    "other holder": (lambda: prove(held(), ISSUER), "x"),
    "no holder": (lambda: shown(cnf=None), "x"),
    "other type": (lambda: shown(vct="https://other.example/vct"), "x"),
    "reversed": (
        lambda: SdJwt(held().issuer_jwt, held().disclosures[::-1], prove(held(), HOLDER).kb_jwt),
        "x",
    ),
    "foreign disclosure": (lambda: prove(SdJwt(held().issuer_jwt, ("WyJzIiwiYSIsMV0",), None), HOLDER), "x"),
    "bad exp": (lambda: shown(exp="soon"), "x"),
}


@pytest.mark.parametrize("name", AGREED)
def test_another_verifier_says_the_same(name):
    make, refused = AGREED[name]
    sent = make().compact
    theirs = verify_presentation(
        sent,
        expected_nonce=NONCE,
        expected_audience=AUD,
        issuer_jwks=[jose.public_jwk(ISSUER.public_key())],
        now=NOW,
        expected_vct=VCT,
    )
    try:
        ours = verify(sent)
    except CredentialError:
        assert not theirs.authentic
        assert refused
        return
    assert theirs.authentic, (theirs.code, theirs.reason)
    assert not refused
    assert ours.claims == theirs.claims
    assert ours.disclosed == theirs.disclosed


# --- our own age credential


def batch(over=(13, 16), keys=3, **more):
    holders = [jose.public_jwk(key.public_key()) for key in wallet_keys(keys)]
    told = {
        "vct": VCT, "issuer": "https://aman.example", "over": over, "assurance": "strict",
        "expires": NOW + 90 * 86_400, "now": NOW, "holders": holders, "key": ISSUER, "draw": secrets.token_bytes,
    }  # fmt: skip
    return sd_jwt_vc.issue_age_batch(**told | more)


def wallet_keys(count):
    from cryptography.hazmat.primitives.asymmetric import ec

    return [ec.derive_private_key(1_000_003 + place, ec.SECP256R1()) for place in range(count)]


def test_a_batch_is_alike_but_for_keys_and_salts():
    payloads = [payload(one) for one in batch()]
    for told in payloads:
        assert set(told) == {"vct", "iss", "iat", "exp", "assurance", "_sd", "_sd_alg", "cnf"}
        assert told["exp"] % 86_400 == told["iat"] % 86_400 == 0
        assert not {"sub", "jti", "birthdate"} & told.keys()
    assert len({(one["exp"], one["iat"]) for one in payloads}) == 1
    assert len({one["cnf"]["jwk"]["x"] for one in payloads}) == len(payloads)
    digests = [digest for one in payloads for digest in one["_sd"]]
    assert len(set(digests)) == len(digests)


@given(st.sets(st.sampled_from([3, 6, 10, 13, 16, 18]), min_size=1))
@FEW
def test_the_number_of_digests_does_not_tell_the_age(over):
    (one,) = batch(over, keys=1)
    assert len(payload(one)["_sd"]) == sd_jwt_vc.DIGESTS
    assert len(one.issuer_jwt) == len(batch([18], keys=1)[0].issuer_jwt)


@given(st.integers(0, 86_399), st.integers(1, 90 * 86_400))
@FEW
def test_the_end_is_rounded_down_and_never_lengthened(second, lasts):
    now = NOW - NOW % 86_400 + second
    if (now + lasts) // 86_400 == now // 86_400:
        with pytest.raises(ValueError, match="later day"):
            batch(keys=1, now=now, expires=now + lasts)
        return
    told = payload(batch(keys=1, now=now, expires=now + lasts)[0])
    assert now < told["exp"] <= now + lasts
    assert told["iat"] <= now


def test_one_age_is_shown_and_no_other():
    key = wallet_keys(1)[0]
    one = prove(choose(batch(keys=1)[0], {"age_over_16": True}), key)
    found = verify(one.compact)
    assert found.claims["age_over_16"] is True
    assert "age_over_13" not in found.claims
    assert found.disclosed == {("age_over_16",)}
    assert found.key_bound


def test_the_place_in_the_status_list_is_the_copys_own():
    places = [Reference(place, "https://aman.example/status/1") for place in (7, 1_000_000, 0)]
    for one, place in zip(batch(statuses=places), places, strict=True):
        assert verify(one, key_binding=None).status == place


def test_a_batch_needs_different_keys():
    same = [jose.public_jwk(HOLDER.public_key())] * 2
    for holders in (same, [], [same[0] | {"kid": "1"}, same[0]]):
        with pytest.raises(sd_jwt_vc.BatchRefused):
            batch(holders=holders)
    with pytest.raises(jose.KeyRefused):
        batch(holders=[{"kty": "EC"}])
    with pytest.raises(jose.KeyRefused):
        batch(holders=[same[0] | {"d": "AA"}])


@pytest.mark.parametrize(
    "status",
    [
        None, 1, [], {"status_list": []}, {"status_list": {"idx": -1, "uri": "u"}},
        {"status_list": {"idx": True, "uri": "u"}}, {"status_list": {"idx": "1", "uri": "u"}},
        {"status_list": {"idx": 1}}, {"status_list": {"idx": 2**48, "uri": "https://aman.example/status/1"}},
        {"status_list": {"idx": 1, "uri": ""}}, {"status_list": {"idx": 1, "uri": "u"}},
    ],
)  # fmt: skip
def test_a_place_in_a_list_that_cannot_be_read_is_refused(status):
    with pytest.raises(StatusReferenceMalformed):
        verify(shown(status=status))


@pytest.mark.parametrize("status", [{}, {"other": {}}])
def test_a_status_of_another_kind_is_refused_since_nobody_would_check_it(status):
    with pytest.raises(sd_jwt.ClaimMalformed):
        verify(shown(status=status))


def test_certificates_in_the_header_are_few_and_in_base64():
    assert sd_jwt_vc.certificates({}) == ()
    assert sd_jwt_vc.certificates({"x5c": ["AAEC", "/+8="]}) == (b"\x00\x01\x02", b"\xff\xef")
    for bad in ([], "AAEC", ["-_8="], ["AAE"], [1], ["\u00e9"], [""], ["AAEC"] * 6, ["A" * 16_388], None):
        with pytest.raises(sd_jwt_vc.BadCertificates):
            sd_jwt_vc.certificates({"x5c": bad})
