"""The door of the room: what access, services and the story may call. Everything takes `now`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ruangaman.rooms.ages.checks import AgeDecided, Listener
from ruangaman.rooms.ages.errors import AttemptOver, CheckOver, NotFound
from ruangaman.rooms.ages.vouching import Ask, May, Vouch

__all__ = [
    "AgeDecided",
    "AttemptOver",
    "CheckOver",
    "CheckView",
    "InstitutionView",
    "Listener",
    "NotFound",
    "Vouch",
    "ask_age",
    "check_of",
    "close",
    "close_institution",
    "institutions",
    "listen",
    "register_institution",
    "settle_due",
    "vouch",
    "vouch_by",
    "vouches",
]


@dataclass(frozen=True, slots=True)
class CheckView:
    """An open check: the page where it is answered, and the age that is asked ("this age or over"); None while the
    person has not said yet which age decides.
    """

    url: str
    threshold: int | None


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """Who may be asked about an age; public facts alone. `name`: {id, en}."""

    slug: str
    kind: str
    name: Mapping[str, str]
    ask_url: str
    assurance: str


def ask_age(
    ref: UUID,
    *,
    jurisdiction: str,
    card: Mapping[str, str],
    facts: Mapping[str, Any],
    needed: bool,
    threshold: int | None,
    bounds: Sequence[int],
    language: str,
    now: datetime,
) -> None:
    """
    See to it that this account has the open check that the law needs now (`core.age_checks.Need`), or none.

    Args:
        ref: the account as the caller knows it.
        card: {slug, name, operator}, what the page says of the service. facts: the law's fact `service`.
    """
    from ruangaman.rooms.ages import checks

    checks.ask(
        ref,
        jurisdiction=jurisdiction,
        card=card,
        facts=facts,
        needed=needed,
        threshold=threshold,
        bounds=bounds,
        language=language,
        now=now,
    )


def check_of(ref: UUID) -> CheckView | None:
    """The open check of this account."""
    from ruangaman.rooms.ages import checks

    row = checks.open_check(ref)
    return CheckView(checks.url_of(row), row.threshold) if row is not None else None


def close(ref: UUID, *, now: datetime) -> None:
    """The account needs no check any more."""
    from ruangaman.rooms.ages import checks

    checks.close(ref, now=now)


def listen(listener: Listener) -> None:
    """Hear of each decided age, in the transaction of the decision (docs/adr/0081)."""
    from ruangaman.rooms.ages import checks

    checks.listen(listener)


def register_institution(slug: str, *, now: datetime, **said: Any) -> None:
    """Add an institution that answers questions about an age; raises InstitutionRefused."""
    from ruangaman.rooms.ages import institutions

    institutions.register(slug, now=now, **said)


def close_institution(slug: str, *, now: datetime) -> None:
    """Ask an institution no more; what it answered before stands. Raises NotFound."""
    from ruangaman.rooms.ages import institutions

    institutions.close(slug, now=now)


def institutions() -> Sequence[InstitutionView]:
    """The institutions that may be asked."""
    from ruangaman.rooms.ages import institutions as room

    return [
        InstitutionView(one.slug, one.kind, one.name, one.ask_url, one.assurance) for one in room.living()
    ]


def vouch_by(may: May, ask: Ask) -> None:
    """Hand in what asks the proven guardians of an account (docs/adr/0088)."""
    from ruangaman.rooms.ages import vouching

    vouching.vouch_by(may, ask)


def vouches(refs: Sequence[UUID], *, now: datetime) -> Sequence[Vouch]:
    """The questions about these accounts that wait for a guardian."""
    from ruangaman.rooms.ages import vouching

    return vouching.waiting(refs, now=now)


def vouch(question: UUID, over: bool | None, *, now: datetime) -> None:
    """A proven guardian answers, None when not sure. Raises NotFound, AttemptOver, CheckOver."""
    from ruangaman.rooms.ages import vouching

    vouching.answer(question, over, now=now)


def settle_due(now: datetime) -> int:
    """What time does in this room. Idempotent."""
    from ruangaman.rooms.ages import checks, issuer_keys

    return checks.settle_due(now) + issuer_keys.end_old(now)
