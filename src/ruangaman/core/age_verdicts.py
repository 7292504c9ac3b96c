"""A signed answer of an institution: "this age or over: yes or no". Bytes in, answer out.

The protocol stands in docs/guides/age-verdict.md. An answer that says more than yes or no (a name, a birth date, a
number of an identity card) is refused as a whole, so that such data can never reach a table or a log.
"""

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
TYPE: Final = "ra-age+jwt"
LONGEST_LIFE: Final = timedelta(minutes=10)
CLOCK_TOLERANCE: Final = timedelta(seconds=300)
LONGEST: Final = 4096
CLAIMS: Final = frozenset({"iss", "aud", "iat", "exp", "jti", "nonce", "age"})


class AgeVerdictRefused(RuangAmanError):
    """The answer cannot be used; `facts["why"]` says which check it failed, never what it contained."""

    code = "ages.verdict-refused"


@dataclass(frozen=True, slots=True)
class AgeVerdict:
    """What an institution says. `over` None: it does not know this person, which is no answer."""

    over: bool | None
    verdict_id: str


def read(
    token: str,
    *,
    keys: Mapping[str, Any],
    issuer: str,
    audience: str,
    nonce: str,
    threshold: int,
    now: datetime,
) -> AgeVerdict:
    """
    Verify the signature and every claim of an answer.

    Args:
        token: compact JWS (RFC 7515), at most 4 KiB, signed with Ed25519 or P-256 (RFC 8037, RFC 7518 3.4).
        keys: the institution's JWKS (RFC 7517).
        nonce: what this house sent along for this one try.
        threshold: the age that was asked; the answer repeats it as its only member, `age_over_N`.

    Raises:
        AgeVerdictRefused: whatever is wrong, one family of refusal for malformed and for forged input.
    """
    if len(token) > LONGEST:
        raise AgeVerdictRefused(why="too-long")
    try:
        ring = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]
        signed = jws.deserialize_compact(token.encode("ascii"), ring, algorithms=ALGORITHMS)
        claims = json.loads(signed.payload or b"")
        headers = signed.headers()
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise AgeVerdictRefused(why="signature") from None
    if headers.get("typ") != TYPE:
        raise AgeVerdictRefused(why="type")
    if not isinstance(claims, dict) or set(claims) != CLAIMS:
        raise AgeVerdictRefused(why="claims")
    for name, wanted in (("iss", issuer), ("aud", audience), ("nonce", nonce)):
        if claims[name] != wanted:
            raise AgeVerdictRefused(why=name)
    issued, ends = _instant(claims["iat"]), _instant(claims["exp"])
    if ends <= issued or ends - issued > LONGEST_LIFE:
        raise AgeVerdictRefused(why="lifetime")
    if issued > now + CLOCK_TOLERANCE or now >= ends + CLOCK_TOLERANCE:
        raise AgeVerdictRefused(why="expired")
    said, identity = claims["age"], claims["jti"]
    if not isinstance(identity, str) or not 0 < len(identity) <= 200 or not identity.isprintable():
        raise AgeVerdictRefused(why="jti")
    if not isinstance(said, dict) or set(said) != {f"age_over_{threshold}"}:
        raise AgeVerdictRefused(why="says-something-else")
    over = said[f"age_over_{threshold}"]
    if over is not None and type(over) is not bool:
        raise AgeVerdictRefused(why="answer")
    return AgeVerdict(over, identity)


def _instant(value: Any) -> datetime:
    if type(value) is not int or not 0 <= value < 1 << 40:
        raise AgeVerdictRefused(why="lifetime")
    return datetime.fromtimestamp(value, UTC)
