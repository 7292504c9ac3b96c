"""A signed answer of an institution: "this age or over: yes or no". Bytes in, answer out.

The protocol stands in docs/guides/age-verdict.md. An answer that says more than yes or no (a name, a birth date, a
number of an identity card) is refused as a whole, so that such data can never reach a table or a log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ruangaman.core import signed_words
from ruangaman.core.age_checks import over as claim
from ruangaman.core.errors import RuangAmanError

TYPE: Final = "ra-age+jwt"
CLOCK_TOLERANCE: Final = timedelta(seconds=300)
LONGEST: Final = 4096


class AgeVerdictRefused(RuangAmanError):
    """The answer cannot be used; `facts["why"]` says which check it failed, never what it contained."""

    code = "ages.verdict-refused"


FORM: Final = signed_words.Form(TYPE, "age", LONGEST, CLOCK_TOLERANCE, AgeVerdictRefused)


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
    said, identity = signed_words.read(
        token, FORM, keys=keys, issuer=issuer, audience=audience, nonce=nonce, now=now
    )
    if not isinstance(said, dict) or set(said) != {claim(threshold)}:
        raise AgeVerdictRefused(why="says-something-else")
    over = said[claim(threshold)]
    if over is not None and type(over) is not bool:
        raise AgeVerdictRefused(why="answer")
    return AgeVerdict(over, identity)
