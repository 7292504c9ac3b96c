"""A signed word of an office or an institution (JWS): its signature, whom it is from and for, and its time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ruangaman.core.errors import RuangAmanError

ALGORITHMS: Final = ["EdDSA", "Ed25519", "ES256"]
LONGEST_LIFE: Final = timedelta(minutes=10)
ALWAYS: Final = frozenset({"iss", "aud", "iat", "exp", "jti", "nonce"})
MOST_WORD: Final = 200


@dataclass(frozen=True, slots=True)
class Form:
    """
    What every word of one kind looks like.

    Attributes:
        typ: the header of that name. body: the one claim beside the common ones.
        longest: characters of the whole. tolerance: of clocks, both ways.
        refused: what is raised; `facts["why"]` says which check failed, never what the word contained.
    """

    typ: str
    body: str
    longest: int
    tolerance: timedelta
    refused: type[RuangAmanError]


def read(
    token: str, form: Form, *, keys: Mapping[str, Any], issuer: str, audience: str, nonce: str, now: datetime
) -> tuple[Any, str]:
    """
    Verify the signature and every common claim; gives the one claim of its kind, unread, and the word's own id (`jti`).

    Args:
        token: compact JWS (RFC 7515), signed with Ed25519 or P-256 (RFC 8037, RFC 7518 3.4).
        keys: a JWKS (RFC 7517).

    Raises:
        form.refused: whatever is wrong, one family of refusal for malformed and for forged input.
    """
    if len(token) > form.longest:
        raise form.refused(why="too-long")
    try:
        ring = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]
        signed = jws.deserialize_compact(token.encode("ascii"), ring, algorithms=ALGORITHMS)
        claims = json.loads(signed.payload or b"")
        headers = signed.headers()
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise form.refused(why="signature") from None
    if headers.get("typ") != form.typ:
        raise form.refused(why="type")
    if not isinstance(claims, dict) or set(claims) != ALWAYS | {form.body}:
        raise form.refused(why="claims")
    for name, wanted in (("iss", issuer), ("aud", audience), ("nonce", nonce)):
        if claims[name] != wanted:
            raise form.refused(why=name)
    issued, ends = _instant(claims["iat"], form), _instant(claims["exp"], form)
    if ends <= issued or ends - issued > LONGEST_LIFE:
        raise form.refused(why="lifetime")
    if issued > now + form.tolerance or now >= ends + form.tolerance:
        raise form.refused(why="expired")
    return claims[form.body], text(claims["jti"], "jti", form)


def text(value: Any, name: str, form: Form, longest: int = MOST_WORD) -> str:
    """A printable text that is not empty; raises form.refused."""
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise form.refused(why=name)
    return value


def _instant(value: Any, form: Form) -> datetime:
    if type(value) is not int or not 0 <= value < 1 << 40:
        raise form.refused(why="lifetime")
    return datetime.fromtimestamp(value, UTC)
