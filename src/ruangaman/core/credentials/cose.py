"""
COSE messages with one signer or one MAC, and COSE keys (RFC 9052, RFC 9053), as mdoc and CWT use them.

The algorithm is read from the protected header alone and must be on the caller's list; the fully specified ids of
RFC 9864 are read as well. A header that says what must be understood (`crit`) is refused, since none is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ruangaman.core.credentials import cbor
from ruangaman.core.credentials.errors import CredentialError

ALG: Final = 1
CRIT: Final = 2
X5CHAIN: Final = 33
"""Header labels (RFC 9052 section 3.1, RFC 9360 section 2)."""

ES256, ES384, ES512, EDDSA = -7, -35, -36, -8
ESP256, ESP384, ESP512, ED25519, ED448 = -9, -51, -52, -19, -53
ESB256, ESB384, ESB512 = -265, -267, -268
HMAC_256: Final = 5

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey


class CoseRefused(CredentialError):
    """A COSE message or key that is not read."""

    code = "cose.refused"


class MessageMalformed(CoseRefused):
    """Not the array of four that a COSE_Sign1 or COSE_Mac0 is, or its headers contradict each other."""

    code = "cose.malformed"


class AlgorithmRefused(CoseRefused):
    """The algorithm is missing from the protected header, or not allowed here, or does not fit the key."""

    code = "cose.algorithm-refused"


class KeyRefused(CoseRefused):
    """No public key that we can use: unknown type or curve, or no point on it."""

    code = "cose.key-refused"


class SignatureWrong(CoseRefused):
    """The signature or MAC does not belong to these bytes and this key."""

    code = "cose.signature-wrong"


class PayloadMissing(CoseRefused):
    """A payload stands neither inside nor beside the message, or in both places."""

    code = "cose.payload-missing"


class ChainMalformed(CoseRefused):
    """Header 33 is neither a certificate nor a list of them."""

    code = "cose.chain-malformed"


_SHA256, _SHA384, _SHA512 = (ec.ECDSA(one()) for one in (hashes.SHA256, hashes.SHA384, hashes.SHA512))

# What each id signs with, and the curves that it may be used on (ISO/IEC 18013-5 9.1.2.4; RFC 9864 section 2.1).
_ECDSA: Final[dict[int, tuple[ec.ECDSA, frozenset[str]]]] = {
    ES256: (_SHA256, frozenset({"secp256r1", "brainpoolP256r1"})),
    ES384: (_SHA384, frozenset({"secp384r1", "brainpoolP384r1"})),
    ES512: (_SHA512, frozenset({"secp521r1", "brainpoolP512r1"})),
    ESP256: (_SHA256, frozenset({"secp256r1"})),
    ESP384: (_SHA384, frozenset({"secp384r1"})),
    ESP512: (_SHA512, frozenset({"secp521r1"})),
    ESB256: (_SHA256, frozenset({"brainpoolP256r1"})),
    ESB384: (_SHA384, frozenset({"brainpoolP384r1"})),
    ESB512: (_SHA512, frozenset({"brainpoolP512r1"})),
}
_EDDSA: Final[dict[int, tuple[type, ...]]] = {
    EDDSA: (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey),
    ED25519: (ed25519.Ed25519PublicKey,),
    ED448: (ed448.Ed448PublicKey,),
}
SIGNATURES: Final = frozenset(_ECDSA) | frozenset(_EDDSA)
"""Every signature algorithm that is read; a caller may allow fewer."""

_CURVES: Final[dict[int, ec.EllipticCurve]] = {
    1: ec.SECP256R1(),
    2: ec.SECP384R1(),
    3: ec.SECP521R1(),
    256: ec.BrainpoolP256R1(),
    258: ec.BrainpoolP384R1(),
    259: ec.BrainpoolP512R1(),
}


# Nearly every message that comes says its algorithm and no more.
_USUAL: Final[dict[bytes, Mapping[Any, Any]]] = {b"": {}} | {
    cbor.encode({ALG: one}): {ALG: one} for one in (*sorted(SIGNATURES), HMAC_256)
}


@dataclass(frozen=True, slots=True)
class Message:
    """COSE_Sign1 or COSE_Mac0. `protected` is the header as it came; `proof` the signature or MAC; `payload` None when
    it is detached.

    INVARIANT: no label stands in both headers.
    """

    protected: bytes
    headers: Mapping[Any, Any]
    unprotected: Mapping[Any, Any]
    payload: bytes | None
    proof: bytes

    @property
    def algorithm(self) -> int | None:
        """The id in the protected header, if it is a number."""
        found = self.headers.get(ALG)
        return found if isinstance(found, int) else None


def message_of(value: object, *, tag: int | None = None) -> Message:
    """
    A message from parsed CBOR, with its tag (18 for COSE_Sign1, 17 for COSE_Mac0) or without one.

    Raises:
        MessageMalformed: see there. CborRefused: the protected header is no CBOR map.
    """
    if isinstance(value, cbor.Tagged) and value.tag == tag:
        value = value.value
    if not isinstance(value, list) or len(value) != 4:
        raise MessageMalformed
    protected, unprotected, payload, proof = value
    if not isinstance(protected, bytes) or not isinstance(proof, bytes) or not isinstance(unprotected, dict):
        raise MessageMalformed
    if payload is not None and not isinstance(payload, bytes):
        raise MessageMalformed
    headers = _USUAL.get(protected)
    if headers is None:
        headers = cbor.map_of(cbor.read(protected))
    if not headers.keys().isdisjoint(unprotected) or CRIT in headers or CRIT in unprotected:
        raise MessageMalformed
    return Message(protected, headers, unprotected, payload, proof)


def verify_sign1(
    message: Message,
    key: PublicKey,
    *,
    allowed: frozenset[int] = SIGNATURES,
    payload: bytes | None = None,
    external: bytes = b"",
) -> None:
    """
    Check the one signature.

    Args:
        allowed: the algorithm ids that the caller takes.
        payload: the detached payload, when the message carries none.
        external: external_aad.

    Raises:
        AlgorithmRefused, PayloadMissing, SignatureWrong: see there. Source: RFC 9052 section 4.4.
    """
    algorithm = message.algorithm
    if algorithm is None or algorithm not in allowed or algorithm not in SIGNATURES:
        raise AlgorithmRefused
    signed = b"\x84\x6aSignature1" + _covered(message, payload, external)
    try:
        if algorithm in _ECDSA:
            _verify_ecdsa(message.proof, signed, key, algorithm)
        elif isinstance(key, _EDDSA[algorithm]):
            cast("ed25519.Ed25519PublicKey", key).verify(message.proof, signed)
        else:
            raise AlgorithmRefused
    except InvalidSignature:
        raise SignatureWrong from None


def _verify_ecdsa(proof: bytes, signed: bytes, key: PublicKey, algorithm: int) -> None:
    hashed, curves = _ECDSA[algorithm]
    curve = curve_of(key)
    if curve is None or curve.name not in curves:
        raise AlgorithmRefused
    size = (curve.key_size + 7) // 8
    if len(proof) != 2 * size:
        raise SignatureWrong
    # r and s one after the other, each as long as the order (RFC 9053 section 2.1)
    pair = encode_dss_signature(int.from_bytes(proof[:size]), int.from_bytes(proof[size:]))
    cast("ec.EllipticCurvePublicKey", key).verify(pair, signed, hashed)


def curve_of(key: object) -> ec.EllipticCurve | None:
    """The curve of a key, None for a key of another kind. (Asking for its class costs ten times as much.)"""
    return getattr(key, "curve", None)


def verify_mac0(message: Message, key: bytes, *, payload: bytes | None = None, external: bytes = b"") -> None:
    """
    Check the one MAC: HMAC 256/256 with a 32-byte key, the only one that ISO/IEC 18013-5 names.

    Raises:
        AlgorithmRefused, PayloadMissing, SignatureWrong: see there. Source: RFC 9052 section 6.3.
    """
    if message.algorithm != HMAC_256:
        raise AlgorithmRefused
    check = hmac.HMAC(key, hashes.SHA256())
    check.update(b"\x84\x64MAC0" + _covered(message, payload, external))
    try:
        check.verify(message.proof)
    except (InvalidSignature, InvalidTag):
        raise SignatureWrong from None


def _covered(message: Message, payload: bytes | None, external: bytes) -> bytes:
    if (message.payload is None) is (payload is None):
        raise PayloadMissing
    told = message.payload if payload is None else payload
    # an empty map is covered as an empty string (RFC 9052 section 3)
    protected = b"" if message.protected == b"\xa0" else message.protected
    return cbor.byte_string(protected) + cbor.byte_string(external) + cbor.byte_string(told or b"")


def chain(message: Message) -> tuple[bytes, ...]:
    """
    The certificates of header 33, the signer's own first, each DER; protected or not (RFC 9360 section 2).

    Raises:
        ChainMalformed: there is none, or an empty one, or something else.
    """
    found = message.headers.get(X5CHAIN, message.unprotected.get(X5CHAIN))
    if isinstance(found, bytes):
        return (found,)
    if isinstance(found, list) and found and all(isinstance(one, bytes) for one in found):
        return tuple(found)
    raise ChainMalformed


def public_key(key: object) -> PublicKey:
    """
    The public key of a COSE_Key: EC2 with both coordinates (or the sign of y), or OKP. Source: RFC 9053 section 7.

    Raises:
        KeyRefused: see there; also when the map holds a private key.
    """
    if not isinstance(key, dict) or -4 in key:
        raise KeyRefused
    x, curve = key.get(-2), key.get(-1)
    if not isinstance(x, bytes) or not isinstance(curve, int):
        raise KeyRefused
    try:
        match key.get(1):
            case 2:
                return _point(_CURVES[curve], x, key.get(-3))
            case 1 if curve == 6:
                return ed25519.Ed25519PublicKey.from_public_bytes(x)
            case 1 if curve == 7:
                return ed448.Ed448PublicKey.from_public_bytes(x)
    except (ValueError, KeyError, UnsupportedAlgorithm):
        raise KeyRefused from None
    raise KeyRefused


def _point(curve: ec.EllipticCurve, x: bytes, y: object) -> ec.EllipticCurvePublicKey:
    size = (curve.key_size + 7) // 8
    if len(x) != size:
        raise KeyRefused
    if isinstance(y, bool):
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, bytes((3 if y else 2,)) + x)
    if not isinstance(y, bytes) or len(y) != size:
        raise KeyRefused
    return ec.EllipticCurvePublicKey.from_encoded_point(curve, b"\x04" + x + y)


def ec_key(curve: str, x: int, y: int) -> ec.EllipticCurvePublicKey:
    """
    A public key from the coordinates that a list gives; `curve` as in JWK: P-256, P-384, P-521.

    Raises:
        KeyRefused: an unknown curve, or no point on it.
    """
    curves: dict[str, ec.EllipticCurve] = {"P-256": _CURVES[1], "P-384": _CURVES[2], "P-521": _CURVES[3]}
    try:
        return ec.EllipticCurvePublicNumbers(x, y, curves[curve]).public_key()
    except (ValueError, KeyError):
        raise KeyRefused from None
