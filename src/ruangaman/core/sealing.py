"""
Envelope encryption: a field is sealed with a data key, a data key is wrapped with a master key.

Everything is AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce that the caller draws, and with additional data
that binds a sealed field to its place: a ciphertext moved to another row, kind or family no longer opens. Destroying
the wrapped data key makes all that it sealed unreadable; that is how we forget.

Layout, version 1: sealed = 01 | nonce (12) | ciphertext and tag; wrapped = 01 | master key id (8) | nonce (12) |
ciphertext and tag (48).
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ruangaman.core.errors import RuangAmanError

KEY_BYTES = 32
NONCE_BYTES = 12
_VERSION = b"\x01"
_TAG_BYTES = 16
_ID_BYTES = 8


class SealBroken(RuangAmanError):
    """What was sealed does not open: other key, other place, or changed bytes."""

    code = "vault.seal-broken"


class MasterKeyUnknown(RuangAmanError):
    """A data key was wrapped with a master key that the key store no longer holds."""

    code = "vault.master-key-unknown"


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The key store's answer: the key that wraps from now on, and every key that may still unwrap.

    INVARIANT: `current` is one of `keys`. The bytes never appear in `repr`.
    """

    current: bytes
    keys: Mapping[bytes, bytes] = field(repr=False)

    @classmethod
    def of(cls, keys: list[bytes]) -> "MasterKeys":
        """From 32-byte keys, the current one first."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError("a master key has 32 bytes, and one is needed")
        return cls(current=key_id(keys[0]), keys={key_id(key): key for key in keys})


def key_id(master_key: bytes) -> bytes:
    """Eight bytes that name a master key without telling it."""
    return hashlib.sha256(b"ruangaman master key\x00" + master_key).digest()[:_ID_BYTES]


def seal(key: bytes, nonce: bytes, plain: bytes, place: bytes) -> bytes:
    """Seal `plain` (any length) under a 32-byte key, bound to `place`; `nonce` is 12 fresh random bytes."""
    _check(key, nonce)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """The plain bytes again.

    Raises:
        SealBroken: another key or place, changed or cut bytes, an unknown layout.
    """
    if sealed[:1] != _VERSION or len(sealed) < 1 + NONCE_BYTES + _TAG_BYTES:
        raise SealBroken
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, place)
    except InvalidTag:
        raise SealBroken from None


def wrap(master: MasterKeys, nonce: bytes, data_key: bytes, place: bytes) -> bytes:
    """A data key under the current master key."""
    key = master.keys[master.current]
    _check(key, nonce)
    return _VERSION + master.current + nonce + AESGCM(key).encrypt(nonce, data_key, place)


def unwrap(master: MasterKeys, wrapped: bytes, place: bytes) -> bytes:
    """The data key again.

    Raises:
        MasterKeyUnknown: the master key that wrapped it is not in the key store.
        SealBroken: changed bytes, or another place.
    """
    key = master.keys.get(wrapped_with(wrapped))
    if key is None:
        raise MasterKeyUnknown(key=wrapped_with(wrapped).hex())
    nonce = wrapped[1 + _ID_BYTES : 1 + _ID_BYTES + NONCE_BYTES]
    return unseal(key, _VERSION + nonce + wrapped[1 + _ID_BYTES + NONCE_BYTES :], place)


def wrapped_with(wrapped: bytes) -> bytes:
    """The id of the master key that wrapped this data key."""
    if wrapped[:1] != _VERSION or len(wrapped) < 1 + _ID_BYTES + NONCE_BYTES + _TAG_BYTES:
        raise SealBroken
    return wrapped[1 : 1 + _ID_BYTES]


def keyed_hash(key: bytes, kind: str, value: str) -> bytes:
    """HMAC-SHA256 (RFC 2104) of a value within its kind: finds an equal value, tells nothing without the key."""
    return hmac.digest(key, kind.encode() + b"\x00" + value.encode(), "sha256")


def _check(key: bytes, nonce: bytes) -> None:
    if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError("a key has 32 bytes and a nonce 12")
