"""The sender chooses the algorithm: `none`, or HS256 with the issuer's public key as the secret (RFC 8725 2.1)."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.traps.credential import ISSUER, shown, verify

from ruangaman.core.credentials import jose, sd_jwt


def forged(alg: str, signature: bytes) -> str:
    payload = shown().issuer_jwt.split(".")[1]
    head = jose.to_base64url(jose.write_json({"alg": alg, "typ": "dc+sd-jwt"}))
    return f"{head}.{payload}.{jose.to_base64url(signature)}"


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "", "HS256", "HS384", "HS512", "ES256K", "RSA1_5", "dir"]
)
def test_an_algorithm_that_is_not_on_the_list_is_refused(alg):
    with pytest.raises(jose.AlgorithmRefused):
        verify(sd_jwt.SdJwt(forged(alg, b"\x01"), (), None), key_binding=None)


@pytest.mark.parametrize("form", [Encoding.PEM, Encoding.DER])
def test_a_mac_with_the_public_key_as_secret_is_no_signature(form):
    secret = ISSUER.public_key().public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
    signed = forged("HS256", b"\x01").rpartition(".")[0]
    mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
    with pytest.raises(jose.AlgorithmRefused):
        verify(sd_jwt.SdJwt(f"{signed}.{jose.to_base64url(mac)}", (), None), key_binding=None)


def test_none_without_a_signature_is_not_even_read():
    with pytest.raises(jose.NotCompact):
        verify(sd_jwt.SdJwt(forged("none", b""), (), None), key_binding=None)


def test_the_list_cannot_be_widened_to_them():
    with pytest.raises(jose.AlgorithmRefused):
        jose.read_jws(forged("HS256", b"\x01"), typ=None, algorithms={"HS256", "none"})


def test_a_key_of_another_kind_is_refused_before_it_is_used():
    with pytest.raises(jose.KeyRefused):
        jose.verify(jose.read_jws(forged("RS256", bytes(256)), typ=None), ISSUER.public_key())
    key = rsa.generate_private_key(65537, 2048).public_key()
    with pytest.raises(jose.KeyRefused):
        jose.verify(jose.read_jws(shown().issuer_jwt, typ=None), key)
