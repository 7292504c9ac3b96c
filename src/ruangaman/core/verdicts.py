"""A signed verdict of a registered office: "these two are parent and child". Bytes in, verdict out.

The protocol stands in docs/guides/relation-verdict.md. A verdict that says more than it must (a name, a
number of an identity card) is refused as a whole, so that such data can never reach a table or a log.
"""

import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ruangaman.core import signed_words
from ruangaman.core.errors import RuangAmanError

TYPE: Final = "ra-verdict+jwt"
CLOCK_TOLERANCE: Final = timedelta(seconds=60)
LONGEST: Final = 8192

ALWAYS: Final = frozenset({"verified", "method", "provider", "checked_at", "reference", "level", "guardian"})
WHEN_RELATED: Final = frozenset({"relation", "child", "child_age", "expires_at"})
OPTIONAL: Final = frozenset({"court_order", "name_fits", "name_check"})
RELATIONS: Final = ("mother", "father", "guardian", "parent")


class VerdictRefused(RuangAmanError):
    """The verdict cannot be used; `facts["why"]` says which check it failed, never what it contained."""

    code = "families.verdict-refused"


FORM: Final = signed_words.Form(TYPE, "verdict", LONGEST, CLOCK_TOLERANCE, VerdictRefused)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an office found. `guardian` and `child` are opaque ids that it made for this house alone."""

    verified: bool
    method: str
    provider: str
    checked_at: datetime
    reference: str
    level: int
    guardian: str
    verdict_id: str
    expires_at: datetime | None = None
    relation: str = ""
    child: str = ""
    at_least: int | None = None
    at_most: int | None = None
    court_order: bool = False
    name_fits: bool | None = None  # None: the office was not asked, or cannot compare names

    def fits(self, at_least: int | None, at_most: int | None) -> bool:
        """Whether the child of the verdict can be the child of the request: the two age ranges meet."""
        if self.at_least is None or self.at_most is None:
            return False
        young_enough = at_most is None or self.at_least <= at_most
        return young_enough and (at_least is None or at_least <= self.at_most)


def plain_name(name: str) -> str:
    """One spelling of a name: NFKC, casefold, NFKC again, no joiners (U+200C, U+200D), each run of white space one
    blank, none at the ends.

    >>> plain_name("  SARI\u00a0 Dewi ") == plain_name("Sari dewi")
    True
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.replace("\u200c", "").replace("\u200d", "").split())


def name_check(nonce: str, name: str) -> str:
    """
    What the question says instead of the child's nickname: HMAC-SHA-256 (RFC 2104) with the nonce of this question as
    key, in 64 hexadecimal digits; empty when there is no nickname.

    It keeps a name from nobody who can guess it: whoever sees the question can try names. It lets an office compare
    with the names that it holds, and tells it none.
    """
    plain = plain_name(name)
    return hmac.new(nonce.encode(), plain.encode(), "sha256").hexdigest() if plain else ""


def read(
    token: str,
    *,
    keys: Mapping[str, Any],
    issuer: str,
    audience: str,
    provider: str,
    nonce: str,
    now: datetime,
    name_asked: str = "",
) -> Verdict:
    """
    Verify the signature and every claim of a verdict.

    Args:
        token: compact JWS (RFC 7515), at most 8 KiB, signed with Ed25519 or P-256 (RFC 8037, RFC 7518 3.4).
        keys: the provider's JWKS (RFC 7517).
        nonce: what this house gave to this guardian's browser for this one step.
        name_asked: what the question said about the child's name, empty when nothing. An office that says whether the
            name fits repeats it under its signature, since the browser that carried the question can change it.

    Raises:
        VerdictRefused: whatever is wrong, one family of refusal for malformed and for forged input.
    """
    said, identity = signed_words.read(
        token, FORM, keys=keys, issuer=issuer, audience=audience, nonce=nonce, now=now
    )
    found = _finding(said, identity, provider, now)
    if found.name_fits is not None and not _compared(said, name_asked):
        raise VerdictRefused(why="name-check")
    return found


def _compared(said: Mapping[str, Any], asked: str) -> bool:
    repeated = said.get("name_check")
    return (
        bool(asked) and isinstance(repeated, str) and hmac.compare_digest(repeated.encode(), asked.encode())
    )


def _finding(said: Any, verdict_id: str, provider: str, now: datetime) -> Verdict:
    if not isinstance(said, dict) or not set(said) >= ALWAYS:
        raise VerdictRefused(why="fields-missing")
    related = said["verified"] is True and said["level"] == 3
    allowed = ALWAYS | WHEN_RELATED | OPTIONAL if related else ALWAYS
    if set(said) - allowed:
        raise VerdictRefused(why="says-too-much")
    if related and not set(said) >= ALWAYS | WHEN_RELATED:
        raise VerdictRefused(why="fields-missing")
    if type(said["verified"]) is not bool or type(said["level"]) is not int or not 0 <= said["level"] <= 3:
        raise VerdictRefused(why="fields-wrong")
    if said["provider"] != provider:
        raise VerdictRefused(why="provider")
    base: dict[str, Any] = {
        "verified": said["verified"],
        "method": _word(said["method"], "method", 40),
        "provider": provider,
        "checked_at": _time(said["checked_at"]),
        "reference": _word(said["reference"], "reference", 100),
        "level": said["level"],
        "guardian": _word(said["guardian"], "guardian", 200),
        "verdict_id": verdict_id,
    }
    if base["checked_at"] > now + CLOCK_TOLERANCE:
        raise VerdictRefused(why="checked-in-the-future")
    if not related:
        return Verdict(**base)
    age = said["child_age"]
    if not isinstance(age, dict) or set(age) != {"at_least", "at_most"}:
        raise VerdictRefused(why="child-age")
    low, high = age["at_least"], age["at_most"]
    if type(low) is not int or type(high) is not int or not 0 <= low <= high <= 150:
        raise VerdictRefused(why="child-age")
    if said["relation"] not in RELATIONS or type(said.get("court_order", False)) is not bool:
        raise VerdictRefused(why="fields-wrong")
    if ("name_fits" in said) != ("name_check" in said) or type(said.get("name_fits", False)) is not bool:
        raise VerdictRefused(why="fields-wrong")
    until = _time(said["expires_at"])
    if until <= now:
        raise VerdictRefused(why="expired")
    return Verdict(
        **base,
        expires_at=until,
        relation=said["relation"],
        child=_word(said["child"], "child", 200),
        at_least=low,
        at_most=high,
        court_order=said.get("court_order", False),
        name_fits=said.get("name_fits"),
    )


def _word(value: Any, name: str, longest: int) -> str:
    return signed_words.text(value, name, FORM, longest)


def _time(value: Any) -> datetime:
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise VerdictRefused(why="time") from None
    if parsed.tzinfo is None:
        raise VerdictRefused(why="time")
    return parsed.astimezone(UTC)
