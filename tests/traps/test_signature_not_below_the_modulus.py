"""s + n opens like s. Taken as it is, one token would have two spellings."""

import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.checks.age_tokens import both, signing_key, token

from ruangaman.core.credentials import blind_rsa
from ruangaman.core.credentials.token_errors import BlindedMessageRefused, SignatureTooLarge

N = signing_key().public.n
EDGES = {"0": 0, "1": 1, "n-1": N - 1, "n": N, "n+1": N + 1, "most": (1 << 2048) - 1}


def with_authenticator(told, number):
    return told[:98] + number.to_bytes(256, "big")


def small_signature():
    """A token whose signature plus n still has 256 bytes."""
    for _ in range(200):
        told = token()
        if int.from_bytes(told[98:], "big") + N < 1 << 2048:
            return told
    raise AssertionError("no signature below 2^2048 - n")


def test_a_signature_plus_the_modulus_is_refused_before_it_is_verified():
    told = small_signature()
    assert both(told) == "yes"
    grown = with_authenticator(told, int.from_bytes(told[98:], "big") + N)
    assert both(grown) == "signature-too-large"
    with pytest.raises(SignatureTooLarge):
        blind_rsa.verify(signing_key().public, grown[:98], grown[98:], 48)


@pytest.mark.parametrize("number", [N, N + 1, (1 << 2048) - 1], ids=["n", "n+1", "most"])
def test_the_modulus_and_more_are_too_large(number):
    assert both(with_authenticator(token(), number)) == "signature-too-large"


@pytest.mark.parametrize("number", [0, 1, N - 1], ids=["0", "1", "n-1"])
def test_numbers_below_it_that_sign_nothing_are_no_signatures(number):
    assert both(with_authenticator(token(), number)) == "signature"


@pytest.mark.parametrize("number", EDGES.values(), ids=EDGES)
def test_the_issuer_signs_no_number_that_tells_or_means_nothing(number):
    with pytest.raises(BlindedMessageRefused):
        blind_rsa.blind_sign(signing_key(), number.to_bytes(256, "big"), os.urandom)


def test_a_shorter_salt_is_refused():
    """A signature by the same key that is right in all but its salt, which has to have 48 bytes."""
    key = signing_key()
    numbers = rsa.RSAPublicNumbers(65537, N)
    d = pow(65537, -1, (key.p - 1) * (key.q - 1))
    private = rsa.RSAPrivateNumbers(
        key.p, key.q, d, key.dp, key.dq, pow(key.q, -1, key.p), numbers
    ).private_key()
    told = token()
    for salt, came in ((48, "yes"), (47, "signature"), (32, "signature"), (0, "signature")):
        scheme = padding.PSS(padding.MGF1(hashes.SHA384()), salt)
        assert both(told[:98] + private.sign(told[:98], scheme, hashes.SHA384())) == came
