"""
The issuer's directory (RFC 9578 4): which keys there are, and, by members of our own, what each stands for.

    {"issuer-request-uri": "/token",
     "token-keys": [{"token-type": 2, "token-key": "MIIB...", "not-before": 1735689600,
                     "claim": "age_over_12", "assurance": "standard", "not-after": 1736380800}]}

Whoever does not know `claim`, `assurance` and `not-after` passes over them. `not-after` is the first second in which
the key no longer counts. Written with sorted names and no spaces, so that one set of keys has one text to be logged.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from ruangaman.core.credentials.age_claims import LAST_SECOND, read_claim
from ruangaman.core.credentials.token_encoding import to_bytes, to_text
from ruangaman.core.credentials.token_errors import DirectoryRefused, KeyByteTaken
from ruangaman.core.credentials.token_keys import SPKI_BYTES, key_byte, read_spki, token_key_id
from ruangaman.core.credentials.tokens import TOKEN_TYPE

PATH: Final = "/.well-known/private-token-issuer-directory"
MEDIA_TYPE: Final = "application/private-token-issuer-directory"
REQUEST_MEDIA_TYPE: Final = "application/private-token-request"
RESPONSE_MEDIA_TYPE: Final = "application/private-token-response"

MOST_BYTES: Final = 262_144
MOST_DEPTH: Final = 6
MOST_KEYS: Final = 256

_WORD: Final = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_URI: Final = re.compile(r"[!-~]{1,2048}", re.ASCII)
# One without its end runs to the end of the text, so that the search stays linear.
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_OURS: Final = ("claim", "assurance", "not-after")


@dataclass(frozen=True, slots=True)
class DirectoryKey:
    """One key of the directory. Times are Unix seconds; the key counts from `not_before` to before `not_after`."""

    token_key: bytes
    claim: str
    assurance: str
    not_before: int
    not_after: int

    @property
    def token_key_id(self) -> bytes:
        """32 bytes."""
        return token_key_id(self.token_key)


@dataclass(frozen=True, slots=True)
class Directory:
    """Where tokens are asked for, relative to the directory or whole, and the keys in their order."""

    issuer_request_uri: str
    token_keys: tuple[DirectoryKey, ...]


def write_directory(issuer_request_uri: str, keys: Iterable[DirectoryKey]) -> bytes:
    """
    The directory as UTF-8 JSON, the keys in the given order: the one that clients should use stands first.

    Raises:
        DirectoryRefused, TokenKeyRefused, ClaimRefused: what `read_directory` would refuse.
        KeyByteTaken: two keys end in the same byte of their ids.
    """
    told = tuple(keys)
    bytes_taken: set[int] = set()
    for one in told:
        byte = key_byte(one.token_key_id)
        if byte in bytes_taken:
            raise KeyByteTaken(byte=byte)
        bytes_taken.add(byte)
    document = {
        "issuer-request-uri": issuer_request_uri,
        "token-keys": [
            {
                "token-type": TOKEN_TYPE,
                "token-key": to_text(one.token_key),
                "not-before": one.not_before,
                "claim": one.claim,
                "assurance": one.assurance,
                "not-after": one.not_after,
            }
            for one in told
        ],
    }
    written = json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")
    if read_directory(written) != Directory(issuer_request_uri, told):
        raise DirectoryRefused(part="token-keys")
    return written


def read_directory(told: bytes) -> Directory:
    """
    The directory, without the keys that are of no use here: of other token types, or without a meaning of ours.

    Raises:
        DirectoryRefused: over 262,144 bytes, 6 levels or 256 keys, no JSON, a name that stands twice, a member of
            another form.
        EncodingRefused, TokenKeyRefused, ClaimRefused: a key or claim that is none.
    """
    if len(told) > MOST_BYTES:
        raise DirectoryRefused(bytes=len(told))
    if _too_deep(told):
        raise DirectoryRefused(part="depth")
    try:
        document = json.loads(
            told.decode("utf-8"), object_pairs_hook=_once, parse_int=_whole, parse_constant=_constant
        )
    except DirectoryRefused:
        raise
    except (ValueError, RecursionError):
        raise DirectoryRefused(part="json") from None
    if not isinstance(document, dict):
        raise DirectoryRefused(part="json")
    uri, keys = document.get("issuer-request-uri"), document.get("token-keys")
    if not isinstance(uri, str) or not _URI.fullmatch(uri):
        raise DirectoryRefused(part="issuer-request-uri")
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise DirectoryRefused(part="token-keys")
    read = (_key(one) for one in keys)
    return Directory(uri, tuple(one for one in read if one is not None))


def _key(told: Any) -> DirectoryKey | None:
    if not isinstance(told, dict) or type(told.get("token-type")) is not int:
        raise DirectoryRefused(part="token-type")
    if told["token-type"] != TOKEN_TYPE or not any(name in told for name in _OURS):
        return None
    text, claim, assurance = told.get("token-key"), told.get("claim"), told.get("assurance")
    begins, ends = told.get("not-before"), told.get("not-after")
    if not isinstance(text, str) or not isinstance(claim, str) or not isinstance(assurance, str):
        raise DirectoryRefused(part="token-keys")
    if not _WORD.fullmatch(assurance):
        raise DirectoryRefused(part="assurance")
    if type(begins) is not int or type(ends) is not int or not 0 <= begins < ends <= LAST_SECOND:
        raise DirectoryRefused(part="not-after")
    key = to_bytes(text, SPKI_BYTES)
    read_spki(key)
    read_claim(claim)
    return DirectoryKey(key, claim, assurance, begins, ends)


def _too_deep(told: bytes) -> bool:
    """Whether brackets outside of strings stand deeper than they may; in broken JSON it may say either."""
    depth = 0
    for byte in _STRING.sub(b"", told):
        if byte in b"[{":
            depth += 1
            if depth > MOST_DEPTH:
                return True
        elif byte in b"]}":
            depth -= 1
    return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DirectoryRefused(part="names")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 15:
        raise DirectoryRefused(part="number")
    return int(digits)


def _constant(_: str) -> None:
    raise DirectoryRefused(part="number")
