"""
Age tokens at a platform: ask for one, and check what comes. It needs `cryptography` alone.

    keys = HouseKeys("https://ruangaman.example")                    # one for the process; keeps them for an hour
    asked = challenge("ruangaman.example", secrets.token_bytes(32), "dongeng.example")
    ... 401 with WWW-Authenticate: challenge_header(asked, keys(), "age_over_12"), and `asked` kept in the session ...
    check_token(read_authorization(header), keys(), "age_over_12", {"standard", "strict"}, [asked], spend)

Ask one session for one claim alone: two would narrow a child's age. No token means "not proven", never "under".
Sources: RFC 9577, RFC 9578 6.
"""

import base64
import binascii
import hashlib
import json
import re
import time
import urllib.request
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

DIRECTORY_PATH: Final = "/.well-known/private-token-issuer-directory"
SKEW_S: Final = 300
REFETCH_S: Final = 3600
"""How long keys are kept; and so how long, after a key ended, somewhere a token of it may still be taken."""

_TYPE: Final = b"\x00\x02"
_HASH: Final = hashes.SHA384()
_PADDING: Final = padding.PSS(mgf=padding.MGF1(_HASH), salt_length=48)
# SubjectPublicKeyInfo: id-RSASSA-PSS, SHA-384, MGF1 with SHA-384, salt 48, 2048 bits; then the modulus, then 65537.
_HEAD: Final = bytes.fromhex(
    "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108"
    "300b0609608648016503040202a2030201300382010f003082010a0282010100"
)
_EXPONENT: Final = bytes.fromhex("0203010001")
_MOST_BYTES: Final = 262_144
_CLAIM: Final = re.compile(r"age_(?:over|under)_[1-9][0-9]{0,2}", re.ASCII)
_WORD: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_INSIDE: Final = r'[^"\\\x00-\x08\x0a-\x1f\x7f]'
_SCHEME: Final = re.compile(r"[ \t]*PrivateToken[ \t]+", re.IGNORECASE)
_QUOTED: Final = rf'"({_INSIDE}*(?:\\[\t -~\x80-\xff]{_INSIDE}*)*)"'
_PARAMETER: Final = re.compile(
    rf"[ \t,]*({_WORD})[ \t]*=[ \t]*(?:{_QUOTED}|({_WORD}=*))[ \t]*(?:,[ \t,]*|\Z)"
)


class TokenRefused(Exception):
    """A token, header or directory that is not taken; `code` says which check it failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Spend(Protocol):
    """
    Your store of spent tokens: put the pair in, in one atomic step, and say whether it is new. In SQL that is an
    `INSERT ... ON CONFLICT DO NOTHING` under a unique constraint over both, in Redis `SET ... NX`. A pair may go once
    its key's `not_after` is an hour ago.
    """

    def __call__(self, nonce: bytes, token_key_id: bytes) -> bool: ...


def keeping(keys: Mapping[bytes, "TokenKey"], store: Callable[[bytes, bytes, int], bool]) -> Spend:
    """A `Spend` of a store that is also told until when, in Unix seconds, the pair must be kept."""
    return lambda nonce, token_key_id: store(nonce, token_key_id, keys[token_key_id].not_after + REFETCH_S)


class MemorySpends:
    """For a single process and for trying things out; all is forgotten when it ends."""

    def __init__(self) -> None:
        self._spent: dict[tuple[bytes, bytes], object] = {}

    def __call__(self, nonce: bytes, token_key_id: bytes) -> bool:
        mark = object()
        return self._spent.setdefault((token_key_id, nonce), mark) is mark  # setdefault is atomic


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key of the directory, ready to verify. It counts from `not_before` to before `not_after`, in Unix seconds."""

    token_key: bytes
    claim: str
    assurance: str
    not_before: int
    not_after: int
    modulus: bytes = field(repr=False)
    verify: Callable[..., None] = field(repr=False, compare=False)


class HouseKeys:
    """
    The keys of a house, read anew every hour: a withdrawn one must not be taken longer, so that nothing old is given
    while the house does not answer.

    Args:
        house: where it is reached, such as "https://ruangaman.example".
        now: seconds since 1970.
        get: fetches an address; raises OSError when it cannot.
    """

    def __init__(
        self,
        house: str,
        *,
        now: Callable[[], float] = time.time,
        get: Callable[[str], bytes] | None = None,
    ) -> None:
        self._address, self._now, self._get = house.rstrip("/") + DIRECTORY_PATH, now, get or _fetched
        self._kept: tuple[float, Mapping[bytes, TokenKey]] | None = None

    def __call__(self) -> Mapping[bytes, TokenKey]:
        """The keys by their ids, one object until they are read anew. Raises OSError, TokenRefused: `directory`."""
        kept, now = self._kept, self._now()
        if kept is None or not 0 <= now - kept[0] <= REFETCH_S:
            self._kept = kept = (now, read_directory(self._get(self._address)))
        return kept[1]


def _fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as reply:  # noqa: S310  (the platform's own setting)
        return bytes(reply.read(_MOST_BYTES + 1))


def challenge(issuer: str, context: bytes, *origins: str) -> bytes:
    """A TokenChallenge. `context` is 32 fresh bytes for this session, or none where a token may be fetched before."""
    if len(context) not in (0, 32) or not issuer:
        raise ValueError("a context has 32 bytes or none, and an issuer a name")
    name, where = issuer.encode("ascii"), ",".join(origins).encode("ascii")
    sizes = len(name).to_bytes(2, "big"), bytes([len(context)]), len(where).to_bytes(2, "big")
    return _TYPE + sizes[0] + name + sizes[1] + context + sizes[2] + where


def challenge_header(
    asked: bytes,
    keys: Mapping[bytes, TokenKey],
    claim: str,
    assurances: Collection[str] | None = None,
    now: float | None = None,
) -> str:
    """
    The value of `WWW-Authenticate`: the challenge with each key that signs this claim now, the first the preferred one.

    Raises:
        TokenRefused: `key-unknown`, no key of the directory fits.
    """
    told = [
        f'PrivateToken challenge="{_text(asked)}", token-key="{_text(one)}"'
        for one in _signing(keys, claim, assurances, now)
    ]
    return ", ".join(told)


def wallet_link(
    house: str,
    asked: bytes,
    keys: Mapping[bytes, TokenKey],
    claim: str,
    back: str,
    assurances: Collection[str] | None = None,
    now: float | None = None,
) -> str:
    """
    Where a visitor's wallet (dompet) answers a challenge: a link for your page, with `rel="noreferrer"`.

    What is asked stands behind the `#`, so that the house is not told who asks. The token comes back behind the `#` of
    `back`, as `token=...`; its host must be one of the challenge's origins, where it names some.

    Raises:
        TokenRefused: `key-unknown`, no key of the directory fits.
    """
    said = [("challenge", _text(asked))]
    said += [("token-key", _text(one)) for one in _signing(keys, claim, assurances, now)]
    return f"{house.rstrip('/')}/dompet/pakai#{urlencode([*said, ('back', back)])}"


def _signing(
    keys: Mapping[bytes, TokenKey], claim: str, assurances: Collection[str] | None, now: float | None
) -> list[bytes]:
    """The keys that sign this claim now, or raises TokenRefused: `key-unknown`."""
    moment = time.time() if now is None else now
    fit = [
        one
        for one in keys.values()
        if one.claim == claim
        and one.not_before <= moment < one.not_after
        and (assurances is None or one.assurance in assurances)
    ]
    newest = max((one.not_before for one in fit), default=0)
    if not fit:
        raise TokenRefused("key-unknown")
    return [one.token_key for one in fit if one.not_before == newest]


def read_authorization(header: str) -> bytes:
    """The token of an `Authorization` header. Raises TokenRefused: `header`."""
    scheme = _SCHEME.match(header) if len(header) <= 8_192 else None
    at, found = scheme.end() if scheme else 0, dict[str, str]()
    while scheme and at < len(header):
        one = _PARAMETER.match(header, at)
        if one is None or one[1].lower() in found:
            raise TokenRefused("header")
        found[one[1].lower()] = re.sub(r"\\(.)", r"\1", one[2] or one[3] or "")
        at = one.end()
    if not found.get("token"):
        raise TokenRefused("header")
    return _bytes(found["token"], "header")


def read_directory(told: bytes) -> dict[bytes, TokenKey]:
    """The keys of a house's directory by their ids, without those of other kinds. Raises TokenRefused: `directory`."""
    try:
        document: Any = json.loads(told) if len(told) <= _MOST_BYTES else None
        return {hashlib.sha256(one.token_key).digest(): one for one in _keys(document["token-keys"])}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TokenRefused("directory") from None


def check_token(
    token: bytes,
    keys: Mapping[bytes, TokenKey],
    claim: str,
    assurances: Collection[str],
    challenges: Iterable[bytes],
    spend: Spend,
    *,
    now: float | None = None,
    skew: int = SKEW_S,
) -> TokenKey:
    """
    Redeem a token; `claim` is proven when no error is raised.

    Args:
        challenges: what was sent in this session, as `challenge` gave it.
        now: seconds since 1970; the system's clock when left out.

    Raises:
        TokenRefused: `code` is length, type, key-unknown, key-not-yet-valid, key-ended, claim-not-met,
            assurance-not-met, challenge-unknown, signature-too-large, signature or spent.
    """
    if len(token) != 354:
        raise TokenRefused("length")
    signed, authenticator = token[:98], token[98:]
    nonce, digest, key_id = signed[2:34], signed[34:66], signed[66:]
    if signed[:2] != _TYPE:
        raise TokenRefused("type")
    key = keys.get(key_id)
    if key is None:
        raise TokenRefused("key-unknown")
    moment = time.time() if now is None else now
    if moment < key.not_before - skew:
        raise TokenRefused("key-not-yet-valid")
    if moment >= key.not_after + skew:
        raise TokenRefused("key-ended")
    if key.claim != claim:
        raise TokenRefused("claim-not-met")
    if key.assurance not in assurances:
        raise TokenRefused("assurance-not-met")
    if digest not in [hashlib.sha256(one).digest() for one in challenges]:
        raise TokenRefused("challenge-unknown")
    if authenticator >= key.modulus:  # of equal length, so the order of bytes is that of numbers
        raise TokenRefused("signature-too-large")
    try:
        key.verify(authenticator, signed, _PADDING, _HASH)
    except InvalidSignature:
        raise TokenRefused("signature") from None
    if not spend(nonce, key_id):
        raise TokenRefused("spent")
    return key


def _keys(told: list[Any]) -> Iterable[TokenKey]:
    for one in told:
        if one["token-type"] != 2 or "claim" not in one:
            continue
        key = _bytes(one["token-key"], "directory")
        modulus = key[len(_HEAD) : -len(_EXPONENT)]
        if (
            key != _HEAD + modulus + _EXPONENT
            or len(modulus) != 256
            or modulus[0] < 0x80
            or not modulus[-1] & 1
        ):
            raise TokenRefused("directory")
        claim, assurance, begins, ends = one["claim"], one["assurance"], one["not-before"], one["not-after"]
        if type(begins) is not int or type(ends) is not int or not 0 <= begins < ends:
            raise TokenRefused("directory")
        if not _CLAIM.fullmatch(claim) or not isinstance(assurance, str):
            raise TokenRefused("directory")
        verify = RSAPublicNumbers(65537, int.from_bytes(modulus, "big")).public_key().verify
        yield TokenKey(key, claim, assurance, begins, ends, modulus, verify)


def _text(told: bytes) -> str:
    return base64.urlsafe_b64encode(told).decode("ascii")


def _bytes(text: str, code: str) -> bytes:
    try:
        told = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError, TypeError):
        raise TokenRefused(code) from None
    if _text(told) != text:
        raise TokenRefused(code)
    return told
