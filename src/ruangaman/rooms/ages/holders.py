"""Wallets (dompet): who proved an age may keep what was proved, and fetch tokens for it."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from ruangaman.adapters import ids, packs
from ruangaman.core.age_checks import BY_NAME
from ruangaman.core.ages import Births, as_number
from ruangaman.rooms.ages import checks, holds, links, status_lists
from ruangaman.rooms.ages.errors import CheckOver, LoginMissing
from ruangaman.rooms.ages.models import AgeCheck, CardBatch, CardOffer, Holder
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

ENTRIES = "ages.card-entries"
"""The kind under which the vault keeps which status entries a wallet's cards have: {list: [entries]}."""


def can_be_kept(row: AgeCheck) -> bool:
    """
    Whether the result of a check may go into a wallet: a proof, not kept yet, and contested by nobody.

    "I am older" alone leaves it as it is until an officer finds another age right.
    """
    if row.decided_at is None or row.kept_at is not None:
        return False
    return BY_NAME[row.method].may_be_kept and not holds.lowered(row) and not holds.set_aside(row)


@transaction.atomic
def open_wallet(row: AgeCheck, *, now: datetime) -> str:
    """
    Keep the result of a check in a wallet of its own, once.

    Nothing of the wallet names the check, the account or the service, and the reverse. Returns the wallet's secret,
    which the house keeps only as a hash.

    Raises:
        CheckOver: it cannot be kept, or its answer is forgotten.
    """
    row = AgeCheck.objects.select_for_update().get(pk=row.pk)
    over = checks.result_of(row)
    if row.decided_at is None or over is None or not can_be_kept(row):
        raise CheckOver
    today = whole_day(now)
    row.kept_at = today
    row.save(update_fields=["kept_at"])
    day = row.decided_at.astimezone(ZoneInfo(packs.load(row.jurisdiction).zone)).date()
    secret = links.fresh()
    family = vault.open_family(now=today)
    known = {**checks.age_of(row, over), "on": day.isoformat()}
    Holder.objects.create(
        id=ids.new(today),
        login=links.digest(secret),
        jurisdiction=row.jurisdiction,
        family=family,
        range=vault.seal(family, "ages.range", known, now=today),
        method=row.method,
        evidence=row.evidence,
        assurance=row.assurance,
        decided_at=whole_day(row.decided_at),
        created_at=today,
    )
    ledger.append("age.wallet-opened", {"assurance": row.assurance}, at=now)
    return secret


def whole_day(at: datetime) -> datetime:
    """The day in UTC: to the second, a time would join a wallet to the check or the contest that wrote it too."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def login(secret: str) -> Holder:
    """The wallet of this secret; raises LoginMissing."""
    if not secret:
        raise LoginMissing
    try:
        return Holder.objects.get(login=links.digest(secret))
    except Holder.DoesNotExist:
        raise LoginMissing from None


def births(row: Holder) -> Births:
    """The birth dates that fit what was proved; raises vault.Forgotten."""
    known: dict[str, Any] = vault.reveal(
        vault.SealedRef(row.range), purpose="see which claims a wallet may fetch"
    )
    leap = packs.load(row.jurisdiction).source.leap_birthday
    on = as_number(date.fromisoformat(known["on"]))
    return Births.of_range(known.get("at_least"), known.get("at_most"), on, leap)


@transaction.atomic
def stop(row: Holder, *, now: datetime) -> None:
    """
    Nothing is issued any more: the age was corrected, or the wallet paused. Its cards are invalid from this moment in
    their status list; old tokens end by themselves.
    """
    if Holder.objects.filter(pk=row.pk, stopped_at__isnull=True).update(stopped_at=whole_day(now)):
        status_lists.invalidate(_entries(row), now=now)
        ledger.append("age.wallet-stopped", {}, at=now)


def _entries(row: Holder) -> dict[int, list[int]]:
    """The status entries of all cards that a wallet took and that may still be good."""
    found: dict[int, list[int]] = {}
    for batch in CardBatch.objects.filter(holder=row):
        told = vault.reveal(vault.SealedRef(batch.sealed), purpose="stop the cards of a wallet")
        for number, entries in told.items():
            found.setdefault(int(number), []).extend(entries)
    return found


@transaction.atomic
def forget(row: Holder, *, now: datetime) -> None:
    """
    Empty a wallet: what was proved is destroyed, and its secret finds nothing any more.

    Nobody knows from then on which status entries its cards had: they are entries like those of nobody.
    """
    # All that goes along is taken before the ledger, as everybody takes it: who issues now waits or is first.
    list(Holder.objects.select_for_update().filter(pk=row.pk))
    for kept in (CardOffer, CardBatch):
        list(kept.objects.select_for_update().filter(holder=row))
    vault.forget_family(vault.FamilyRef(row.family), now=now)
    Holder.objects.filter(pk=row.pk).delete()
    ledger.append("age.wallet-forgotten", {}, at=now)
