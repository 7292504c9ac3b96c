"""
The little of DER (X.690) that is needed to read three extensions of a certificate.

`cryptography` reads all extensions or none, and real signers of documents carry a harmless one that is badly written
(the European reference issuer's alternative name). What is read here lies inside bytes that `cryptography` has parsed
as a certificate already, and that a trusted authority signed or is asked to vouch for.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OID: Final = 0x06
SEQUENCE: Final = 0x30
EXTENSIONS: Final = 0xA3
"""The tag [3] under which a certificate keeps its extensions (RFC 5280 section 4.1)."""

MOST_VALUES: Final = 64
"""Values of extensions whose reading is kept: all certificates say the same few things."""

# Around the halves of a signature, by whether each needs a zero in front so as not to be negative.
_HALVES: Final = {
    (False, False): (b"\x30\x44\x02\x20", b"\x02\x20"),
    (False, True): (b"\x30\x45\x02\x20", b"\x02\x21\x00"),
    (True, False): (b"\x30\x45\x02\x21\x00", b"\x02\x20"),
    (True, True): (b"\x30\x46\x02\x21\x00", b"\x02\x21\x00"),
}


def of_p256(signature: bytes) -> bytes:
    """
    A signature of two halves of 32 bytes, as JOSE and COSE have it, as DER (RFC 7518 3.4, RFC 3279 2.2.3).
    """
    r, s = signature[0], signature[32]
    if not r or not s:  # one signature in 128 has a short half
        return encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    before, between = _HALVES[r > 127, s > 127]
    return b"%b%b%b%b" % (before, signature[:32], between, signature[32:])


def members(data: bytes) -> list[tuple[int, bytes]]:
    """
    Tags and contents of the values that stand one after the other, one level deep.

    Raises:
        ValueError: a length that is not the shortest or reaches past the end, or a tag of several bytes.
    """
    found, at, end = [], 0, len(data)
    while at < end:
        if at + 2 > end or data[at] & 0x1F == 0x1F:
            raise ValueError("a cut head, or a long tag")
        tag, length, after = data[at], data[at + 1], at + 2
        if length > 0x7F:
            after += length & 0x7F
            length = int.from_bytes(data[at + 2 : after])
            if not 0 < after - at - 2 <= 3 or length < 0x80 or length >> 8 * (after - at - 3) == 0:
                raise ValueError("a length that is not the shortest")
        at = after + length
        if at > end:
            raise ValueError("a length past the end")
        found.append((tag, data[after:at]))
    return found


def content(data: bytes, tag: int) -> bytes:
    """
    The content of the one value that fills `data` and has this tag.

    Raises:
        ValueError: something else is there.
    """
    found = members(data)
    if len(found) != 1 or found[0][0] != tag:
        raise ValueError("another value")
    return found[0][1]


@cache
def oid(dotted: str) -> bytes:
    """The content of an object identifier.

    >>> oid("1.0.18013.5.1.2").hex()
    '28818c5d050102'
    """
    first, second, *rest = (int(one) for one in dotted.split("."))
    told = bytearray()
    for number in (40 * first + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        told += bytes(reversed(groups))
    return bytes(told)


@dataclass(slots=True)
class Parts:
    """
    A certificate taken apart (RFC 5280 section 4.1). `to_be_signed` is whole; the rest are contents.

    `algorithm` is what the signature was made with, empty when the two places that name it differ.
    """

    to_be_signed: bytes
    algorithm: bytes
    signature: bytes
    issuer: bytes
    subject: bytes
    extensions: dict[bytes, tuple[bool, bytes]]


def parts(certificate: bytes) -> Parts:
    """
    What a certificate consists of.

    Raises:
        ValueError: not as RFC 5280 section 4.1 has it, or an extension stands twice.
    """
    inner = content(certificate, SEQUENCE)
    (first, told), (_, algorithm), (tag, bits) = members(inner)
    if first != SEQUENCE or tag != BIT_STRING or bits[:1] != b"\x00":
        raise ValueError("no certificate")
    fields = members(told)
    at = 2 if told[:1] == _VERSIONED else 1
    if len(fields) < at + 5:
        raise ValueError("no certificate")
    size = len(told)
    same = fields[at][1] == algorithm
    return Parts(
        to_be_signed=inner[
            : size + (2 if size < 0x80 else 3 if size < 0x100 else 4 if size < 0x1_0000 else 5)
        ],
        algorithm=algorithm if same else b"",
        signature=bits[1:],
        issuer=fields[at + 1][1],
        subject=fields[at + 3][1],
        extensions=_listed(fields),
    )


def extensions(to_be_signed: bytes) -> dict[bytes, tuple[bool, bytes]]:
    """
    The extensions of a certificate by the content of their identifiers: is it critical, and its value.

    Raises:
        ValueError: not as RFC 5280 section 4.1 has it, or one stands twice.
    """
    return _listed(members(content(to_be_signed, SEQUENCE)))


def _listed(fields: list[tuple[int, bytes]]) -> dict[bytes, tuple[bool, bytes]]:
    told = [value for tag, value in fields if tag == EXTENSIONS]
    return _extensions(told[0]) if told else {}


def _extensions(told: bytes) -> dict[bytes, tuple[bool, bytes]]:
    found: dict[bytes, tuple[bool, bytes]] = {}
    for tag, one in members(content(told, SEQUENCE)):
        # Nearly all have a short identifier and a short value, so that each head is two bytes long.
        short = _SHORT(one)
        if short is not None and tag == SEQUENCE:
            name, flag, value = short.groups()
            if len(value) != one[-len(value) - 1] or name in found:
                raise ValueError("no extension")
            found[name] = flag is not None, value
            continue
        (named, name), *flags, (kind, value) = members(one)
        if tag != SEQUENCE or named != OID or kind != OCTET_STRING or name in found:
            raise ValueError("no extension")
        if flags and flags != _CRITICAL:
            raise ValueError("a flag that is not true")
        found[name] = bool(flags), value
    return found


_VERSIONED: Final = b"\xa0"
_SHORT: Final = re.compile(rb"\x06\x03(.{3})(\x01\x01\xff)?\x04[\x00-\x7f](.{0,127})", re.DOTALL).fullmatch
_CRITICAL: Final = [(BOOLEAN, b"\xff")]


@lru_cache(MOST_VALUES)
def is_authority(value: bytes) -> tuple[bool, int | None]:
    """
    BasicConstraints (RFC 5280 section 4.2.1.9): is it an authority, and how many more may stand below it.

    Raises:
        ValueError: another structure.
    """
    parts = members(content(value, SEQUENCE))
    flag = parts.pop(0)[1] if parts and parts[0][0] == BOOLEAN else b"\x00"
    if flag not in (b"\x00", b"\xff"):
        raise ValueError("a flag that is neither")
    if not parts:
        return flag == b"\xff", None
    (tag, number), *more = parts
    if tag != INTEGER or more or not 0 < len(number) <= 2 or number[0] & 0x80:
        raise ValueError("no path length")
    return flag == b"\xff", int.from_bytes(number)


@lru_cache(MOST_VALUES)
def key_usage(value: bytes) -> tuple[bool, bool]:
    """
    KeyUsage (RFC 5280 section 4.2.1.3): may the key sign content, and may it sign certificates.

    Raises:
        ValueError: another structure.
    """
    bits = content(value, BIT_STRING)
    if not 1 <= len(bits) <= 3 or bits[0] > 7:
        raise ValueError("no key usage")
    first = bits[1] if len(bits) > 1 else 0
    return bool(first & 0x80), bool(first & 0x04)


@lru_cache(MOST_VALUES)
def purposes(value: bytes) -> frozenset[bytes]:
    """
    ExtKeyUsage (RFC 5280 section 4.2.1.12): contents of the identifiers.

    Raises:
        ValueError: another structure.
    """
    parts = members(content(value, SEQUENCE))
    if not parts or any(tag != OID for tag, _ in parts):
        raise ValueError("no purposes")
    return frozenset(told for _, told in parts)
