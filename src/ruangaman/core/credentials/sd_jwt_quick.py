"""
The quick door of an SD-JWT VC with its holder's proof: compact, ES256 twice, flat, each disclosure one plain value.

That is what age credentials look like. Whatever else comes (another form or algorithm, claims within claims, JSON that
is not compact, anything at fault) is left to the plain door, `sd_jwt.verify`, which alone tells why; only what the two
keys say is told here, after everything else was found right.
INVARIANT: what this door takes, the plain door takes with an equal result; what the plain door refuses, this one
refuses with the same error or leaves.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Collection
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any, Final, TypeVar

import msgspec

from ruangaman.core.credentials import der, jose, p256
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json
from ruangaman.core.credentials.sd_jwt import KB_TYP, SKEW, KeyBinding, KeyOf, Path

MOST_BYTES: Final = 16_384
MOST_HEADERS: Final = 64
MOST_HEADER_BYTES: Final = 4_096
"""The longest header in base64url that is kept: so that no sender fills more than half a megabyte with them."""

SIGNATURE: Final = 86
"""Characters of an ES256 signature in base64url."""

Header = dict[str, Json]
Held = tuple[Header, dict[str, Json], frozenset[Path]]
"""Header, claims and the paths that were disclosed, of a presentation that holds and whose key is bound."""

Value = TypeVar("Value")
Scalar = str | int | float | bool | None
# No claim nests deeper than `cnf` and `status`, so the depth is bounded by the type.
_read_payload: Final = msgspec.json.Decoder(
    dict[str, Scalar | list[str] | dict[str, dict[str, str | int]]]
).decode
_read_header: Final = msgspec.json.Decoder(dict[str, str | list[str]]).decode
_read_proof: Final = msgspec.json.Decoder(dict[str, str | int]).decode
_read_disclosure: Final = msgspec.json.Decoder(tuple[str, str, Scalar]).decode
_write: Final = msgspec.json.Encoder().encode
_read_base64: Final = msgspec.json.Decoder(list[bytes]).decode
_LEFT: Final = (msgspec.MsgspecError, CredentialError, ValueError, TypeError, LookupError, RecursionError)
"""What reading raises where something is not as it is here."""

_RESERVED: Final = frozenset({"_sd", "_sd_alg", "..."})
_DOT: Final = ord(".")

_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# What is not base64url becomes a character that is not base64 either and means nothing within a JSON string.
_TO_PLAIN: Final = bytes(one if one in _ALPHABET else ord("!") for one in range(256)).translate(
    bytes.maketrans(b"-_", b"+/")
)
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_PADDING: Final = (b"", b"", b"==", b"=")
_LAST: Final = tuple(frozenset(last) for last in (_ALPHABET, b"", _ALPHABET[::16], _ALPHABET[::4]))


def verify(
    sent: str | bytes,
    *,
    key_of: KeyOf,
    now: int,
    key_binding: KeyBinding,
    typ: Collection[str],
    never_hidden: Collection[str],
) -> Held | None:
    """
    As `sd_jwt.verify` where ES256 is allowed and no `aud` is expected; None: ask there.

    Raises:
        jose.KeyRefused, jose.SignatureWrong: what the plain door says too.
        CredentialError: of `key_of`, which is called at most once, and not where None is returned.
    """
    if len(sent) > MOST_BYTES:
        return None
    try:
        raw = sent if isinstance(sent, bytes) else sent.encode("ascii")
        end, last = raw.index(b"~"), raw.rindex(b"~") + 1
        dot = end - SIGNATURE - 1
        if dot < 0 or raw[dot] != _DOT or raw[-SIGNATURE - 1] != _DOT:
            return None
        signed, proved = raw[:dot], raw[last : -SIGNATURE - 1]
        head, _, body = signed.partition(b".")
        proof_head, _, proof_body = proved.partition(b".")
        (told_typ, header), (proof_typ, _) = _header(head), _header(proof_head)
        if told_typ not in typ or proof_typ not in KB_TYP:
            return None
        texts = [body, proof_body, raw[dot + 1 : end], raw[-SIGNATURE:]]
        told, answered, signature, proof_signature = _bytes(texts)
        payload, proof = _read_payload(told), _read_proof(answered)
        if _write(payload) != told or _write(proof) != answered:
            return None

        # One run over the issuer's JWT hashes both what its issuer signed and what its holder did.
        running = sha256(signed)
        issued_hash = running.digest()
        running.update(raw[dot:last])
        iat, exp, proved_at = payload["iat"], payload["exp"], proof["iat"]
        if (
            type(iat) is not int
            or type(exp) is not int
            or type(proved_at) is not int
            or not iat - SKEW <= now < exp + SKEW
            or not -SKEW <= proved_at - now <= SKEW
            or proof["nonce"] != key_binding.nonce
            or proof["aud"] != key_binding.aud
            or proof["sd_hash"] != _digest(running.digest())
            or len(proof) != 4
        ):
            return None
        point = _point(payload)
        claims = payload.copy()
        disclosed = _disclose(claims, raw[end + 1 : last].split(b"~"), never_hidden)
        signed_der, proof_der = der.of_p256(signature), der.of_p256(proof_signature)
    except _LEFT:
        return None
    shown = header()
    by_issuer = p256.check_by_key(key_of(shown, payload))
    if by_issuer is None:
        raise jose.KeyRefused
    if not by_issuer(issued_hash, signed_der):
        raise jose.SignatureWrong
    try:
        by_holder = p256.check_by_point(point)
    except ValueError:
        raise jose.KeyRefused from None
    if not by_holder(sha256(proved).digest(), proof_der):
        raise jose.SignatureWrong
    return shown, claims, disclosed


@lru_cache(MOST_HEADERS)
def _header(text: bytes) -> tuple[str | None, Callable[[], Header]]:
    """
    The type that a protected header over ES256 names, and what reads it anew: what is kept is nobody's to change.

    One issuer's headers are all alike, so each is checked once and known again by its bytes.
    """
    if len(text) > MOST_HEADER_BYTES:
        raise jose.TooLarge
    raw = jose.from_base64url(text)
    header = jose.read_json_object(raw)
    jose.check_header(header, typ=None, algorithms=(jose.ES256,))
    read = partial(_read_header, raw)
    if read() != header:
        raise jose.NotJson
    return jose.media_type(header.get("typ")), read


def _bytes(texts: list[bytes]) -> list[bytes]:
    """base64url as strictly as `jose.from_base64url` reads it; all by one call of msgspec, in half the time."""
    quoted = []
    for text in texts:
        left = len(text) & 3
        if text[-1] not in _LAST[left]:
            raise jose.NotBase64url
        quoted.append(b'"%b%b"' % (text.translate(_TO_PLAIN), _PADDING[left]))
    return _read_base64(b"[%b]" % b",".join(quoted))


def _point(payload: dict[str, Any]) -> bytes:
    """The holder's key, where it is all of `cnf`, and nothing else nests but a place in a status list."""
    for name, value in payload.items():
        if type(value) is dict and (
            len(value) != 1
            or (name != "cnf" and (name != "status" or value["status_list"].keys() != {"idx", "uri"}))
        ):
            raise jose.NotJson
    jwk = payload["cnf"]["jwk"]
    x, y = jwk["x"], jwk["y"]
    if len(jwk) != 4 or jwk["kty"] != "EC" or jwk["crv"] != "P-256" or len(x) != 43 or len(y) != 43:
        raise jose.KeyRefused
    point = b"\x04%b%b" % (_coordinate(x), _coordinate(y))
    if len(point) != 65:
        raise jose.NotBase64url
    return point


def _coordinate(text: str) -> bytes:
    """32 bytes from 43 letters; fewer where one of them is none of the alphabet and so is passed over."""
    raw = text.encode("ascii")
    if raw[-1] not in _LAST[3]:
        raise jose.NotBase64url
    return a2b_base64(raw.translate(_TO_PLAIN) + b"=")


def _disclose(claims: dict[str, Any], sent: list[bytes], never_hidden: Collection[str]) -> frozenset[Path]:
    """Put what was disclosed into `claims`, where digests stood before. `sent` ends with an empty one."""
    listed = claims.pop("_sd")
    digests = set(listed)
    if (
        type(listed) is not list
        or len(digests) != len(listed)
        or claims.pop("_sd_alg", "sha-256") != "sha-256"
        or "nbf" in claims
        or "aud" in claims
        or "..." in claims
    ):
        raise jose.NotJson
    disclosed: list[Path] = []
    for text, raw in zip(sent[:-1], _bytes(sent[:-1]), strict=True):
        opened = _read_disclosure(raw)
        _, name, value = opened
        if (
            _write(opened) != raw
            or _digest(sha256(text).digest()) not in digests
            or name in claims
            or name in never_hidden
            or name in _RESERVED
        ):
            raise jose.NotJson
        claims[name] = value
        disclosed.append((name,))
    return frozenset(disclosed)


def _digest(raw: bytes) -> str:
    return b2a_base64(raw, newline=False)[:43].translate(_TO_URL).decode("ascii")
