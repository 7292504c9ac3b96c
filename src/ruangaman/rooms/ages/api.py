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
    "WalletList",
    "ask_age",
    "check_of",
    "close",
    "demand_wallet_certificate",
    "distrust_wallets",
    "listen",
    "register_institution",
    "settle_due",
    "trust_wallets",
    "wallet_lists",
]


@dataclass(frozen=True, slots=True)
class CheckView:
    """An open check: the page where it is answered, and the age that is asked ("this age or over"); None while the
    person has not said yet which age decides.
    """

    url: str
    threshold: int | None


@dataclass(frozen=True, slots=True)
class WalletList:
    """A list of issuers whose credentials count: its name, what they are worth at most, and how many there are."""

    slug: str
    assurance: str
    anchors: int


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


def trust_wallets(told: Mapping[str, Any], *, now: datetime) -> None:
    """Add a list of issuers whose credentials count, or replace it; raises TrustRefused."""
    from ruangaman.rooms.ages import wallet_trust

    wallet_trust.add(told, now=now)


def distrust_wallets(slug: str, *, now: datetime) -> None:
    """Take a list of issuers away; raises NotFound."""
    from ruangaman.rooms.ages import wallet_trust

    wallet_trust.remove(slug, now=now)


def demand_wallet_certificate() -> None:
    """Raises ValueError or OSError: the certificate and key of the settings cannot be used."""
    from ruangaman.rooms.ages import wallet_asking

    wallet_asking.certificate()


def wallet_lists() -> list[WalletList]:
    """The lists of issuers that count, by name."""
    from ruangaman.rooms.ages import wallet_trust

    return [WalletList(one.slug, one.assurance, len(one.anchors)) for one in wallet_trust.living()]


def settle_due(now: datetime) -> int:
    """What time does in this room. Idempotent."""
    from ruangaman.rooms.ages import checks, issuer_keys, wallets

    return checks.settle_due(now) + wallets.forget_over(now) + issuer_keys.end_old(now)
