"""
Age tokens: Privacy Pass with token type 0x0002, publicly verifiable tokens by blind RSA.

The four messages and the three steps of issuance. All numbers are big endian, all lengths strict, and nothing may
follow. Whoever verifies needs `token_check`; headers and the directory have modules of their own.

Sources: RFC 9577 2.1.1 and 2.2.1 (challenge, token), RFC 9578 6 (issuance).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ruangaman.core.credentials.blind_rsa import (
    PSS_DETERMINISTIC,
    PYTHON,
    Arithmetic,
    Draw,
    SigningKey,
    blind,
    blind_sign,
    finalize,
)
from ruangaman.core.credentials.token_errors import (
    ChallengeRefused,
    KeyByteTaken,
    KeyUnknown,
    RequestRefused,
    ResponseRefused,
    TokenLengthRefused,
    TokenTypeRefused,
)
from ruangaman.core.credentials.token_keys import id_of, key_byte, read_spki, token_key_id

TOKEN_TYPE: Final = 0x0002
TOKEN_BYTES: Final = 354
INPUT_BYTES: Final = 98
"""The part of a token that is signed: type, nonce, challenge digest and key id."""

NONCE_BYTES: Final = 32
REQUEST_BYTES: Final = 259
RESPONSE_BYTES: Final = 256
CONTEXT_BYTES: Final = 32
MOST_CHALLENGE_BYTES: Final = 8192
"""Far above any real one; the form alone would allow 131 kB."""

SALT_LENGTH: Final = PSS_DETERMINISTIC.salt_length
_TYPE: Final = TOKEN_TYPE.to_bytes(2, "big")
# A host name, or with a port what RFC 3986 3.2 calls an authority; no comma, since commas part them.
_NAME: Final = re.compile(r"[!-+\--~]{1,255}")


@dataclass(frozen=True, slots=True)
class TokenChallenge:
    """
    What a platform asks for.

    Args:
        issuer_name: the issuer's host name, ASCII.
        redemption_context: 32 bytes that bind the token to this session, or none.
        origin_info: host names of the platform; none for a token that any platform may take.
    """

    issuer_name: str
    redemption_context: bytes = b""
    origin_info: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """Raises ChallengeRefused: a name that is no name, a context of other than 0 or 32 bytes, too long."""
        if not _NAME.fullmatch(self.issuer_name):
            raise ChallengeRefused(part="issuer_name")
        if not all(_NAME.fullmatch(name) for name in self.origin_info):
            raise ChallengeRefused(part="origin_info")
        if len(self.redemption_context) not in (0, CONTEXT_BYTES):
            raise ChallengeRefused(part="redemption_context")
        issuer, origins = self.issuer_name.encode("ascii"), ",".join(self.origin_info).encode("ascii")
        context = self.redemption_context
        told = b"".join(
            (
                _TYPE,
                len(issuer).to_bytes(2, "big"),
                issuer,
                bytes([len(context)]),
                context,
                min(len(origins), 0xFFFF).to_bytes(2, "big"),
                origins,
            )
        )
        if len(told) > MOST_CHALLENGE_BYTES:
            raise ChallengeRefused(bytes=len(told))
        return told

    @classmethod
    def read(cls, told: bytes) -> "TokenChallenge":
        """
        Raises:
            TokenTypeRefused: another token type.
            ChallengeRefused: cut or followed by something, a context of other than 0 or 32 bytes, names that are none.
        """
        if len(told) > MOST_CHALLENGE_BYTES or len(told) < 2:
            raise ChallengeRefused(bytes=len(told))
        if told[:2] != _TYPE:
            raise TokenTypeRefused(type=int.from_bytes(told[:2], "big"))
        issuer, rest = _sized(told[2:], 2)
        context, rest = _sized(rest, 1)
        origins, rest = _sized(rest, 2)
        if rest:
            raise ChallengeRefused(part="end")
        try:
            names = tuple(origins.decode("ascii").split(",")) if origins else ()
            made = cls(issuer.decode("ascii"), context, names)
        except UnicodeDecodeError:
            raise ChallengeRefused(part="ascii") from None
        made.encode()
        return made


def challenge_digest(challenge: bytes) -> bytes:
    """What a token holds of its challenge: SHA-256, 32 bytes. Source: RFC 9577 2.2.1."""
    return hashlib.sha256(challenge).digest()


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """From a client to the issuer. `truncated_token_key_id` is the last byte of the key's id."""

    truncated_token_key_id: int
    blinded_msg: bytes

    def encode(self) -> bytes:
        """259 bytes. Raises RequestRefused."""
        if len(self.blinded_msg) != RESPONSE_BYTES or not 0 <= self.truncated_token_key_id <= 255:
            raise RequestRefused(bytes=len(self.blinded_msg))
        return _TYPE + bytes([self.truncated_token_key_id]) + self.blinded_msg

    @classmethod
    def read(cls, told: bytes) -> "TokenRequest":
        """Raises TokenTypeRefused, RequestRefused (not 259 bytes)."""
        if len(told) >= 2 and told[:2] != _TYPE:
            raise TokenTypeRefused(type=int.from_bytes(told[:2], "big"))
        if len(told) != REQUEST_BYTES:
            raise RequestRefused(bytes=len(told))
        return cls(told[2], told[3:])


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """From the issuer to a client."""

    blind_sig: bytes

    def encode(self) -> bytes:
        """256 bytes. Raises ResponseRefused."""
        if len(self.blind_sig) != RESPONSE_BYTES:
            raise ResponseRefused(bytes=len(self.blind_sig))
        return self.blind_sig

    @classmethod
    def read(cls, told: bytes) -> "TokenResponse":
        """Raises ResponseRefused: not 256 bytes."""
        if len(told) != RESPONSE_BYTES:
            raise ResponseRefused(bytes=len(told))
        return cls(told)


@dataclass(frozen=True, slots=True)
class Token:
    """What a client shows: nonce, challenge digest and key id have 32 bytes each, the authenticator 256."""

    nonce: bytes
    challenge_digest: bytes
    token_key_id: bytes
    authenticator: bytes

    def encode(self) -> bytes:
        """354 bytes. Raises TokenLengthRefused."""
        told = token_input(self.nonce, self.challenge_digest, self.token_key_id) + self.authenticator
        if len(told) != TOKEN_BYTES:
            raise TokenLengthRefused(bytes=len(told))
        return told

    @classmethod
    def read(cls, told: bytes) -> "Token":
        """Raises TokenLengthRefused (not 354 bytes), TokenTypeRefused."""
        if len(told) != TOKEN_BYTES:
            raise TokenLengthRefused(bytes=len(told))
        if told[:2] != _TYPE:
            raise TokenTypeRefused(type=int.from_bytes(told[:2], "big"))
        return cls(told[2:34], told[34:66], told[66:98], told[98:])


def token_input(nonce: bytes, digest: bytes, key_id: bytes) -> bytes:
    """The 98 signed bytes. Raises TokenLengthRefused: a part that has not 32 bytes."""
    if not len(nonce) == len(digest) == len(key_id) == NONCE_BYTES:
        raise TokenLengthRefused(bytes=len(nonce) + len(digest) + len(key_id))
    return _TYPE + nonce + digest + key_id


@dataclass(frozen=True, slots=True, repr=False)
class Pending:
    """A token that waits for its signature: the client's own, and never told to anyone."""

    token_input: bytes
    spki: bytes
    inv: int
    request: bytes


def begin(challenge: bytes, told_spki: bytes, draw: Draw) -> Pending:
    """
    The client's first step. Draws, in this order: 32 bytes of nonce, 48 of salt, then the blind.

    Args:
        challenge: the TokenChallenge as it came.
        told_spki: the issuer's public key, in the form of `token_keys`.

    Raises:
        TokenTypeRefused, ChallengeRefused, TokenKeyRefused, BlindingFailed.

    Source: RFC 9578 6.1.
    """
    TokenChallenge.read(challenge)
    key, key_id = read_spki(told_spki), token_key_id(told_spki)
    told = token_input(draw(NONCE_BYTES), challenge_digest(challenge), key_id)
    blinded = blind(key, told, SALT_LENGTH, draw)
    return Pending(told, told_spki, blinded.inv, TokenRequest(key_byte(key_id), blinded.blinded_msg).encode())


@dataclass(frozen=True, slots=True)
class IssuingKeys:
    """The issuer's keys by the last byte of their ids."""

    by_byte: Mapping[int, SigningKey]

    @classmethod
    def of(cls, keys: list[SigningKey]) -> "IssuingKeys":
        """Raises KeyByteTaken: two of them end alike; KeyRefused: one that is not for this token type."""
        found: dict[int, SigningKey] = {}
        for key in keys:
            byte = key_byte(id_of(key))
            if byte in found:
                raise KeyByteTaken(byte=byte)
            found[byte] = key
        return cls(found)


def issue(told: bytes, keys: IssuingKeys, draw: Draw, arithmetic: Arithmetic = PYTHON) -> bytes:
    """
    The issuer's step: 259 bytes in, 256 bytes out. Whether this caller may have this claim is asked before.

    Raises:
        TokenTypeRefused, RequestRefused, KeyUnknown: 422 by RFC 9578 6.2.
        BlindedMessageRefused: 0, 1, n-1, n or more.
        SigningFault: raise an alarm.
    """
    request = TokenRequest.read(told)
    key = keys.by_byte.get(request.truncated_token_key_id)
    if key is None:
        raise KeyUnknown
    return blind_sign(key, request.blinded_msg, draw, arithmetic)


def finish(pending: Pending, told: bytes) -> bytes:
    """
    The client's last step: the token, once its signature was checked.

    Raises:
        ResponseRefused, BlindSignatureRefused.

    Source: RFC 9578 6.3.
    """
    blind_sig = TokenResponse.read(told).blind_sig
    key = read_spki(pending.spki)
    return pending.token_input + finalize(key, pending.token_input, blind_sig, pending.inv, SALT_LENGTH)


def _sized(told: bytes, octets: int) -> tuple[bytes, bytes]:
    """What a length of that many bytes announces, and the rest."""
    size = int.from_bytes(told[:octets], "big")
    end = octets + size
    if len(told) < end or len(told) < octets:
        raise ChallengeRefused(part="length")
    return told[octets:end], told[end:]
