"""
The little of DER (X.690) that is needed to read three extensions of a certificate.

`cryptography` reads all extensions or none, and real signers of documents carry a harmless one that is badly written
(the European reference issuer's alternative name). What is read here lies inside bytes that `cryptography` has parsed
as a certificate already, and that a trusted authority signed or is asked to vouch for.
"""

from functools import cache
from typing import Final

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OID: Final = 0x06
SEQUENCE: Final = 0x30
EXTENSIONS: Final = 0xA3
"""The tag [3] under which a certificate keeps its extensions (RFC 5280 section 4.1)."""


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


def extensions(to_be_signed: bytes) -> dict[bytes, tuple[bool, bytes]]:
    """
    The extensions of a certificate by the content of their identifiers: is it critical, and its value.

    Raises:
        ValueError: not as RFC 5280 section 4.1 has it, or one stands twice.
    """
    found: dict[bytes, tuple[bool, bytes]] = {}
    told = [value for tag, value in members(content(to_be_signed, SEQUENCE)) if tag == EXTENSIONS]
    if not told:
        return found
    for tag, one in members(content(told[0], SEQUENCE)):
        parts = members(one)
        if tag != SEQUENCE or [part[0] for part in parts] not in _SHAPES or parts[0][1] in found:
            raise ValueError("no extension")
        critical = len(parts) == 3
        if critical and parts[1][1] != b"\xff":
            raise ValueError("a flag that is not true")
        found[parts[0][1]] = critical, parts[-1][1]
    return found


_SHAPES: Final = ([OID, OCTET_STRING], [OID, BOOLEAN, OCTET_STRING])


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
