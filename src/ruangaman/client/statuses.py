"""
Whether a permission still stands, without asking the house about this child: by the status list that all share.

    lists = ConsentLists("https://ruangaman.example")          # one for the process; keeps a list for its time
    if lists.stands(kept["status"]):                           # of a session, an event or an ID token
        ...

`stands` is False whenever anything is in the way: no network, an old list, a wrong signature, an index beyond the end.
`consent_status` is the check alone, for a list that you fetched yourself. It needs `cryptography`.
Source: Token Status List (draft-ietf-oauth-status-list) 5.1, 8.3.
"""

import base64
import binascii
import json
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ruangaman.client.errors import StatusUnknown

VALID: Final = "valid"
INVALID: Final = "invalid"
SUSPENDED: Final = "suspended"
MEDIA_TYPE: Final = "application/statuslist+jwt"
KEYS_PATH: Final = "/status/keys"
LONGEST_S: Final = 900
"""No list about consents is relied on for longer than this, whatever it says of itself."""
SKEW_S: Final = 300
_NAMES: Final = {0: VALID, 1: INVALID, 2: SUSPENDED}
_MOST_BYTES: Final = 8 << 20
_MOST_INFLATED: Final = 16 << 20
_MOST_LISTS: Final = 64

Get = Callable[[str, str], bytes]
"""Fetches an address with this `Accept`; raises whatever it likes when it cannot."""


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A list whose signature, name and times were found good; relied on until `keep_until` (seconds since 1970)."""

    uri: str
    bits: int
    packed: bytes
    keep_until: int

    def status(self, idx: int) -> str:
        """valid, invalid or suspended. Raises StatusUnknown: `index`, `value`."""
        place = idx * self.bits
        if idx < 0 or place >> 3 >= len(self.packed):
            raise StatusUnknown("index")
        value = self.packed[place >> 3] >> (place & 7) & ((1 << self.bits) - 1)
        if value not in _NAMES:
            raise StatusUnknown("value")
        return _NAMES[value]


def consent_status(
    status: Mapping[str, Any] | None, token: bytes | str, keys: Mapping[str, Any], *, now: float | None = None
) -> str:
    """
    What a status list says of one permission: "valid", "invalid" or "suspended". Only "valid" is a yes.

    Args:
        status: the `status` of a session, an event or an ID token.
        token: what stands at its `uri`, a JWT.
        keys: the JWK set at `/status/keys` of the same house.
        now: seconds since 1970; the system's clock when left out.

    Raises:
        StatusUnknown: nothing can be said, which is a no. `code`: reference, token, signature, list, time, index or
            value.
    """
    uri, idx = read_reference(status)
    return check_list(token, uri, keys, now=now).status(idx)


def read_reference(status: Mapping[str, Any] | None) -> tuple[str, int]:
    """The list and the index that a `status` names. Raises StatusUnknown: `reference`."""
    try:
        told = (status or {})["status_list"]
        uri, idx = told["uri"], told["idx"]
    except (KeyError, TypeError):
        raise StatusUnknown("reference") from None
    if type(uri) is not str or type(idx) is not int or idx < 0:
        raise StatusUnknown("reference")
    return uri, idx


def check_list(
    token: bytes | str, uri: str, keys: Mapping[str, Any], *, now: float | None = None
) -> CheckedList:
    """A fetched list, found good. Raises StatusUnknown: token, signature, list, time."""
    moment = time.time() if now is None else now
    text = token.decode("ascii", "replace") if isinstance(token, bytes) else token
    parts = text.split(".") if len(text) <= _MOST_BYTES else []
    if len(parts) != 3:
        raise StatusUnknown("token")
    header, claims = (_object(part) for part in parts[:2])
    if header.get("typ") != "statuslist+jwt" or header.get("alg") != "ES256" or "crit" in header:
        raise StatusUnknown("token")
    _verify(f"{parts[0]}.{parts[1]}".encode(), _bytes(parts[2]), _key(keys, header.get("kid")))
    if claims.get("sub") != uri or "aud" in claims:
        raise StatusUnknown("list")
    issued, ends, ttl = (claims.get(name) for name in ("iat", "exp", "ttl"))
    if type(issued) is not int or type(ends) is not int or type(ttl) is not int or ttl < 1:
        raise StatusUnknown("time")
    if issued > moment + SKEW_S or moment >= min(ends, issued + LONGEST_S) + SKEW_S:
        raise StatusUnknown("time")
    bits, packed = _inflated(claims.get("status_list"))
    return CheckedList(uri, bits, packed, int(min(ends, moment + min(ttl, LONGEST_S))))


class ConsentLists:
    """
    The status lists of one house, fetched when they are needed and kept for their time. Safe to share between threads.

    Args:
        house: where the house stands; lists elsewhere are not fetched.
        get: how an address is fetched; httpx when left out.
    """

    def __init__(self, house: str, *, get: Get | None = None, timeout_s: float = 5.0) -> None:
        self._house = house.rstrip("/")
        self._get = get or _by_httpx(timeout_s)
        self._kept: dict[str, CheckedList] = {}
        self._keys: Mapping[str, Any] = {}
        self._lock = threading.Lock()

    def stands(self, status: Mapping[str, Any] | None, *, now: float | None = None) -> bool:
        """Whether the permission stands. False also when that cannot be known now."""
        try:
            return self.status(status, now=now) == VALID
        except StatusUnknown:
            return False

    def status(self, status: Mapping[str, Any] | None, *, now: float | None = None) -> str:
        """As `consent_status`, with the list fetched; raises StatusUnknown, also with `fetch` and `elsewhere`."""
        moment = time.time() if now is None else now
        uri, idx = read_reference(status)
        if not uri.startswith(f"{self._house}/status/") or urlsplit(uri).query or ".." in uri:
            raise StatusUnknown("elsewhere")
        with self._lock:
            found = self._kept.get(uri)
            if found is None or moment >= found.keep_until:
                found = self._fetch(uri, moment)
            return found.status(idx)

    def _fetch(self, uri: str, moment: float) -> CheckedList:
        self._kept.pop(uri, None)
        try:
            token = self._get(uri, MEDIA_TYPE)
            try:
                found = check_list(token, uri, self._keys, now=moment)
            except StatusUnknown as unknown:
                if unknown.code != "signature":
                    raise
                # No key yet, or a new one: the keys are fetched anew, once.
                self._keys = json.loads(self._get(self._house + KEYS_PATH, "application/json"))
                found = check_list(token, uri, self._keys, now=moment)
        except StatusUnknown:
            raise
        except Exception:  # whatever stood in the way of fetching is one thing here: nothing is known
            raise StatusUnknown("fetch") from None
        while len(self._kept) >= _MOST_LISTS:
            self._kept.pop(next(iter(self._kept)))
        self._kept[uri] = found
        return found


def _by_httpx(timeout_s: float) -> Get:
    def get(address: str, accept: str) -> bytes:
        reply = httpx.get(address, headers={"Accept": accept}, timeout=timeout_s, follow_redirects=False)
        reply.raise_for_status()
        if reply.status_code != 200 or len(reply.content) > _MOST_BYTES:
            raise StatusUnknown("fetch")
        return reply.content

    return get


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise StatusUnknown("token") from None
    if not isinstance(found, dict):
        raise StatusUnknown("token")
    return found


def _bytes(text: object) -> bytes:
    try:
        if not isinstance(text, str) or "=" in text:
            raise ValueError
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise StatusUnknown("token") from None


def _key(keys: Mapping[str, Any], kid: object) -> ec.EllipticCurvePublicKey:
    try:
        named = [one for one in keys["keys"] if one["kid"] == kid]
        (told,) = [one for one in named if (one["kty"], one["crv"]) == ("EC", "P-256")]
        x, y = (int.from_bytes(_bytes(told[name]), "big") for name in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (KeyError, TypeError, ValueError, StatusUnknown):
        raise StatusUnknown("signature") from None


def _verify(signed: bytes, signature: bytes, key: ec.EllipticCurvePublicKey) -> None:
    if len(signature) != 64:
        raise StatusUnknown("signature")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise StatusUnknown("signature") from None


def _inflated(told: object) -> tuple[int, bytes]:
    """The bits of an entry and the list in the clear; never more than a bound is inflated."""
    if not isinstance(told, dict) or type(told.get("bits")) is not int or told["bits"] not in (1, 2, 4, 8):
        raise StatusUnknown("list")
    stream = zlib.decompressobj()
    try:
        packed = stream.decompress(_bytes(told.get("lst")), _MOST_INFLATED + 1)
    except zlib.error:
        raise StatusUnknown("list") from None
    if len(packed) > _MOST_INFLATED or not stream.eof or stream.unused_data:
        raise StatusUnknown("list")
    return told["bits"], packed
