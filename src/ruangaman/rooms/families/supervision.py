"""Switches and watches. Whoever the law names turns a switch; a watch is never secret."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core.consent import State
from ruangaman.rooms.families import actions
from ruangaman.rooms.families.errors import (
    ClosedByLaw,
    NothingToWithdraw,
    NotTheGuardian,
    WatchNeedsReason,
)
from ruangaman.rooms.families.models import Child, Guardian, Permission, Watch
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault


@transaction.atomic
def turn(
    request: UUID,
    feature: str,
    on: bool,
    *,
    now: datetime,
    guardian: UUID | None = None,
    by_child: bool = False,
    reason: str = "",
) -> Permission:
    """
    Turn one switch. Turning a watch on takes a reason in one line, which the child reads.

    Raises:
        NotTheGuardian: the switch is not this person's to turn. ClosedByLaw: the law keeps it off.
        NothingToWithdraw: there is no living consent. WatchNeedsReason: a watch without a reason.
    """
    row = actions.locked(request)
    if actions.state_of(row, now) is not State.GIVEN:
        raise NothingToWithdraw(state=row.state)
    permission = Permission.objects.select_for_update().get(request=row, feature=feature)
    if permission.managed_by == "nobody":
        raise ClosedByLaw
    who: Guardian | None = None
    if by_child:
        if permission.managed_by != "child":
            raise NotTheGuardian(why="switch")
    else:
        if permission.managed_by != "guardian" or guardian is None:
            raise NotTheGuardian(why="switch")
        who = Guardian.objects.get(pk=guardian)
        if on:
            actions.relation_for(row.child, who, now=now)
        else:
            actions.closing_relation(row, who, now=now)
    state = "on" if on else "off"
    if permission.state == state:
        return permission
    words = " ".join(reason.split())[:200]
    if permission.watch:
        if on:
            if not words or who is None:
                raise WatchNeedsReason
            Watch.objects.create(
                id=ids.new(now),
                family=row.family,
                permission=permission,
                guardian=who,
                reason=vault.seal(vault.FamilyRef(row.family), "families.watch", words, now=now),
                since=now,
            )
        else:
            Watch.objects.filter(permission=permission, until__isnull=True).update(until=now)
    permission.state, permission.changed_at = state, now
    permission.save(update_fields=["state", "changed_at"])
    facts = {"feature": feature, "state": state, "managed_by": permission.managed_by}
    ledger.append("permission.changed", {"service": row.card["slug"], **facts}, at=now)
    actions.tell(
        row, "permission.changed", now, **{k: v for k, v in facts.items() if k != "state"}, switch=state
    )
    return permission


def end_all(child: Child, *, at: datetime) -> None:
    """Every watch on this row of a person ends: at 18 nobody watches any more."""
    running = Watch.objects.filter(permission__request__child=child, until__isnull=True)
    for watch in running.select_related("permission", "permission__request"):
        Permission.objects.filter(pk=watch.permission_id).update(state="off", changed_at=at)
        facts = {"feature": watch.permission.feature, "managed_by": watch.permission.managed_by}
        ledger.append(
            "permission.changed",
            {"service": watch.permission.request.card["slug"], "state": "off", **facts},
            at=at,
        )
        actions.tell(watch.permission.request, "permission.changed", at, **facts, switch="off")
    running.update(until=at)


def watches_of(requests: list[UUID]) -> list[Watch]:
    """The watches that run now for these requests, the oldest first."""
    return list(
        Watch.objects.select_related("permission", "permission__request", "guardian")
        .filter(permission__request__in=requests, until__isnull=True)
        .order_by("since")
    )
