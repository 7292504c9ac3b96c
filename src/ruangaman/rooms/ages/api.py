"""The door of the room: what access, services and the story may call. Everything takes `now`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ruangaman.rooms.ages.checks import AgeDecided, Listener

__all__ = [
    "AgeDecided",
    "CheckView",
    "Listener",
    "ask_age",
    "card_key_request",
    "card_keys",
    "check_of",
    "close",
    "listen",
    "register_institution",
    "rotate_card_key",
    "set_card_chain",
    "settle_due",
]


@dataclass(frozen=True, slots=True)
class CheckView:
    """An open check: the page where it is answered, and the age that is asked ("this age or over"); None while the
    person has not said yet which age decides.
    """

    url: str
    threshold: int | None


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


def settle_due(now: datetime) -> int:
    """What time does in this room. Idempotent."""
    from ruangaman.rooms.ages import cards, checks, issuer_keys

    return checks.settle_due(now) + issuer_keys.end_old(now) + cards.end_old(now)


def card_keys(now: datetime) -> list[tuple[str, str]]:
    """The keys whose cards are good, the one that signs first: (kid, what it does)."""
    from ruangaman.rooms.ages import card_keys

    told = {(False, False): "signs", (False, True): "signs, with a certificate"}
    return [
        (row.kid, told.get((row.retired_at is not None, bool(row.chain)), "retired"))
        for row in card_keys.known(now)
    ]


def rotate_card_key(*, lost: bool, now: datetime) -> str:
    """Sign cards with a new key from now on; returns its kid (`lost`: distrust the old one and all that it signed)."""
    from ruangaman.rooms.ages import card_keys

    return card_keys.rotate(lost=lost, now=now)


def card_key_request(now: datetime) -> str:
    """A request for a certificate for the key that signs cards, PEM."""
    from ruangaman.rooms.ages import card_keys

    return card_keys.request(now)


def set_card_chain(pem: bytes, *, now: datetime) -> None:
    """Put certificates beside the key that signs cards; raises ChainRefused."""
    from ruangaman.rooms.ages import card_keys

    card_keys.set_chain(pem, now=now)
