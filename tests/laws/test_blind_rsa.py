"""Blind signatures: what is finalized verifies, by us and by a peer; and a faulty signature never leaves."""

import dataclasses
import os

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.checks.age_tokens import signing_key

from ruangaman.core.credentials import blind_rsa
from ruangaman.core.credentials.blind_rsa import PYTHON, VARIANTS, PublicKey, SigningKey
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.token_errors import (
    BlindedMessageRefused,
    BlindingFailed,
    BlindSignatureRefused,
    KeyRefused,
    SignatureRefused,
    SigningFault,
)

pytestmark = pytest.mark.slow

ARITHMETICS = [one for one in (PYTHON, blind_rsa.GMPY2) if one is not None]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def peer_says(public, message, signature, salt_length):
    """`cryptography`'s own verdict."""
    key = rsa.RSAPublicNumbers(public.e, public.n).public_key()
    try:
        key.verify(
            signature, message, padding.PSS(padding.MGF1(hashes.SHA384()), salt_length), hashes.SHA384()
        )
    except InvalidSignature:
        return False
    return True


def we_say(public, message, signature, salt_length):
    try:
        blind_rsa.verify(public, message, signature, salt_length)
    except CredentialError:
        return False
    return True


def signed(key, variant, message, arithmetic=PYTHON):
    prepared = blind_rsa.prepare(message, variant, os.urandom)
    blinded = blind_rsa.blind(key.public, prepared, variant.salt_length, os.urandom)
    answer = blind_rsa.blind_sign(key, blinded.blinded_msg, os.urandom, arithmetic)
    return prepared, blind_rsa.finalize(key.public, prepared, answer, blinded.inv, variant.salt_length)


@pytest.mark.parametrize("arithmetic", ARITHMETICS, ids=lambda one: one.name)
@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda one: one.name)
@FEW
@given(message=st.binary(max_size=300), bit=st.integers(0, 2047))
def test_what_is_finalized_verifies_here_and_at_a_peer(arithmetic, variant, message, bit):
    key = signing_key()
    prepared, signature = signed(key, variant, message, arithmetic)
    assert prepared.endswith(message)
    assert len(prepared) - len(message) == (32 if variant.randomized else 0)
    assert we_say(key.public, prepared, signature, variant.salt_length)
    assert peer_says(key.public, prepared, signature, variant.salt_length)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not we_say(key.public, prepared, bytes(flipped), variant.salt_length)
    assert not we_say(key.public, prepared + b"\x00", signature, variant.salt_length)
    assert not we_say(key.public, prepared, signature, 48 - variant.salt_length)


@FEW
@given(salt_length=st.sampled_from([0, 1, 20, 47, 48, 49, 100]), message=st.binary(max_size=100))
def test_what_a_peer_signs_we_verify_with_exactly_its_salt(salt_length, message):
    key = signing_key(2)
    numbers = rsa.RSAPrivateNumbers(
        key.p,
        key.q,
        pow(65537, -1, (key.p - 1) * (key.q - 1)),
        key.dp,
        key.dq,
        key.qinv,
        rsa.RSAPublicNumbers(65537, key.public.n),
    )
    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), salt_length)
    signature = numbers.private_key().sign(message, scheme, hashes.SHA384())
    for asked in (0, 20, 47, 48, 49):
        assert we_say(key.public, message, signature, asked) == (asked == salt_length)


@FEW
@given(
    message=st.binary(max_size=80),
    salt=st.binary(max_size=64),
    size=st.integers(1040, 1100),
    name=st.sampled_from(["sha256", "sha384", "sha512", "sha1"]),
    bit=st.integers(0, 1039),
)
def test_an_encoding_is_read_back_and_no_changed_one(message, salt, size, name, bit):
    encoded = blind_rsa.emsa_pss_encode(message, salt, size, name)
    assert len(encoded) == (size + 7) // 8
    assert int.from_bytes(encoded, "big").bit_length() <= size
    assert blind_rsa.emsa_pss_fits(message, encoded, size, len(salt), name)
    assert not blind_rsa.emsa_pss_fits(message, encoded, size, len(salt) + 1, name)
    assert not blind_rsa.emsa_pss_fits(message + b"x", encoded, size, len(salt), name)
    beyond = range(size, 8 * len(encoded))
    for one in (bit, *beyond):
        changed = (int.from_bytes(encoded, "big") ^ (1 << one)).to_bytes(len(encoded), "big")
        assert not blind_rsa.emsa_pss_fits(message, changed, size, len(salt), name)


def test_both_arithmetics_and_every_blinding_of_the_base_give_the_same_signature():
    key = signing_key()
    message = blind_rsa.blind(key.public, b"told", 48, os.urandom).blinded_msg
    d = pow(65537, -1, (key.p - 1) * (key.q - 1))
    plain = pow(int.from_bytes(message, "big"), d, key.public.n).to_bytes(256, "big")
    for arithmetic in ARITHMETICS:
        assert {blind_rsa.blind_sign(key, message, os.urandom, arithmetic) for _ in range(3)} == {plain}


@pytest.mark.parametrize("arithmetic", ARITHMETICS, ids=lambda one: one.name)
@pytest.mark.parametrize("half", ["p", "q"])
def test_a_faulty_half_is_caught_and_never_leaves(arithmetic, half):
    """One wrong half would give a factor of n: gcd(s^e - m, n)."""
    key = signing_key()
    wrong = dataclasses.replace(key, **{f"d{half}": getattr(key, f"d{half}") ^ 4})
    message = (12345).to_bytes(256, "big")
    with pytest.raises(SigningFault) as told:
        blind_rsa.blind_sign(wrong, message, os.urandom, arithmetic)
    assert told.value.facts == {"bits": 2048}


def test_a_fault_in_the_recombination_is_caught():
    key = signing_key()
    broken = dataclasses.replace(PYTHON, private_power=lambda key, base: PYTHON.private_power(key, base) + 1)
    with pytest.raises(SigningFault):
        blind_rsa.blind_sign(key, (12345).to_bytes(256, "big"), os.urandom, broken)


def test_the_base_is_blinded_freshly_each_time():
    key, bases = signing_key(), []

    def private_power(key, base):
        bases.append(base)
        return PYTHON.private_power(key, base)

    seen = dataclasses.replace(PYTHON, private_power=private_power)
    message = (12345).to_bytes(256, "big")
    for _ in range(4):
        blind_rsa.blind_sign(key, message, os.urandom, seen)
    assert len(set(bases)) == 4
    assert 12345 not in bases


def test_a_blinded_message_tells_nothing_of_its_message():
    """For every message there is a blind that gives the same bytes, so the signer learns only a uniform number."""
    key = signing_key().public
    blinded = blind_rsa.blind(key, b"one", 0, os.urandom)
    other = int.from_bytes(blind_rsa.emsa_pss_encode(b"two", b"", 2047), "big")
    ratio = int.from_bytes(blinded.blinded_msg, "big") * pow(other, -1, key.n) % key.n
    signer = signing_key()
    r = pow(ratio, pow(65537, -1, (signer.p - 1) * (signer.q - 1)), key.n)
    assert (
        blind_rsa.blind(key, b"two", 0, lambda _: r.to_bytes(256, "big")).blinded_msg == blinded.blinded_msg
    )


def test_an_answer_that_signs_something_else_is_refused():
    key = signing_key()
    blinded = blind_rsa.blind(key.public, b"told", 48, os.urandom)
    answer = blind_rsa.blind_sign(key, blinded.blinded_msg, os.urandom)
    for wrong in (
        answer[:-1],
        answer + b"\x00",
        bytes(256),
        b"\xff" * 256,
        answer[:-1] + bytes([answer[-1] ^ 1]),
    ):
        with pytest.raises(BlindSignatureRefused):
            blind_rsa.finalize(key.public, b"told", wrong, blinded.inv, 48)
    with pytest.raises(BlindSignatureRefused):
        blind_rsa.finalize(key.public, b"else", answer, blinded.inv, 48)


@pytest.mark.parametrize("size", [0, 1, 255, 257, 512])
def test_a_message_of_another_length_is_not_signed(size):
    with pytest.raises(BlindedMessageRefused):
        blind_rsa.blind_sign(signing_key(), b"\x01" * size, os.urandom)
    with pytest.raises(SignatureRefused):
        blind_rsa.verify(signing_key().public, b"", b"\x01" * size, 48)


def test_a_broken_draw_is_said_and_not_waited_for():
    key = signing_key()
    for stuck in (bytes, lambda size: b"\xff" * size):
        with pytest.raises(BlindingFailed):
            blind_rsa.blind(key.public, b"", 0, stuck)
        with pytest.raises(BlindingFailed):
            blind_rsa.blind_sign(key, (12345).to_bytes(256, "big"), stuck)
    for arithmetic in ARITHMETICS:  # a number that shares a factor with n
        with pytest.raises(BlindingFailed):
            blind_rsa.blind_sign(
                key, (12345).to_bytes(256, "big"), lambda _: key.p.to_bytes(256, "big"), arithmetic
            )


def test_a_number_is_drawn_below_n_without_a_bias():
    assert [blind_rsa._below(5, lambda _, byte=byte: bytes([byte])) for byte in (32, 64, 96, 128)] == [
        1,
        2,
        3,
        4,
    ]
    given = iter([b"\x00", b"\xa0", b"\xff", b"\x60"])  # 0, 5 and 7 are drawn again
    assert blind_rsa._below(5, lambda _: next(given)) == 3


def test_a_key_that_does_not_hold_together_is_refused():
    key = signing_key()
    p, q = key.p, key.q
    for primes, e in (
        ((p, p), 65537),
        ((p, q + 2), 65537),  # no prime
        ((p, 3), 65537),
        ((p, 1), 65537),
        ((p, 0), 65537),
        ((p, -q), 65537),
        ((p, 2 * q), 65537),
        ((p, q), 2),
        ((p, q), 1),
        ((p, q), (1 << 32) + 1),
    ):
        with pytest.raises(KeyRefused):
            SigningKey.of(*primes, e)
    for n, e in ((1 << 2048, 3), ((1 << 2047) - 1, 3), ((1 << 8193) + 1, 3), (-5, 3)):
        with pytest.raises(KeyRefused):
            PublicKey.of(n, e)


def test_the_text_of_a_key_shows_no_secret():
    key = signing_key()
    for told in (repr(key), str(key), f"{key}", repr([key])):
        assert "2048 bits" in told
        for secret in (key.p, key.q, key.dp, key.dq, key.qinv):
            assert str(secret) not in told
            assert f"{secret:x}" not in told
    blinded = blind_rsa.blind(key.public, b"", 48, os.urandom)
    assert str(blinded.inv) not in repr(blinded)
