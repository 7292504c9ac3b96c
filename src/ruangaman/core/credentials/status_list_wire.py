"""
Bytes to plain values, for status lists alone: base64url, JSON and CBOR, each strict and bounded before it is parsed.

The seam to signatures is `Verify`: whoever holds the keys gives a function that raises a `CredentialError` when a
signature is wrong. `check_with` makes one from a single public key.
"""

import base64
import binascii
import json
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ruangaman.core.credentials.status_list_errors import (
    StatusListNotBase64url,
    StatusListNotCbor,
    StatusListNotJson,
    StatusListTooLarge,
    StatusTokenSignatureWrong,
)

# A status token holds some ten containers and twenty values; a long chain of certificates adds a few more.
_MOST_CONTAINERS = 64
_MOST_ITEMS = 1_000
_DEEPEST = 8
# The last letter of a text whose length is 2 or 3 above a multiple of 4 carries 4 or 2 bits that must be 0.
_LAST_LETTER = {2: "AQgw", 3: "AEIMQUYcgkosw048"}


@dataclass(frozen=True, slots=True)
class Header:
    """
    What a signature's header says, JOSE or COSE.

    Args:
        alg: the JOSE name of the algorithm, `ES256`, also where COSE wrote a number.
        members: the protected header as it came; for COSE with the unprotected one beside it.
    """

    alg: str
    members: Mapping[Any, object]


Verify = Callable[[bytes, bytes, Header], None]

_CURVES: dict[str, tuple[type[ec.EllipticCurve], int, type[hashes.HashAlgorithm]]] = {
    "ES256": (ec.SECP256R1, 32, hashes.SHA256),
    "ES384": (ec.SECP384R1, 48, hashes.SHA384),
    "ES512": (ec.SECP521R1, 66, hashes.SHA512),
}


def check_with(key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) -> Verify:
    """
    A `Verify` for one public key: ECDSA on the curve that the algorithm names (RFC 7518 section 3.4), or Ed25519.

    It raises `StatusTokenSignatureWrong`, also when the algorithm and the kind of key do not belong together.
    """

    def verify(signing_input: bytes, signature: bytes, header: Header) -> None:
        try:
            if isinstance(key, ed25519.Ed25519PublicKey):
                if header.alg not in ("EdDSA", "Ed25519"):
                    raise StatusTokenSignatureWrong
                key.verify(signature, signing_input)
                return
            if header.alg not in _CURVES:
                raise StatusTokenSignatureWrong
            curve, size, digest = _CURVES[header.alg]
            if not isinstance(key.curve, curve) or len(signature) != 2 * size:
                raise StatusTokenSignatureWrong
            der = encode_dss_signature(
                int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
            )
            key.verify(der, signing_input, ec.ECDSA(digest()))
        except InvalidSignature:
            raise StatusTokenSignatureWrong from None

    return verify


def at_most(data: bytes | str, limit: int) -> None:
    """Refuse what is longer than `limit` bytes (or letters)."""
    if len(data) > limit:
        raise StatusListTooLarge(at_most=limit)


def from_base64url(text: str) -> bytes:
    """The bytes of unpadded base64url (RFC 7515 section 2), of which each has one text only."""
    rest = len(text) & 3
    if (
        rest == 1
        or "+" in text
        or "/" in text
        or "=" in text
        or (rest and text[-1] not in _LAST_LETTER[rest])
    ):
        raise StatusListNotBase64url
    try:
        return base64.b64decode(text + "=="[: -rest & 3], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise StatusListNotBase64url from None


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_json(data: bytes | str) -> dict[str, Any]:
    """One JSON object in UTF-8, each member once (RFC 8259 section 4 leaves a second one open; we do not)."""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
    except UnicodeDecodeError:
        raise StatusListNotJson from None
    # Before parsing: brackets in all bound the depth as well.
    if text.count("{") + text.count("[") > _MOST_CONTAINERS:
        raise StatusListNotJson
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except ValueError:
        raise StatusListNotJson from None
    if not isinstance(found, dict):
        raise StatusListNotJson
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise StatusListNotJson
    return found


def _no_constant(_name: str) -> None:
    raise StatusListNotJson


def from_cbor(data: bytes) -> Any:
    """
    One CBOR item (RFC 8949) that fills `data`: integers, text, bytes, arrays, maps, finite floats, true, false, null.

    Lengths are definite, keys are integers or text and stand once. A tag comes back as `Tagged`; none is acted upon.
    """
    reader = _Cbor(data)
    found = reader.item(0)
    if reader.place != len(data):
        raise StatusListNotCbor
    return found


@dataclass(frozen=True, slots=True)
class Tagged:
    tag: int
    value: Any


class _Cbor:
    """A place in the bytes, and how many items were read so far."""

    __slots__ = ("data", "items", "place")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.items = 0

    def take(self, count: int) -> bytes:
        end = self.place + count
        if end > len(self.data):
            raise StatusListNotCbor
        taken = self.data[self.place : end]
        self.place = end
        return taken

    def item(self, depth: int) -> Any:
        self.items += 1
        if self.items > _MOST_ITEMS or depth > _DEEPEST:
            raise StatusListNotCbor
        first = self.take(1)[0]
        major, short = first >> 5, first & 31
        if major == 7:
            return self.simple(short)
        if short > 27:
            raise StatusListNotCbor
        number = short if short < 24 else int.from_bytes(self.take(1 << (short - 24)), "big")
        if major == 0:
            return number
        if major == 1:
            return -1 - number
        if major == 2:
            return self.take(number)
        if major == 3:
            try:
                return self.take(number).decode("utf-8")
            except UnicodeDecodeError:
                raise StatusListNotCbor from None
        if major == 6:
            return Tagged(number, self.item(depth + 1))
        if number > _MOST_ITEMS:
            raise StatusListNotCbor
        if major == 4:
            return [self.item(depth + 1) for _ in range(number)]
        found: dict[int | str, Any] = {}
        for _ in range(number):
            key = self.item(depth + 1)
            if type(key) not in (int, str) or key in found:
                raise StatusListNotCbor
            found[key] = self.item(depth + 1)
        return found

    def simple(self, short: int) -> Any:
        if 20 <= short <= 22:
            return (False, True, None)[short - 20]
        if not 25 <= short <= 27:
            raise StatusListNotCbor
        number: float = struct.unpack((">e", ">f", ">d")[short - 25], self.take(1 << (short - 24)))[0]
        if not math.isfinite(number):
            raise StatusListNotCbor
        return number
