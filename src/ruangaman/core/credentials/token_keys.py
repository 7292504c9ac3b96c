"""
The public key of token type 0x0002 in its one form, and its id.

SubjectPublicKeyInfo with id-RSASSA-PSS, SHA-384, MGF1 with SHA-384 and salt length 48 (RFC 9578 6.5, RFC 4055 3.1). The
id is a hash of exactly these bytes, so only the one encoding is read: 2048 bits and the exponent 65537, 342 bytes.
"""

import hashlib
from typing import Final

from ruangaman.core.credentials.blind_rsa import PublicKey, SigningKey
from ruangaman.core.credentials.token_errors import KeyRefused, TokenKeyRefused

BITS: Final = 2048
EXPONENT: Final = 65537
MODULUS_BYTES: Final = BITS // 8

_SHA384: Final = bytes.fromhex("300b0609608648016503040202")
_MGF1: Final = bytes.fromhex("06092a864886f70d010108")
_PSS: Final = bytes.fromhex("06092a864886f70d01010a")
_SALT_48: Final = bytes.fromhex("020130")
_EXPONENT: Final = bytes.fromhex("0203010001")


def _der(tag: int, told: bytes) -> bytes:
    """One DER element. Source: X.690 8.1.3."""
    size = len(told)
    if size < 128:
        return bytes([tag, size]) + told
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + told


_ALGORITHM: Final = _der(
    0x30,
    _PSS + _der(0x30, _der(0xA0, _SHA384) + _der(0xA1, _der(0x30, _MGF1 + _SHA384)) + _der(0xA2, _SALT_48)),
)


def spki(key: PublicKey) -> bytes:
    """
    The key as it stands in directories and challenges.

    Raises:
        KeyRefused: not 2048 bits, or another exponent than 65537.
    """
    if key.n.bit_length() != BITS or key.e != EXPONENT:
        raise KeyRefused(bits=key.n.bit_length())
    numbers = _der(0x30, _der(0x02, b"\x00" + key.n.to_bytes(MODULUS_BYTES, "big")) + _EXPONENT)
    return _der(0x30, _ALGORITHM + _der(0x03, b"\x00" + numbers))


_LONGEST: Final = spki(PublicKey(1 << (BITS - 1), EXPONENT))
_HEAD: Final = _LONGEST[: -MODULUS_BYTES - len(_EXPONENT)]
SPKI_BYTES: Final = len(_LONGEST)


def read_spki(told: bytes) -> PublicKey:
    """
    The key of a SubjectPublicKeyInfo.

    Raises:
        TokenKeyRefused: any other bytes than `spki` writes for some odd modulus; the rsaEncryption form too.
    """
    if len(told) != SPKI_BYTES or not told.startswith(_HEAD) or not told.endswith(_EXPONENT):
        raise TokenKeyRefused(bytes=len(told))
    n = int.from_bytes(told[len(_HEAD) : -len(_EXPONENT)], "big")
    if n.bit_length() != BITS or n % 2 == 0:
        raise TokenKeyRefused(bits=n.bit_length())
    return PublicKey(n, EXPONENT)


def token_key_id(told: bytes) -> bytes:
    """SHA-256 over the SubjectPublicKeyInfo, 32 bytes. Source: RFC 9578 6.5."""
    return hashlib.sha256(told).digest()


def key_byte(key_id: bytes) -> int:
    """The last byte of an id, by which a request names its key. Source: RFC 9578 6.1."""
    return key_id[-1]


def id_of(key: SigningKey) -> bytes:
    """The id of an issuer's key."""
    return token_key_id(spki(key.public))
