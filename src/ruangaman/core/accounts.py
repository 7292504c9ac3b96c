"""
Who must agree to an account, and from which age: asked of the law, year by year.

The law closes an account by the service and the age; a yes opens the rest. So the first age at which a yes would open
is the one that a page names ("Later, at ..."), and no page needs a number of its own.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from ruangaman.core.law.answers import Answer
from ruangaman.core.law.pack import Pack
from ruangaman.core.law.years import grown_from

QUESTION: Final = "account"
CONFIRMATION: Final = "confirmation"
"""The pack's word (`consent_kind`) for a consent that is the child's own and that a parent confirms."""

# What guardian and child may have answered, from nothing to everything: the first that opens tells who must.
NOBODY: Final[Mapping[str, Any]] = {"state": "none"}
PARENT: Final[Mapping[str, Any]] = {"state": "granted", "by": "parent"}
CHILD_AND_PARENT: Final[Mapping[str, Any]] = {
    "state": "granted",
    "by": "child",
    "parent_notified": True,
    "parent_confirmed": True,
}
# Closed by the law at no age of a child: at such a service only the consent decides.
OPEN_BY_LAW: Final[Mapping[str, Any]] = {"risk_profile": "low", "designed_for_children": True}


def facts(service: Mapping[str, Any], age: Mapping[str, int], consent: Mapping[str, Any]) -> dict[str, Any]:
    """The question as the law engine takes it; the age counts as proved, since nobody asks who is asking."""
    return {
        "question": QUESTION,
        "age": dict(age),
        "evidence": "verified",
        "service": dict(service),
        "consent": dict(consent),
    }


def opens(answer: Answer) -> bool:
    """Whether an answer lets somebody in for sure."""
    return answer.open and answer.decided


def opens_from(pack: Pack, service: Mapping[str, Any], *, after: int = -1, now: datetime) -> int:
    """
    The first completed years at which the law opens an account at this service, whoever still has to agree.

    Args:
        after: only ages above this one.
        now: the law of its day counts.

    Returns:
        The age; where no age of a child opens it, the one at which somebody is no child.
    """
    day = now.astimezone(ZoneInfo(pack.zone)).date().isoformat()
    return next((age for age in _open_ages(pack, _key(service), day) if age > after), grown_from(pack))


def own_consent_from(pack: Pack, *, now: datetime) -> int | None:
    """The first completed years at which the consent is the child's own and a parent confirms it; None when never."""
    day = now.astimezone(ZoneInfo(pack.zone)).date().isoformat()
    return _own_consent_from(pack, day)


def _key(service: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(service.items()))


@lru_cache(maxsize=1024)
def _open_ages(pack: Pack, service: tuple[tuple[str, Any], ...], day: str) -> tuple[int, ...]:
    """Every age of a child at which some yes opens. Few services a day are shown, many times each."""
    return tuple(
        age
        for age in range(grown_from(pack))
        if any(opens(_ask(pack, dict(service), age, who, day)) for who in (NOBODY, PARENT, CHILD_AND_PARENT))
    )


@lru_cache(maxsize=64)
def _own_consent_from(pack: Pack, day: str) -> int | None:
    for age in range(grown_from(pack)):
        if _ask(pack, OPEN_BY_LAW, age, NOBODY, day).extras.get("consent_kind") == CONFIRMATION:
            return age
    return None


def _ask(pack: Pack, service: Mapping[str, Any], age: int, consent: Mapping[str, Any], day: str) -> Answer:
    asked = facts(service, {"at_least": age, "at_most": age}, consent) | {"on": day}
    # With `on` the instant decides nothing, but for the end of a consent, which is not asked about here.
    return pack.ask(asked, now=datetime.fromisoformat(f"{day}T12:00:00+00:00"))
