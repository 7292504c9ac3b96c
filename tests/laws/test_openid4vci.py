"""Laws of OpenID4VCI's proofs: what was signed for here and now holds, every change of it is refused."""

import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fuzz import openid4vci as fuzzing
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ruangaman.core.credentials import jose, openid4vci
from ruangaman.core.credentials.errors import CredentialError

pytestmark = pytest.mark.slow

ISSUER, NOW = fuzzing.ISSUER, fuzzing.NOW
KEYS = [ec.derive_private_key(number, ec.SECP256R1()) for number in range(2, 34)]
TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def proof(key, nonce="n-1", *, at=NOW, aud=ISSUER):
    head = {"typ": "openid4vci-proof+jwt", "jwk": jose.public_jwk(key.public_key())}
    return jose.sign(head, jose.write_json({"aud": aud, "iat": at, "nonce": nonce}), key)


def check(*jwts, now=NOW, most=30):
    return openid4vci.check_proofs(jwts, issuer=ISSUER, now=now, most=most)


@given(st.lists(st.sampled_from(KEYS), min_size=1, max_size=5, unique_by=id), TEXT)
@settings(max_examples=20)
def test_proofs_hold_and_come_back_in_their_order(keys, nonce):
    found = check(*(proof(key, nonce) for key in keys))
    assert found.keys == tuple(jose.public_jwk(key.public_key()) for key in keys)
    assert found.nonce == nonce


@pytest.mark.parametrize(("seconds", "holds"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_clocks_may_differ_by_300_seconds_both_ways(seconds, holds):
    told = proof(KEYS[0], at=NOW + seconds)
    if holds:
        assert check(told)
    else:
        with pytest.raises(openid4vci.ProofStale):
            check(told)


@given(st.data())
@settings(max_examples=120)
def test_a_proof_with_one_bit_flipped_is_refused(data):
    raw = bytearray(proof(KEYS[0]).encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= 1 << data.draw(st.integers(0, 6))
    with pytest.raises(CredentialError):
        check(raw.decode("latin-1"))


def test_thirty_are_a_batch_and_one_more_is_none():
    assert len(check(*(proof(key) for key in KEYS[:30])).keys) == 30
    with pytest.raises(openid4vci.TooManyProofs):
        check(*(proof(key) for key in KEYS[:31]))


@given(st.binary(max_size=400))
@example(b'{"credential_configuration_id":"umur","proofs":{"jwt":["a.b.c"]}}')
@example(b'[{"type":"openid_credential","credential_configuration_id":"umur"}]')
@example(proof(KEYS[0]).encode())
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(data):
    fuzzing.target(data)


@given(TEXT, st.none() | st.integers(4, 8), st.text(max_size=400))
@settings(max_examples=50)
def test_an_offer_comes_back_from_its_link(code, digits, description):
    told = openid4vci.offer(
        issuer=ISSUER, configuration="umur", code=code, digits=digits, description=description
    )
    link = openid4vci.offer_uri(told)
    assert json.loads(parse_qs(urlsplit(link).query, strict_parsing=True)["credential_offer"][0]) == told
    short = openid4vci.offer_uri_by_reference(f"{ISSUER}/x?y=z&w")
    assert unquote(short.partition("credential_offer_uri=")[2]) == f"{ISSUER}/x?y=z&w"
