"""
Signed JSON, read strictly: compact JWS (RFC 7515), JWK (RFC 7517), thumbprints (RFC 7638), and the JWE of answers.

The sender chooses neither the algorithm (RFC 8725 3.1) nor the size: what may sign is a list of asymmetric algorithms,
each tied to one kind of key, and everything is bounded before it is parsed.
"""

import hashlib
import json
import re
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

from ruangaman.core.credentials.errors import CredentialError

MOST_TOKEN_BYTES = 262_144
"""The longest compact token that is looked at."""

MOST_JSON_BYTES = 131_072
"""The longest JSON text that is parsed."""

MOST_DEPTH = 24
"""How deep JSON may nest."""

PublicKey = ec.EllipticCurvePublicKey | Ed25519PublicKey | rsa.RSAPublicKey
Json = Any

ES256, ES384, ES512, RS256, PS256 = "ES256", "ES384", "ES512", "RS256", "PS256"
EDDSA, ED25519 = "EdDSA", "Ed25519"
ALGORITHMS = frozenset({ES256, ES384, ES512, EDDSA, ED25519, RS256, PS256})
"""Everything that `verify` knows; `none` and the HS family are not among them and never will be."""

_RSA_BITS = range(2048, 4097)
# RFC 7518 3.4: the halves of the signature in bytes, the curve, the hash.
_ECDSA = {
    ES256: (32, ec.SECP256R1, ec.ECDSA(SHA256())),
    ES384: (48, ec.SECP384R1, ec.ECDSA(SHA384())),
    ES512: (66, ec.SECP521R1, ec.ECDSA(SHA512())),
}
# RFC 9864 gives EdDSA on this curve a name of its own; both mean the same key.
_ED25519 = frozenset({EDDSA, ED25519})
_RFC6979 = ec.ECDSA(SHA256(), deterministic_signing=True)
_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=32)
_CURVES: dict[str, tuple[ec.EllipticCurve, int]] = {
    "P-256": (ec.SECP256R1(), 32),
    "P-384": (ec.SECP384R1(), 48),
    "P-521": (ec.SECP521R1(), 66),
}
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_TYPE_IS = {
    ES256: "EC", ES384: "EC", ES512: "EC", EDDSA: "OKP", ED25519: "OKP", RS256: "RSA", PS256: "RSA",
}  # fmt: skip


class TooLarge(CredentialError):
    """Longer, or of more objects and arrays, than what is looked at."""

    code = "jose.too-large"


class NotCompact(CredentialError):
    """Not three parts of base64url with a dot between them, or none of ASCII."""

    code = "jose.not-compact"


class NotBase64url(CredentialError):
    """Padding, a foreign character, or bits that stand for nothing (RFC 7515 2)."""

    code = "jose.not-base64url"


class NotJson(CredentialError):
    """No UTF-8, no JSON object, a number that is none, or half a surrogate pair."""

    code = "jose.not-json"


class DuplicateKey(CredentialError):
    """One name stands twice in a JSON object (RFC 7515 4)."""

    code = "jose.duplicate-key"


class TooDeep(CredentialError):
    """JSON that nests deeper than what is read."""

    code = "jose.too-deep"


class AlgorithmRefused(CredentialError):
    """The header names an algorithm that is not allowed here (RFC 8725 3.1), or none at all."""

    code = "jose.algorithm-refused"


class CriticalUnknown(CredentialError):
    """`crit` names an extension, and none is known here (RFC 7515 4.1.11)."""

    code = "jose.critical-unknown"


class WrongType(CredentialError):
    """The `typ` of the header is not the one that is expected (RFC 8725 3.11)."""

    code = "jose.wrong-type"


class KeyRefused(CredentialError):
    """A JWK that cannot be read, holds a private part, or does not fit its algorithm or use."""

    code = "jose.key-refused"


class SignatureWrong(CredentialError):
    """The signature does not fit the key and the signed bytes."""

    code = "jose.signature-wrong"


def from_base64url(text: str | bytes) -> bytes:
    """The bytes of base64url without padding (RFC 7515 2); only the one canonical form is read."""
    try:
        raw = text.encode("ascii") if isinstance(text, str) else text
    except UnicodeEncodeError:
        raise NotBase64url from None
    left = len(raw) & 3
    if left and (left == 1 or raw[-1] not in _LAST[left]):
        raise NotBase64url
    try:
        return a2b_base64(raw.translate(_TO_PLAIN) + _PADDING[left], strict_mode=True)
    except NotBase64:
        raise NotBase64url from None


def to_base64url(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# What belongs to plain base64 alone becomes a character that neither form has.
_TO_PLAIN = bytes.maketrans(b"-_+/=", b"+/!!!")
_TO_URL = bytes.maketrans(b"+/", b"-_")
_PADDING = (b"", b"", b"==", b"=")
_LAST: dict[int, frozenset[int]] = {2: frozenset(_ALPHABET[::16]), 3: frozenset(_ALPHABET[::4])}


def read_json(raw: bytes, most: int = MOST_JSON_BYTES, containers: int | None = None) -> Json:
    """
    One JSON value from UTF-8: no name twice, no NaN, nothing too large, long or deep.

    Args:
        most: bytes.
        containers: how many objects and arrays there may be at most, where the format needs few.

    Raises:
        TooLarge, TooDeep: before anything is parsed.
        DuplicateKey, NotJson: as they say.
    """
    if len(raw) > most:
        raise TooLarge(bytes=len(raw), most=most)
    # Each level opens a bracket: few brackets cannot nest deep, and counting them is cheap.
    brackets = raw.count(b"{") + raw.count(b"[")
    if containers is not None and brackets > containers:
        raise TooLarge(containers=brackets, most=containers)
    if brackets > MOST_DEPTH and _depth(raw) > MOST_DEPTH:
        raise TooDeep(most=MOST_DEPTH)
    try:
        value = _STRICT.decode(raw.decode("utf-8"))
        if b"\\u" in raw:
            _without_lone_surrogates(raw, value)
    except (ValueError, RecursionError, OverflowError):  # a UnicodeError is a ValueError too
        raise NotJson from None
    return value


def read_json_object(
    raw: bytes, most: int = MOST_JSON_BYTES, containers: int | None = None
) -> dict[str, Json]:
    """As `read_json`, and it must be an object."""
    value = read_json(raw, most, containers)
    if type(value) is not dict:
        raise NotJson
    return value


def write_json(value: Json) -> bytes:
    """Compact JSON in UTF-8, names in their given order."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[{\[]|[}\]]', re.DOTALL)


def _depth(raw: bytes) -> int:
    deepest = depth = 0
    for token in _TOKENS.findall(raw):
        if token in (b"{", b"["):
            depth += 1
            deepest = max(deepest, depth)
        elif token in (b"}", b"]"):
            depth -= 1
    return deepest


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise DuplicateKey
    return told


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:  # infinite
        raise ValueError("a number beyond what can be told")
    return number


_STRICT = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_constant, parse_float=_finite)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _without_lone_surrogates(raw: bytes, value: Json) -> None:
    if _SURROGATE.search(raw):
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # raises on half of a pair


@dataclass(frozen=True, slots=True)
class Jws:
    """A compact JWS as it was sent: its parts, not yet believed. `alg` and `typ` are already allowed ones."""

    header: dict[str, Json]
    payload: bytes
    signed: bytes
    signature: bytes

    @property
    def alg(self) -> str:
        alg: str = self.header["alg"]
        return alg

    def claims(self) -> dict[str, Json]:
        """The payload as a JSON object (RFC 7519 7.2)."""
        return read_json_object(self.payload)


def read_jws(
    token: str | bytes,
    *,
    typ: Collection[str] | None,
    algorithms: Collection[str] = ALGORITHMS,
    most: int = MOST_TOKEN_BYTES,
) -> Jws:
    """
    The parts of a compact JWS (RFC 7515 7.1), with its header checked.

    Args:
        typ: the types that are expected, in lower case without `application/`; None where the format knows none.
        algorithms: what may sign; only what stands in `ALGORITHMS` too ever passes.

    Raises:
        TooLarge, NotCompact, NotBase64url, NotJson, DuplicateKey, TooDeep: the form.
        AlgorithmRefused, CriticalUnknown, WrongType: the header.
    """
    if len(token) > most:
        raise TooLarge(bytes=len(token), most=most)
    try:
        raw = token.encode("ascii") if isinstance(token, str) else token
    except UnicodeEncodeError:
        raise NotCompact from None
    parts = raw.split(b".")
    if len(parts) != 3 or not parts[0] or not parts[1] or not parts[2]:
        raise NotCompact(parts=len(parts))
    header = read_json_object(from_base64url(parts[0]))
    check_header(header, typ=typ, algorithms=algorithms)
    return Jws(header, from_base64url(parts[1]), raw[: raw.rindex(b".")], from_base64url(parts[2]))


def check_header(
    header: Mapping[str, Json], *, typ: Collection[str] | None, algorithms: Collection[str] = ALGORITHMS
) -> None:
    """The header of a JWS: an algorithm that is allowed, no unknown extension, the expected type.

    Raises:
        AlgorithmRefused, CriticalUnknown, WrongType: as they say.
    """
    alg = header.get("alg")
    if not isinstance(alg, str) or alg not in algorithms or alg not in ALGORITHMS:
        raise AlgorithmRefused
    # b64 (RFC 7797) changes what is signed, and does so without `crit` for a reader that does not know it.
    if "crit" in header or header.get("b64") is False:
        raise CriticalUnknown
    if typ is not None and media_type(header.get("typ")) not in typ:
        raise WrongType


def media_type(typ: Json) -> str | None:
    """`typ` in the form in which two are compared: lower case, `application/` left out (RFC 7515 4.1.9)."""
    if not isinstance(typ, str):
        return None
    lower = typ.lower()
    short = lower.removeprefix("application/")
    return lower if "/" in short else short


def verify(jws: Jws, key: PublicKey) -> None:
    """
    Check the signature, with the one algorithm that fits both header and key (RFC 8725 3.1, 3.2).

    Raises:
        KeyRefused: the key is none for the algorithm that the header names.
        SignatureWrong: it does not fit.
    """
    alg, signature = jws.header["alg"], jws.signature
    try:
        if alg in _ECDSA:
            size, curve, ecdsa = _ECDSA[alg]
            if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, curve):
                raise KeyRefused
            if len(signature) != 2 * size:
                raise SignatureWrong
            rs = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
            key.verify(encode_dss_signature(*rs), jws.signed, ecdsa)
        elif alg in _ED25519:
            if not isinstance(key, Ed25519PublicKey):
                raise KeyRefused
            key.verify(signature, jws.signed)
        else:
            if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in _RSA_BITS:
                raise KeyRefused
            key.verify(signature, jws.signed, padding.PKCS1v15() if alg == RS256 else _PSS, SHA256())
    except InvalidSignature:
        raise SignatureWrong from None


def sign(header: Mapping[str, Json], payload: bytes, key: ec.EllipticCurvePrivateKey) -> str:
    """A compact JWS by ES256; `alg` is put in front. Deterministic (RFC 6979), so no chance is needed.

    Raises:
        KeyRefused: the key is not on P-256.
    """
    if not isinstance(key.curve, ec.SECP256R1):
        raise KeyRefused
    head = to_base64url(write_json({"alg": ES256, **{n: v for n, v in header.items() if n != "alg"}}))
    signed = f"{head}.{to_base64url(payload)}"
    return f"{signed}.{to_base64url(es256(signed.encode('ascii'), key))}"


def es256(signed: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The raw signature by ES256, 64 bytes (RFC 7518 3.4), deterministic as that of `sign`."""
    r, s = decode_dss_signature(key.sign(signed, _RFC6979))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def public_key(jwk: Json, *, alg: str | None = None) -> PublicKey:
    """
    A public key for checking signatures from a JWK (RFC 7517 4, RFC 7518 6, RFC 8037 2).

    Args:
        alg: the algorithm it is meant for; a JWK that names another is refused.

    Raises:
        KeyRefused: another kind, a point that is not on its curve, a private member, another use.
    """
    if type(jwk) is not dict or PRIVATE_MEMBERS & jwk.keys():
        raise KeyRefused
    kty, operations = jwk.get("kty"), jwk.get("key_ops")
    if jwk.get("use", "sig") != "sig":
        raise KeyRefused
    if operations is not None and (not isinstance(operations, list) or "verify" not in operations):
        raise KeyRefused
    if alg is not None and (jwk.get("alg", alg) != alg or kty != _TYPE_IS.get(alg)):
        raise KeyRefused
    try:
        if kty == "EC":
            curve, size = _CURVES[_text(jwk, "crv")]
            return ec.EllipticCurvePublicKey.from_encoded_point(
                curve, b"\x04" + _coordinate(jwk, "x", size) + _coordinate(jwk, "y", size)
            )
        if kty == "OKP" and jwk.get("crv") == "Ed25519":
            return Ed25519PublicKey.from_public_bytes(_coordinate(jwk, "x", 32))
        if kty == "RSA":
            n, e = (int.from_bytes(_minimal(jwk, name), "big") for name in ("n", "e"))
            if n.bit_length() not in _RSA_BITS or e.bit_length() > 32:
                raise KeyRefused
            return rsa.RSAPublicNumbers(e, n).public_key()
    except (ValueError, KeyError, UnsupportedAlgorithm, NotBase64url):
        pass
    raise KeyRefused


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The JWK of a key on P-256, P-384 or P-521."""
    name, (_, size) = next((n, c) for n, c in _CURVES.items() if c[0].name == key.curve.name)
    point = key.public_numbers()
    x, y = (to_base64url(number.to_bytes(size, "big")) for number in (point.x, point.y))
    return {"kty": "EC", "crv": name, "x": x, "y": y}


_THUMBED = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}


def thumbprint(jwk: Json) -> bytes:
    """SHA-256 over the required members in their order (RFC 7638 3; RFC 8037 for OKP), 32 bytes.

    Raises:
        KeyRefused: another kind of key, or a member that is missing.
    """
    names = (
        _THUMBED.get(jwk.get("kty", "")) if type(jwk) is dict and isinstance(jwk.get("kty"), str) else None
    )
    if names is None:
        raise KeyRefused
    return hashlib.sha256(write_json({name: _text(jwk, name) for name in names})).digest()


def _text(jwk: Mapping[str, Json], name: str) -> str:
    value = jwk.get(name)
    if not isinstance(value, str) or not value.isascii() or len(value) > 1_400:
        raise KeyRefused
    return value


def _coordinate(jwk: Mapping[str, Json], name: str, size: int) -> bytes:
    value = from_base64url(_text(jwk, name))
    if len(value) != size:
        raise KeyRefused
    return value


def _minimal(jwk: Mapping[str, Json], name: str) -> bytes:
    value = from_base64url(_text(jwk, name))
    if not value or value[0] == 0:  # RFC 7518 6.3.1: no leading zeros
        raise KeyRefused
    return value
