"""The child's own word about who answers, where no office can tell that a proof is about this very child (ADR 0046)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core.consent import WAITING
from ruangaman.core.verdicts import Verdict
from ruangaman.rooms.families import actions
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import Claim, ConsentRequest
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault


def _pair(verdict: Verdict) -> bytes:
    return vault.lookup("families.claim", f"{verdict.provider}:{verdict.guardian}:{verdict.child}")


def standing(row: ConsentRequest | None, verdict: Verdict) -> str:
    """Empty when the child said "this is my parent"; else `denied`, `asked` (no word yet) or `unconfirmed`."""
    one = row.claims.filter(pair=_pair(verdict)).first() if row else None
    if one is None:
        return "unconfirmed"
    return {True: "", False: "denied", None: "asked"}[one.mine]


@transaction.atomic
def ask(row: ConsentRequest, verdict: Verdict, *, now: datetime) -> Claim:
    """Let the child's side page ask; the same two people are asked about once for one request."""
    one, made = Claim.objects.get_or_create(
        request=row,
        pair=_pair(verdict),
        defaults={"id": ids.new(now), "family": row.family, "relation": verdict.relation, "asked_at": now},
    )
    if made:
        ledger.append("guardian.claimed", {"provider": verdict.provider}, at=now)
    return one


def open_of(row: ConsentRequest) -> Claim | None:
    """The oldest claim that the child has not answered."""
    return row.claims.filter(mine__isnull=True).order_by("asked_at", "pk").first()


@transaction.atomic
def answer(row: ConsentRequest, claim: UUID, *, mine: bool, now: datetime) -> None:
    """The child says whether this is its parent; the first word stays. Raises NotFound, also when nothing waits."""
    ledger.line_up()
    one = Claim.objects.select_for_update().filter(pk=claim, request=row).first()
    if one is None or actions.state_of(row, now) not in WAITING:
        raise NotFound
    if one.mine is None:
        Claim.objects.filter(pk=one.pk).update(mine=mine, answered_at=now)
        ledger.append("guardian.claim-answered", {"mine": mine}, at=now)
