"""Two implementations of ECDSA on P-256 say the same of each key and signature; the quick doors hold with either."""

import hashlib
from itertools import count

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fuzz import mdoc_quick, sd_jwt_quick
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import mdocs
from tests.sd_jwt_wallet import choose, prove

from ruangaman.core.credentials import cbor, jose, p256, sd_jwt_vc

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
KEY = ec.derive_private_key(0x1234_5678_9ABC_DEF0, ec.SECP256R1())
POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
MESSAGE = b"umur"
DIGEST = hashlib.sha256(MESSAGE).digest()
SIGNATURE = KEY.sign(MESSAGE, ec.ECDSA(hashes.SHA256()))
R, S = decode_dss_signature(SIGNATURE)
BOTH = (p256.by_openssl, p256.by_aws_lc)
HALVES = st.sampled_from([0, 1, R, S, ORDER - S, ORDER - 1, ORDER, ORDER + 1, R + ORDER, S + ORDER, 1 << 256])


def said(point: bytes, digest: bytes, signature: bytes) -> list[bool | None]:
    """What each says: None where it refuses the key."""
    told: list[bool | None] = []
    for by in BOTH:
        try:
            told.append(by(point)(digest, signature))
        except ValueError:
            told.append(None)
    return told


def test_both_take_a_good_signature_and_its_mirror():
    assert said(POINT, DIGEST, SIGNATURE) == [True, True]
    assert said(POINT, DIGEST, encode_dss_signature(R, ORDER - S)) == [True, True]


@given(r=HALVES, s=HALVES)
def test_both_say_the_same_of_halves_at_their_bounds(r, s):
    told = said(POINT, DIGEST, encode_dss_signature(r, s))
    assert told == [r == R and s in (S, ORDER - S)] * 2


@given(bit=st.integers(0, 8 * len(SIGNATURE) - 1))
def test_no_bit_of_a_signature_may_differ(bit):
    wrong = bytearray(SIGNATURE)
    wrong[bit // 8] ^= 1 << bit % 8
    assert said(POINT, DIGEST, bytes(wrong)) == [False, False]


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNATURE + b"\0",
        SIGNATURE[:-1],
        b"\x30\x81" + SIGNATURE[1:],  # a length that is not the shortest
        b"\x30\x80" + SIGNATURE[2:] + b"\0\0",  # a length without end
        bytes.fromhex("3006020101020101"),
        bytes.fromhex("30060201ff0201ff"),
    ],
    ids=["empty", "longer", "cut", "long length", "no length", "ones", "negative"],
)
def test_neither_takes_what_is_not_der_or_not_signed(signature):
    assert said(POINT, DIGEST, signature) == [False, False]


@given(x=st.integers(0, 1 << 256), bit=st.integers(0, 8 * 65 - 1), size=st.integers(0, 66))
@settings(deadline=None)
def test_neither_takes_a_point_that_is_off_the_curve_or_of_another_form(x, bit, size):
    moved = bytearray(POINT)
    moved[bit // 8] ^= 1 << bit % 8
    odd = [
        bytes(moved),
        POINT[:size].ljust(size, b"\0") if size != len(POINT) else b"",
        b"\x04" + x.to_bytes(33)[-32:] + POINT[33:] if x.to_bytes(33)[-32:] != POINT[1:33] else b"",
        b"\x04" + PRIME.to_bytes(32) + POINT[33:],
        b"\x06" + POINT[1:],
        b"\0",
        b"\x04" + bytes(64),
    ]
    assert [said(point, DIGEST, SIGNATURE) for point in odd] == [[None, None]] * len(odd)


def test_a_key_on_another_curve_is_none_of_these():
    assert p256.check_by_key(ec.derive_private_key(7, ec.SECP384R1()).public_key()) is None
    assert p256.check_by_key(None) is None


@pytest.mark.parametrize("extra", [True, False], ids=["with the extra", "without"])
def test_a_key_that_was_read_checks_as_its_point_does(extra, monkeypatch):
    if not extra:
        monkeypatch.setattr(p256, "EC", None)
    for check in (p256.check_by_key(KEY.public_key()), p256.check_by_point(POINT)):
        assert check is not None
        assert check(DIGEST, SIGNATURE)
        assert not check(hashlib.sha256(b"other").digest(), SIGNATURE)


@pytest.mark.parametrize("extra", [True, False], ids=["with the extra", "without"])
def test_the_quick_doors_agree_with_the_plain_ones_either_way(extra, monkeypatch):
    if not extra:
        monkeypatch.setattr(p256, "EC", None)
    shown = _shown()
    assert sd_jwt_quick.both(shown) == "taken"
    assert sd_jwt_quick.both(shown, KEY.public_key()) == "refused"
    assert mdoc_quick.both(mdocs.Wallet().response()) == "taken"
    assert (
        mdoc_quick.both(mdocs.Wallet(transcript=cbor.encode([None, None, "another"])).response()) == "refused"
    )


def _shown() -> str:
    numbers = count()
    held = sd_jwt_vc.issue_age_batch(
        vct="v", issuer="https://aman.example", over=(13,), assurance="strict", expires=sd_jwt_quick.NOW + 86_400,
        now=sd_jwt_quick.NOW, holders=[jose.public_jwk(sd_jwt_quick.HOLDER.public_key())], key=sd_jwt_quick.ISSUER,
        draw=lambda size: next(numbers).to_bytes(size),
    )[0]  # fmt: skip
    asked = sd_jwt_quick.BINDING
    return prove(
        choose(held, {"age_over_13": True}),
        sd_jwt_quick.HOLDER,
        nonce=asked.nonce,
        aud=asked.aud,
        now=sd_jwt_quick.NOW,
    ).compact
